/** How long the allowance of a class lasts: quotas are counted by the minute (documented). */
export const WINDOW_MS = 60_000;

/** Whole seconds on both sides, a wait rounded up and a date rounded down, hide up to this. */
const ROUNDED_MS = 2_000;

/**
 * What is known of the windows in which the service counts. Nobody tells when one begins: a reply
 * only shows that something was so at a moment between sending and reply.
 *
 *                  first call of a window          earliest  latest
 *                  sent ├────────┤ reply    +60 s      ├────────┤
 *     ended ≤ floor: counted before, forgotten         │  until here it may go on
 */
export interface WindowView {
  /** Calls that had ended by then are of a window that is over. */
  floorMs: number;
  /** When the running window ends. */
  current: Span | undefined;
  /** Calls sent from then on are of the running window, or of a later one. */
  sureMs: number;
  /** Calls that the service has counted in the running window, everybody's. */
  used: number | undefined;
  /** The latest reply that tells of the running window. */
  last: { readonly sentMs: number; readonly endedMs: number; readonly used: number } | undefined;
}

/** A moment of which only bounds are known. */
interface Span {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** What one reply shows of the service's window. */
export interface WindowSign {
  readonly sentMs: number;
  readonly endedMs: number;
  /** Calls counted in the window so far, this one included; only where this one was counted. */
  readonly used?: number | undefined;
  /** Whether `used` is counted from a limit that the service reports. */
  readonly isExact: boolean;
  /** How long the window goes on, as the service rounds it up. */
  readonly endsInMs?: number | undefined;
}

/** Nothing seen yet. */
export function createView(): WindowView {
  const longAgo = Number.NEGATIVE_INFINITY;
  return {
    floorMs: longAgo,
    current: undefined,
    sureMs: longAgo,
    used: undefined,
    last: undefined,
  };
}

/** Closes the running window once it is over for sure, and tells whether it did. */
export function turn(view: WindowView, nowMs: number): boolean {
  const { current } = view;
  if (current === undefined || nowMs < current.latestMs) return false;
  raiseFloor(view, current.earliestMs);
  begin(view, current.latestMs);
  return true;
}

/** Notes what a reply shows, and tells whether it shows a window that nobody had noticed. */
export function look(view: WindowView, sign: WindowSign): boolean {
  const isNew = isFirst(sign) ? lookAtFirst(view, sign) : lookForFall(view, sign);
  if (sign.endsInMs !== undefined) placeEnd(view, sign, sign.endsInMs);
  if (view.current === undefined && sign.sentMs >= view.sureMs) {
    // A window that a call was counted in ends after it was sent.
    const earliestMs = Math.max(sign.sentMs, view.floorMs + WINDOW_MS);
    view.current = { earliestMs, latestMs: sign.endedMs + WINDOW_MS };
  }
  noteUsed(view, sign, isNew);
  return isNew;
}

function isFirst({ used, isExact }: WindowSign): boolean {
  return used === 1 && isExact;
}

/** The first call of a window tells best when it ends. */
function lookAtFirst(view: WindowView, sign: WindowSign): boolean {
  const { current } = view;
  const { sentMs, endedMs } = sign;
  const isNew = current !== undefined && sentMs > current.latestMs - WINDOW_MS;
  // A reply that was under way for most of a window could belong to either.
  if (current !== undefined && !isNew && endedMs >= current.earliestMs) return false;
  if (isNew) begin(view, endedMs);
  raiseFloor(view, sentMs);
  narrow(view, { earliestMs: sentMs + WINDOW_MS, latestMs: endedMs + WINDOW_MS });
  return isNew;
}

/**
 * A count that is certainly younger and yet much lower is of a new window, which the app's end users
 * have begun. One that is a little lower may be that of another machine of the service.
 */
function lookForFall(view: WindowView, { sentMs, endedMs, used }: WindowSign): boolean {
  const { last } = view;
  if (used === undefined || last === undefined) return false;
  if (sentMs < last.endedMs || used > last.used / 2) return false;
  begin(view, endedMs);
  raiseFloor(view, last.sentMs);
  narrow(view, { earliestMs: last.sentMs + WINDOW_MS, latestMs: endedMs + WINDOW_MS });
  return true;
}

function placeEnd(view: WindowView, { sentMs, endedMs }: WindowSign, endsInMs: number): void {
  const earliestMs = Math.max(sentMs, sentMs + endsInMs - ROUNDED_MS);
  // Past the earliest end it may be another window that the service speaks of.
  if (view.current !== undefined && endedMs > view.current.earliestMs) view.current = undefined;
  narrow(view, { earliestMs, latestMs: endedMs + endsInMs });
  raiseFloor(view, Math.min(sentMs, earliestMs - WINDOW_MS));
}

/** A call that was under way while a window began may tell the count of the one before. */
function noteUsed(view: WindowView, { sentMs, endedMs, used }: WindowSign, isNew: boolean): void {
  if (used === undefined || (sentMs < view.sureMs && !isNew)) return;
  view.used = Math.max(view.used ?? 0, used);
  view.last = { sentMs, endedMs, used };
}

function begin(view: WindowView, sureMs: number): void {
  view.current = undefined;
  view.sureMs = Math.max(view.sureMs, sureMs);
  view.used = undefined;
  view.last = undefined;
}

function raiseFloor(view: WindowView, ms: number): void {
  view.floorMs = Math.max(view.floorMs, ms);
}

/** Two spans of one moment narrow each other; where they contradict, the later word counts. */
function narrow(view: WindowView, span: Span): void {
  const earliestMs = Math.max(view.current?.earliestMs ?? span.earliestMs, span.earliestMs);
  const latestMs = Math.min(view.current?.latestMs ?? span.latestMs, span.latestMs);
  view.current = earliestMs <= latestMs ? { earliestMs, latestMs } : span;
}
