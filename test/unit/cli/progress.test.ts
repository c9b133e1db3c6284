import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { showProgress } from "../../../src/cli/progress.ts";
import type { ClassPace } from "../../../src/model/pace.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { openScreen } from "../../support/screen.ts";
import { corePace, scriptRun } from "../../support/scripted-run.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

interface Given {
  readonly isErrorTty: boolean;
  readonly width?: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly environment?: { readonly [name: string]: string };
}

/** A run that is watched: at a screen, or in a pipe. */
function watch({ isErrorTty, width = 80, environment = {}, ...flags }: Given) {
  const screen = openScreen(width);
  const interrupt = new AbortController();
  const notes: string[] = [];
  let columns = width;
  let paces: readonly ClassPace[] = [];
  const terminal = openFakeTerminal({
    isErrorTty,
    environment,
    signal: interrupt.signal,
    note: (text) => {
      notes.push(text);
      screen.write(text);
    },
  });
  Object.defineProperty(terminal, "noteWidth", { get: () => columns });
  const context: Context = {
    command: "apply",
    flags,
    operands: [],
    terminal,
    version: "1.2.3",
    paint: plainPaint,
    notePaint: plainPaint,
  };
  screen.write("Apply? yes\n");
  const progress = showProgress(context, { pace: () => paces });
  const run = scriptRun(8_000, progress.note);
  return {
    progress,
    run,
    screen,
    interrupt,
    notes: () => notes.join(""),
    output: () => terminal.output(),
    pace: (...next: readonly ClassPace[]) => {
      paces = next;
    },
    resize: (next: number) => {
      columns = next;
      screen.resize(next);
    },
    /** Lets calls be answered at an even speed for so long. */
    flow: (seconds: number, callsPerSecond: number) => {
      for (let tenth = 0; tenth < seconds * 10; tenth += 1) {
        run.send(callsPerSecond / 10);
        vi.advanceTimersByTime(100);
      }
    },
  };
}

type Watched = ReturnType<typeof watch>;

/** A whole run, and what is seen of it at its turning points. */
function playThrough(watched: Watched): readonly string[] {
  const { run, progress, screen, interrupt } = watched;
  const seen: string[] = [];
  const see = (what: string) => seen.push(`${what}:`, ...screen.rows().slice(1), "");
  run.begin();
  vi.advanceTimersByTime(100);
  see("at the beginning");
  watched.flow(1, 160);
  see("too early to tell the speed");
  watched.flow(19, 160);
  see("after 20 s");
  run.send(2, "failed");
  watched.flow(1, 160);
  see("something failed");
  run.send(4_480);
  run.start(16);
  for (let left = 12_000; left > 8_000; left -= 100) {
    watched.pace(corePace(16, left));
    vi.advanceTimersByTime(100);
  }
  see("it waits");
  watched.pace(corePace(0, 0));
  run.send(16, "unknown");
  watched.flow(0.5, 160);
  see("it goes on");
  run.start(5);
  interrupt.abort();
  vi.advanceTimersByTime(100);
  see("after an interrupt");
  run.send(5);
  while (run.records.at(-1)?.type === "progress" && !isDone(run.records)) run.send(1, "skipped");
  vi.advanceTimersByTime(100);
  see("everything has ended");
  progress.stop();
  see("stopped");
  expect(screen.hasWrapped()).toBe(false);
  return seen;
}

function isDone(records: Watched["run"]["records"]): boolean {
  const last = records.at(-1);
  return last?.type === "progress" && last.done === last.total;
}

