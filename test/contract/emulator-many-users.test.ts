import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/providers/cometchat/emulator/index.ts";
import { column, type Send, subject } from "../support/emulator-client.ts";

const uids = async (send: Send, query: string): Promise<(Json | undefined)[]> =>
  column(await send(`GET /users?${query}`), "uid");

describe("seeded users", () => {
  test("are numbered, there from the start, and there again after a reset", async () => {
    const { send, emulator } = subject({ seedUsers: 3 });
    const seeded = ["user-0000001", "user-0000002", "user-0000003"];
    expect(await uids(send, "")).toEqual(seeded);
    expect((await send("GET /users/user-0000002")).data).toMatchObject({
      name: "User 0000002",
      role: "default",
    });
    await send("PUT /users/user-0000002", { tags: ["x"], metadata: { k: 1 } });
    await send("DELETE /users/user-0000001", { permanent: true });
    const { data } = await send("GET /users?withTags=true");
    expect((data as JsonObject[]).map(({ tags, metadata }) => [tags, metadata])).toEqual([
      [["x"], { k: 1 }],
      [undefined, undefined],
    ]);
    emulator.reset();
    expect(await uids(send, "")).toEqual(seeded);
  });

  test("come besides the sample, and as many as have numbers", async () => {
    const { send } = subject({ seedUsers: 1, sample: true });
    expect(await uids(send, "perPage=1&page=6")).toEqual(["user-0000001"]);
    for (const seedUsers of [-1, 1.5, 10_000_000]) {
      expect(() => subject({ seedUsers })).toThrow(/seeded users/);
    }
  });
});

const kinds = ["add", "import", "erase", "deactivate", "reactivate", "tag", "untag"] as const;

interface Write {
  readonly kind: (typeof kinds)[number];
  readonly uid: string;
}

// Few users, so that most writes are of one that is there.
const write: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom(...kinds),
  uid: fc.constantFrom("u1", "u2", "u10", "u11", "u12"),
});

async function carryOut(send: Send, { kind, uid }: Write): Promise<unknown> {
  switch (kind) {
    case "add":
      return send("POST /users", { uid, name: "U" });
    case "import":
      return send("POST /data_import/users", { users: { [uid]: { uid, name: "U", tags: ["t"] } } });
    case "erase":
      return send(`DELETE /users/${uid}`, { permanent: true });
    case "deactivate":
      return send(`DELETE /users/${uid}`);
    case "reactivate":
      return send("PUT /users", { uidsToActivate: [uid] });
    default:
      return send(`PUT /users/${uid}`, { tags: kind === "tag" ? ["t"] : [] });
  }
}

const queries = [
  "perPage=3&page=1",
  "perPage=3&page=2",
  "perPage=3&page=1&withDeactivated=true",
  "perPage=2&page=1&tags=t",
  "perPage=2&page=1&onlyDeactivated=true",
  "searchKey=u1&searchIn=uid",
  "searchKey=U&perPage=4&searchIn=uid&withDeactivated=true",
];

test("a list that is read between writes is as if it were read for the first time", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(write, fc.subarray(queries)), { minLength: 10, maxLength: 40 }),
      async (script) => {
        const asked = subject({ quota: "999999999" });
        // The same app, of which nothing was read before.
        const silent = subject({ quota: "999999999" });
        for (const [one, read] of script) {
          await carryOut(asked.send, one);
          await carryOut(silent.send, one);
          for (const query of read) await asked.send(`GET /users?${query}`);
        }
        for (const query of queries) {
          const line = `GET /users?${query}`;
          const { body } = await asked.send(line);
          expect([line, body]).toEqual([line, (await silent.send(line)).body]);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test("a search by uid finds in order of creation what begins so, among many and after writes", async () => {
  const { send } = subject({ seedUsers: 9_000, quota: "999999999" });
  const search = (key: string): Promise<unknown> => uids(send, `searchIn=uid&searchKey=${key}`);
  const tenth = Array.from({ length: 10 }, (_, digit) => `user-000899${digit}`);
  expect(await search("USER-000899")).toEqual(tenth);
  await send("POST /users", { uid: "user-0008990-b", name: "B" });
  await send("DELETE /users/user-0008990", { permanent: true });
  await send("POST /users", { uid: "user-0008990", name: "Again" });
  expect(await search("user-0008990")).toEqual(["user-0008990-b", "user-0008990"]);
  expect(await search("user-0009001")).toEqual([]);
  expect(await search("nobody")).toEqual([]);
});
