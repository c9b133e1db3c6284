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

describe("reactions", () => {
  test("a reaction needs an acting user and is counted once for each", async () => {
    const { send } = subject();
    await withPeople(send);
    await say(send, "ann", "bob", "hi");
    const path = `/messages/1/reactions/${encodeURIComponent("👍")}`;
    expect((await send(`POST ${path}`)).details).toHaveProperty("onBehalfOf");
    await send(`POST ${path}`, undefined, as("ann"));
    await send(`POST ${path}`, undefined, as("ann"));
    const reply = await send(`POST ${path}`, undefined, as("bob"));
    expect(reply.data).toMatchObject({
      id: "1",
      data: { reactions: [{ reaction: "👍", count: 2, reactedByMe: true }] },
    });
    await send("POST /messages/1/reactions/:ok:", undefined, as("bob"));
    expect((await send("GET /messages/1/reactions")).data).toMatchObject([
      { id: "1", messageId: "1", reaction: "👍", uid: "ann", reactedBy: { uid: "ann" } },
      { id: "2", reaction: "👍", uid: "bob" },
      { id: "3", reaction: ":ok:", uid: "bob" },
    ]);
    expect(column(await send(`GET ${path}`), "uid")).toEqual(["ann", "bob"]);
    const removed = await send(`DELETE ${path}`, undefined, as("bob"));
    expect(removed.data).toMatchObject({ data: { reactions: [{ count: 1 }, { count: 1 }] } });
    expect((await send(`DELETE ${path}`, undefined, as("bob"))).status).toBe(200);
  });

  test("long reactions and a 26th different one are refused", async () => {
    const { send } = subject();
    await withPeople(send);
    await say(send, "ann", "bob", "hi");
    const react = (reaction: string) =>
      send(`POST /messages/1/reactions/${reaction}`, undefined, as("ann"));
    expect((await react("x".repeat(46))).code).toBe("ERR_BAD_REQUEST");
    for (let i = 0; i < 25; i += 1) expect((await react(`r${i}`)).status).toBe(200);
    expect((await react("r25")).code).toBe("ERR_BAD_REQUEST");
    expect((await send("POST /messages/9/reactions/x", undefined, as("ann"))).status).toBe(404);
  });
});

describe("conversations", () => {
  test("a conversation comes into being with its first message", async () => {
    const { send } = subject();
    await withPeople(send);
    for (const path of ["/users/bob/conversation", "/groups/g/conversation"]) {
      expect((await send(`GET ${path}`)).details).toHaveProperty("onBehalfOf");
      const reply = await send(`GET ${path}`, undefined, as("ann"));
      expect([reply.status, reply.code]).toEqual([404, "ERR_CONVERSATION_NOT_ACCESSIBLE"]);
    }
    await say(send, "bob", "ann", "hi");
    const reply = await send("GET /users/bob/conversation", undefined, as("ann"));
    expect(reply.data).toEqual([
      {
        conversationId: "ann_user_bob",
        conversationType: "user",
        unreadMessageCount: "1",
        createdAt: startSeconds,
        updatedAt: startSeconds,
        lastMessage: expect.objectContaining({ id: "1" }),
        conversationWith: expect.objectContaining({ uid: "bob" }),
      },
    ]);
    expect((await send("GET /conversations/ann_user_bob", undefined, as("ann"))).data).toEqual(
      reply.data,
    );
    const stranger = await send("GET /conversations/ann_user_bob", undefined, as("eve"));
    expect(stranger.code).toBe("ERR_CONVERSATION_NOT_ACCESSIBLE");
  });

  test("reading, delivering and unreading move what is unread", async () => {
    const { send } = subject();
    await withPeople(send);
    await say(send, "bob", "ann", "1");
    await say(send, "bob", "ann", "2");
    const unread = async () =>
      column(await send("GET /users/bob/conversation", undefined, as("ann")), "unreadMessageCount");
    const read = await send("POST /users/bob/conversation/read", { messageId: 1 }, as("ann"));
    expect(read.data).toEqual({ success: true, Message: expect.any(String) });
    expect(await unread()).toEqual(["1"]);
    await send("POST /users/bob/conversation/read", undefined, as("ann"));
    expect(await unread()).toEqual(["0"]);
    await send("DELETE /users/bob/conversation/read", { messageId: 2 }, as("ann"));
    expect(await unread()).toEqual(["1"]);
    await send("DELETE /users/bob/conversation/read", undefined, as("ann"));
    expect(await unread()).toEqual(["2"]);
    await send("POST /users/bob/conversation/delivered", { messageId: 1 }, as("ann"));
    const undelivered = await send(
      "GET /users/bob/messages?undelivered=true",
      undefined,
      as("ann"),
    );
    expect(column(undelivered, "id")).toEqual(["2"]);
    const other = await send("POST /users/bob/conversation/read", { messageId: 9 }, as("ann"));
    expect(other.code).toBe("ERR_MESSAGE_ID_NOT_FOUND");
    await send("POST /messages", { receiver: "g", receiverType: "group", data: { text: "t" } });
    const group = await send("POST /groups/g/conversation/read", undefined, as("ann"));
    expect(group.data).toEqual({ success: true, message: expect.any(String) });
  });

  test("the list has the acting user's conversations, or everybody's by user", async () => {
    const { send, clock } = subject();
    await withPeople(send);
    await say(send, "bob", "ann", "1");
    clock.advance(1000);
    await send("POST /messages", { receiver: "g", receiverType: "group", data: { text: "2" } });
    await send("PUT /users/bob/conversation", { tags: ["pinned"] }, as("ann"));
    const found = async (query: string, headers = {}) =>
      column(await send(`GET /conversations?${query}`, undefined, headers), "conversationId");
    expect(await found("")).toEqual(["group_g", "ann_user_bob", "ann_user_bob"]);
    expect(await found("", as("bob"))).toEqual(["ann_user_bob"]);
    expect(await found("conversationType=group", as("ann"))).toEqual(["group_g"]);
    expect(await found("tags=pinned", as("ann"))).toEqual(["ann_user_bob"]);
    expect(await found("searchKey=bo", as("ann"))).toEqual(["ann_user_bob"]);
    expect(await found("unread=true", as("bob"))).toEqual([]);
    expect(await found("userTags=x", as("ann"))).toEqual(["group_g"]);
    const tagged = await send("GET /conversations?withTags=true", undefined, as("ann"));
    expect(column(tagged, "tags")).toEqual([undefined, ["pinned"]]);
  });

  test("a reset hides the messages from one user, or removes them for all", async () => {
    const { send } = subject();
    await withPeople(send);
    await say(send, "bob", "ann", "1");
    await send("DELETE /users/bob/conversation", {}, as("ann"));
    expect((await send("GET /users/bob/messages", undefined, as("ann"))).data).toEqual([]);
    expect((await send("GET /users/ann/messages", undefined, as("bob"))).data).toHaveLength(1);
    const body = { conversationWith: "ann", deleteMessagesPermanently: true };
    await send("DELETE /users/bob/conversation", body, as("eve"));
    expect((await send("GET /users/ann/messages", undefined, as("bob"))).data).toEqual([]);
    const whole = await send("DELETE /conversations/ann_user_bob", undefined, as("ann"));
    expect(whole.data).toMatchObject({ success: true });
    expect((await send("GET /users/bob/conversation", undefined, as("ann"))).status).toBe(404);
  });
});
