import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import type { LiveGraph } from "../../src/model/resource.ts";
import {
  NOTHING_DESIRED,
  type ReadEvidence,
  type ReadMode,
  type ReadScope,
} from "../../src/model/resource.ts";
import { createVendor } from "../../src/providers/cometchat/dialects/vendor.ts";
import { openListing, PAGES_AHEAD_MAX } from "../../src/providers/cometchat/read/listing.ts";
import { createReader } from "../../src/providers/cometchat/read/reader.ts";
import { createSeenIds } from "../../src/providers/cometchat/read/seen-ids.ts";
import { connectTo } from "../support/in-process.ts";
import { load } from "../support/manifest.ts";
import { type CountedUsers, toCountedApi, uidAt } from "../support/reads/counted-app.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { raise } from "../support/trust/play.ts";
import { toRequest } from "../support/world/requests.ts";
import { type World, world } from "../support/world.ts";

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 120);
const runs = { numRuns: 20 * WORLDS };

interface Crowd {
  readonly users: CountedUsers;
  /** Places of those that are named; beyond the size they are not there. */
  readonly named: ReadonlySet<number>;
  readonly marked: ReadonlySet<number>;
  readonly stack: string | undefined;
}

const crowd: fc.Arbitrary<Crowd> = fc
  .record({
    size: fc.oneof(fc.nat(12), fc.nat(400)),
    pageSize: fc.integer({ min: 1, max: 25 }),
    near: fc.boolean(),
    namedCount: fc.oneof(fc.nat(4), fc.nat(120)),
    markedShare: fc.constantFrom(0, 0.1, 0.9, 1),
    strangersMarked: fc.constantFrom(0, 0, 0.05, 0.5),
    total: fc.oneof(fc.constant(0), fc.nat(1000), fc.constant(1_000_000)),
    stack: fc.constantFrom("acme", undefined),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  })
  .map(({ size, pageSize, namedCount, markedShare, strangersMarked, total, stack, seed, near }) => {
    const random = numbers(seed);
    const span = near ? Math.max(1, namedCount) : size + 10;
    const named = new Set(
      Array.from({ length: namedCount }, (_, at) => (near ? at : Math.floor(random() * span))),
    );
    const marked = new Set(
      Array.from({ length: size }, (_, at) => at).filter(
        (at) => random() < (named.has(at) ? markedShare : strangersMarked),
      ),
    );
    const delays = Array.from({ length: 64 }, () => Math.floor(random() * 20));
    const delay = (page: number) => delays[page % 64] ?? 0;
    return {
      users: { size, pageSize, total, delay, isMarked: (at) => marked.has(at) },
      ...{ named, marked, stack },
    };
  });

function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Look {
  readonly live: LiveGraph;
  readonly calls: number;
  readonly evidence: ReadEvidence;
}

async function look({ users, named, stack }: Crowd, mode: ReadMode): Promise<Look> {
  const { api, asked } = toCountedApi(users);
  const reader = createReader({ api, dialect: createVendor("app"), appId: "app" });
  const kinds = new Set(["user"]);
  const wanted = new Set([...named].map((at) => `user/${uidAt(at)}`));
  const partly = { kinds, stack, wanted };
  const scope: ReadScope = { kinds, parents: new Set(), partly, mode };
  const live = await reader.read(scope, NOTHING_DESIRED);
  const evidence = live.evidence.get("user") as ReadEvidence;
  return { live, calls: asked.length, evidence };
}

/** Full pages and the short one that ends them. */
const pagesOf = (rows: number, pageSize: number) => Math.floor(rows / pageSize) + 1;

/** What somebody would spend who knew the app. */
function fewestCalls({ users, named, marked, stack }: Crowd): number {
  const whole = pagesOf(users.size, users.pageSize);
  if (stack === undefined) return Math.min(whole, named.size);
  const others = [...named].filter((at) => !marked.has(at)).length;
  return Math.min(whole, pagesOf(marked.size, users.pageSize) + others);
}

