import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Departure,
  type LimiterOptions,
  type QuotaReading,
  RateLimiter,
} from "../../../src/providers/http/rate-limiter.ts";

function createLimiter(limit: number, options: Partial<LimiterOptions> = {}) {
  const assumed = { core: limit, standard: limit };
  return new RateLimiter({ assumed, share: 1, concurrency: 1_000, ...options });
}

/** Lets `count` calls out at once and ends them after 100 ms, each with the same reply. */
function pass(limiter: RateLimiter, atMs: number, count = 1, reading: QuotaReading = {}) {
  const calls = Array.from({ length: count }, () => limiter.start("core", atMs));
  for (const call of calls) limiter.end(call, atMs + 100, reading);
}

const INFINITE = Number.POSITIVE_INFINITY;

describe("the limiter", () => {
  test("lets the allowance out at once and the next call 60 s after the first has ended", () => {
    const limiter = createLimiter(2);
    for (const atMs of [0, 10]) {
      expect(limiter.waitMs("core", atMs)).toBe(0);
      limiter.end(limiter.start("core", atMs), atMs + 5);
    }
    expect(limiter.waitMs("core", 20)).toBe(60_000 + 5 - 20);
    expect(limiter.waitMs("core", 60_005)).toBe(0);
  });

  test("keeps one class from another's quota", () => {
    const limiter = createLimiter(1);
    limiter.start("core", 0);
    expect(limiter.waitMs("core", 0)).toBe(INFINITE);
    expect(limiter.waitMs("standard", 0)).toBe(0);
  });

  test("lets the first call go alone, because its reply may tell of a far smaller quota", () => {
    const limiter = createLimiter(10_000);
    const first = limiter.start("core", 0);
    expect(limiter.waitMs("core", 0)).toBe(INFINITE);
    limiter.end(first, 50, { limit: 3, remaining: 2 });
    expect(limiter.waitMs("core", 50)).toBe(0);
    pass(limiter, 50, 2, { limit: 3, remaining: 0 });
    expect(limiter.waitMs("core", 150)).toBe(60_050 - 150);
  });

  test("uses only its share of the quota, and at least one call of it", () => {
    expect(createLimiter(500, { share: 0.8 }).allowance("core")).toBe(400);
    expect(createLimiter(100, { share: 0.29 }).allowance("core")).toBe(29);
    expect(createLimiter(1, { share: 0.8 }).allowance("core")).toBe(1);
  });

  test("learns the limit of a class from a reply, and takes the lower one of two at a time", () => {
    const limiter = createLimiter(10_000, { share: 0.8 });
    const [first, second] = [limiter.start("core", 0), limiter.start("core", 10)];
    limiter.end(second, 40, { limit: 500 });
    limiter.end(first, 50, { limit: 600 });
    expect(limiter.pace("core").limit).toBe(500);
    pass(limiter, 60, 1, { limit: 600 });
    expect(limiter.pace("core").limit).toBe(600);
    pass(limiter, 200, 1, { limit: 500 });
    expect(limiter.pace("core")).toEqual({ limit: 500, allowance: 400, source: "learnt" });
    expect(limiter.pace("standard")).toEqual({
      limit: 10_000,
      allowance: 8_000,
      source: "assumed",
    });
  });

  test("believes the user unless the service says less", () => {
    const stated = { core: 600 };
    const limiter = createLimiter(10_000, { stated });
    expect(limiter.pace("core")).toEqual({ limit: 600, allowance: 600, source: "stated" });
    expect(limiter.pace("standard").source).toBe("assumed");
    pass(limiter, 0, 1, { limit: 900 });
    expect(limiter.pace("core")).toEqual({ limit: 600, allowance: 600, source: "stated" });
    pass(limiter, 1_000, 1, { limit: 500 });
    expect(limiter.pace("core")).toEqual({ limit: 500, allowance: 500, source: "learnt" });
  });

  test("takes all of the quota of a class that nobody else uses, whoever says how much that is", () => {
    const unshared = new Set(["standard"]);
    const assumed = createLimiter(60, { share: 0.5, unshared });
    expect([assumed.allowance("core"), assumed.allowance("standard")]).toEqual([30, 60]);
    const stated = createLimiter(60, { share: 0.5, unshared, stated: { standard: 40 } });
    expect(stated.allowance("standard")).toBe(40);
    const call = stated.start("standard", 0);
    stated.end(call, 100, { limit: 20 });
    expect(stated.allowance("standard")).toBe(20);
  });

  test("assumes no more of a class than what is learnt of the one that caps it", () => {
    const limiter = createLimiter(10_000, { share: 0.8, cappedBy: { core: "standard" } });
    expect(limiter.pace("core").limit).toBe(10_000);
    limiter.end(limiter.start("standard", 0), 50, { limit: 500 });
    expect(limiter.pace("core")).toEqual({ limit: 500, allowance: 400, source: "assumed" });
    expect(limiter.pace("standard")).toEqual({ limit: 500, allowance: 400, source: "learnt" });
    limiter.end(limiter.start("standard", 60), 100, { limit: 20_000 });
    expect(limiter.pace("core").limit).toBe(10_000);
  });

  test("is capped by no other class once a class is told its own limit, or it was stated", () => {
    const cappedBy = { core: "standard" };
    const told = createLimiter(10_000, { cappedBy });
    told.end(told.start("standard", 0), 50, { limit: 500 });
    pass(told, 60, 1, { limit: 2_000 });
    expect(told.pace("core")).toEqual({ limit: 2_000, allowance: 2_000, source: "learnt" });
    const stated = createLimiter(10_000, { cappedBy, stated: { core: 3_000 } });
    stated.end(stated.start("standard", 0), 50, { limit: 500 });
    expect(stated.pace("core")).toEqual({ limit: 3_000, allowance: 3_000, source: "stated" });
  });

  test("never has more calls under way than it may", () => {
    const limiter = createLimiter(100, { concurrency: 2 });
    limiter.start("core", 0);
    const call = limiter.start("standard", 0);
    expect(limiter.waitMs("standard", 0)).toBe(INFINITE);
    limiter.end(call, 1);
    expect(limiter.waitMs("standard", 1)).toBe(0);
  });
});

