import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { durationWithin, parseDuration } from "../../../src/cli/duration.ts";
import { UsageError } from "../../../src/cli/exit.ts";

describe("a duration", () => {
  test.each([
    ["1s", 1_000],
    ["90s", 90_000],
    ["10m", 600_000],
    ["1h30m", 5_400_000],
    ["2h5s", 7_205_000],
    ["1h2m3s", 3_723_000],
    ["0s", 0],
  ])("%s is so many milliseconds", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "30", "s", "1.5s", "-1s", "1 s", "1d", "100ms", "30S", "5s1m", "1s1s", "1h\n"])(
    "%j is none",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test("is the sum of its parts, whatever they are", () => {
    const part = fc.option(fc.nat(999_999), { nil: undefined });
    const holds = fc.property(part, part, part, (h, m, s) => {
      fc.pre(h !== undefined || m !== undefined || s !== undefined);
      const write = (value: number | undefined, unit: string) =>
        value === undefined ? "" : `${value}${unit}`;
      const ms = 1_000 * (3_600 * (h ?? 0) + 60 * (m ?? 0) + (s ?? 0));
      expect(parseDuration(write(h, "h") + write(m, "m") + write(s, "s"))).toBe(ms);
    });
    fc.assert(holds);
  });
});

describe("a flag that takes a duration", () => {
  const read = durationWithin("1s", "10m");

  test("takes its bounds and what lies between", () => {
    expect(["1s", "30s", "600s", "10m"].map(read)).toEqual([1_000, 30_000, 600_000, 600_000]);
  });

  test.each(["0s", "601s", "11m", "1h", "30", ""])("refuses %j and says what it takes", (text) => {
    const refusal = new UsageError("It must be a time from 1s to 10m, like 30s or 2m.");
    expect(() => read(text)).toThrow(refusal);
  });
});