describe("a kind of which some is enough", () => {
  test("never takes more than twice the fewest calls, whatever the app and what it says of itself", async () => {
    let worst = 0;
    const ways = new Set<string>();
    await fc.assert(
      fc.asyncProperty(crowd, async (one) => {
        const { calls, evidence } = await look(one, "auto");
        const fewest = fewestCalls(one);
        expect(calls).toBeLessThanOrEqual(2 * fewest);
        expect(evidence.calls, "what the plan tells is what was sent").toBe(calls);
        if (fewest > 0) worst = Math.max(worst, calls / fewest);
        ways.add(String(evidence.how));
      }),
      runs,
    );
    expect([...ways].sort(), "every way was taken").toEqual(["list", "marked", "points"]);
    expect(worst, "the bound is not idle").toBeGreaterThan(1.5);
  });

  test("is known the same whichever way it was read, as far as it was named or is marked", async () => {
    await fc.assert(
      fc.asyncProperty(crowd, async (one) => {
        const { users, named, marked, stack } = one;
        const there = [...named].filter((at) => at < users.size);
        const ours = stack === undefined ? [] : [...marked];
        const wanted = new Set([...there, ...ours].map((at) => `user/${uidAt(at)}`));
        const seen = await Promise.all(
          (["auto", "list", "point"] as const).map(async (mode) => {
            const { live, evidence } = await look(one, mode);
            expect(evidence.complete).toBe(true);
            const found = [...live.resources].filter(([address]) => wanted.has(address));
            if (evidence.how !== "list") expect(live.resources.size).toBe(wanted.size);
            return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
          }),
        );
        expect([...(seen[0]?.keys() ?? [])]).toEqual([...wanted].sort());
        expect(seen[1]).toEqual(seen[0]);
        expect(seen[2]).toEqual(seen[0]);
      }),
      { numRuns: 5 * WORLDS },
    );
  });

  test("is listed whole where that is asked for, and by name alone where that is", async () => {
    await fc.assert(
      fc.asyncProperty(crowd, async (one) => {
        const { users, named, marked, stack } = one;
        const listed = await look(one, "list");
        expect(listed.evidence.how).toBe("list");
        expect(listed.live.resources.size).toBe(users.size);
        const pointed = await look(one, "point");
        const others = [...named].filter((at) => stack === undefined || !marked.has(at)).length;
        const calls = stack === undefined ? 0 : pagesOf(marked.size, users.pageSize);
        expect(pointed.calls).toBe(calls + others);
      }),
      { numRuns: 5 * WORLDS },
    );
  });
});

