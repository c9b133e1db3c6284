import { describe, expect, test } from "vitest";
import { addUsers, column, type Reply, type Send } from "../support/emulator-client.ts";
import { faulty } from "../support/faults.ts";

const hook = (id: string): { id: string; name: string; webhookURL: string } => ({
  id,
  name: id,
  webhookURL: "https://a.example",
});

const group = (guid: string): { guid: string; name: string; type: string } => ({
  guid,
  name: guid,
  type: "public",
});

describe("a batch that is done in part", () => {
  const codes = (reply: Reply): unknown => {
    const rows = Object.values(reply.data as Record<string, Record<string, unknown>>);
    return rows.map((scope) =>
      Object.entries(scope).map(([uid, row]) => {
        const { success, error } = row as { success: boolean; error?: { code: string } };
        return [uid, success ? "ok" : error?.code];
      }),
    );
  };

  test("adds the members whose rows are not struck, admins first", async () => {
    const { emulator, send } = faulty([
      { path: "/groups/*/members", nth: 1, fault: "partial", rows: [0, 2], code: "ERR_X" },
    ]);
    await addUsers(send, 4);
    await send("POST /groups", group("g"));
    const body = { participants: ["u1", "U2"], admins: ["u3", "u4"] };
    expect(codes(await send("POST /groups/g/members", body))).toEqual([
      [
        ["u3", "ERR_X"],
        ["u4", "ok"],
      ],
      [
        ["u1", "ERR_X"],
        ["u2", "ok"],
      ],
    ]);
    expect(column(await send("GET /groups/g/members"), "uid")).toEqual(["u4", "u2"]);
    expect(emulator.log().at(-2)).toMatchObject({ status: 200, committed: true });
    expect(emulator.log().at(-2)).toMatchObject({ faults: ["partial"] });
    const again = await send("POST /groups/g/members", { admins: ["u3"], participants: ["u1"] });
    expect(codes(again)).toEqual([[["u3", "ok"]], [["u1", "ok"]]]);
  });

  test("creates a group without some of its members", async () => {
    const { send } = faulty([{ path: "/groups", fault: "partial", rows: [1] }]);
    await addUsers(send, 2);
    const created = await send("POST /groups", {
      ...group("g"),
      members: { participants: ["u1", "u2"] },
    });
    expect(created.data).toMatchObject({
      members: {
        participants: {
          u1: { success: true },
          u2: { success: false, error: { code: "ERR_EXCEPTION", source: "chat-api" } },
        },
      },
    });
    expect(column(await send("GET /groups/g/members"), "uid")).toEqual(["u1"]);
  });

  test("deactivates and reactivates only some users, and tells of the others where it can", async () => {
    const { send } = faulty([{ method: ["PUT", "DELETE"], fault: "partial", rows: [0] }]);
    await addUsers(send, 2);
    const uids = ["u1", "u2"];
    expect((await send("DELETE /users", { uidsToDeactivate: uids })).data).toEqual({
      deactivatedUids: ["u2"],
      alreadyDeactivatedUids: [],
      notFound: ["u1"],
    });
    await send("DELETE /users/u1");
    expect((await send("PUT /users", { uidsToActivate: uids })).data).toEqual({
      reactivatedUids: ["u2"],
      nonDeactivatedUids: ["u1"],
    });
    expect(column(await send("GET /users"), "uid")).toEqual(["u2"]);
  });

  test("sets only some triggers", async () => {
    const { send } = faulty([{ path: "/apps/**", fault: "partial", rows: [0] }]);
    await send("POST /apps/x/webhooks", hook("w"));
    const triggerIds = ["message_sent", "message_edited"];
    expect((await send("POST /apps/x/webhooks/w/triggers", { triggerIds })).data).toMatchObject({
      message_sent: { success: false },
      message_edited: { success: true },
    });
    expect(column(await send("GET /apps/x/webhooks/w/triggers"), "id")).toEqual(["message_edited"]);
  });

  test("strikes each row by chance, and has hit only where a row was struck", async () => {
    const { emulator, send } = faulty([{ fault: "partial", rowProbability: 0.2 }]);
    let failed = 0;
    let batches = 0;
    for (let batch = 0; batch < 100; batch += 1) {
      const uidsToDeactivate = Array.from({ length: 5 }, (_, row) => `x${row}`);
      await addUsers(send, uidsToDeactivate);
      const { data } = await send("DELETE /users", { uidsToDeactivate });
      const { notFound } = data as { notFound: string[] };
      failed += notFound.length;
      batches += notFound.length > 0 ? 1 : 0;
      for (const uid of uidsToDeactivate) await send(`DELETE /users/${uid}`, { permanent: true });
    }
    expect(failed).toBeGreaterThan(70);
    expect(failed).toBeLessThan(130);
    expect(emulator.faults().rules).toMatchObject([{ matched: 100, hit: batches }]);
  });

  test("has nothing to do with calls that are no batch", async () => {
    const { emulator, send } = faulty([{ fault: "partial", rows: [0] }]);
    await addUsers(send, 1);
    await send("POST /groups", group("g"));
    await send("DELETE /users/u1");
    expect(emulator.faults().rules).toMatchObject([{ matched: 0, hit: 0 }]);
  });
});

