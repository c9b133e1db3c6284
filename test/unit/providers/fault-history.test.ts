import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createHistory,
  type History,
} from "../../../src/providers/cometchat/emulator/faults/history.ts";
import { emptyState, type State } from "../../../src/providers/cometchat/emulator/state.ts";
import { createTestClock, type TestClock } from "../../support/emulator-client.ts";

interface Stage {
  readonly clock: TestClock;
  readonly history: History;
  /** Changes the state in place, as routes do. */
  write(name: string): void;
}

function open(longestMs: number): Stage {
  const clock = createTestClock();
  const state = emptyState(0);
  const history = createHistory(clock, () => state);
  history.start(longestMs);
  return {
    clock,
    history,
    write(name) {
      for (const role of state.roles.values()) role.name = name;
      history.record();
    },
  };
}

const shown = (state: State): string | undefined => state.roles.get("default")?.name;

test("the past is what was last written by then, and before that what was there at the start", () => {
  const pauses = fc.array(fc.nat({ max: 40 }), { maxLength: 30 });
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 100 }), (waits, longestMs) => {
      const { clock, history, write } = open(longestMs);
      const written: { readonly atMs: number; readonly name: string }[] = [];
      for (const [index, ms] of waits.entries()) {
        clock.advance(ms);
        write(String(index));
        written.push({ atMs: clock.nowMs(), name: String(index) });
        for (const agoMs of [1, Math.ceil(longestMs / 2), longestMs]) {
          const by = clock.nowMs() - agoMs;
          const expected = written.findLast(({ atMs }) => atMs <= by)?.name ?? "Default";
          expect(shown(history.at(agoMs))).toBe(expected);
        }
      }
    }),
  );
});

test("what is older than the longest lag is forgotten", () => {
  const { clock, history, write } = open(100);
  for (let index = 1; index <= 1_000; index += 1) {
    clock.advance(10);
    write(String(index));
  }
  // Asked for more than it promised, it gives the oldest that it still has.
  expect(shown(history.at(1_000_000))).toBe("990");
});

test("nothing is remembered where nothing lags", () => {
  const { clock, history, write } = open(0);
  write("a");
  clock.advance(10);
  write("b");
  expect(shown(history.at(5))).toBe("b");
});
