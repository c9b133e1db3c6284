import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/providers/cometchat/emulator/index.ts";
import { addUsers, column, type Send, startSeconds, subject } from "../support/emulator-client.ts";

type Rows = Readonly<Record<string, Json>>;

const membersOf = (rows: readonly JsonObject[]): Rows =>
  Object.fromEntries(
    rows.map((row) => [
      `${row["guid"]}_member_${row["uid"]}`,
      { memberId: `${row["guid"]}_member_${row["uid"]}`, ...row },
    ]),
  );

async function outcomes(send: Send, name: string, rows: Rows): Promise<unknown> {
  const reply = await send(`POST /data_import/${name}`, { [name]: rows });
  expect(reply.status).toBe(200);
  return Object.fromEntries(
    Object.entries(reply.data as Record<string, JsonObject>).map(([key, row]) => [
      key,
      (row["error"] as JsonObject | undefined)?.["code"] ?? row["success"],
    ]),
  );
}

async function world(): Promise<ReturnType<typeof subject>> {
  const made = subject();
  await addUsers(made.send, ["own", "a", "b"]);
  await made.send("POST /groups", { guid: "g", name: "G", type: "public", owner: "own" });
  made.clock.advance(100_000);
  return made;
}

describe("importing users", () => {
  test("rows are stored with their times and in lower case, and what is no import attribute is ignored", async () => {
    const { send, clock } = subject();
    clock.advance(5000);
    const row = { uid: "Ann", name: "Ann", tags: ["x"], metadata: { k: 1 }, statusMessage: "hi" };
    const times = { createdAt: "1600000000", lastActiveAt: 1_600_000_500 };
    const reply = await send("POST /data_import/users", {
      users: { Ann: { ...row, ...times, color: "red" } },
    });
    expect(reply.data).toEqual({
      ann: {
        success: true,
        data: {
          uid: "ann",
          name: "Ann",
          role: "default",
          status: "offline",
          metadata: { k: 1 },
          tags: ["x"],
          createdAt: 1_600_000_000,
          lastActiveAt: 1_600_000_500,
          updatedAt: startSeconds + 5,
        },
      },
    });
    expect((await send("GET /users/ann")).data).toMatchObject({ createdAt: 1_600_000_000 });
  });

  test("a row that fails leaves the others alone, and what is there is never overwritten", async () => {
    const { send } = subject();
    await addUsers(send, ["there", "gone"]);
    await send("DELETE /users/gone");
    const rows = {
      there: { uid: "there", name: "Other" },
      gone: { uid: "gone", name: "Other" },
      app_system: { uid: "app_system", name: "System" },
      "no good": { uid: "no good", name: "N" },
      nameless: { uid: "nameless" },
      roleless: { uid: "roleless", name: "R", role: "nowhere" },
      late: { uid: "late", name: "L", createdAt: "yesterday" },
      tagged: { uid: "tagged", name: "T", tags: Array.from({ length: 26 }, (_, i) => `t${i}`) },
      heavy: { uid: "heavy", name: "H", metadata: { k: "x".repeat(5 * 1024) } },
      other: { uid: "another", name: "O" },
      none: "none",
      fine: { uid: "fine", name: "F" },
    };
    expect(await outcomes(send, "users", rows)).toEqual({
      there: "ERR_UID_ALREADY_EXISTS",
      gone: "ERR_UID_ALREADY_EXISTS",
      app_system: "ERR_UID_ALREADY_EXISTS",
      "no good": "ERR_INVALID_UID",
      nameless: "ERR_BAD_REQUEST",
      roleless: "ERR_BAD_REQUEST",
      late: "ERR_BAD_REQUEST",
      tagged: "ERR_BAD_REQUEST",
      heavy: "ERR_BAD_REQUEST",
      other: "ERR_IMPORT_INVALID_USER_FORMAT",
      none: "ERR_IMPORT_INVALID_USER_FORMAT",
      fine: true,
    });
    expect(column(await send("GET /users"), "uid")).toEqual(["there", "fine"]);
    expect(column(await send("GET /users?onlyDeactivated=true"), "name")).toEqual(["gone"]);
  });

  test("a row's refusal names its attributes, as that of a call of its own", async () => {
    const { send } = subject();
    const reply = await send("POST /data_import/users", { users: { a: { uid: "a" } } });
    expect(reply.data).toMatchObject({
      a: { success: false, error: { details: { name: ["The name field is required."] } } },
    });
  });

  test("users can be imported as deactivated", async () => {
    const { send } = subject();
    const users = { a: { uid: "a", name: "A", deactivatedAt: 1_650_000_000 } };
    await send("POST /data_import/users", { users });
    expect((await send("GET /users/a")).code).toBe("ERR_UID_NOT_FOUND");
    expect((await send("GET /users?onlyDeactivated=true")).data).toMatchObject([
      { uid: "a", deactivatedAt: 1_650_000_000 },
    ]);
  });
});

