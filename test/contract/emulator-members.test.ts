import { describe, expect, test } from "vitest";
import { addUsers, column, type Send, startSeconds, subject } from "../support/emulator-client.ts";

async function withGroup(send: Send, uids: readonly string[], members: object = {}): Promise<void> {
  await addUsers(send, uids);
  const group = { guid: "g", name: "G", type: "public", owner: uids[0] ?? "app_system" };
  await send("POST /groups", { ...group, members: { ...members } });
}

const codes = (rows: unknown): unknown[] =>
  Object.values(rows as object).map((row) => row.error?.code ?? row.success);

describe("adding members", () => {
  test("each row has its own outcome, and a success carries the message it wrote", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "a", "b"]);
    const reply = await send("POST /groups/g/members", {
      moderators: ["A"],
      participants: ["b", "x"],
    });
    expect(reply.data).toEqual({
      moderators: {
        a: {
          success: true,
          data: {
            id: "1",
            conversationId: "group_g",
            sender: "app_system",
            receiver: "g",
            receiverType: "group",
            category: "action",
            type: "groupMember",
            data: {
              action: "added",
              entities: {
                by: { entityType: "user", entity: expect.objectContaining({ uid: "app_system" }) },
                for: { entityType: "group", entity: expect.objectContaining({ guid: "g" }) },
                on: { entityType: "user", entity: expect.objectContaining({ uid: "a" }) },
              },
            },
            sentAt: startSeconds,
            updatedAt: startSeconds,
          },
        },
      },
      participants: {
        b: expect.objectContaining({ success: true }),
        x: {
          success: false,
          error: expect.objectContaining({ code: "ERR_UID_NOT_FOUND" }),
        },
      },
    });
  });

  test("adding a member again fails and changes nothing", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "a"], { participants: ["a"] });
    const reply = await send("POST /groups/g/members", { participants: ["a"] });
    expect(codes((reply.data as { participants: object }).participants)).toEqual([
      "ERR_SAME_SCOPE",
    ]);
    const other = await send("POST /groups/g/members", { admins: ["a"], moderators: ["own"] });
    expect(other.data).toMatchObject({
      admins: { a: { error: { code: "ERR_ALREADY_JOINED" } } },
      moderators: { own: { error: { code: "ERR_GROUP_OWNER_DEMOTE_FORBIDDEN" } } },
    });
    expect(column(await send("GET /groups/g/members"), "scope")).toEqual(["admin", "participant"]);
  });

  test("of several scopes for one user the highest wins and alone is reported", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "a"]);
    const reply = await send("POST /groups/g/members", {
      participants: ["a"],
      admins: [],
      moderators: ["A", "a"],
    });
    expect(Object.keys(reply.data as object)).toEqual(["moderators"]);
    expect(Object.keys((reply.data as { moderators: object }).moderators)).toEqual(["a"]);
  });

  test("more than 25 uids over all arrays refuse the whole call", async () => {
    const { send } = subject();
    const uids = await addUsers(send, 26);
    await send("POST /groups", { guid: "g", name: "G", type: "public" });
    const reply = await send("POST /groups/g/members", {
      admins: uids.slice(0, 13),
      participants: uids.slice(13),
    });
    expect([reply.status, reply.code]).toEqual([400, "ERR_BAD_REQUEST"]);
    expect((await send("GET /groups/g/members")).data).toEqual([]);
    expect((await send("POST /groups/g/members", { admins: uids.slice(1) })).status).toBe(200);
  });

  test("bans, arrays that are none and calls without any uid are refused", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "a"]);
    const ban = await send("POST /groups/g/members", { usersToBan: ["a"] });
    expect([ban.code, ban.details]).toEqual([
      "ERR_BAD_REQUEST",
      { usersToBan: ["Bans while adding are not emulated."] },
    ]);
    for (const body of [{}, { admins: "a" }, { admins: [1] }, { usersToBan: [] }]) {
      expect((await send("POST /groups/g/members", body)).code).toBe("ERR_BAD_REQUEST");
    }
    const inCreate = { guid: "h", name: "H", type: "public", members: { usersToBan: ["a"] } };
    expect((await send("POST /groups", inCreate)).code).toBe("ERR_BAD_REQUEST");
  });

  test("deactivated users and the system user cannot be added", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "gone"]);
    await send("DELETE /users/gone");
    const reply = await send("POST /groups/g/members", { participants: ["gone", "app_system"] });
    expect(codes((reply.data as { participants: object }).participants)).toEqual([
      "ERR_UID_NOT_FOUND",
      "ERR_UID_NOT_FOUND",
    ]);
  });

  test("a user cannot add itself", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "a"]);
    const reply = await send(
      "POST /groups/g/members",
      { participants: ["a"] },
      { onBehalfOf: "a" },
    );
    expect([reply.status, reply.code]).toEqual([401, "ERR_GROUP_NOT_JOINED"]);
  });

  test("a user is a member of at most 2,000 groups", async () => {
    const { send } = subject({ quota: "100000" });
    await addUsers(send, ["a"]);
    for (let i = 0; i <= 2000; i += 1) {
      await send("POST /groups", { guid: `g${i}`, name: "G", type: "public" });
      if (i < 2000) await send(`POST /groups/g${i}/members`, { participants: ["a"] });
    }
    const reply = await send("POST /groups/g2000/members", { participants: ["a"] });
    expect(codes((reply.data as { participants: object }).participants)).toEqual([
      "ERR_NO_VACANCY",
    ]);
  });
});

