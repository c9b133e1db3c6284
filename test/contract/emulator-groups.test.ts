import { describe, expect, test } from "vitest";
import type { Json } from "../../src/providers/cometchat/emulator/index.ts";
import { addUsers, startSeconds, subject } from "../support/emulator-client.ts";

const open = { guid: "g", name: "G", type: "public" };

describe("creating groups", () => {
  test("a group without an owner belongs to the system user and has no members", async () => {
    const { send } = subject();
    const reply = await send("POST /groups", { guid: "Team-1", name: "Team", type: "public" });
    expect(reply.data).toEqual({
      guid: "team-1",
      name: "Team",
      type: "public",
      owner: "app_system",
      membersCount: 0,
      onlineMembersCount: 0,
      conversationId: "group_team-1",
      createdAt: startSeconds,
      updatedAt: startSeconds,
      hasJoined: false,
    });
    expect((await send("GET /groups/TEAM-1")).data).toEqual(reply.data);
  });

  test("the owner, declared or acting, becomes an admin", async () => {
    const { send } = subject();
    await addUsers(send, ["a", "b"]);
    const declared = await send("POST /groups", { ...open, owner: "A" });
    expect(declared.data).toMatchObject({
      owner: "a",
      membersCount: 1,
      hasJoined: true,
      scope: "admin",
      joinedAt: startSeconds,
    });
    const acting = await send(
      "POST /groups",
      { ...open, guid: "h", owner: "a" },
      { onBehalfOf: "b" },
    );
    expect(acting.data).toMatchObject({ owner: "b", scope: "admin" });
  });

  test("an owner who does not exist or is deactivated is refused", async () => {
    const { send } = subject();
    await addUsers(send, ["gone"]);
    await send("DELETE /users/gone");
    for (const owner of ["nobody", "gone"]) {
      const reply = await send("POST /groups", { ...open, owner });
      expect([reply.status, reply.code]).toEqual([400, "ERR_BAD_REQUEST"]);
      expect(reply.details).toHaveProperty("owner");
    }
    expect((await send("GET /groups/g")).code).toBe("ERR_GUID_NOT_FOUND");
  });

  test("guid, name and type are required, and the guid must be free and well-formed", async () => {
    const { send } = subject();
    expect(Object.keys((await send("POST /groups", {})).details as object)).toEqual([
      "guid",
      "name",
      "type",
    ]);
    expect((await send("POST /groups", { ...open, type: "protected" })).code).toBe(
      "ERR_BAD_REQUEST",
    );
    expect((await send("POST /groups", { ...open, guid: "a b" })).details).toHaveProperty("guid");
    await send("POST /groups", open);
    const again = await send("POST /groups", { ...open, guid: "G" });
    expect([again.status, again.code]).toEqual([400, "ERR_GUID_ALREADY_EXISTS"]);
  });

  test("attributes beyond their limits and bodies beyond 10 KB are refused", async () => {
    const { send } = subject();
    const tooLong: [string, Json][] = [
      ["name", "n".repeat(101)],
      ["description", "d".repeat(256)],
      ["password", "p".repeat(101)],
      ["icon", "ftp://example.com/x"],
      ["metadata", { k: "m".repeat(5113) }],
      ["tags", Array.from({ length: 26 }, () => "t")],
    ];
    for (const [name, value] of tooLong) {
      const reply = await send("POST /groups", { ...open, [name]: value });
      expect(reply.details).toHaveProperty(name);
    }
    expect((await send("POST /groups", { ...open, x: "y".repeat(10_240) })).status).toBe(400);
    expect((await send("POST /groups", { ...open, description: "ü".repeat(255) })).status).toBe(
      200,
    );
    expect((await send("PUT /groups/g", { x: "y".repeat(10_240) })).status).toBe(400);
  });

  test("a password group needs a password, which no reply shows", async () => {
    const { send, emulator } = subject();
    const empty = await send("POST /groups", { ...open, type: "password" });
    expect([empty.status, empty.code]).toEqual([400, "ERR_EMPTY_GROUP_PASS"]);
    const reply = await send("POST /groups", { ...open, type: "password", password: "s3cret" });
    expect(reply.data).not.toHaveProperty("password");
    expect(JSON.stringify(await send("GET /groups/g"))).not.toContain("s3cret");
    expect(emulator.snapshot()["groups"]).toMatchObject([{ hasPassword: true }]);
    expect(JSON.stringify(emulator.snapshot())).not.toContain("s3cret");
  });

  test("members can be created along with the group, each row for itself", async () => {
    const { send } = subject();
    await addUsers(send, ["own", "a", "b"]);
    const members = { admins: ["own", "A"], participants: ["b", "a", "nobody"], moderators: [] };
    const reply = await send("POST /groups", { ...open, owner: "own", members });
    expect(reply.status).toBe(200);
    expect(reply.data).toMatchObject({
      membersCount: 3,
      members: {
        admins: {
          own: { success: false, error: { code: "ERR_SAME_SCOPE" } },
          a: { success: true, data: { category: "action", type: "groupMember" } },
        },
        participants: {
          b: { success: true },
          nobody: { success: false, error: { code: "ERR_UID_NOT_FOUND" } },
        },
      },
    });
    const demoted = await send("POST /groups", {
      ...open,
      guid: "h",
      owner: "own",
      members: { participants: ["own"] },
    });
    expect(demoted.data).toMatchObject({
      members: { participants: { own: { error: { code: "ERR_GROUP_OWNER_DEMOTE_FORBIDDEN" } } } },
    });
  });

  test("at most 25 members come along, the owner not counted; more refuse the whole call", async () => {
    const { send } = subject();
    const uids = await addUsers(send, 26);
    const many = { ...open, owner: "u26", members: { participants: uids } };
    expect((await send("POST /groups", many)).data).toMatchObject({ membersCount: 26 });
    const tooMany = { ...open, guid: "h", members: { participants: uids } };
    expect((await send("POST /groups", tooMany)).code).toBe("ERR_BAD_REQUEST");
    expect((await send("GET /groups/h")).status).toBe(404);
  });
});

