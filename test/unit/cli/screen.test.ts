import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPaints } from "../../../src/cli/paint.ts";
import { showProgress } from "../../../src/cli/progress.ts";
import type { Environment } from "../../../src/cli/terminal.ts";
import type { RunRecord } from "../../../src/model/journal.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const tty = { isOutputTty: true, isErrorTty: true };

test.each<[string, Environment, object, boolean, boolean]>([
  ["a terminal", {}, tty, true, true],
  ["a pipe", {}, {}, true, false],
  ["--no-color", { FORCE_COLOR: "1" }, tty, false, false],
  ["NO_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }, tty, true, false],
  ["an empty NO_COLOR", { NO_COLOR: "" }, tty, true, true],
  ["CI", { CI: "true" }, tty, true, false],
  ["FORCE_COLOR in CI", { CI: "true", FORCE_COLOR: "1" }, {}, true, true],
  ["FORCE_COLOR=0", { FORCE_COLOR: "0" }, {}, true, false],
  ["a dumb terminal", { TERM: "dumb" }, tty, true, false],
])("colours with %s", (_, environment, streams, isWanted, isColoured) => {
  const { paint, notePaint } = createPaints(
    openFakeTerminal({ environment, ...streams }),
    isWanted,
  );
  const expected = isColoured ? "\u001b[31mx\u001b[39m" : "x";
  expect([paint.red("x"), notePaint.red("x")]).toEqual([expected, expected]);
});

function watch(isErrorTty: boolean, quiet = false) {
  const terminal = openFakeTerminal({ isErrorTty });
  const progress = showProgress({
    command: "apply",
    flags: { quiet },
    operands: [],
    terminal,
    version: "1.2.3",
    paint: plainPaint,
    notePaint: plainPaint,
  });
  return { terminal, progress };
}

const ended = (done: number, status: "applied" | "failed"): RunRecord => ({
  type: "progress",
  step: "1",
  status,
  done,
  total: 8000,
});

test("in a pipeline progress is a line every ten seconds", () => {
  const { terminal, progress } = watch(false);
  progress.note({ type: "intent", step: "1", attempt: 1, addresses: ["user/alice"] });
  vi.advanceTimersByTime(10_000);
  progress.note(ended(5919, "applied"));
  progress.note(ended(5920, "failed"));
  vi.advanceTimersByTime(10_000);
  progress.stop();
  vi.advanceTimersByTime(60_000);
  expect(terminal.notes()).toBe("  5,920 / 8,000 calls   1 not applied\n");
});

test("on a terminal progress is one line that is redrawn and goes away", () => {
  const { terminal, progress } = watch(true);
  progress.note(ended(1, "applied"));
  vi.advanceTimersByTime(100);
  progress.stop();
  expect(terminal.notes()).toBe("\r\u001b[K  1 / 8,000 calls\r\u001b[K");
});

test("quiet shows no progress", () => {
  const { terminal, progress } = watch(true, true);
  progress.note(ended(1, "applied"));
  vi.advanceTimersByTime(60_000);
  progress.stop();
  expect(terminal.notes()).toBe("");
});