describe("importing groups", () => {
  test("owners become admins, and those who are missing are made from their details", async () => {
    const { send } = subject();
    await addUsers(send, ["own"]);
    const row = { name: "G", type: "public", createdAt: 1_600_000_000, description: "ignored" };
    const rows = {
      G: { ...row, guid: "G", owner: "OWN" },
      h: { ...row, guid: "h", owner: "new", groupOwnerDetails: { uid: "new", name: "New" } },
      i: { ...row, guid: "i" },
    };
    const { data } = await send("POST /data_import/groups", { groups: rows });
    expect(data).toMatchObject({
      g: { data: { guid: "g", owner: "own", scope: "admin", membersCount: 1, hasJoined: true } },
      h: { data: { owner: "new", createdAt: 1_600_000_000 } },
      i: { data: { owner: "app_system", membersCount: 0 } },
    });
    expect(JSON.stringify(data)).not.toContain("ignored");
    expect(column(await send("GET /users"), "uid")).toEqual(["own", "new"]);
  });

  test("rows keep the rules of groups that are created one by one", async () => {
    const { send } = await world();
    await send("DELETE /users/b");
    const row = { name: "G", type: "public" };
    const rows = {
      g: { ...row, guid: "g" },
      shut: { ...row, guid: "shut", type: "password" },
      empty: { ...row, guid: "empty", type: "password", password: "" },
      odd: { ...row, guid: "odd", type: "secret" },
      lost: { ...row, guid: "lost", owner: "nobody" },
      left: { ...row, guid: "left", owner: "b" },
      mixed: { ...row, guid: "mixed", owner: "x", groupOwnerDetails: { uid: "y", name: "Y" } },
      open: { ...row, guid: "open", type: "password", password: "p" },
    };
    expect(await outcomes(send, "groups", rows)).toEqual({
      g: "ERR_GUID_ALREADY_EXISTS",
      shut: "ERR_EMPTY_GROUP_PASS",
      empty: "ERR_EMPTY_GROUP_PASS",
      odd: "ERR_BAD_REQUEST",
      lost: "ERR_BAD_REQUEST",
      left: "ERR_BAD_REQUEST",
      mixed: "ERR_IMPORT_INVALID_USER_FORMAT",
      open: true,
    });
    expect(column(await send("GET /groups"), "guid")).toEqual(["g", "open"]);
  });
});

