import { expect, test } from "vitest";
import { createGuard } from "../../../src/executor/guard.ts";
import type { Timer } from "../../../src/executor/timer.ts";
import { ProviderError } from "../../../src/providers/provider.ts";

/** A guard whose looks take so long and find that, in a time that goes on by hand. */
function subject(lookMs = 0, found: readonly string[] = ["user/ann"]) {
  let nowMs = 0;
  const looks: string[][] = [];
  const timer: Timer = { nowMs: () => nowMs, sleep: async () => undefined };
  const guard = createGuard({
    timer,
    ageMs: 500,
    signal: undefined,
    find: async (begun) => {
      looks.push([...begun]);
      await Promise.resolve();
      nowMs += lookMs;
      return found;
    },
  });
  const ask = async (...begun: string[]) => [...(await guard.changed(new Set(begun)))];
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { looks, ask, pass };
}

test("what was seen a moment ago is not looked at again", async () => {
  const { ask, looks, pass } = subject();
  pass(1_500);
  expect(await ask()).toEqual([]);
  expect(looks).toEqual([]);
});

test("what was seen longer ago is looked at once for all who ask, and what changed stays changed", async () => {
  const { ask, looks, pass } = subject();
  pass(1_501);
  expect(await Promise.all([ask("user/bob"), ask("user/bob", "user/eve")])).toEqual([
    ["user/ann"],
    ["user/ann"],
  ]);
  expect(looks).toEqual([["user/bob"]]);
  expect(await ask()).toEqual(["user/ann"]);
  expect(looks).toHaveLength(1);
});

test("no more than a fifth of the time goes into looking", async () => {
  const { ask, looks, pass } = subject(1_000);
  pass(2_000);
  await ask();
  pass(4_999);
  await ask();
  expect(looks).toHaveLength(1);
  pass(2);
  await ask();
  expect(looks).toHaveLength(2);
});

test("an app that cannot be read stops nothing, and our own faults are not swallowed", async () => {
  const error = new ProviderError({ kind: "unreachable", code: "ECONNRESET", message: "gone" });
  const failing = (reason: unknown, signal?: AbortSignal) =>
    createGuard({
      timer: { nowMs: () => 10_000, sleep: async () => undefined },
      ageMs: 60_000,
      signal,
      find: () => Promise.reject(reason),
    });
  expect(await failing(error).changed(new Set())).toEqual(new Set());
  await expect(failing(new TypeError("ours")).changed(new Set())).rejects.toThrow("ours");
  const aborted = failing(new Error("ABORTED"), AbortSignal.abort());
  expect(await aborted.changed(new Set()), "an interruption is no fault").toEqual(new Set());
});
