import fc from "fast-check";
import { expect, test } from "vitest";
import { type Queue, timeLeft } from "../../../src/cli/time-left.ts";

const idle: Queue = { calls: 0, allowance: 600, waitMs: 0, used: 0, freshMs: 0 };

function left(queue: Partial<Queue>, callsPerSecond = 100): number | undefined {
  return timeLeft({ queues: [{ ...idle, ...queue }], callsPerSecond });
}

test.each<[string, Partial<Queue>, number]>([
  ["room for all of it: as fast as it flows", { calls: 500 }, 5_000],
  ["no more room than that: the rest comes a minute later", { calls: 700, freshMs: 0 }, 7_000],
  ["room that was used: once it is free again", { calls: 200, used: 600, freshMs: 40_000 }, 42_000],
  ["a wait that was told: after it", { calls: 100, waitMs: 8_000 }, 9_000],
  ["more than one minute's allowance: minute by minute", { calls: 1_300, waitMs: 8_000 }, 129_000],
  ["no known quota: as fast as it flows", { calls: 700, allowance: undefined }, 7_000],
])("with %s", (_, queue, expected) => {
  expect(left(queue)).toBe(expected);
});

test("the slowest quota decides, and without speed nothing can be told", () => {
  const queues = [
    { ...idle, calls: 100 },
    { ...idle, calls: 100, waitMs: 30_000 },
  ];
  expect(timeLeft({ queues, callsPerSecond: 100 })).toBe(31_000);
  expect(timeLeft({ queues, callsPerSecond: 0 })).toBeUndefined();
});

test("it is never less than the calls take at the present speed, nor than the wait", () => {
  const queue = fc.record({
    calls: fc.integer({ min: 1, max: 100_000 }),
    allowance: fc.integer({ min: 1, max: 20_000 }),
    waitMs: fc.integer({ min: 0, max: 60_000 }),
    used: fc.nat(20_000),
    freshMs: fc.integer({ min: 0, max: 60_000 }),
  });
  fc.assert(
    fc.property(queue, fc.integer({ min: 1, max: 500 }), (given, speed) => {
      const ms = left(given, speed) ?? 0;
      expect(ms).toBeGreaterThanOrEqual((given.calls * 1_000) / speed - 1e-6);
      expect(ms).toBeGreaterThanOrEqual(given.waitMs);
      expect(left({ ...given, calls: given.calls + 1 }, speed) ?? 0).toBeGreaterThanOrEqual(
        ms - 1e-6,
      );
    }),
  );
});