describe("lists that lag", () => {
  const lag = { fault: "lag", ms: 1_000 } as const;

  async function seen(send: Send): Promise<unknown> {
    const ids = async (line: string, id: string): Promise<unknown> => column(await send(line), id);
    return {
      users: await ids("GET /users", "uid"),
      found: await ids("GET /users?searchKey=u", "uid"),
      groups: await ids("GET /groups", "guid"),
      roles: await ids("GET /roles", "role"),
      hooks: await ids("GET /apps/x/webhooks", "id"),
    };
  }

  test("show what there was, while single resources are as they are", async () => {
    const { send, clock } = faulty([lag]);
    const nothing = { users: [], found: [], groups: [], roles: ["default"], hooks: [] };
    const all = { users: ["u1"], found: ["u1"], groups: ["g"], roles: ["default", "r"] };
    await addUsers(send, 1);
    await send("POST /groups", group("g"));
    await send("POST /roles", { role: "r", name: "R" });
    await send("POST /apps/x/webhooks", hook("w"));
    expect(await seen(send)).toEqual(nothing);
    for (const path of ["/users/u1", "/groups/g", "/roles/r", "/apps/x/webhooks/w"]) {
      expect((await send(`GET ${path}`)).status).toBe(200);
    }
    clock.advance(999);
    expect(await seen(send)).toEqual(nothing);
    clock.advance(1);
    expect(await seen(send)).toEqual({ ...all, hooks: ["w"] });
    await send("DELETE /users/u1");
    expect(await seen(send)).toEqual({ ...all, hooks: ["w"] });
    expect((await send("GET /users/u1")).status).toBe(404);
  });

  test("show changes in the order in which they came", async () => {
    const { send, clock } = faulty([lag]);
    const names: unknown[] = [];
    for (const name of ["A", "B", "C", "D"]) {
      await send(name === "A" ? "POST /users" : "PUT /users/u", { uid: "u", name });
      names.push(...column(await send("GET /users"), "name"));
      clock.advance(500);
    }
    clock.advance(500);
    expect([...names, ...column(await send("GET /users"), "name")]).toEqual(["A", "B", "D"]);
  });

  test("have no rows below what is newer than they are, and 404 below what is gone", async () => {
    const { send, clock } = faulty([lag]);
    await addUsers(send, 1);
    clock.advance(5_000);
    await send("POST /groups", { ...group("g"), members: { participants: ["u1"] } });
    await send("POST /apps/x/webhooks", hook("w"));
    await send("POST /apps/x/webhooks/w/triggers", { triggerIds: ["message_sent"] });
    const below = ["GET /groups/g/members", "GET /apps/x/webhooks/w/triggers"];
    for (const line of below) expect((await send(line)).data).toEqual([]);
    clock.advance(1_000);
    for (const line of below) expect((await send(line)).data).toHaveLength(1);
    await send("PUT /groups/g/members/u1", { scope: "admin" });
    expect(column(await send("GET /groups/g/members"), "scope")).toEqual(["participant"]);
    await send("POST /apps/x/webhooks/w/triggers", { triggerIds: ["message_edited"] });
    expect((await send("GET /apps/x/webhooks/w/triggers")).data).toHaveLength(1);
    await send("DELETE /groups/g");
    await send("DELETE /apps/x/webhooks/w");
    for (const line of below) expect((await send(line)).status).toBe(404);
  });

  test("lag in the collection's form, too", async () => {
    const { send, clock } = faulty([lag], { dialect: "collection" });
    await send("POST /webhooks", { url: "https://a.example", triggers: ["message_sent"] });
    const lines = ["GET /webhooks", "GET /webhooks/webhook-1/triggers"];
    for (const line of lines) expect((await send(line)).data).toEqual([]);
    clock.advance(1_000);
    for (const line of lines) expect((await send(line)).data).toHaveLength(1);
  });

  test("lag only where the rule strikes, each as long as it says", async () => {
    const { emulator, send, clock } = faulty([
      { path: "/users", nth: 1, fault: "lag", ms: 500 },
      { path: "/users", nth: 2, fault: "lag", ms: 2_000 },
    ]);
    await addUsers(send, ["a"]);
    clock.advance(600);
    await addUsers(send, ["b"]);
    const lists = [await send("GET /users"), await send("GET /users"), await send("GET /users")];
    expect(lists.map((list) => column(list, "uid"))).toEqual([["a"], [], ["a", "b"]]);
    expect(emulator.log().slice(-3)).toMatchObject([
      { faults: ["lag"], committed: false },
      { faults: ["lag"] },
      {},
    ]);
  });

  test("show nothing from before a reset", async () => {
    const { emulator, send } = faulty([lag], { sample: true });
    expect((await send("GET /users")).data).toHaveLength(5);
    await send("DELETE /users/cometchat-uid-1", { permanent: true });
    emulator.reset();
    await addUsers(send, ["a"]);
    expect((await send("GET /users")).data).toHaveLength(5);
  });
});

