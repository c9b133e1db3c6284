import { describe, expect, test } from "vitest";
import { addUsers, column, startSeconds, subject } from "../support/emulator-client.ts";

describe("deactivating and deleting users", () => {
  test("a plain deletion deactivates: the user is not found and not listed, unless asked for", async () => {
    const { send } = subject();
    await addUsers(send, ["a", "b"]);
    expect((await send("DELETE /users/A")).data).toEqual({ deactivatedUids: ["a"] });
    expect((await send("GET /users/a")).code).toBe("ERR_UID_NOT_FOUND");
    expect((await send("PUT /users/a", { name: "X" })).code).toBe("ERR_UID_NOT_FOUND");
    expect((await send("DELETE /users/a")).code).toBe("ERR_UID_NOT_FOUND");
    expect(column(await send("GET /users"), "uid")).toEqual(["b"]);
    expect(column(await send("GET /users?onlyDeactivated=true"), "deactivatedAt")).toEqual([
      startSeconds,
    ]);
    expect(column(await send("GET /users?withDeactivated=true"), "uid")).toEqual(["a", "b"]);
    const again = await send("POST /users", { uid: "a", name: "A" });
    expect([again.status, again.code]).toEqual([400, "ERR_UID_ALREADY_EXISTS"]);
  });

  test("a permanent deletion, also of a deactivated user, frees the uid and takes everything along", async () => {
    const { send, emulator } = subject();
    await addUsers(send, ["a", "b"]);
    await send("POST /groups", { guid: "g", name: "G", type: "public" });
    await send("POST /groups/g/members", { participants: ["a", "b"] });
    await send("POST /users/a/auth_tokens");
    const hello = { receiver: "b", receiverType: "user", data: { text: "hello" } };
    await send("POST /messages", hello, { onBehalfOf: "a" });
    const toGroup = { receiver: "g", receiverType: "group", data: { text: "all" } };
    await send("POST /messages", toGroup, { onBehalfOf: "a" });
    await send("DELETE /users/a");
    const reply = await send("DELETE /users/a", { permanent: true });
    expect(reply.data).toEqual({
      success: true,
      message: "User with a has been deleted successfully.",
    });
    expect(emulator.snapshot()).toMatchObject({
      users: [{ uid: "b" }],
      groups: [{ members: [{ uid: "b" }], parked: [] }],
      tokens: {},
      messages: [{ data: { action: "added" } }, { data: { action: "added" } }],
      conversations: [{ conversationId: "group_g", messageIds: [1, 2] }],
    });
    expect((await send("POST /users", { uid: "a", name: "New" })).status).toBe(200);
  });

  test("many users are deactivated in one call, which sorts them by outcome", async () => {
    const { send } = subject();
    await addUsers(send, ["a", "b", "own"]);
    await send("DELETE /users/b");
    await send("POST /groups", { guid: "g", name: "G", type: "public", owner: "own" });
    const reply = await send("DELETE /users", { uidsToDeactivate: ["A", "b", "c", "own", "a"] });
    expect(reply.data).toEqual({
      deactivatedUids: ["a"],
      alreadyDeactivatedUids: ["b"],
      notFound: ["c", "own"],
    });
    const uids = Array.from({ length: 26 }, (_, i) => `u${i}`);
    expect((await send("DELETE /users", { uidsToDeactivate: uids })).code).toBe("ERR_BAD_REQUEST");
    expect((await send("PUT /users", { uidsToActivate: uids })).code).toBe("ERR_BAD_REQUEST");
    expect((await send("DELETE /users", {})).code).toBe("ERR_BAD_REQUEST");
  });

  test("reactivation brings back memberships and tokens, but the role becomes default", async () => {
    const { send } = subject();
    await addUsers(send, ["a"]);
    await send("POST /roles", { role: "vip", name: "VIP" });
    await send("PUT /users/a", { role: "vip" });
    await send("POST /groups", { guid: "g", name: "G", type: "public" });
    await send("POST /groups/g/members", { moderators: ["a"] });
    await send("POST /users/a/auth_tokens");
    await send("DELETE /users", { uidsToDeactivate: ["a"] });
    expect((await send("GET /groups/g/members")).data).toEqual([]);
    expect((await send("GET /groups/g")).data).toMatchObject({ membersCount: 0 });
    const reply = await send("PUT /users", { uidsToActivate: ["a", "nobody", "a"] });
    expect(reply.data).toEqual({ reactivatedUids: ["a"], nonDeactivatedUids: ["nobody"] });
    const again = await send("PUT /users", { uidsToActivate: ["a"] });
    expect(again.data).toEqual({ reactivatedUids: [], nonDeactivatedUids: ["a"] });
    expect((await send("GET /users/a")).data).toMatchObject({ role: "default" });
    expect((await send("GET /groups/g/members")).data).toMatchObject([
      { uid: "a", scope: "moderator" },
    ]);
    expect((await send("GET /users/a/auth_tokens")).data).toHaveLength(1);
  });

  test("the owner of a group can be neither deactivated nor deleted", async () => {
    const { send } = subject();
    await addUsers(send, ["a"]);
    await send("POST /groups", { guid: "g", name: "G", type: "public", owner: "a" });
    for (const permanent of [false, true]) {
      const reply = await send("DELETE /users/a", { permanent });
      expect([reply.status, reply.code]).toEqual([400, "ERR_UID_DELETE_FAILED"]);
    }
    await send("DELETE /groups/g");
    expect((await send("DELETE /users/a")).status).toBe(200);
  });
});
