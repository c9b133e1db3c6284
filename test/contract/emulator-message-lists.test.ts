import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/providers/cometchat/emulator/index.ts";
import { addUsers, column, type Send, startSeconds, subject } from "../support/emulator-client.ts";

const as = (uid: string) => ({ onBehalfOf: uid });

function say(send: Send, from: string, to: string, text: string, more: JsonObject = {}) {
  const message = { receiver: to, receiverType: "user", data: { text }, ...more };
  return send("POST /messages", message, as(from));
}

async function withPeople(send: Send): Promise<void> {
  await addUsers(send, ["ann", "bob", "eve"]);
  await send("POST /groups", { guid: "g", name: "G", type: "public", owner: "ann" });
}

describe("listing messages", () => {
  test("by default the list ends with the newest ten, with cursors in both directions", async () => {
    const { send } = subject();
    await withPeople(send);
    for (let i = 1; i <= 25; i += 1) await say(send, "ann", "bob", `m${i}`);
    const newest = await send("GET /messages");
    expect(column(newest, "id")).toEqual(Array.from({ length: 10 }, (_, i) => String(16 + i)));
    expect(newest.meta).toEqual({
      current: { limit: 10, count: 10 },
      previous: { affix: "prepend", sentAt: startSeconds, id: "16" },
    });
    const older = await send("GET /messages?affix=prepend&id=16&limit=5");
    expect(column(older, "id")).toEqual(["11", "12", "13", "14", "15"]);
    expect(older.meta).toMatchObject({ next: { affix: "append", id: "15" } });
    const oldest = await send("GET /messages?affix=append&limit=20");
    expect(column(oldest, "id")).toHaveLength(20);
    const rest = await send("GET /messages?affix=append&id=20&limit=20");
    expect(rest.meta).toEqual({
      current: { limit: 20, count: 5 },
      previous: { affix: "prepend", sentAt: startSeconds, id: "21" },
    });
    expect((await send(`GET /messages?sentAt=${startSeconds}`)).data).toEqual([]);
    expect((await send("GET /messages?limit=0")).code).toBe("ERR_BAD_REQUEST");
    expect((await send("GET /messages?id=x")).code).toBe("ERR_BAD_REQUEST");
  });

  test("the list can be narrowed by what messages are, hold and went through", async () => {
    const { send, clock } = subject();
    await withPeople(send);
    await say(send, "ann", "bob", "see https://example.com", { tags: ["t"] });
    clock.advance(10_000);
    await say(send, "bob", "ann", "hello <@uid:eve>");
    await say(send, "ann", "eve", "", {
      category: "custom",
      type: "poll",
      data: { customData: {} },
    });
    await send("POST /messages/2/reactions/ok", undefined, as("ann"));
    await send("DELETE /messages/1");
    const found = async (query: string, headers = {}) =>
      column(await send(`GET /messages?${query}`, undefined, headers), "id");
    expect(await found("category=custom")).toEqual(["3"]);
    expect(await found("categories=custom,action")).toEqual(["3", "4"]);
    expect(await found("types=poll&types=message")).toEqual(["3", "4"]);
    expect(await found("type=text")).toEqual(["1", "2"]);
    expect(await found("sender=bob")).toEqual(["2"]);
    expect(await found("tags=t")).toEqual(["1"]);
    expect(await found("searchKey=HELLO")).toEqual(["2"]);
    expect(await found("hasLinks=true")).toEqual(["1"]);
    expect(await found("hasMentions=true")).toEqual(["2"]);
    expect(await found("mentionedUids=eve")).toEqual(["2"]);
    expect(await found("hasReactions=true")).toEqual(["2"]);
    expect(await found("onlyDeleted=true")).toEqual(["1"]);
    expect(await found("hideDeleted=true")).toEqual(["2", "3", "4"]);
    expect(await found("conversationId=ann_user_eve")).toEqual(["3"]);
    expect(await found(`fromTimestamp=${startSeconds}&toTimestamp=${startSeconds}`)).toEqual(["1"]);
    expect(await found(`toTimestamp=${startSeconds}`)).toHaveLength(4);
    expect(await found("receiverType=group")).toEqual([]);
    expect(await found("", as("eve"))).toEqual(["3"]);
    expect(await found("unread=true&count=true", as("eve"))).toEqual(["3"]);
  });

  test("messages of a user and of a group are listed apart, a user's also in pages", async () => {
    const { send } = subject();
    await withPeople(send);
    await say(send, "ann", "bob", "1");
    await say(send, "bob", "ann", "2");
    await say(send, "ann", "eve", "3");
    await send("POST /messages", { receiver: "g", receiverType: "group", data: { text: "4" } });
    expect(column(await send("GET /users/ann/messages"), "id")).toEqual(["1", "2", "3"]);
    expect(column(await send("GET /users/bob/messages", undefined, as("ann")), "id")).toEqual([
      "1",
      "2",
    ]);
    const page = await send("GET /users/ann/messages?perPage=2&page=2");
    expect([column(page, "id"), page.meta]).toMatchObject([["3"], { pagination: { count: 1 } }]);
    expect(column(await send("GET /groups/g/messages", undefined, as("ann")), "id")).toEqual(["4"]);
    const outside = await send("GET /groups/g/messages", undefined, as("bob"));
    expect(outside.code).toBe("ERR_GROUP_NOT_JOINED");
  });

  test("replies make a thread, one level deep, among the same people", async () => {
    const { send } = subject();
    await withPeople(send);
    await say(send, "ann", "bob", "parent");
    const reply = await send("POST /messages/1/thread", { data: { text: "child" } }, as("bob"));
    expect(reply.data).toMatchObject({ id: "2", parentId: "1", receiver: "ann" });
    expect((await send("POST /messages/1/thread", { data: { text: "t" } })).code).toBe(
      "ERR_BAD_REQUEST",
    );
    const nested = await send("POST /messages/2/thread", { data: { text: "t" } }, as("ann"));
    expect(nested.code).toBe("ERR_MESSAGE_THREAD_NESTING");
    const astray = { receiver: "eve", receiverType: "user", data: { text: "t" } };
    const wrong = await send("POST /messages/1/thread", astray, as("ann"));
    expect(wrong.code).toBe("ERR_WRONG_MESSAGE_THREAD");
    expect(column(await send("GET /messages/1/thread"), "id")).toEqual(["2"]);
    expect(column(await send("GET /messages?hideReplies=true"), "id")).toEqual(["1"]);
  });
});
