import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/providers/cometchat/emulator/index.ts";
import { addUsers, type Send, startSeconds, subject } from "../support/emulator-client.ts";

const as = (uid: string) => ({ onBehalfOf: uid });

function say(send: Send, from: string, to: string, text: string, more: JsonObject = {}) {
  const message = { receiver: to, receiverType: "user", data: { text }, ...more };
  return send("POST /messages", message, as(from));
}

async function withPeople(send: Send): Promise<void> {
  await addUsers(send, ["ann", "bob", "eve"]);
  await send("POST /groups", { guid: "g", name: "G", type: "public", owner: "ann" });
}

describe("sending messages", () => {
  test("a message gets the next id as a text, from the acting user or the system user", async () => {
    const { send } = subject();
    await withPeople(send);
    const first = await say(send, "bob", "Ann", "hi", { muid: "m1", tags: ["x"] });
    expect(first.data).toEqual({
      id: "1",
      muid: "m1",
      conversationId: "ann_user_bob",
      sender: "bob",
      receiver: "ann",
      receiverType: "user",
      category: "message",
      type: "text",
      tags: ["x"],
      data: {
        text: "hi",
        entities: {
          sender: { entityType: "user", entity: expect.objectContaining({ uid: "bob" }) },
          receiver: { entityType: "user", entity: expect.objectContaining({ uid: "ann" }) },
        },
      },
      sentAt: startSeconds,
      updatedAt: startSeconds,
    });
    const body = { receiver: "g", receiverType: "group", data: { text: "t" }, onBehalfOf: "bob" };
    expect((await send("POST /messages", body)).data).toMatchObject({
      id: "2",
      sender: "app_system",
      conversationId: "group_g",
    });
  });

  test("messages that lack what their kind needs are refused with a code for it", async () => {
    const { send } = subject();
    await withPeople(send);
    const to = { receiver: "ann", receiverType: "user" };
    const cases: [JsonObject, number, string][] = [
      [{}, 400, "ERR_EMPTY_RECEIVER"],
      [{ receiver: "ann", receiverType: "bot" }, 400, "ERR_INVALID_RECEIVER_TYPE"],
      [{ ...to, data: { text: " " } }, 400, "ERR_EMPTY_MESSAGE_TEXT"],
      [{ ...to, category: "call" }, 400, "ERR_INVALID_MESSAGE_CATEGORY"],
      [{ ...to, type: "poll", data: { text: "t" } }, 400, "ERR_INVALID_MESSAGE_TYPE"],
      [{ ...to, type: "", category: "custom" }, 400, "ERR_EMPTY_MESSAGE_TYPE"],
      [{ ...to, type: "image" }, 400, "ERR_EMPTY_MESSAGE_FILE"],
      [{ ...to, category: "custom", type: "poll" }, 400, "ERR_EMPTY_CUSTOM_DATA"],
      [{ ...to, data: { text: "x".repeat(10_240) } }, 400, "ERR_INVALID_MESSAGE_DATA"],
      [{ ...to, receiver: "nobody", data: { text: "t" } }, 400, "ERR_BAD_REQUEST"],
      [{ receiver: "x", receiverType: "group", data: { text: "t" } }, 400, "ERR_BAD_REQUEST"],
    ];
    for (const [body, status, code] of cases) {
      const reply = await send("POST /messages", body);
      expect([body, reply.status, reply.code]).toEqual([body, status, code]);
    }
    const outside = { receiver: "g", receiverType: "group", data: { text: "t" } };
    const reply = await send("POST /messages", outside, as("bob"));
    expect([reply.status, reply.code]).toEqual([401, "ERR_GROUP_NOT_JOINED"]);
  });

  test("media, custom messages and several receivers are accepted", async () => {
    const { send, emulator } = subject();
    await withPeople(send);
    const attachments = [{ url: "https://example.com/a.png", name: "a" }];
    expect(
      (await say(send, "ann", "bob", "", { type: "image", data: { attachments } })).status,
    ).toBe(200);
    const custom = { category: "custom", type: "poll", data: { customData: { q: 1 } } };
    expect((await say(send, "ann", "bob", "", custom)).status).toBe(200);
    const multipleReceivers = { uids: ["bob", "eve"], guids: ["g"] };
    await send("POST /messages", { multipleReceivers, data: { text: "all" } }, as("ann"));
    const sent = emulator.snapshot()["messages"] as JsonObject[];
    expect(sent.map(({ receiver }) => receiver)).toEqual(["bob", "bob", "bob", "eve", "g"]);
  });
});

describe("changing messages", () => {
  test("an edit answers with an action that holds the edited message", async () => {
    const { send, clock } = subject();
    await withPeople(send);
    await say(send, "ann", "bob", "one");
    clock.advance(1000);
    const body = { data: { text: "two" }, tags: ["x"] };
    const reply = await send("PUT /messages/1", body, as("ann"));
    expect(reply.data).toMatchObject({
      id: "2",
      category: "action",
      data: { action: "edited", entities: { on: { entity: { id: "1", data: { text: "two" } } } } },
    });
    expect((await send("GET /messages/1")).data).toMatchObject({
      data: { text: "two" },
      tags: ["x"],
      editedAt: startSeconds + 1,
      editedBy: "ann",
    });
    expect((await send("PUT /messages/1", body, as("bob"))).code).toBe("ERR_MESSAGE_NOT_A_SENDER");
    expect((await send("PUT /messages/2", body)).code).toBe("ERR_MESSAGE_ACTION_NOT_ALLOWED");
    expect((await send("PUT /messages/x", body)).code).toBe("ERR_MESSAGE_ID_NOT_FOUND");
  });

  test("a deletion keeps the row without its content, a permanent one does not", async () => {
    const { send } = subject();
    await withPeople(send);
    await say(send, "ann", "bob", "one");
    expect((await send("DELETE /messages/1")).data).toMatchObject({ data: { action: "deleted" } });
    const { data } = await send("GET /messages/1");
    expect(data).toMatchObject({ id: "1", deletedBy: "app_system", deletedAt: startSeconds });
    expect((data as JsonObject)["data"]).not.toHaveProperty("text");
    expect((await send("DELETE /messages/1")).code).toBe("ERR_MESSAGE_ID_NOT_FOUND");
    expect((await send("DELETE /messages/1", { permanent: true })).status).toBe(200);
    expect((await send("GET /messages/1")).code).toBe("ERR_MESSAGE_ID_NOT_FOUND");
  });
});
