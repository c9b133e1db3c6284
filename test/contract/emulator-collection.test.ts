import { describe, expect, test } from "vitest";
import { addUsers, column, startSeconds, subject } from "../support/emulator-client.ts";

const collection = () => subject({ dialect: "collection" });

describe("users", () => {
  test("tags and status message are dropped, for the request schema does not list them", async () => {
    const { send } = collection();
    const body = { uid: "a", name: "A", tags: ["x"], statusMessage: "s", metadata: { k: 1 } };
    await send("POST /users", { ...body, avatar: "https://example.com/a.png" });
    await send("PUT /users/a", { tags: ["y"], statusMessage: "t", unset: ["avatar"] });
    expect((await send("GET /users?withTags=true")).data).toEqual([
      {
        uid: "a",
        name: "A",
        role: "default",
        metadata: { k: 1 },
        status: "offline",
        createdAt: startSeconds,
        updatedAt: startSeconds,
      },
    ]);
  });

  test("a deletion without permanent deactivates, and the uid then counts as absent", async () => {
    const { send } = collection();
    await addUsers(send, ["a", "b", "c"]);
    for (const [uid, body] of [
      ["a", undefined],
      ["b", { permanent: false }],
      ["c", { permanent: true }],
    ] as const) {
      expect((await send(`DELETE /users/${uid}`, body)).data).toMatchObject({ success: true });
    }
    expect((await send("GET /users?withDeactivated=true&onlyDeactivated=true")).data).toEqual([]);
    expect((await send("GET /users/a")).code).toBe("ERR_UID_NOT_FOUND");
  });

  test("creating a deactivated uid replaces the whole user", async () => {
    const { send } = collection();
    await send("POST /users", { uid: "a", name: "A", metadata: { k: 1 } });
    await send("POST /groups", { guid: "g", name: "G", type: "public" });
    await send("POST /groups/g/members", { participants: ["a"] });
    await send("DELETE /users/a");
    expect((await send("POST /users", { uid: "a", name: "New" })).status).toBe(200);
    expect(column(await send("GET /users"), "metadata")).toEqual([undefined]);
    expect((await send("GET /groups/g/members")).data).toEqual([]);
    expect((await send("POST /users", { uid: "a", name: "A" })).code).toBe(
      "ERR_UID_ALREADY_EXISTS",
    );
  });

  test("users are deactivated and reactivated one by one, and not in bulk", async () => {
    const { send } = collection();
    await addUsers(send, ["a"]);
    expect((await send("PUT /users/a/deactivate")).data).toMatchObject({
      uid: "a",
      deactivatedAt: startSeconds,
    });
    expect((await send("PUT /users/a/deactivate")).code).toBe("ERR_UID_NOT_FOUND");
    expect((await send("PUT /users/a/reactivate")).data).not.toHaveProperty("deactivatedAt");
    expect((await send("PUT /users/a/reactivate")).status).toBe(200);
    expect((await send("PUT /users/b/reactivate")).code).toBe("ERR_UID_NOT_FOUND");
    expect((await send("DELETE /users", { uidsToDeactivate: ["a"] })).code).toBe(
      "ERR_API_NOT_FOUND",
    );
    expect((await send("PUT /users", { uidsToActivate: ["a"] })).code).toBe("ERR_API_NOT_FOUND");
  });

  test("the list can be searched, but knows no other filter than the status", async () => {
    const { send } = collection();
    await addUsers(send, ["ann", "bob"]);
    const found = async (query: string) => column(await send(`GET /users?${query}`), "uid");
    expect(await found("searchKey=an&searchIn=name")).toEqual(["ann"]);
    expect(await found("status=online")).toEqual([]);
    expect(await found("role=vip")).toEqual(["ann", "bob"]);
  });
});

describe("groups and members", () => {
  test("type and password are dropped from updates, tags are always listed", async () => {
    const { send, emulator } = collection();
    await send("POST /groups", { guid: "g", name: "G", type: "public", tags: ["x"] });
    await send("PUT /groups/g", { type: "password", password: "p", description: "d" });
    expect((await send("GET /groups")).data).toMatchObject([
      { type: "public", description: "d", tags: ["x"] },
    ]);
    expect(emulator.snapshot()["groups"]).toMatchObject([{ hasPassword: false }]);
    await send("PUT /groups/g", { unset: ["description"] });
    expect((await send("GET /groups/g")).data).not.toHaveProperty("description");
  });

  test("members cannot come along with a new group", async () => {
    const { send } = collection();
    const group = { guid: "g", name: "G", type: "public" };
    const reply = await send("POST /groups", { ...group, members: { admins: [] } });
    expect([reply.status, Object.keys(reply.details as object)]).toEqual([400, ["members"]]);
    expect((await send("GET /groups/g")).status).toBe(404);
  });

  test("a scope is changed by naming the member in the body", async () => {
    const { send } = collection();
    await addUsers(send, ["a"]);
    await send("POST /groups", { guid: "g", name: "G", type: "public" });
    await send("POST /groups/g/members", { participants: ["a"] });
    const reply = await send("PUT /groups/g/members", { uid: "A", scope: "admin" });
    expect(reply.data).toEqual({ success: true, message: expect.any(String) });
    expect(column(await send("GET /groups/g/members"), "scope")).toEqual(["admin"]);
    const same = await send("PUT /groups/g/members", { uid: "a", scope: "admin" });
    expect(same.code).toBe("ERR_SAME_SCOPE");
    expect((await send("PUT /groups/g/members", { uid: "a" })).code).toBe("ERR_BAD_REQUEST");
    expect((await send("PUT /groups/g/members/a", { scope: "admin" })).code).toBe(
      "ERR_API_NOT_FOUND",
    );
  });
});

