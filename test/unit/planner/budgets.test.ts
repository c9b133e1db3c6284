import { describe, expect, test } from "vitest";
import type { Allowance } from "../../../src/model/request.ts";
import { changesOf, type LiveSketch, refusalsOf, sketchPlan } from "../../support/sketch.ts";

const ours = { $: { stack: "acme" } };

/** Users `u0` to the one before `count`, all ours. */
function owned(count: number): LiveSketch {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`user/u${i}`, { name: `U${i}`, ...ours }]),
  );
}

/** Entries for the first `count` of them. */
function entries(count: number, entry: object = {}): object {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`u${i}`, entry]));
}

function allowing(...allow: readonly Allowance[]) {
  return { request: { allow } };
}

describe("deletes", () => {
  test("beyond 30 % of ten or more refuse the plan, which is made in full all the same", () => {
    const plan = sketchPlan({ stack: "acme", users: entries(10) }, owned(40));
    expect(refusalsOf(plan)).toEqual([
      "policy/budget: 30 of 40 users would be deactivated (75 %), the limit is 30 %",
    ]);
    expect(plan.applicable).toBe(false);
    expect(plan.changes).toHaveLength(30);
    expect(plan.steps).toHaveLength(2);
    expect(plan.diagnostics[0]?.hint).toBe("If this is meant: --allow delete:user=30");
  });

  test("of exactly 30 % are within the default", () => {
    expect(refusalsOf(sketchPlan({ stack: "acme", users: entries(7) }, owned(10)))).toEqual([]);
  });

  test("of one more are not", () => {
    expect(refusalsOf(sketchPlan({ stack: "acme", users: entries(6) }, owned(10)))).toEqual([
      "policy/budget: 4 of 10 users would be deactivated (40 %), the limit is 30 %",
    ]);
  });

  test("are held against what is declared or owned, what is new included", () => {
    const users = { ...entries(6), ...{ v1: { name: "V" }, v2: { name: "V" }, v3: { name: "V" } } };
    const more = { ...users, v4: { name: "V" } };
    expect(refusalsOf(sketchPlan({ stack: "acme", users }, owned(10)))).toEqual([
      "policy/budget: 4 of 13 users would be deactivated (30.8 %), the limit is 30 %",
    ]);
    expect(refusalsOf(sketchPlan({ stack: "acme", users: more }, owned(10)))).toEqual([]);
  });

  test("of a few among fewer than ten have no default", () => {
    expect(refusalsOf(sketchPlan({ stack: "acme", users: entries(1) }, owned(9)))).toEqual([]);
  });

  test("of strangers by prune all are held against the same budget", () => {
    const strangers = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`user/s${i}`, { name: "S" }]),
    );
    const policy = { prune: { users: "all" } };
    const plan = sketchPlan({ policy, users: { ann: { name: "Ann" } } }, strangers);
    expect(refusalsOf(plan)).toEqual([
      "policy/budget: all 20 users there are would be deactivated, the limit is 30 %",
    ]);
    const kept = { ...strangers, "user/ann": { name: "Ann" } };
    expect(refusalsOf(sketchPlan({ policy, users: { ann: {} } }, kept))).toEqual([
      "policy/budget: 20 users would be deactivated beside 1 declared or owned, the limit is 30 %",
    ]);
  });

  test.each(["50%", 20])("may be limited otherwise by the manifest: %s", (limit) => {
    const policy = { budgets: { delete: { users: limit } } };
    const within = sketchPlan({ stack: "acme", policy, users: entries(20) }, owned(40));
    expect(refusalsOf(within)).toEqual([]);
    const over = sketchPlan({ stack: "acme", policy, users: entries(19) }, owned(40));
    expect(refusalsOf(over)).toEqual([
      `policy/budget: 21 of 40 users would be deactivated (52.5 %), the limit is ${limit === 20 ? "20" : "50 %"}`,
    ]);
    expect(over.diagnostics[0]?.range).toMatchObject({ file: "cometform.yaml" });
  });

  test("may be limited for few as well", () => {
    const policy = { budgets: { delete: { users: "30%" } } };
    expect(refusalsOf(sketchPlan({ stack: "acme", policy, users: entries(2) }, owned(3)))).toEqual([
      "policy/budget: 1 of 3 users would be deactivated (33.3 %), the limit is 30 %",
    ]);
  });

  test("of the built-in, the foreign and the deactivated count nowhere", () => {
    const live = {
      ...owned(3),
      "user/app_system": { $: { builtin: true } },
      "user/off": { $: { stack: "acme", inactive: true } },
      "user/theirs": { $: { stack: "other" } },
    } as const;
    const policy = { prune: { users: "all" } };
    const plan = sketchPlan({ stack: "acme", policy, users: {} }, live);
    expect(refusalsOf(plan)).toEqual(["policy/budget: all 3 owned users would be deactivated"]);
  });

  test("by destroy have no budget", () => {
    const plan = sketchPlan({ stack: "acme", users: entries(40) }, owned(40), { mode: "destroy" });
    expect(refusalsOf(plan)).toEqual([]);
    expect(plan.changes).toHaveLength(40);
  });
});

