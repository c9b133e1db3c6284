import type { ClassPace } from "../model/pace.ts";
import { countOf, displayWidth, formatCount, wrap } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** How far a run has got, at one moment. */
export interface RunState {
  /** Steps that have ended, those of a run before this one included. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly unknown: number;
  readonly skipped: number;
  /** Calls that were sent and not answered yet. */
  readonly underWay: number;
  /** Over the last seconds; missing until it can be told. */
  readonly callsPerSecond?: number | undefined;
  /** Missing until it can be told. */
  readonly leftMs?: number | undefined;
  /** The quota that holds calls back, if one does. */
  readonly wait?: ClassPace | undefined;
  /** Which look at the app is under way, counted from 1, once everything was sent. */
  readonly look?: number | undefined;
  /** Whether nothing new is sent because of an interruption. */
  readonly isStopping: boolean;
}

/** How progress is drawn. */
export interface ProgressView {
  readonly paint: Paint;
  /** Columns of the screen at this moment. */
  readonly width: number;
}

const indent = "  ";
const lineMax = 100;
const barMin = 5;
const barMax = 32;
/** Below this the parts of a line stand closer. */
const roomyFrom = 60;

/** The lines that are redrawn on a terminal; none of them is as wide as the screen. */
export function progressLines(state: RunState, { paint, width }: ProgressView): readonly string[] {
  // A line of all columns would leave the cursor at an edge that terminals treat differently.
  const room = Math.max(1, Math.min(width - 1, lineMax));
  const lines = [
    state.look === undefined ? barLine(state, room, paint) : indent + lookText(state.look),
    ...asideLines(state, room - indent.length),
  ];
  return lines.map((line) => cut(line, room));
}

/** The same in one line for a pipeline. */
export function progressText(state: RunState): string {
  const counts = `${counted(state)} calls`;
  const aside = asideText(state);
  const parts =
    state.look === undefined
      ? [counts, percent(state), rate(state), ...troubles(state), left(state)]
      : [lookText(state.look)];
  return [parts.filter((part) => part !== "").join(", "), ...aside].join("; ");
}

/** What is waited for and how long: `waiting for the core quota, 12 s (10,000 a minute, 80 % ours)`. */
export function waitText(wait: ClassPace): string {
  return `${shortWait(wait)} ${terms(wait)}`;
}

/** The most telling parts that fit, the bar as long as the rest allows. */
function barLine(state: RunState, room: number, paint: Paint): string {
  const gap = room < roomyFrom ? "  " : "   ";
  for (const { hasBar, parts } of choices(state, paint)) {
    const texts = parts.filter((part) => part !== "");
    const line = texts.join(gap);
    const used = indent.length + displayWidth(line);
    if (!hasBar && used <= room) return indent + line;
    const spare = room - used - 2;
    if (hasBar && spare >= barMin) {
      return `${indent}${bar(state, Math.min(spare, barMax), paint)}  ${line}`;
    }
  }
  return indent + counted(state);
}

interface Choice {
  readonly hasBar: boolean;
  readonly parts: readonly string[];
}

/** From everything down to the least: the rate goes first, then the bar, then the rest. */
function choices(state: RunState, paint: Paint): readonly Choice[] {
  const count = counted(state);
  const share = percent(state);
  const time = left(state);
  const all = troubles(state).map(paint.red).join(", ");
  const short = paint.red(shortTrouble(state));
  return [
    { hasBar: true, parts: [share, count, rate(state), all, time] },
    { hasBar: true, parts: [share, count, all, time] },
    { hasBar: true, parts: [share, count, short, time] },
    { hasBar: false, parts: [share, count, short, time] },
    { hasBar: false, parts: [count, short, time] },
    { hasBar: false, parts: [count, short] },
  ];
}

function bar({ done, total }: RunState, length: number, paint: Paint): string {
  const full = total === 0 ? length : Math.floor((done / total) * length);
  return paint.cyan("█".repeat(full)) + paint.dim("░".repeat(length - full));
}

function percent({ done, total }: RunState): string {
  // Rounded down: 100 % is not shown before everything is done.
  return `${total === 0 ? 100 : Math.floor((done / total) * 100)} %`;
}

function counted({ done, total }: RunState): string {
  return `${formatCount(done)} / ${formatCount(total)}`;
}

function rate({ callsPerSecond }: RunState): string {
  if (callsPerSecond === undefined || callsPerSecond === 0) return "";
  const text =
    callsPerSecond < 9.95 ? callsPerSecond.toFixed(1) : formatCount(Math.round(callsPerSecond));
  return `${text} calls/s`;
}

function troubles({ failed, unknown, skipped }: RunState): readonly string[] {
  const counts = { failed, unknown, skipped };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${formatCount(count)} ${name}`);
}

/** One number instead of three. */
function shortTrouble(state: RunState): string {
  const all = troubles(state);
  const sum = state.failed + state.unknown + state.skipped;
  return all.length < 2 ? all.join("") : `${formatCount(sum)} not applied`;
}

function left({ leftMs }: RunState): string {
  return leftMs === undefined ? "" : `${seconds(leftMs)} left`;
}

function lookText(look: number): string {
  return `looking at the app again${look > 1 ? ` (${look})` : ""}`;
}

/** What stands below the bar: that it is being stopped, or what is waited for. */
function asideText({ isStopping, underWay, wait }: RunState): readonly string[] {
  if (isStopping) return [stoppingText(underWay)];
  return wait === undefined ? [] : [waitText(wait)];
}

function asideLines(state: RunState, room: number): readonly string[] {
  const { isStopping, wait } = state;
  const isShort = !isStopping && wait !== undefined && displayWidth(waitText(wait)) > room;
  const texts = isShort ? [shortWait(wait)] : asideText(state);
  return texts.map((text) => indent + text);
}

function stoppingText(underWay: number): string {
  return underWay === 0 ? "stopping" : `stopping: ${countOf(underWay, "call")} under way`;
}

function shortWait({ quota, waitMs }: ClassPace): string {
  return `waiting for the ${quota} quota, ${seconds(waitMs)}`;
}

function terms({ limit, allowance, slowed }: ClassPace): string {
  if (slowed) return `(slowed down to ${formatCount(allowance)} a minute after a refusal)`;
  const share = limit === 0 ? 100 : Math.round((allowance / limit) * 100);
  return `(${formatCount(limit)} a minute${share === 100 ? "" : `, ${share} % ours`})`;
}

/** Whole seconds, rounded up: a count-down that says 0 s and goes on is a lie. */
function seconds(ms: number): string {
  const whole = Math.max(1, Math.ceil(ms / 1_000));
  if (whole < 90) return `${whole} s`;
  if (whole < 5_400) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

function cut(line: string, room: number): string {
  if (displayWidth(line) <= room) return line;
  const [first = ""] = wrap(line, room);
  return first;
}