test("a role has permissions instead of metadata and settings, and an update repeats role and name", async () => {
  const { send } = collection();
  const extra = { permissions: ["p"], metadata: { k: 1 }, settings: { listUsers: "all" } };
  await send("POST /roles", { role: "vip", name: "VIP", ...extra });
  expect((await send("GET /roles/vip")).data).toEqual({
    role: "vip",
    name: "VIP",
    permissions: ["p"],
    createdAt: startSeconds,
    updatedAt: startSeconds,
  });
  expect((await send("PUT /roles/vip", { description: "d" })).details).toEqual({
    role: ["The role field is required."],
    name: ["The name field is required."],
  });
  const other = await send("PUT /roles/vip", { role: "other", name: "N" });
  expect(other.details).toHaveProperty("role");
  const reply = await send("PUT /roles/vip", { role: "VIP", name: "N", description: "d" });
  expect(reply.data).toMatchObject({
    role: "vip",
    name: "N",
    description: "d",
    permissions: ["p"],
  });
});

describe("messages", () => {
  const hello = { receiver: "b", receiverType: "user", category: "message", type: "text" };

  test("the acting user may be in the body, ids are numbers and lists come in pages", async () => {
    const { send } = collection();
    await addUsers(send, ["a", "b"]);
    const body = { ...hello, data: { text: "hi" }, onBehalfOf: "A" };
    expect((await send("POST /messages", body)).data).toMatchObject({ id: 1, sender: "a" });
    const reply = await send("POST /messages", { ...body, onBehalfOf: "b", parentMessageId: 1 });
    expect(reply.data).toMatchObject({ id: 2, parentId: 1 });
    const list = await send("GET /messages?perPage=1&page=2");
    expect([column(list, "id"), list.meta]).toMatchObject([[2], { pagination: { per_page: 1 } }]);
    expect((await send("POST /messages", { ...body, onBehalfOf: "x" })).code).toBe(
      "ERR_UID_NOT_FOUND",
    );
    expect((await send("GET /messages/1/thread")).code).toBe("ERR_API_NOT_FOUND");
    expect((await send("GET /users/a/messages")).code).toBe("ERR_API_NOT_FOUND");
  });

  test("an edit answers with the message, a deletion and reactions with an acknowledgement", async () => {
    const { send } = collection();
    await addUsers(send, ["a", "b"]);
    await send("POST /messages", { ...hello, data: { text: "hi" } });
    expect((await send("PUT /messages/1", { data: { text: "ho" } })).data).toMatchObject({
      id: 1,
      data: { text: "ho" },
    });
    const ack = { success: true, message: expect.any(String) };
    expect((await send("POST /messages/1/reactions/U+1F44D")).data).toEqual(ack);
    expect((await send("GET /messages/1")).data).toMatchObject({
      data: { reactions: [{ reaction: "U+1F44D", count: 1 }] },
    });
    expect((await send("DELETE /messages/1/reactions/U+1F44D")).data).toEqual(ack);
    expect((await send("DELETE /messages/1")).data).toEqual(ack);
  });

  test("a conversation is read without an acting user, but with its type", async () => {
    const { send } = collection();
    await addUsers(send, ["a", "b"]);
    await send("POST /messages", { ...hello, data: { text: "hi" }, onBehalfOf: "a" });
    const reply = await send("GET /conversations/a_user_b?conversationType=user");
    expect(reply.data).toMatchObject({ conversationId: "a_user_b", unreadMessageCount: 0 });
    expect((await send("GET /conversations/a_user_b")).code).toBe("ERR_BAD_REQUEST");
    expect((await send("GET /conversations/a_user_b?conversationType=group")).status).toBe(404);
    const list = await send("GET /conversations?conversationType=user");
    expect(column(list, "conversationId")).toEqual(["a_user_b"]);
  });
});