describe("an emptied section", () => {
  test("deletes nothing, however few there are and whatever the budget", () => {
    for (const policy of [{}, { budgets: { delete: { users: "100%" } } }]) {
      const plan = sketchPlan({ stack: "acme", policy, users: {} }, owned(2));
      expect(refusalsOf(plan)).toEqual(["policy/budget: all 2 owned users would be deactivated"]);
    }
  });

  test("is emptied although something in it is protected or to be forgotten", () => {
    const live = {
      ...owned(4),
      "user/boss": { protect: true, ...ours },
      "user/left": ours,
    };
    const plan = sketchPlan({ stack: "acme", users: {}, forget: ["user/left"] }, live);
    expect(refusalsOf(plan)).toEqual(["policy/budget: all 4 owned users would be deactivated"]);
  });

  test("may delete a single one", () => {
    const plan = sketchPlan({ stack: "acme", users: {} }, owned(1));
    expect(refusalsOf(plan)).toEqual([]);
    expect(changesOf(plan)).toEqual(["delete user/u0 | soft"]);
  });

  test("is emptied also where everything in it was exchanged", () => {
    const plan = sketchPlan({ stack: "acme", users: { ann: { name: "Ann" } } }, owned(2));
    expect(refusalsOf(plan)).toEqual(["policy/budget: all 2 owned users would be deactivated"]);
  });

  test("of members removes nobody", () => {
    const live = {
      "group/den": { owner: "app_system" },
      "membership/den:ann": { scope: "participant" },
      "membership/den:bob": { scope: "participant" },
    };
    const groups = { den: { members: { mode: "authoritative" } } };
    const plan = sketchPlan({ groups }, live);
    expect(refusalsOf(plan)).toEqual([
      "policy/budget: the list of group/den is empty: 2 memberships would be removed",
    ]);
    const half = { text: "group/den", kinds: new Map([["membership", "den:ann"]]) };
    const limited = sketchPlan({ groups }, live, { request: { only: [half] } });
    expect(refusalsOf(limited), "one that is named is meant").toEqual([]);
    const allow = allowing({ action: "remove", subject: "group/den", count: 2 });
    expect(refusalsOf(sketchPlan({ groups }, live, allow))).toEqual([]);
  });
});

describe("updates", () => {
  test("beyond 30 % refuse the plan", () => {
    const plan = sketchPlan({ users: entries(10, { name: "New" }) }, owned(10));
    // Without a stack, what acme marked is not ours to write.
    expect(refusalsOf(plan)).toContain(
      "policy/budget: 10 of 10 users would be updated (100 %), the limit is 30 %",
    );
  });

  test("do not count adoptions", () => {
    const live = Object.fromEntries(Object.keys(owned(20)).map((one) => [one, { name: "Old" }]));
    const plan = sketchPlan({ stack: "acme", users: entries(20, { name: "New" }) }, live);
    expect(plan.summary.adopt).toBe(20);
    expect(refusalsOf(plan)).toEqual([]);
  });

  test("of memberships have a budget, too", () => {
    const uids = Array.from({ length: 10 }, (_, i) => `u${i}`);
    const live = Object.fromEntries([
      ["group/den", { owner: "app_system" }],
      ...uids.map((uid) => [`user/${uid}`, {}] as const),
      ...uids.map((uid) => [`membership/den:${uid}`, { scope: "participant" }] as const),
    ]);
    const plan = sketchPlan({ groups: { den: { members: { moderators: uids } } } }, live);
    expect(refusalsOf(plan)).toEqual([
      "policy/budget: 10 of 10 memberships would be updated (100 %), the limit is 30 %",
    ]);
  });
});

