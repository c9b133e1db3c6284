import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  playQuota,
  type QuotaRun,
  type QuotaScene,
  type ServedWindow,
} from "../support/quota-world.ts";

/** A world here is half an hour of calls. */
const WORLDS = Math.ceil(Number(process.env["COMETFORM_WORLDS"] ?? 1_000) / 10);
const WINDOW_MS = 60_000;

/** Whoever is this slow is held back by the network, not by the quota: half a minute is left for that. */
const BURST_MS_MAX = 30_000;

const scenes = fc.record({
  quota: fc.integer({ min: 20, max: 1_200 }),
  share: fc.integer({ min: 10, max: 100 }).map((percent) => percent / 100),
  assumed: fc.constantFrom(10_000, 500, 50),
  concurrency: fc.integer({ min: 1, max: 64 }),
  latencyMs: fc
    .tuple(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 2_000 }))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
  spelling: fc.constantFrom("hyphened" as const, "joined" as const),
  isRetryTold: fc.boolean(),
  isDated: fc.boolean(),
  seed: fc.integer(),
});

const stable = {
  users: 0,
  calls: Number.POSITIVE_INFINITY,
  untilMs: 8 * WINDOW_MS,
};

function allowanceOf({ share }: QuotaScene, { limit }: ServedWindow): number {
  return Math.max(1, Math.floor(limit * share + 1e-9));
}

/** Whether the calls of a minute can be made in less than one. */
function isFast({ quota, share, concurrency, latencyMs }: QuotaScene): boolean {
  return (quota * share * latencyMs[1]) / concurrency <= BURST_MS_MAX;
}

/** Windows that are over, with calls still to be sent, without the first one. */
function fullWindows({ windows }: QuotaRun): readonly ServedWindow[] {
  return windows.slice(1, -1).filter(({ isWanted }) => isWanted);
}

/** Windows that began when the client had been told of the new quota, and are over. */
function afterChange({ windows, toldMs }: QuotaRun): readonly ServedWindow[] {
  return windows.slice(0, -1).filter(({ startMs }) => startMs >= toldMs);
}

function expectUsed(scene: QuotaScene, windows: readonly ServedWindow[]): void {
  for (const window of windows) {
    const allowance = allowanceOf(scene, window);
    expect(window.ours).toBeLessThanOrEqual(allowance);
    if (isFast(scene)) expect(window.ours).toBeGreaterThanOrEqual(Math.floor(0.97 * allowance));
  }
}

function expectFewRefused(windows: readonly ServedWindow[]): void {
  const refused = windows.reduce((sum, window) => sum + window.refused, 0);
  const ours = windows.reduce((sum, window) => sum + window.ours, 0);
  expect(refused).toBeLessThanOrEqual(0.01 * (ours + refused));
}

function check<T>(arbitrary: fc.Arbitrary<T>, law: (scene: T) => void): void {
  fc.assert(fc.property(arbitrary, law), { numRuns: WORLDS });
}

describe("with a quota that the service reports", () => {
  test("every window after the first is used to 97 % of what is allowed, none beyond it, and hardly a call is refused", () => {
    check(
      scenes.map((scene) => ({ ...scene, ...stable })),
      (scene) => {
        const run = playQuota(scene);
        expect(run.windows.length).toBeGreaterThan(5);
        expectUsed(scene, fullWindows(run));
        expectFewRefused(run.windows);
        for (const window of run.windows)
          expect(window.ours).toBeLessThanOrEqual(allowanceOf(scene, window));
      },
    );
  });

  test.each([
    ["halves", 0.5],
    ["doubles", 2],
    ["falls to a tenth", 0.1],
  ])("the same holds within one window after the quota %s", (_, factor) => {
    const changing = fc
      .tuple(scenes, fc.integer({ min: 1_000, max: 4 * WINDOW_MS }))
      .map(([scene, atMs]) => ({
        ...scene,
        ...stable,
        change: { atMs, quota: Math.max(1, Math.round(scene.quota * factor)) },
      }));
    check(changing, (scene) => {
      const run = playQuota(scene);
      const windows = afterChange(run);
      expect(windows.length).toBeGreaterThan(1);
      const next = run.windows.find(({ startMs }) => startMs >= scene.change.atMs);
      expect(run.toldMs, "within one window").toBeLessThan((next?.startMs ?? 0) + WINDOW_MS);
      expectUsed(scene, windows);
      expectFewRefused(windows);
    });
  });
});

describe("with end users beside it", () => {
  const crowded = fc
    .tuple(scenes, fc.double({ min: 0, max: 1.5, noNaN: true }))
    .map(([scene, part]) => ({
      ...scene,
      ...stable,
      users: scene.quota * part,
      untilMs: 12 * WINDOW_MS,
    }));

  test("no window has more of our calls than is allowed, and hardly a call is refused", () => {
    check(crowded, (scene) => {
      const run = playQuota(scene);
      for (const window of run.windows)
        expect(window.ours).toBeLessThanOrEqual(allowanceOf(scene, window));
      expect(run.refused).toBeLessThanOrEqual(0.05 * run.sent + scene.concurrency);
    });
  });

  test("what is left to us is used where they keep to their part", () => {
    const modest = crowded.map((scene) => ({
      ...scene,
      share: Math.min(0.7, scene.share),
      users: Math.min(scene.users, 0.1 * scene.quota),
      latencyMs: [1, 200] as const,
    }));
    check(modest, (scene) => {
      const run = playQuota(scene);
      const wanted = fullWindows(run);
      const ours = wanted.reduce((sum, window) => sum + window.ours, 0);
      const allowed = wanted.reduce((sum, window) => sum + allowanceOf(scene, window), 0);
      if (isFast(scene)) expect(ours).toBeGreaterThanOrEqual(0.9 * allowed);
    });
  });
});

describe("without a word of the quota", () => {
  const blind = scenes.map((scene) => ({ ...scene, ...stable, spelling: "none" as const }));

  test("a stated one is used to 97 % and never more", () => {
    check(blind, (scene) => {
      const run = playQuota({ ...scene, stated: scene.quota });
      expect(run.refused).toBe(0);
      expectUsed(scene, fullWindows(run));
    });
  });

  test("the pace follows what goes through, and hardly a call is refused in the long run", () => {
    check(blind, (scene) => {
      const run = playQuota({ ...scene, untilMs: 30 * WINDOW_MS, assumed: 10_000 });
      const late = run.windows.slice(8, -1);
      for (const window of late) expect(window.ours).toBeLessThanOrEqual(scene.quota);
      const refused = late.reduce((sum, window) => sum + window.refused, 0);
      const ours = late.reduce((sum, window) => sum + window.ours, 0);
      expect(refused).toBeLessThanOrEqual(0.01 * ours + late.length);
      const allowance = Math.min(scene.quota, 10_000 * scene.share);
      if (isFast({ ...scene, share: 1 }))
        expect(ours).toBeGreaterThanOrEqual(0.9 * allowance * late.length);
    });
  });
});

test("everything gets through in the time it needs, whoever else calls and whatever is told", () => {
  const finite = fc
    .tuple(scenes, fc.constantFrom("none", "hyphened", "joined"), fc.integer({ min: 1, max: 400 }))
    .map(([scene, spelling, calls]) => ({
      ...scene,
      ...{ spelling: spelling as QuotaScene["spelling"], calls },
      users: scene.quota / 2,
      untilMs: 24 * 60 * WINDOW_MS,
    }));
  check(finite, (scene) => {
    const run = playQuota(scene);
    expect(run.taken).toBe(scene.calls);
  });
});