describe("pages that are asked for ahead", () => {
  const listingOf = (users: CountedUsers, rowsExpected: number) => ({
    ...{ collection: "user", path: "/users", query: {}, idName: "uid" },
    ...{ pageSize: users.pageSize, rowsExpected },
  });

  async function readAll(users: CountedUsers, rowsExpected: number): Promise<ReadEvidence> {
    const { api, asked } = toCountedApi(users);
    const pages = openListing(api, listingOf(users, rowsExpected));
    while (pages.standing === "open") await pages.next({});
    expect(pages.toEvidence().calls).toBe(asked.length);
    return pages.toEvidence();
  }

  test("are within the bound whatever was expected: never twice the pages, never more than fifteen", async () => {
    let most = 0;
    await fc.assert(
      fc.asyncProperty(crowd, fc.nat(2000), async ({ users }, rowsExpected) => {
        const { speculative = 0, calls, complete } = await readAll(users, rowsExpected);
        const pages = pagesOf(users.size, users.pageSize);
        expect(complete).toBe(true);
        expect(calls - speculative).toBe(pages);
        expect(speculative).toBeLessThanOrEqual(
          Math.min(PAGES_AHEAD_MAX - 1, Math.max(0, pages - 2)),
        );
        most = Math.max(most, speculative);
      }),
      runs,
    );
    expect(most, "some were beyond the end").toBeGreaterThan(3);
  });

  test("are never beyond the end where it was expected there, by the manifest or by the service", async () => {
    await fc.assert(
      fc.asyncProperty(crowd, fc.boolean(), async ({ users }, isTold) => {
        const { size } = users;
        const evidence = isTold
          ? await readAll({ ...users, total: size }, 0)
          : await readAll({ ...users, total: 0 }, size);
        expect(evidence).toEqual({
          ...{ collection: "user", objects: size, complete: true },
          calls: pagesOf(size, users.pageSize),
        });
      }),
      runs,
    );
  });

  test("show that a listing moved, as those in turn do, and when there are rows beyond its short page", async () => {
    const users = { size: 90, pageSize: 10, total: 200, isMarked: () => false };
    const { api } = toCountedApi(users);
    const moving: typeof api.get = async (host, path, query) => {
      const page = Number(query["page"]);
      const reply = await api.get(host, path, { ...query, page: String(page === 6 ? 5 : page) });
      return reply;
    };
    const cutting: typeof api.get = async (host, path, query) => {
      const reply = await api.get(host, path, query);
      if (query["page"] !== "5") return reply;
      const meta = { pagination: { total: 200, per_page: 10 } };
      return { data: (reply["data"] as []).slice(1), meta };
    };
    for (const get of [moving, cutting]) {
      const pages = openListing({ ...api, get }, listingOf(users, 0));
      while (pages.standing === "open") await pages.next({});
      expect(pages.standing).toBe("moved");
      expect(pages.toEvidence().complete).toBe(false);
    }
  });

  test("that fail beyond the end are nobody's concern", async () => {
    const users = { size: 50, pageSize: 10, total: 500, isMarked: () => false };
    const { api } = toCountedApi(users);
    const failing: typeof api.get = (host, path, query) =>
      Number(query["page"]) > 6
        ? Promise.reject(new Error("no such page"))
        : api.get(host, path, query);
    const pages = openListing({ ...api, get: failing }, listingOf(users, 0));
    while (pages.standing === "open") await pages.next({});
    expect(pages.toEvidence()).toEqual({
      ...{ collection: "user", calls: 10, objects: 50, complete: true, speculative: 4 },
    });
  });
});

test("ids that were seen are told from those that were not, like a set does", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.nat(3000).map(String)), { maxLength: 5000 }),
      (ids) => {
        const seen = createSeenIds();
        const known = new Set<string>();
        for (const id of ids) {
          expect(seen.add(id)).toBe(!known.has(id));
          known.add(id);
        }
        expect(seen.size).toBe(known.size);
      },
    ),
    { numRuns: 50 },
  );
});

/** What a plan says, but for how many others it is true of: those may not have been read. */
function problemsOf({ diagnostics }: Plan) {
  return diagnostics.map(({ severity, code, address }) => ({ severity, code, address }));
}

async function compareWays(one: World, mode: "apply" | "destroy"): Promise<readonly string[]> {
  const app = await raise(one);
  const loaded = load(one.manifest);
  const request = toRequest(one.asked);
  const ways = ["list", "auto", "point"] as const;
  const plans = await Promise.all(
    ways.map(async (read) => planAsked(await connectTo(app), loaded, { ...request, read }, mode)),
  );
  const [whole, ...others] = plans;
  for (const plan of others) {
    expect(plan.changes).toEqual(whole?.changes);
    expect(plan.blocked).toEqual(whole?.blocked);
    expect(plan.digest).toBe(whole?.digest);
    expect(problemsOf(plan)).toEqual(whole && problemsOf(whole));
    for (const [kind, count] of Object.entries(plan.summary.undeclared)) {
      if (count !== null) expect(count).toBe(whole?.summary.undeclared[kind]);
    }
  }
  return plans.flatMap(({ reads }) => reads.collections.flatMap(({ how }) => how ?? []));
}

test(`plans are the same however the app was read, in ${WORLDS} worlds`, async () => {
  const ways = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(world, fc.constantFrom("apply", "destroy"), async (one, mode) => {
      for (const how of await compareWays(one, mode as "apply" | "destroy")) {
        ways.set(how, (ways.get(how) ?? 0) + 1);
      }
    }),
    { numRuns: WORLDS },
  );
  console.info(`${WORLDS} worlds read three times: ${JSON.stringify([...ways])}`);
  expect([...ways.keys()].sort()).toEqual(["list", "marked", "points"]);
});
