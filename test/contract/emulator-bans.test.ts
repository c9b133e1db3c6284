import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { addUsers, column, type Send, startSeconds, subject } from "../support/emulator-client.ts";

async function withBan(send: Send): Promise<void> {
  await addUsers(send, ["own", "mod", "a", "b"]);
  await send("POST /groups", { guid: "g", name: "G", type: "public", owner: "own" });
  await send("POST /groups/g/members", { moderators: ["mod", "a"], participants: ["b"] });
  await send("POST /groups/g/bannedusers/A");
}

const bannedUids = async (send: Send, guid = "g"): Promise<unknown> =>
  column(await send(`GET /groups/${guid}/bannedusers`), "uid");

describe("a ban", () => {
  test("ends the membership, and the list of bans tells which", async () => {
    const { send } = subject();
    await withBan(send);
    expect(column(await send("GET /groups/g/members"), "uid")).toEqual(["own", "mod", "b"]);
    expect((await send("GET /groups/g")).data).toMatchObject({ membersCount: 3 });
    const reply = await send("GET /groups/g/bannedusers?page=1&perPage=1");
    expect(reply.data).toMatchObject([
      { uid: "a", name: "a", scope: "moderator", isBanned: true, joinedAt: startSeconds },
    ]);
    expect(reply.meta).toMatchObject({ pagination: { count: 1, total_pages: 1 } });
  });

  test("keeps the user from being added until it is lifted, which adds nobody", async () => {
    const { send } = subject();
    await withBan(send);
    const add = async (): Promise<unknown> =>
      (await send("POST /groups/g/members", { participants: ["a"] })).data;
    expect(await add()).toMatchObject({
      participants: { a: { success: false, error: { code: "ERR_BANNED_GROUPMEMBER" } } },
    });
    const lifted = await send("DELETE /groups/g/bannedusers/A");
    // Documented: in the words of the ban.
    expect(lifted.data).toEqual({
      success: true,
      message: "The user with uid a has been banned from the Group with g.",
    });
    expect(await bannedUids(send)).toEqual([]);
    expect(column(await send("GET /groups/g/members"), "uid")).toEqual(["own", "mod", "b"]);
    expect(await add()).toMatchObject({ participants: { a: { success: true } } });
  });

  test("is of members alone, never of the owner, and only once", async () => {
    const { send } = subject();
    await withBan(send);
    await addUsers(send, ["gone", "out"]);
    await send("POST /groups/g/members", { participants: ["gone"] });
    await send("DELETE /users/gone");
    const tried = async (line: string): Promise<unknown> => {
      const { status, code } = await send(line);
      return [status, code];
    };
    expect(await tried("POST /groups/g/bannedusers/a")).toEqual([400, "ERR_ALREADY_BANNED"]);
    expect(await tried("POST /groups/g/bannedusers/own")).toEqual([400, "ERR_MEMBER_BAN_FAILED"]);
    for (const uid of ["out", "nobody", "gone"]) {
      expect(await tried(`POST /groups/g/bannedusers/${uid}`)).toEqual([404, "ERR_NOT_A_MEMBER"]);
    }
    for (const uid of ["b", "nobody"]) {
      const lifted = await tried(`DELETE /groups/g/bannedusers/${uid}`);
      expect(lifted).toEqual([404, "ERR_NOT_A_BANNED_USER"]);
    }
    for (const line of ["GET /groups/x/bannedusers", "POST /groups/x/bannedusers/a"]) {
      expect(await tried(line)).toEqual([404, "ERR_GUID_NOT_FOUND"]);
    }
    expect(await bannedUids(send)).toEqual(["a"]);
  });

  test("needs a moderator where a user acts", async () => {
    const { send } = subject();
    await withBan(send);
    const by = async (onBehalfOf: string): Promise<unknown> =>
      (await send("POST /groups/g/bannedusers/b", undefined, { onBehalfOf })).code;
    expect(await by("b")).toBe("ERR_GROUP_NO_MODERATOR_SCOPE");
    expect(await by("a")).toBe("ERR_GROUP_NOT_JOINED");
    expect(await by("mod")).toBeUndefined();
    expect(await bannedUids(send)).toEqual(["a", "b"]);
  });

  test("writes a message into the group, and so does lifting it", async () => {
    const { send } = subject();
    await withBan(send);
    await send("DELETE /groups/g/bannedusers/a", undefined, { onBehalfOf: "mod" });
    const { data } = await send("GET /groups/g/messages?limit=2");
    expect(data).toMatchObject([
      { sender: "app_system", data: { action: "banned" } },
      { sender: "mod", data: { action: "unbanned" } },
    ]);
  });

  test("is a standard call", async () => {
    const { send, emulator } = subject();
    await withBan(send);
    expect(emulator.log().at(-1)).toMatchObject({ quota: "standard" });
  });

  test("is unknown in the collection's form", async () => {
    const { send } = subject({ dialect: "collection", sample: true });
    for (const line of ["GET", "POST"].map((m) => `${m} /groups/cometchat-guid-1/bannedusers`)) {
      expect((await send(line)).code).toBe("ERR_API_NOT_FOUND");
    }
  });
});