describe("importing members", () => {
  test("a row answers with the membership, and writes no message into the group", async () => {
    const { send } = await world();
    const members = membersOf([
      { guid: "g", uid: "a", scope: "moderator", joinedAt: startSeconds },
    ]);
    const reply = await send("POST /data_import/members", { members });
    expect(reply.data).toEqual({
      g_member_a: {
        success: true,
        data: { guid: "g", uid: "a", scope: "moderator", joinedAt: startSeconds },
      },
    });
    expect(column(await send("GET /groups/g/members"), "scope")).toEqual(["admin", "moderator"]);
    expect((await send("GET /groups/g/messages")).data).toEqual([]);
  });

  test("groups and users must be there, and who is in stays as it is", async () => {
    const { send } = await world();
    await addUsers(send, ["gone"]);
    await send("DELETE /users/gone");
    const rows = membersOf([
      { guid: "g", uid: "a" },
      { guid: "nowhere", uid: "a" },
      { guid: "g", uid: "nobody" },
      { guid: "g", uid: "gone" },
      { guid: "g", uid: "b", scope: "owner" },
    ]);
    expect(await outcomes(send, "members", rows)).toEqual({
      g_member_a: true,
      nowhere_member_a: "ERR_GUID_NOT_FOUND",
      g_member_nobody: "ERR_UID_NOT_FOUND",
      g_member_gone: "ERR_UID_NOT_FOUND",
      g_member_b: "ERR_BAD_REQUEST",
    });
    const again = membersOf([
      { guid: "g", uid: "a", scope: "admin" },
      { guid: "g", uid: "own" },
    ]);
    expect(await outcomes(send, "members", again)).toEqual({
      g_member_a: "ERR_ALREADY_JOINED",
      g_member_own: "ERR_ALREADY_JOINED",
    });
    const demoted = membersOf([{ guid: "g", uid: "own", scope: "participant" }]);
    expect(await outcomes(send, "members", demoted)).toEqual({
      g_member_own: "ERR_GROUP_OWNER_DEMOTE_FORBIDDEN",
    });
    expect(column(await send("GET /groups/g/members"), "scope")).toEqual(["admin", "participant"]);
  });

  test.each([
    [startSeconds - 1, "ERR_IMPORT_INVALID_JOINEDAT"],
    [startSeconds + 101, "ERR_IMPORT_INVALID_JOINEDAT"],
    ["soon", "ERR_IMPORT_INVALID_JOINEDAT"],
    [startSeconds, true],
    [String(startSeconds + 100), true],
  ])("joinedAt %s lies between the group's creation and now: %s", async (joinedAt, expected) => {
    const { send } = await world();
    const rows = membersOf([{ guid: "g", uid: "a", joinedAt }]);
    expect(await outcomes(send, "members", rows)).toEqual({ g_member_a: expected });
  });

  test("the id of a row is made of the group's and the user's", async () => {
    const { send } = await world();
    const rows = {
      g_member_a: { memberId: "g_member_a", guid: "g", uid: "b" },
      g_member_b: { memberId: "g_member_a", guid: "g", uid: "b" },
      a: { memberId: "a", guid: "g", uid: "a" },
      G_Member_A: { memberId: "g_member_a", guid: "G", uid: "A" },
    };
    const invalid = "ERR_IMPORT_INVALID_MEMBER_FORMAT";
    expect(await outcomes(send, "members", { ...rows, G_Member_A: null })).toEqual({
      g_member_a: invalid,
      g_member_b: invalid,
      a: invalid,
    });
    expect(await outcomes(send, "members", rows)).toMatchObject({ g_member_a: true });
  });

  test("parents that are missing are made from the details of a row", async () => {
    const { send } = subject();
    const groupDetails = { guid: "g", name: "G", type: "public", owner: "own" };
    const groupOwnerDetails = { uid: "own", name: "Own" };
    const rows = membersOf([
      {
        ...{ guid: "g", uid: "a", userDetails: { uid: "a", name: "A" } },
        groupDetails: { ...groupDetails, groupOwnerDetails },
      },
      { guid: "g", uid: "b", userDetails: { uid: "other", name: "B" } },
    ]);
    expect(await outcomes(send, "members", rows)).toEqual({
      g_member_a: true,
      g_member_b: "ERR_IMPORT_INVALID_USER_FORMAT",
    });
    expect(column(await send("GET /groups/g/members"), "uid")).toEqual(["own", "a"]);
  });

  test("a row can ban, and nobody who is banned is imported as a member", async () => {
    const { send } = await world();
    const banned = membersOf([{ guid: "g", uid: "a", isBanned: true, scope: "moderator" }]);
    expect(await outcomes(send, "members", banned)).toEqual({ g_member_a: true });
    expect((await send("GET /groups/g/bannedusers")).data).toMatchObject([
      { uid: "a", isBanned: true, scope: "moderator" },
    ]);
    expect(column(await send("GET /groups/g/members"), "uid")).toEqual(["own"]);
    const rows = membersOf([{ guid: "g", uid: "a" }]);
    expect(await outcomes(send, "members", rows)).toEqual({ g_member_a: "ERR_BANNED_GROUPMEMBER" });
  });
});

