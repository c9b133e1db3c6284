import { expect, test } from "vitest";
import { counted, createCount, endOf, forget } from "../../../src/providers/http/call-count.ts";

test("a call counts for a minute after its end, or until its window is over", () => {
  const count = createCount();
  count.ended.push(1_000, 2_000, 3_000);
  forget(count, 61_999, Number.NEGATIVE_INFINITY);
  expect([counted(count), endOf(count, 1), endOf(count, 2)]).toEqual([2, 2_000, 3_000]);
  forget(count, 61_999, 2_500);
  expect([counted(count), endOf(count, 1), endOf(count, 2)]).toEqual([1, 3_000, undefined]);
});

test("a run of hours keeps no more in mind than twice what counts", () => {
  const count = createCount();
  for (let atMs = 0; atMs < 3 * 3_600_000; atMs += 6) {
    count.ended.push(atMs);
    forget(count, atMs, Number.NEGATIVE_INFINITY);
    if (count.ended.length > 2 * counted(count) + 4_097) throw new Error(`${count.ended.length}`);
  }
  expect(counted(count)).toBe(10_000);
});
