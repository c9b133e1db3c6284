import { describe, expect, test } from "vitest";
import { NO_REQUEST } from "../../../src/model/request.ts";
import type { LiveGraph, ReadScope } from "../../../src/model/resource.ts";
import { plan } from "../../../src/pipeline.ts";
import { ADDRESSES_MAX } from "../../../src/planner/sieve.ts";
import { createVendor } from "../../../src/providers/cometchat/dialects/vendor.ts";
import { createReader } from "../../../src/providers/cometchat/read/reader.ts";
import type { Session } from "../../../src/providers/provider.ts";
import { connectTo, createApp } from "../../support/in-process.ts";
import { load, planIt } from "../../support/manifest.ts";
import { type CountedUsers, toCountedApi, uidAt } from "../../support/reads/counted-app.ts";

/** A session with an app that is nothing but users, and what its reader took in. */
async function toSession(users: CountedUsers) {
  const { api, asked } = toCountedApi(users);
  const session = await connectTo(createApp("vendor"));
  const reader = createReader({ api, dialect: createVendor("app"), appId: "app" });
  const taken: LiveGraph[] = [];
  const read: typeof reader.read = async (...given) => {
    const live = await reader.read(...given);
    taken.push(live);
    return live;
  };
  const counted: Session = { ...session, reader: { ...reader, read } };
  return { session: counted, taken, asked };
}

const users = (size: number, shown?: CountedUsers["shown"]): CountedUsers => ({
  ...{ size, pageSize: 1000, total: 0, isMarked: () => false },
  ...(shown === undefined ? {} : { shown }),
});

const named = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [uidAt(at), { name: `User ${at}` }]));

describe("of an app of 200,000 users", () => {
  test("a plan that lists them all takes in those that are declared, and counts the others", async () => {
    const { session, taken } = await toSession(users(200_000));
    const loaded = load({ version: 1, users: named(100) });
    const made = await planIt(session, loaded, "apply", { read: "list" });
    expect(made.changes).toEqual([]);
    expect(made.summary.undeclared["user"]).toBe(199_900);
    expect(taken[0]?.resources.size).toBe(100);
    expect(made.kept).toHaveLength(ADDRESSES_MAX);
    expect(made.kept[0]).toBe(`user/${uidAt(100)}`);
    expect(made.kept.at(-1)).toBe(`user/${uidAt(1099)}`);
    expect(made.keptMore).toBe(199_900 - ADDRESSES_MAX);
  });

  test("a plan for a hundred of them reads twice as many pages as it would take, at most", async () => {
    const { session, asked } = await toSession(users(200_000));
    const absent = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [uidAt(300_000 + at), { name: "New" }]),
    );
    const loaded = load({ version: 1, users: { ...named(50), ...absent } });
    const made = await plan({
      ...{ ...loaded, session, mode: "apply", toolVersion: "0.0.0", request: NO_REQUEST },
    });
    expect(made.summary).toMatchObject({ create: 50, unchanged: 50 });
    expect(made.summary.undeclared["user"]).toBe(null);
    expect(asked.length).toBeLessThanOrEqual(2 * 100);
    expect(made.reads.collections).toMatchObject([{ collection: "user", how: "points" }]);
  });
});

describe("a row that nobody declared is taken in", () => {
  const keep = async (manifest: object, shown: CountedUsers["shown"], read: ReadScope["mode"]) => {
    const { session, taken } = await toSession(users(10, shown));
    const made = await planIt(session, load({ version: 1, ...manifest }), "apply", {
      ...(read === undefined ? {} : { read }),
    });
    return { made, keys: [...(taken[0]?.resources.keys() ?? [])].sort() };
  };

  test("when it is ours", async () => {
    const marked = (at: number) => (at === 3 ? { tags: ["cometform:acme"] } : {});
    const { keys } = await keep({ stack: "acme", users: named(1) }, marked, "list");
    expect(keys).toEqual([`user/${uidAt(0)}`, `user/${uidAt(3)}`]);
  });

  test("when anything may be deleted, but for another stack's", async () => {
    const policy = { prune: { users: "all" } };
    const marked = (at: number) => (at > 1 ? { tags: ["cometform:other"] } : {});
    const { keys, made } = await keep({ policy, users: named(1) }, marked, "list");
    expect(keys).toEqual([`user/${uidAt(0)}`, `user/${uidAt(1)}`]);
    expect(made.summary.undeclared["user"]).toBe(8);
  });

  test("not when it is switched off and nobody asks, and then it is not counted either", async () => {
    const asleep = (at: number) => (at === 5 ? { deactivatedAt: 1 } : {});
    const { keys, made } = await keep({ users: named(1) }, asleep, "list");
    expect(keys).toEqual([`user/${uidAt(0)}`]);
    expect(made.summary.undeclared["user"]).toBe(8);
  });
});

test("what is left alone is listed in order, whatever order it comes in", async () => {
  const shown = (at: number) => ({ uid: uidAt(2999 - at) });
  const { session } = await toSession(users(3000, shown));
  const made = await planIt(session, load({ version: 1, users: named(1) }), "apply", {
    read: "list",
  });
  expect([made.kept[0], made.kept.at(-1)]).toEqual([`user/${uidAt(1)}`, `user/${uidAt(1000)}`]);
  expect(made.keptMore).toBe(1999);
});