describe("importing messages", () => {
  const toUser = { sender: "a", receiverType: "user", receiver: "b", sentAt: 1_600_000_000 };
  const data = { text: "hi" };

  test("rows keep their muid and their time, and take each muid once", async () => {
    const { send } = await world();
    const rows = {
      m1: { muid: "m1", ...toUser, data, tags: ["t"], readAt: 1_600_000_001 },
      m2: { muid: "m2", ...toUser, receiverType: "group", receiver: "g", data },
      m3: { muid: "m3", ...toUser, receiver: "nobody", data },
      m4: { muid: "m4", ...toUser, sender: "nobody", data },
      m5: { muid: "m5", ...toUser, category: "action", data },
      m6: { ...toUser, data },
    };
    expect(await outcomes(send, "messages", rows)).toEqual({
      m1: true,
      m2: true,
      m3: "ERR_BAD_REQUEST",
      m4: "ERR_UID_NOT_FOUND",
      m5: "ERR_INVALID_MESSAGE_CATEGORY",
      m6: "ERR_IMPORT_INVALID_MESSAGE_FORMAT",
    });
    expect((await send("GET /users/a/messages")).data).toMatchObject([
      { id: "1", muid: "m1", sentAt: 1_600_000_000, data: { text: "hi" } },
    ]);
    const again = await outcomes(send, "messages", { m1: rows.m1 });
    expect(again).toEqual({ m1: "ERR_IMPORT_MUID_ALREADY_EXISTS" });
    await send("DELETE /messages/1", { permanent: true });
    expect(await outcomes(send, "messages", { m1: rows.m1 })).toEqual({ m1: true });
  });

  test("a text without text breaks down the call, and keeps the rows before it", async () => {
    const { send, emulator } = await world();
    const messages = {
      m1: { muid: "m1", ...toUser, data },
      m2: { muid: "m2", ...toUser, data: { text: "" } },
      m3: { muid: "m3", ...toUser, data },
    };
    const reply = await send("POST /data_import/messages", { messages });
    expect([reply.status, reply.code]).toEqual([500, "ERR_EXCEPTION"]);
    expect(emulator.log().at(-1)).toMatchObject({ status: 500, committed: true });
    expect(column(await send("GET /users/a/messages"), "muid")).toEqual(["m1"]);
  });

  test("senders, receivers, groups and the mentioned are made from their details", async () => {
    const { send } = subject();
    const person = (uid: string): JsonObject => ({ uid, name: uid });
    const messages = {
      m1: {
        ...{ muid: "m1", ...toUser, data, senderUserDetails: person("a") },
        receiverUserDetails: person("b"),
        mentionedUserDetails: { c: person("c") },
      },
      m2: {
        ...{ muid: "m2", ...toUser, data, receiverType: "group", receiver: "g" },
        receiverGroupDetails: { guid: "g", name: "G", type: "public", owner: "d" },
        receiverGroupOwnerDetails: person("d"),
      },
    };
    expect(await outcomes(send, "messages", messages)).toEqual({ m1: true, m2: true });
    expect(column(await send("GET /users"), "uid")).toEqual(["a", "c", "b", "d"]);
    expect((await send("GET /groups/g")).data).toMatchObject({ owner: "d" });
  });
});