describe("removals from one group", () => {
  const uids = Array.from({ length: 12 }, (_, i) => `u${i}`);
  const live = Object.fromEntries([
    ["group/den", { owner: "app_system" }],
    ["group/hall", { owner: "app_system" }],
    ...uids.map((uid) => [`user/${uid}`, {}] as const),
    ...uids.map((uid) => [`membership/den:${uid}`, { scope: "participant" }] as const),
    ...uids.map((uid) => [`membership/hall:${uid}`, { scope: "participant" }] as const),
  ]);
  const closed = (participants: readonly string[]) => ({
    members: { mode: "authoritative", participants },
  });

  test("have a budget of their own, however many groups there are", () => {
    const groups = { den: closed(uids.slice(4)), hall: closed(uids) };
    const plan = sketchPlan({ groups }, live);
    expect(refusalsOf(plan)).toEqual([
      "policy/budget: 4 of 12 memberships of group/den would be removed (33.3 %), the limit is 30 %",
    ]);
    expect(plan.diagnostics[0]).toMatchObject({
      hint: "If this is meant: --allow remove:group/den=4",
      address: "group/den",
    });
  });

  test("are lifted for the group that is named, and for no other", () => {
    const groups = { den: closed(uids.slice(4)), hall: closed(uids.slice(4)) };
    const den = allowing({ action: "remove", subject: "group/den", count: 4 });
    expect(refusalsOf(sketchPlan({ groups }, live, den))).toEqual([
      "policy/budget: 4 of 12 memberships of group/hall would be removed (33.3 %), the limit is 30 %",
    ]);
  });

  test("may be limited otherwise by the manifest", () => {
    const groups = { den: closed(uids.slice(4)) };
    const policy = { budgets: { remove: 4 } };
    expect(refusalsOf(sketchPlan({ policy, groups }, live))).toEqual([]);
  });

  test("do not count those that go with their group", () => {
    const policy = { prune: { groups: "all" } };
    const plan = sketchPlan({ policy, groups: { hall: {} } }, live);
    expect(refusalsOf(plan)).toEqual([]);
  });
});

test("a part of an emptied section is a part of the same loss", () => {
  const except = [{ text: "user/u4", kinds: new Map([["user", "u4"]]) }];
  const plan = sketchPlan({ stack: "acme", users: {} }, owned(5), { request: { except } });
  expect(refusalsOf(plan)).toEqual([
    "policy/budget: all 5 owned users would be deactivated, 4 of them by this plan",
  ]);
  const only = [{ text: "user/u0", kinds: new Map([["user", "u0"]]) }];
  const one = sketchPlan({ stack: "acme", users: {} }, owned(5), { request: { only } });
  expect(refusalsOf(one), "one that is named is meant").toEqual([]);
});

describe("an allowance", () => {
  const manifest = { stack: "acme", users: entries(10) };

  test("lifts the budget it names up to its number", () => {
    const enough = allowing({ action: "delete", subject: "user", count: 30 });
    expect(refusalsOf(sketchPlan(manifest, owned(40), enough))).toEqual([]);
    const short = allowing({ action: "delete", subject: "user", count: 29 });
    expect(refusalsOf(sketchPlan(manifest, owned(40), short))).toHaveLength(1);
  });

  test("lifts no other budget", () => {
    const other = allowing(
      { action: "update", subject: "user", count: 99 },
      { action: "delete", subject: "group", count: 99 },
    );
    expect(refusalsOf(sketchPlan(manifest, owned(40), other))).toHaveLength(1);
  });

  test("lifts the last of a kind as well", () => {
    const all = allowing({ action: "delete", subject: "user", count: 2 });
    expect(refusalsOf(sketchPlan({ stack: "acme", users: {} }, owned(2), all))).toEqual([]);
  });

  test("is part of the plan, and of its digest", () => {
    const all = allowing({ action: "delete", subject: "user", count: 30 });
    const plan = sketchPlan(manifest, owned(40), all);
    expect(plan.overrides.allow).toEqual(["delete:user=30"]);
    const more = sketchPlan(
      manifest,
      owned(40),
      allowing({ action: "delete", subject: "user", count: 31 }),
    );
    expect(more.digest).not.toBe(plan.digest);
  });
});