describe("what becomes of a ban", () => {
  test("a deactivated user is not in the list, and banned again once reactivated", async () => {
    const { send } = subject();
    await withBan(send);
    await send("DELETE /users/a");
    expect(await bannedUids(send)).toEqual([]);
    expect((await send("DELETE /groups/g/bannedusers/a")).code).toBe("ERR_NOT_A_BANNED_USER");
    await send("PUT /users", { uidsToActivate: ["a"] });
    expect(await bannedUids(send)).toEqual(["a"]);
    expect(column(await send("GET /groups/g/members"), "uid")).toEqual(["own", "mod", "b"]);
  });

  test("it goes with its user", async () => {
    const { send, emulator } = subject();
    await withBan(send);
    await send("DELETE /users/a", { permanent: true });
    expect(emulator.snapshot()["groups"]).toMatchObject([{ banned: [] }]);
    await addUsers(send, ["a"]);
    const { data } = await send("POST /groups/g/members", { participants: ["a"] });
    expect(data).toMatchObject({ participants: { a: { success: true } } });
  });

  test("it goes with its group", async () => {
    const { send } = subject();
    await withBan(send);
    await send("DELETE /groups/g");
    await send("POST /groups", { guid: "g", name: "G", type: "public" });
    expect(await bannedUids(send)).toEqual([]);
    await send("POST /groups/g/members", { participants: ["a"] });
    await send("DELETE /users/a", { permanent: true });
    expect(column(await send("GET /groups/g/members"), "uid")).toEqual([]);
  });

  test("a data file keeps it, and one from before there were bans has none", async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), "emulator-bans-")), "app.json");
    const first = subject({ dataFile });
    await withBan(first.send);
    await first.emulator.flush();
    const second = subject({ dataFile });
    expect(await bannedUids(second.send)).toEqual(["a"]);
    await second.send("DELETE /users/a", { permanent: true });
    expect(await bannedUids(second.send)).toEqual([]);

    const older = JSON.parse(readFileSync(dataFile, "utf8"));
    for (const group of older.state.groups) delete group.banned;
    writeFileSync(dataFile, JSON.stringify(older));
    const third = subject({ dataFile });
    expect(await bannedUids(third.send)).toEqual([]);
    expect((await third.send("POST /groups/g/bannedusers/b")).status).toBe(200);
  });

  test("a list that lags shows the bans of a while ago", async () => {
    const { send, emulator, clock } = subject();
    await addUsers(send, ["own", "b"]);
    await send("POST /groups", { guid: "g", name: "G", type: "public", owner: "own" });
    await send("POST /groups/g/members", { participants: ["b"] });
    emulator.setFaults({ rules: [{ path: "/groups/*/bannedusers", fault: "lag", ms: 1000 }] });
    clock.advance(1);
    await send("POST /groups/g/bannedusers/b");
    expect(await bannedUids(send)).toEqual([]);
    clock.advance(1000);
    expect(await bannedUids(send)).toEqual(["b"]);
  });
});