describe("a quota that changes", () => {
  test("counts the calls of the running window", async () => {
    const { send } = faulty([{ nth: 4, fault: "quota", standard: 2 }], { quota: "5" });
    const told = [];
    for (let call = 0; call < 4; call += 1) {
      const { status, headers } = await send("GET /users");
      told.push([status, headers.get("x-rate-limit"), headers.get("x-rate-limit-remaining")]);
    }
    expect(told).toEqual([
      [200, "5", "4"],
      [200, "5", "3"],
      [200, "5", "2"],
      [429, "2", "0"],
    ]);
    expect((await send("POST /users", { uid: "a", name: "A" })).status).toBe(200);
  });

  test("holds on in the next window, for each class on its own", async () => {
    const { send, clock } = faulty([{ times: 1, fault: "quota", core: 1, standard: 3 }]);
    const limits = async (): Promise<unknown[]> => [
      (await send("GET /users")).headers.get("x-rate-limit"),
      (await send("POST /users", {})).headers.get("x-rate-limit"),
    ];
    expect(await limits()).toEqual(["3", "1"]);
    clock.advance(60_000);
    expect(await limits()).toEqual(["3", "1"]);
  });

  test("can grow, which lets calls through at once", async () => {
    const { send } = faulty([{ nth: 3, fault: "quota", standard: 4 }], { quota: "1" });
    const statuses = [];
    for (let call = 0; call < 6; call += 1) statuses.push((await send("GET /users")).status);
    expect(statuses).toEqual([200, 429, 200, 200, 200, 429]);
  });

  test("is taken back with the rules, and by a reset", async () => {
    const { emulator, send } = faulty([{ nth: 2, fault: "quota", standard: 1 }]);
    const limit = async (): Promise<unknown> =>
      (await send("GET /users")).headers.get("x-rate-limit");
    expect([await limit(), await limit()]).toEqual(["20000", "1"]);
    emulator.reset();
    expect([await limit(), await limit()]).toEqual(["20000", "1"]);
    emulator.setFaults({ rules: [] });
    expect((await send("GET /users")).headers.get("x-rate-limit-remaining")).toBe("19998");
  });
});