describe("what others use of the quota", () => {
  test("is waited for until the window ends that the first reply has shown", () => {
    const limiter = createLimiter(100);
    limiter.end(limiter.start("core", 0), 80, { limit: 100, remaining: 99 });
    pass(limiter, 30_000, 1, { limit: 100, remaining: 0 });
    expect(limiter.waitMs("core", 30_100)).toBe(60_080 - 30_100);
    expect(limiter.waitMs("core", 60_080)).toBe(0);
  });

  test("is waited for a minute where nobody knows when the window began", () => {
    const limiter = createLimiter(100);
    pass(limiter, 0, 1, { limit: 100, remaining: 0 });
    expect(limiter.waitMs("core", 100)).toBe(60_000);
  });

  test("leaves room for no more calls under way than are left", () => {
    const limiter = createLimiter(100);
    pass(limiter, 0, 1, { limit: 100, remaining: 2 });
    const calls = [limiter.start("core", 100), limiter.start("core", 100)];
    expect(limiter.waitMs("core", 100)).toBe(INFINITE);
    for (const call of calls) limiter.end(call, 200, { limit: 100, remaining: 1 });
    expect(limiter.waitMs("core", 200)).toBe(0);
  });

  test("is forgotten with its window: a count that falls is of a new one", () => {
    const limiter = createLimiter(100);
    pass(limiter, 0, 5, { limit: 100, remaining: 4 });
    pass(limiter, 9_000, 1, { limit: 100, remaining: 90 });
    for (let under = 0; under < 90; under += 1) {
      expect(limiter.waitMs("core", 9_100)).toBe(0);
      limiter.start("core", 9_100);
    }
    expect(limiter.waitMs("core", 9_100)).toBe(INFINITE);
  });

  test("is not that of a new window where a reply comes late that tells of the one before", () => {
    const limiter = createLimiter(100);
    pass(limiter, 0, 1, { limit: 100, remaining: 99 });
    const late = limiter.start("core", 59_900);
    pass(limiter, 60_200, 1, { limit: 100, remaining: 99 });
    limiter.end(late, 60_350, { limit: 100, remaining: 0 });
    expect(limiter.waitMs("core", 60_350)).toBe(0);
  });

  test("counts by the smaller limit at once", () => {
    const limiter = createLimiter(600);
    pass(limiter, 0, 200, { limit: 600, remaining: 400 });
    pass(limiter, 1_000, 1, { limit: 300, remaining: 99 });
    expect(limiter.allowance("core")).toBe(300);
    pass(limiter, 2_000, 99, { limit: 300, remaining: 0 });
    expect(limiter.waitMs("core", 2_100)).toBeGreaterThan(57_000);
  });
});