describe("an import as a call", () => {
  const rows = (count: number): Rows =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`u${i}`, { uid: `u${i}`, name: "U" }]),
    );

  test("takes 50 rows, and refuses more as a whole", async () => {
    const { send } = subject();
    const refused = await send("POST /data_import/users", { users: rows(51) });
    expect([refused.status, refused.code, refused.details]).toEqual([
      400,
      "ERR_BAD_REQUEST",
      { users: ["The users may not have more than 50 items."] },
    ]);
    expect((await send("GET /users")).data).toEqual([]);
    expect((await send("POST /data_import/users", { users: rows(50) })).status).toBe(200);
    expect((await send("GET /users")).data).toHaveLength(50);
  });

  test.each([
    ["users", "ERR_IMPORT_INVALID_USER_FORMAT"],
    ["groups", "ERR_IMPORT_INVALID_GROUP_FORMAT"],
    ["members", "ERR_IMPORT_INVALID_MEMBER_FORMAT"],
    ["messages", "ERR_IMPORT_INVALID_MESSAGE_FORMAT"],
  ])("needs %s as a map by id", async (name, format) => {
    const { send } = subject();
    const code = async (body: Json): Promise<unknown> =>
      (await send(`POST /data_import/${name}`, body)).code;
    expect(await code({ [name]: [{ uid: "a", name: "A" }] })).toBe(format);
    expect(await code({ [name]: {} })).toBe("ERR_BAD_REQUEST");
    expect(await code({})).toBe("ERR_BAD_REQUEST");
  });

  test("is unknown in the collection's form", async () => {
    const { send } = subject({ dialect: "collection" });
    for (const name of ["users", "groups", "members", "messages"]) {
      const reply = await send(`POST /data_import/${name}`, { [name]: {} });
      expect([reply.status, reply.code]).toEqual([404, "ERR_API_NOT_FOUND"]);
    }
  });

  test("has a quota of its own, which all imports share", async () => {
    const { send, emulator, clock } = subject({ quota: "core=1,import=2" });
    const first = await send("POST /data_import/users", { users: rows(1) });
    expect(first.headers.get("x-ratelimit-limit")).toBe("2");
    expect(first.headers.get("x-rate-limit-remaining")).toBe("1");
    await send("POST /data_import/groups", { groups: {} });
    const refused = await send("POST /data_import/members", { members: {} });
    expect([refused.status, refused.code]).toEqual([429, "ERR_TOO_MANY_REQUESTS"]);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect((await send("POST /users", { uid: "a", name: "A" })).status).toBe(200);
    expect((await send("POST /users", { uid: "b", name: "B" })).status).toBe(429);
    expect((await send("GET /users")).headers.get("x-rate-limit")).toBe("20000");
    expect(emulator.log().map(({ quota }) => quota)).toEqual([
      ...["import", "import", "import"],
      ...["core", "core", "standard"],
    ]);
    clock.advance(60_000);
    expect((await send("POST /data_import/users", { users: rows(2) })).status).toBe(200);
  });

  test.each([
    ["default", "60"],
    ["build", "60"],
    ["5", "5"],
    ["import=7", "7"],
    ["core=7", "60"],
    [undefined, "999999999"],
  ])("with the quota %s may be made %s times a minute", async (quota, expected) => {
    const { send } = subject(quota === undefined ? {} : { quota });
    const { headers } = await send("POST /data_import/users", { users: rows(1) });
    expect(headers.get("x-ratelimit-limit")).toBe(expected);
  });

  test.each(["import=0", "import=1,import=2", "other=1", "core=1,", "core=1, import=2"])(
    "cannot have the quota %s",
    (quota) => {
      expect(() => subject({ quota })).toThrow(/import=N/);
    },
  );
});

describe("faults of an import", () => {
  const users = Object.fromEntries(
    ["a", "b", "c", "d"].map((uid) => [uid, { uid, name: uid }] as const),
  );
  const path = "/data_import/*";

  test("a server that fails after part of the rows is a partial and a status together", async () => {
    const { send, emulator } = subject();
    emulator.setFaults({
      rules: [
        { path, times: 1, fault: "partial", rows: [2, 3] },
        { path, times: 1, fault: "status", status: 500, when: "after" },
      ],
    });
    const reply = await send("POST /data_import/users", { users });
    expect([reply.status, reply.code]).toEqual([500, "ERR_EXCEPTION"]);
    expect(emulator.log()[0]).toMatchObject({
      committed: true,
      faults: ["partial", "status-after"],
    });
    expect(column(await send("GET /users"), "uid")).toEqual(["a", "b"]);
    expect(await outcomes(send, "users", users)).toEqual({
      a: "ERR_UID_ALREADY_EXISTS",
      b: "ERR_UID_ALREADY_EXISTS",
      c: true,
      d: true,
    });
  });

  test.each(["users", "groups", "members", "messages"])(
    "rows of %s fail one by one",
    async (name) => {
      const { send, emulator } = subject();
      emulator.setFaults({ rules: [{ path, fault: "partial", rows: [1], code: "ERR_TOLD" }] });
      const told = await outcomes(send, name, { a: {}, b: {} });
      expect(told).toMatchObject({ a: expect.not.stringContaining("ERR_TOLD"), b: "ERR_TOLD" });
    },
  );

  test("another quota can hold from a request on", async () => {
    const { send, emulator } = subject();
    emulator.setFaults({ rules: [{ path, nth: 2, fault: "quota", import: 1 }] });
    expect((await send("POST /data_import/users", { users })).status).toBe(200);
    expect((await send("POST /data_import/users", { users })).status).toBe(429);
  });
});