describe("listing members", () => {
  test("the list has users with scope and time of joining, in pages and by scope", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "a", "b"], { moderators: ["a"], participants: ["b"] });
    const reply = await send("GET /groups/g/members?perPage=2&page=1");
    expect(reply.data).toMatchObject([
      { uid: "own", name: "own", scope: "admin", joinedAt: startSeconds },
      { uid: "a", scope: "moderator" },
    ]);
    expect(reply.meta).toMatchObject({
      pagination: { count: 2, per_page: 2, total_pages: 2 },
      cursor: { updatedAt: startSeconds },
    });
    const found = async (query: string) =>
      column(await send(`GET /groups/g/members?${query}`), "uid");
    expect(await found("scopes=admin,participant")).toEqual(["own", "b"]);
    expect(await found("scopes=admin&scopes=moderator")).toEqual(["own", "a"]);
    expect(await found("status=available")).toEqual([]);
    expect((await send("GET /groups/nowhere/members")).code).toBe("ERR_GUID_NOT_FOUND");
  });
});

describe("changing scopes and kicking", () => {
  test("a change of scope answers with the membership, and to participant by default", async () => {
    const { send, clock } = subject();
    await withGroup(send, ["own", "a"], { admins: ["a"] });
    clock.advance(1000);
    const reply = await send("PUT /groups/g/members/A", { scope: "moderator" });
    expect(reply.data).toEqual({ guid: "g", uid: "a", scope: "moderator", joinedAt: startSeconds });
    expect((await send("PUT /groups/g/members/a", {})).data).toMatchObject({
      scope: "participant",
    });
    const same = await send("PUT /groups/g/members/a", { scope: "participant" });
    expect([same.status, same.code]).toEqual([400, "ERR_SAME_SCOPE"]);
    expect((await send("PUT /groups/g/members/a", { scope: "owner" })).code).toBe(
      "ERR_BAD_REQUEST",
    );
    const outside = await send("PUT /groups/g/members/x", { scope: "admin" });
    expect([outside.status, outside.code]).toEqual([404, "ERR_NOT_A_MEMBER"]);
  });

  test("the owner cannot be demoted, but may be made admin", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "a"], { participants: ["a"] });
    const demoted = await send("PUT /groups/g/members/own", { scope: "moderator" });
    expect([demoted.status, demoted.code]).toEqual([400, "ERR_GROUP_OWNER_DEMOTE_FORBIDDEN"]);
    await send("PUT /groups/g", { owner: "a" });
    expect((await send("PUT /groups/g/members/a", { scope: "moderator" })).status).toBe(400);
    expect((await send("PUT /groups/g/members/a", { scope: "admin" })).status).toBe(200);
    expect((await send("PUT /groups/g/members/own", { scope: "moderator" })).status).toBe(200);
  });

  test("a member can be kicked, but neither the owner nor somebody who is none", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "a", "gone"], { participants: ["a", "gone"] });
    await send("DELETE /users/gone");
    expect((await send("DELETE /groups/g/members/A")).data).toEqual({
      success: true,
      message: "The member with a has been kicked from the Group with g.",
    });
    const owner = await send("DELETE /groups/g/members/own");
    expect([owner.status, owner.code]).toEqual([400, "ERR_MEMBER_DELETE_FAILED"]);
    for (const uid of ["a", "nobody", "gone"]) {
      const reply = await send(`DELETE /groups/g/members/${uid}`);
      expect([reply.status, reply.code]).toEqual([404, "ERR_NOT_A_MEMBER"]);
    }
  });

  test("adding, changing a scope and kicking each write a message into the group", async () => {
    const { send } = subject();
    await withGroup(send, ["own", "a"]);
    await send("POST /groups/g/members", { participants: ["a"] });
    await send("PUT /groups/g/members/a", { scope: "moderator" });
    await send("DELETE /groups/g/members/a", undefined, { onBehalfOf: "own" });
    const reply = await send("GET /groups/g/messages");
    expect(reply.data).toMatchObject([
      { id: "1", sender: "app_system", data: { action: "added" } },
      { id: "2", sender: "app_system", data: { action: "scopeChanged" } },
      { id: "3", sender: "own", data: { action: "kicked" } },
    ]);
  });
});
