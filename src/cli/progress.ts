import type { RunRecord } from "../model/journal.ts";
import type { ClassPace } from "../model/pace.ts";
import { displayWidth } from "../render/layout.ts";
import { progressLines, progressText, type RunState, waitText } from "../render/progress.ts";
import type { Context } from "./command.ts";
import { createRunMeter } from "./run-meter.ts";
import { type Terminal, variable } from "./terminal.ts";

/** What is shown while a plan is executed. */
export interface Progress {
  note(record: RunRecord): void;
  /** Says something above what is shown. */
  say(text: string): void;
  /** Ends the showing; to be called whatever happens. */
  stop(): void;
}

/** What is known of a run from elsewhere than its records. */
export interface ProgressSource {
  /** How fast calls may go out, and what waits. */
  readonly pace?: (() => readonly ClassPace[]) | undefined;
}

const lineIntervalMs = 10_000;
const redrawIntervalMs = 100;
const tickIntervalMs = 1_000;
/** A wait that is shorter is over before the next line comes. */
const waitToldMs = 10_000;
const esc = String.fromCharCode(27);

/**
 * Shows how far a plan has got: lines that are redrawn on a terminal, or a line every ten seconds where
 * nothing can be redrawn. It says nothing at all where the user wants to hear less.
 */
export function showProgress(context: Context, { pace }: ProgressSource = {}): Progress {
  const { terminal, flags } = context;
  const meter = createRunMeter();
  const read = () => meter.read(performance.now(), pace?.() ?? [], terminal.signal.aborted);
  const display = flags.quiet === true ? silence(context) : createDisplay(context, read);
  return {
    note: (record) => meter.note(record, performance.now()),
    say: display.say,
    stop: display.stop,
  };
}

type Display = Pick<Progress, "say" | "stop">;
type Read = () => RunState | undefined;

function silence({ terminal }: Context): Display {
  return { say: terminal.note, stop: () => undefined };
}

function createDisplay(context: Context, read: Read): Display {
  return isRedrawable(context.terminal) ? drawLines(context, read) : writeLines(context, read);
}

/** Whether standard error is a screen on which lines can be taken back. */
function isRedrawable({ isErrorTty, environment }: Terminal): boolean {
  return isErrorTty && environment["TERM"] !== "dumb" && variable(environment, "CI") === undefined;
}

function drawLines({ terminal, notePaint: paint }: Context, read: Read): Display {
  let drawn: readonly string[] = [];
  const erase = (): void => {
    if (drawn.length > 0) {
      terminal.note(toErase(drawn, terminal.noteWidth));
    }
    drawn = [];
  };
  const draw = (): void => {
    const state = read();
    const lines =
      state === undefined ? [] : progressLines(state, { paint, width: terminal.noteWidth });
    const before = drawn.length === 0 ? "" : toErase(drawn, terminal.noteWidth);
    drawn = lines;
    if (lines.length > 0 || before !== "") {
      // The cursor goes back to the left, where what is typed does the least harm.
      terminal.note(`${before}${lines.join("\n")}\r`);
    }
  };
  const timer = setInterval(draw, redrawIntervalMs);
  return {
    say: (text) => {
      erase();
      terminal.note(text);
      draw();
    },
    stop: () => {
      clearInterval(timer);
      erase();
    },
  };
}

/**
 * Takes lines back. A screen that has become narrower since has wrapped them, as all common terminals
 * do, so that they take more rows than there were lines.
 */
function toErase(lines: readonly string[], width: number): string {
  const rows = lines.map((line) => Math.max(1, Math.ceil(displayWidth(line) / width)));
  const above = rows.slice(0, -1).reduce((sum, count) => sum + count, 0);
  const up = above === 0 ? "" : `${esc}[${above}A`;
  return `\r${up}${esc}[J`;
}

function writeLines({ terminal }: Context, read: Read): Display {
  let ticks = 0;
  let waitingFor: string | undefined;
  const tick = (): void => {
    ticks += 1;
    const state = read();
    if (state === undefined) {
      return;
    }
    const { wait } = state;
    const isNew = wait !== undefined && wait.waitMs > waitToldMs && wait.quota !== waitingFor;
    if ((ticks * tickIntervalMs) % lineIntervalMs === 0) {
      terminal.note(`  ${progressText(state)}\n`);
    } else if (isNew) {
      terminal.note(`  ${waitText(wait)}\n`);
    }
    // One that was told counts as told until it is over.
    waitingFor = wait === undefined ? undefined : isNew ? wait.quota : waitingFor;
  };
  const timer = setInterval(tick, tickIntervalMs);
  return { say: terminal.note, stop: () => clearInterval(timer) };
}
