import { expect, test } from "vitest";
import type { ClassPace } from "../../../src/model/pace.ts";
import type { Quota, Step } from "../../../src/model/plan.ts";
import { type Assumption, estimate } from "../../../src/planner/duration.ts";
import { toStep } from "../../support/plan.ts";

function toPace(quota: Quota, allowance: number): ClassPace {
  return { quota, limit: allowance, allowance, source: "assumed", waiting: 0, waitMs: 0 };
}

const pace = [toPace("core", 100), toPace("standard", 200)];
const assumption: Assumption = { pace, concurrency: 10, latency: { lowMs: 100, highMs: 500 } };
const reads = { calls: 50, complete: true, collections: [] };

function steps(count: number, quota: Quota, name = "s"): Step[] {
  return Array.from({ length: count }, (_, i) =>
    toStep(`${name}${i}`, { method: "POST", path: "/users", quota }, []),
  );
}

const chained = (all: readonly Step[], how: "dependsOn" | "after"): Step[] =>
  all.map((step, i) => ({ ...step, [how]: i === 0 ? [] : [all[i - 1]?.id ?? ""] }));

const lasts = (all: readonly Step[], given: Partial<Assumption> = {}) => {
  const { lowMs, highMs, heldBy } = estimate({ steps: all, reads }, { ...assumption, ...given });
  return { lowMs, highMs, heldBy: heldBy?.quota };
};

test("without a step there is nothing to wait for", () => {
  expect(lasts([])).toEqual({ lowMs: 0, highMs: 0, heldBy: undefined });
});

test("as many calls as may be under way go at once, and at worst one chain comes on top", () => {
  expect(lasts(steps(20, "core"))).toEqual({ lowMs: 200, highMs: 1_500, heldBy: undefined });
  expect(lasts(steps(21, "core"))).toMatchObject({ lowMs: 300 });
});

test("steps that wait for each other take one call's time each", () => {
  for (const how of ["dependsOn", "after"] as const) {
    const { lowMs, highMs } = lasts(chained(steps(20, "core"), how));
    expect([lowMs, highMs]).toEqual([2_000, 1_000 + 20 * 500]);
  }
  const joined = [
    ...chained(steps(3, "core"), "after"),
    ...chained(steps(5, "core", "t"), "after"),
  ];
  const last = { ...toStep("z", { method: "PUT", path: "/" }, []), dependsOn: ["s2", "t4"] };
  expect(lasts([...joined, last]).lowMs, "the longer of two chains").toBe(600);
});

test("what is beyond the allowance waits for a whole window, and only that", () => {
  expect(lasts(steps(100, "core"))).toMatchObject({ lowMs: 1_000, heldBy: undefined });
  expect(lasts(steps(101, "core"))).toMatchObject({ lowMs: 60_200, heldBy: "core" });
  expect(lasts(steps(200, "core"))).toMatchObject({ lowMs: 61_100, heldBy: "core" });
  expect(lasts(steps(201, "core"))).toMatchObject({ lowMs: 120_300, heldBy: "core" });
});

test("calls that take longer than a window are what counts", () => {
  const { lowMs } = lasts(steps(200, "core"), {
    concurrency: 1,
    latency: { lowMs: 1_000, highMs: 1_000 },
  });
  expect(lowMs).toBe(200_000);
});

test("classes go side by side at best, and one after the other at worst", () => {
  const all = [...steps(150, "core"), ...steps(250, "standard", "t")];
  const { lowMs, highMs } = lasts(all);
  expect(lowMs).toBe(60_600);
  expect(highMs).toBe(60_500 + 2_500 + (60_500 + 5_000) + 500);
});

test("reads that were made a moment ago count at worst", () => {
  expect(lasts(steps(150, "standard"))).toMatchObject({ lowMs: 1_500, heldBy: undefined });
  const { lowMs, heldBy } = lasts(steps(151, "standard"));
  expect([lowMs, heldBy]).toEqual([1_600, "standard"]);
});

test("a class of which nothing is known is not waited for", () => {
  expect(lasts(steps(1_000, "core"), { pace: [] })).toMatchObject({
    lowMs: 10_000,
    heldBy: undefined,
  });
});