describe("a refusal", () => {
  test("holds its whole class back for as long as it asks", () => {
    const limiter = createLimiter(100);
    pass(limiter, 900, 1, { isRefused: true, endsInMs: 7_000 });
    expect(limiter.waitMs("core", 2_000)).toBe(6_000);
    expect(limiter.waitMs("standard", 2_000)).toBe(0);
    expect(limiter.waitMs("core", 8_000)).toBe(0);
  });

  test("that does not ask holds it back for a minute", () => {
    const limiter = createLimiter(100);
    pass(limiter, 0, 1, { isRefused: true });
    expect(limiter.waitMs("core", 100)).toBe(60_000);
  });

  test("was not counted, and what was counted before it is over when the window is", () => {
    const limiter = createLimiter(100);
    pass(limiter, 0, 1, { limit: 100, remaining: 49 });
    pass(limiter, 15_000, 49, { limit: 100, remaining: 1 });
    pass(limiter, 30_000, 1, { limit: 50, isRefused: true, endsInMs: 30_000 });
    expect(limiter.waitMs("core", 60_099)).toBe(1);
    const calls = Array.from({ length: 49 }, () => limiter.start("core", 60_100));
    expect(calls).toHaveLength(49);
    expect(limiter.waitMs("core", 60_100)).toBe(0);
  });

  test("cuts the pace to what went through, and quiet windows raise it", () => {
    const limiter = createLimiter(10_000, { share: 0.8 });
    pass(limiter, 0, 1);
    pass(limiter, 100, 600);
    pass(limiter, 200, 16, { isRefused: true, endsInMs: 59_800 });
    expect(limiter.allowance("core"), "16 refused in one go are one event").toBe(601);
    const paces = [1, 2, 3].map((minute) => {
      pass(limiter, minute * 61_000, 1);
      limiter.waitMs("core", minute * 61_000 + 60_500);
      return limiter.allowance("core");
    });
    expect(paces).toEqual([607, 613, 619]);
  });

  test("halves the pace at most where the window had begun before the class came to it", () => {
    const limiter = createLimiter(800);
    pass(limiter, 100_000, 3);
    pass(limiter, 100_200, 4, { isRefused: true, endsInMs: 20_000 });
    expect(limiter.allowance("core")).toBe(400);
  });

  test("counts what is still under way and gets through", () => {
    const limiter = createLimiter(10_000);
    pass(limiter, 0, 1_000);
    const [refused, through] = [limiter.start("core", 200), limiter.start("core", 200)];
    limiter.end(refused, 300, { isRefused: true, endsInMs: 59_900 });
    limiter.end(through, 320);
    expect(limiter.allowance("core")).toBe(1_001);
  });

  test("cuts nothing where more went through than the limit is now", () => {
    const limiter = createLimiter(600);
    pass(limiter, 0, 400, { limit: 600, remaining: 200 });
    pass(limiter, 1_000, 1, { limit: 300, remaining: 0, isRefused: true, endsInMs: 59_000 });
    expect(limiter.pace("core")).toEqual({ limit: 300, allowance: 300, source: "learnt" });
  });

  test("by others' calls cuts as well, and is made up for faster where replies tell what is left", () => {
    const limiter = createLimiter(600);
    pass(limiter, 0, 1, { limit: 600, remaining: 599 });
    pass(limiter, 100, 199, { limit: 600, remaining: 50 });
    pass(limiter, 300, 1, { limit: 600, remaining: 0, isRefused: true, endsInMs: 59_800 });
    expect(limiter.allowance("core")).toBe(200);
    pass(limiter, 61_000, 1, { limit: 600, remaining: 599 });
    expect(limiter.waitMs("core", 122_000)).toBe(0);
    expect(limiter.allowance("core")).toBe(230);
  });
});

test("in any 60 s the service sees no more calls than the allowance, whatever the latencies", () => {
  const arrivals = fc.array(
    fc.record({ gapMs: fc.nat(5_000), thereMs: fc.nat(800), backMs: fc.nat(800) }),
    { minLength: 1, maxLength: 200 },
  );
  const property = fc.property(fc.integer({ min: 1, max: 12 }), arrivals, (limit, calls) => {
    const limiter = createLimiter(limit);
    const ends: { readonly atMs: number; readonly call: Departure }[] = [];
    const seen: number[] = [];
    let nowMs = 0;
    const endUntil = (ms: number) => {
      ends.sort((a, b) => a.atMs - b.atMs);
      for (let end = ends[0]; end !== undefined && end.atMs <= ms; end = ends[0]) {
        limiter.end(end.call, end.atMs);
        ends.shift();
      }
    };
    for (const { gapMs, thereMs, backMs } of calls) {
      nowMs += gapMs;
      endUntil(nowMs);
      for (let waitMs = limiter.waitMs("core", nowMs); waitMs > 0; ) {
        nowMs = Number.isFinite(waitMs) ? nowMs + waitMs : (ends[0]?.atMs ?? nowMs);
        endUntil(nowMs);
        waitMs = limiter.waitMs("core", nowMs);
      }
      const call = limiter.start("core", nowMs);
      seen.push(nowMs + thereMs);
      ends.push({ atMs: nowMs + thereMs + backMs, call });
    }
    seen.sort((a, b) => a - b);
    for (const [index, atMs] of seen.entries()) {
      const inWindow = seen.slice(index).filter((other) => other < atMs + 60_000);
      expect(inWindow.length).toBeLessThanOrEqual(limit);
    }
  });
  fc.assert(property, { numRuns: 300 });
});