describe("changing groups", () => {
  test("an update changes what it names and replaces metadata as a whole", async () => {
    const { send, clock } = subject();
    const icon = "https://example.com/i.png";
    await send("POST /groups", {
      ...open,
      icon,
      description: "d",
      tags: ["x"],
      metadata: { k: 1 },
    });
    clock.advance(1000);
    await send("PUT /groups/g", { name: "H", metadata: { l: {} } });
    expect((await send("GET /groups/g")).data).toMatchObject({
      name: "H",
      icon,
      description: "d",
      tags: ["x"],
      metadata: { l: [] },
      updatedAt: startSeconds + 1,
    });
    await send("PUT /groups/g", { unset: ["icon", "metadata"], description: "", tags: [] });
    const { data } = await send("GET /groups/g");
    for (const name of ["icon", "metadata", "description", "tags"]) {
      expect(data).not.toHaveProperty(name);
    }
    expect((await send("PUT /groups/nowhere", {})).code).toBe("ERR_GUID_NOT_FOUND");
  });

  test("a change of the type to password needs a password, then or before", async () => {
    const { send } = subject();
    await send("POST /groups", open);
    expect((await send("PUT /groups/g", { type: "password" })).code).toBe("ERR_EMPTY_GROUP_PASS");
    expect((await send("PUT /groups/g", { type: "password", password: "p" })).status).toBe(200);
    await send("PUT /groups/g", { type: "private" });
    expect((await send("PUT /groups/g", { type: "password" })).status).toBe(200);
    expect((await send("PUT /groups/g", { password: "" })).code).toBe("ERR_EMPTY_GROUP_PASS");
  });

  test("a new owner must be an active member, and nobody's scope changes", async () => {
    const { send } = subject();
    await addUsers(send, ["a", "b", "c"]);
    await send("POST /groups", { ...open, owner: "a", members: { participants: ["b"] } });
    for (const owner of ["c", "nobody"]) {
      const reply = await send("PUT /groups/g", { owner });
      expect([reply.status, Object.keys(reply.details as object)]).toEqual([400, ["owner"]]);
    }
    expect((await send("PUT /groups/g", { owner: "B" })).data).toMatchObject({ owner: "b" });
    expect((await send("GET /groups/g/members")).data).toMatchObject([
      { uid: "a", scope: "admin" },
      { uid: "b", scope: "participant" },
    ]);
    expect((await send("DELETE /users/a")).status).toBe(200);
    expect((await send("DELETE /users/b")).code).toBe("ERR_UID_DELETE_FAILED");
    expect((await send("PUT /groups/g", { owner: "app_system" })).status).toBe(200);
    expect((await send("DELETE /users/b")).status).toBe(200);
  });

  test("an owner is silently ignored where a user acts", async () => {
    const { send } = subject();
    await addUsers(send, ["a", "b"]);
    await send("POST /groups", { ...open, owner: "a", members: { admins: ["b"] } });
    const reply = await send("PUT /groups/g", { owner: "b", name: "H" }, { onBehalfOf: "a" });
    expect([reply.status, reply.data]).toMatchObject([200, { owner: "a", name: "H" }]);
  });

  test("an acting user needs to be in the group, and cleared for what it does", async () => {
    const { send } = subject();
    await addUsers(send, ["own", "mod", "out"]);
    await send("POST /groups", { ...open, owner: "own", members: { moderators: ["mod"] } });
    const as = (uid: string) => ({ onBehalfOf: uid });
    const outside = await send("PUT /groups/g", { name: "H" }, as("out"));
    expect([outside.status, outside.code]).toEqual([401, "ERR_GROUP_NOT_JOINED"]);
    expect((await send("PUT /groups/g", { name: "H" }, as("mod"))).status).toBe(200);
    const deletion = await send("DELETE /groups/g", undefined, as("mod"));
    expect([deletion.status, deletion.code]).toEqual([403, "ERR_GROUP_NO_ADMIN_SCOPE"]);
    expect((await send("DELETE /groups/g", undefined, as("own"))).status).toBe(200);
  });

  test("a deleted group is gone with its members and messages, and its guid is free", async () => {
    const { send, emulator } = subject();
    await addUsers(send, ["a"]);
    await send("POST /groups", { ...open, owner: "a", members: { participants: ["a"] } });
    await send("POST /messages", { receiver: "g", receiverType: "group", data: { text: "t" } });
    expect((await send("DELETE /groups/G")).data).toEqual({
      success: true,
      message: "Group with guid g has been deleted successfully.",
    });
    expect(emulator.snapshot()).toMatchObject({ groups: [], messages: [], conversations: [] });
    expect((await send("DELETE /groups/g")).code).toBe("ERR_GUID_NOT_FOUND");
    expect((await send("POST /groups", open)).status).toBe(200);
  });
});