describe("at a terminal", () => {
  test("of 100 columns a run is a bar with its facts, and leaves nothing behind", () => {
    expect(
      `\n${playThrough(watch({ isErrorTty: true, width: 100 })).join("\n")}`,
    ).toMatchInlineSnapshot(`
      "
      at the beginning:
        ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 %   0 / 8,000

      too early to tell the speed:
        ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  2 %   160 / 8,000

      after 20 s:
        ████████████░░░░░░░░░░░░░░░░░░░░  40 %   3,200 / 8,000   160 calls/s   30 s left

      something failed:
        █████████████░░░░░░░░░░░░░░░░░░░  42 %   3,362 / 8,000   160 calls/s   2 failed   29 s left

      it waits:
        ███████████████████████████████░  98 %   7,842 / 8,000   544 calls/s   2 failed   9 s left
        waiting for the core quota, 9 s (10,000 a minute, 80 % ours)

      it goes on:
        ██████████████████████████░  99 %   7,938 / 8,000   546 calls/s   2 failed, 16 unknown   1 s left

      after an interrupt:
        ███████████████████████████████░  99 %   7,938 / 8,000   544 calls/s   2 failed, 16 unknown
        stopping: 5 calls under way

      everything has ended:
        looking at the app again
        stopping

      stopped:
      "
    `);
  });

  test("of 40 columns it is what is needed most, and leaves nothing behind", () => {
    expect(
      `\n${playThrough(watch({ isErrorTty: true, width: 40 })).join("\n")}`,
    ).toMatchInlineSnapshot(`
      "
      at the beginning:
        ░░░░░░░░░░░░░░░░░░░░░  0 %  0 / 8,000

      too early to tell the speed:
        ░░░░░░░░░░░░░░░░░░░  2 %  160 / 8,000

      after 20 s:
        ██░░░  40 %  3,200 / 8,000  30 s left

      something failed:
        3,362 / 8,000  2 failed  29 s left

      it waits:
        7,842 / 8,000  2 failed  9 s left
        waiting for the core quota, 9 s

      it goes on:
        7,938 / 8,000  18 not applied

      after an interrupt:
        99 %  7,938 / 8,000  18 not applied
        stopping: 5 calls under way

      everything has ended:
        looking at the app again
        stopping

      stopped:
      "
    `);
  });

  test("of any width nothing wraps and nothing is left behind, however it is resized", () => {
    for (let width = 2; width <= 130; width += 4) {
      const watched = watch({ isErrorTty: true, width });
      watched.run.begin();
      watched.flow(3, 160);
      watched.pace(corePace(3, 12_000));
      vi.advanceTimersByTime(100);
      expect(watched.screen.hasWrapped() && width > 10, `${width} columns`).toBe(false);
      watched.resize(131 - width);
      vi.advanceTimersByTime(200);
      const [first = "", ...rest] = watched.screen.rows().slice(Math.ceil(10 / (131 - width)));
      expect([first, ...rest].length).toBeLessThanOrEqual(2);
      watched.progress.stop();
      expect(watched.screen.rows().join("")).toBe("Apply? yes");
    }
  });

  test("the second look at the app is counted", () => {
    const { run, screen } = watch({ isErrorTty: true });
    run.begin();
    run.send(8_000);
    vi.advanceTimersByTime(100);
    expect(screen.rows().slice(1)).toEqual(["  looking at the app again"]);
    run.look(3);
    vi.advanceTimersByTime(100);
    expect(screen.rows().slice(1)).toEqual(["  looking at the app again (2)"]);
  });

  test("what is said meanwhile stands above what is redrawn", () => {
    const { run, screen, progress } = watch({ isErrorTty: true });
    run.begin();
    vi.advanceTimersByTime(100);
    progress.say("Mind the gap.\n");
    expect(screen.rows()).toEqual([
      "Apply? yes",
      "Mind the gap.",
      expect.stringMatching(/^ {2}░{32} {2}0 % {3}0 \/ 8,000$/),
    ]);
  });

  test("a run that goes on begins with what is done already, and counts none of it as speed", () => {
    const { progress, run, screen } = watch({ isErrorTty: true, width: 100 });
    run.begin();
    // Steps of the run before end without a call.
    for (let done = 1; done <= 4_000; done += 1) {
      const step = `s${8_000 - done}`;
      progress.note({ type: "progress", step, status: "applied", done, total: 8_000 });
    }
    vi.advanceTimersByTime(5_000);
    const half = `${"█".repeat(16)}${"░".repeat(16)}`;
    expect(screen.rows().slice(1)).toEqual([`  ${half}  50 %   4,000 / 8,000`]);
  });
});

describe("where nothing can be redrawn", () => {
  const pipes: readonly (readonly [string, Given])[] = [
    ["in a pipe", { isErrorTty: false }],
    ["in CI", { isErrorTty: true, environment: { CI: "true" } }],
    ["at a dumb terminal", { isErrorTty: true, environment: { TERM: "dumb" } }],
    ["in a pipe, as JSON", { isErrorTty: false, json: true }],
  ];

  test.each(pipes)("%s there is a line every ten seconds, without codes", (_, given) => {
    const { flow, run, pace, progress, notes, output, interrupt } = watch(given);
    run.begin();
    flow(9.9, 160);
    expect(notes()).toBe("");
    flow(0.1, 160);
    run.send(2, "failed");
    run.start(16);
    pace(corePace(16, 38_000));
    vi.advanceTimersByTime(10_000);
    pace();
    run.send(16);
    flow(5, 160);
    interrupt.abort();
    run.start(1);
    vi.advanceTimersByTime(5_000);
    run.send(1);
    while (!isDone(run.records)) run.send(1, "skipped");
    vi.advanceTimersByTime(10_000);
    progress.stop();
    vi.advanceTimersByTime(60_000);
    expect(`\n${notes()}`).toMatchInlineSnapshot(`
      "
        1,600 / 8,000 calls, 20 %, 160 calls/s, 40 s left
        waiting for the core quota, 38 s (10,000 a minute, 80 % ours)
        1,602 / 8,000 calls, 20 %, 0.2 calls/s, 2 failed, 78 s left; waiting for the core quota, 38 s (10,000 a minute, 80 % ours)
        2,418 / 8,000 calls, 30 %, 82 calls/s, 2 failed; stopping: 1 call under way
        looking at the app again; stopping
      "
    `);
    expect(output(), "standard output is not for messages").toBe("");
  });
});

test("quiet shows no progress, and still says what must be said", () => {
  for (const isErrorTty of [true, false]) {
    const { run, flow, progress, notes } = watch({ isErrorTty, quiet: true });
    run.begin();
    flow(60, 100);
    progress.say("Stopping.\n");
    progress.stop();
    expect(notes()).toBe("Stopping.\n");
  }
});

test("a source that knows no quotas is no hindrance", () => {
  const terminal = openFakeTerminal({ isErrorTty: true });
  const rest = { operands: [], terminal, version: "1.2.3", paint: plainPaint };
  const progress = showProgress({ command: "apply", flags: {}, notePaint: plainPaint, ...rest });
  scriptRun(10, progress.note).begin();
  vi.advanceTimersByTime(100);
  progress.stop();
  expect(terminal.notes()).toContain("0 / 10");
});
