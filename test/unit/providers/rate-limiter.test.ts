import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RateLimiter } from "../../../src/providers/http/rate-limiter.ts";

function createLimiter(limit: number, options: { share?: number; concurrency?: number } = {}) {
  const { share = 1, concurrency = 1_000 } = options;
  return new RateLimiter({ assumed: { core: limit, standard: limit }, share, concurrency });
}

describe("the limiter", () => {
  test("lets the allowance out at once and the next call 60 s after the first has ended", () => {
    const limiter = createLimiter(2);
    for (const atMs of [0, 10]) {
      expect(limiter.waitMs("core", atMs)).toBe(0);
      limiter.start("core");
      limiter.end("core", atMs + 5);
    }
    expect(limiter.waitMs("core", 20)).toBe(60_000 + 5 - 20);
    expect(limiter.waitMs("core", 60_005)).toBe(0);
  });

  test("keeps one class from another's quota", () => {
    const limiter = createLimiter(1);
    limiter.start("core");
    expect(limiter.waitMs("core", 0)).toBe(Number.POSITIVE_INFINITY);
    expect(limiter.waitMs("standard", 0)).toBe(0);
  });

  test("uses only its share of the quota, and at least one call of it", () => {
    expect(createLimiter(500, { share: 0.8 }).allowance("core")).toBe(400);
    expect(createLimiter(1, { share: 0.8 }).allowance("core")).toBe(1);
  });

  test("learns the limit from a reply", () => {
    const limiter = createLimiter(10_000, { share: 0.8 });
    limiter.start("core");
    limiter.end("core", 0, { limit: 500 });
    expect(limiter.allowance("core")).toBe(400);
    expect(limiter.allowance("standard")).toBe(8_000);
  });

  test("holds the whole class back for as long as a refusal asks", () => {
    const limiter = createLimiter(100);
    limiter.start("core");
    limiter.end("core", 1_000, { retryAfterMs: 7_000 });
    expect(limiter.waitMs("core", 2_000)).toBe(6_000);
    expect(limiter.waitMs("standard", 2_000)).toBe(0);
    expect(limiter.waitMs("core", 8_000)).toBe(0);
  });

  test("waits for a new window when others have used the quota up", () => {
    const limiter = createLimiter(100);
    limiter.start("core");
    limiter.end("core", 0, { remaining: 0 });
    expect(limiter.waitMs("core", 0)).toBe(60_000);
  });

  test("never has more calls under way than it may", () => {
    const limiter = createLimiter(100, { concurrency: 2 });
    limiter.start("core");
    limiter.start("standard");
    expect(limiter.waitMs("core", 0)).toBe(Number.POSITIVE_INFINITY);
    limiter.end("standard", 1);
    expect(limiter.waitMs("core", 1)).toBe(0);
  });
});

test("in any 60 s the service sees no more calls than the allowance, whatever the latencies", () => {
  const arrivals = fc.array(
    fc.record({ gapMs: fc.nat(5_000), thereMs: fc.nat(800), backMs: fc.nat(800) }),
    { minLength: 1, maxLength: 200 },
  );
  const property = fc.property(fc.integer({ min: 1, max: 12 }), arrivals, (limit, calls) => {
    const limiter = createLimiter(limit);
    const ends: { readonly atMs: number }[] = [];
    const seen: number[] = [];
    let nowMs = 0;
    const endUntil = (ms: number) => {
      ends.sort((a, b) => a.atMs - b.atMs);
      for (let end = ends[0]; end !== undefined && end.atMs <= ms; end = ends[0]) {
        limiter.end("core", end.atMs);
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
      limiter.start("core");
      seen.push(nowMs + thereMs);
      ends.push({ atMs: nowMs + thereMs + backMs });
    }
    seen.sort((a, b) => a - b);
    for (const [index, atMs] of seen.entries()) {
      const inWindow = seen.slice(index).filter((other) => other < atMs + 60_000);
      expect(inWindow.length).toBeLessThanOrEqual(limit);
    }
  });
  fc.assert(property, { numRuns: 300 });
});
