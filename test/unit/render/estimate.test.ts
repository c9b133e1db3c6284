import { expect, test } from "vitest";
import { formatSpan } from "../../../src/render/estimate.ts";

test.each([
  [11_000, 40_000, "11 to 40 s"],
  [12_300, 12_900, "12 to 13 s"],
  [20_000, 20_000, "20 s"],
  [61_900, 90_000, "61 to 90 s"],
  [61_900, 90_001, "1 to 2 min"],
  [59_900, 200_000, "59 s to 4 min"],
  [120_000, 120_000, "2 min"],
  [125_000, 433_000, "2 to 8 min"],
  [3_600_000, 10_000_000, "60 min to 2.8 h"],
  [9_000_000, 9_000_000, "2.5 h"],
])("from %d to %d ms is told as %s, rounded outwards", (lowMs, highMs, expected) => {
  expect(formatSpan({ lowMs, highMs })).toBe(expected);
});
