import type { Timer } from "../../../src/executor/timer.ts";
import type { Clock } from "../../../src/providers/http/gate.ts";

/** Time that passes only when nobody has anything to do but wait. */
export interface SimulatedTime extends Clock, Timer {
  /** Lets time pass, for whoever is not waited for itself. */
  wait(ms: number): Promise<void>;
  /** Says that somebody more is at work (1), or waits or has ended (-1). */
  work(change: 1 | -1): void;
  /** Time stands still until this has ended. */
  during<T>(act: () => Promise<T>): Promise<T>;
  /** How many alarms are set. */
  alarms(): number;
  /** Puts this time in place of the machine's timers; the returned function takes that back. */
  install(): () => void;
}

interface Alarm {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

const MIDNIGHT_MS = Date.UTC(2026, 0, 1);
/**
 * Turns of the event loop in which nothing may happen before time goes on. What one turn writes the
 * next one reads, so two would do, but for clients that have given up: the service sleeps on over
 * what nobody waits for, and counts as one too few at work.
 */
const STILL_TURNS = 4;

/**
 * Time from a midnight on. It jumps to the next alarm as soon as nobody is at work and what has woken
 * has gone as far as it gets.
 */
export function createSimulatedTime(): SimulatedTime {
  let nowMs = MIDNIGHT_MS;
  let order = 0;
  let working = 0;
  let changes = 0;
  let isLooking = false;
  const alarms = new Set<Alarm>();

  const isStill = () => working <= 0 && alarms.size > 0;
  const look = () => {
    changes += 1;
    if (isLooking || !isStill()) return;
    isLooking = true;
    lookOn(changes, STILL_TURNS);
  };
  const lookOn = (seen: number, turns: number) => {
    setImmediate(() => {
      if (!isStill()) isLooking = false;
      else if (seen !== changes) lookOn(changes, STILL_TURNS);
      else if (turns > 1) lookOn(seen, turns - 1);
      else {
        isLooking = false;
        jump();
      }
    });
  };
  const jump = () => {
    const next = [...alarms].reduce((a, b) => (isBefore(b, a) ? b : a));
    alarms.delete(next);
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
    look();
  };
  const after = (ms: number, wake: () => void) => {
    const alarm = { atMs: nowMs + Math.max(0, ms), order, wake };
    order += 1;
    alarms.add(alarm);
    look();
    return () => void alarms.delete(alarm);
  };
  const work = (change: 1 | -1) => {
    working += change;
    look();
  };
  return {
    nowMs: () => nowMs,
    after,
    alarms: () => alarms.size,
    work,
    wait: (ms) => new Promise((done) => void after(ms, done)),
    sleep: (ms, signal) =>
      new Promise((done) => {
        const wake = () => {
          callOff();
          signal?.removeEventListener("abort", wake);
          done();
        };
        const callOff = after(ms, wake);
        if (signal?.aborted) wake();
        else signal?.addEventListener("abort", wake, { once: true });
      }),
    during: async (act) => {
      work(1);
      try {
        return await act();
      } finally {
        work(-1);
      }
    },
    install: () => replaceTimers(after),
  };
}

function isBefore(a: Alarm, b: Alarm): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** The library that sends requests keeps its time-outs by these two. */
function replaceTimers(after: Clock["after"]): () => void {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const set = (wake: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
    const callOff = after(ms, () => wake(...given));
    return { callOff, unref: () => undefined, ref: () => undefined };
  };
  const clear = (timer: { readonly callOff?: () => void } | undefined) => {
    if (timer?.callOff === undefined) real.clearTimeout(timer as NodeJS.Timeout | undefined);
    else timer.callOff();
  };
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  return () => void Object.assign(globalThis, real);
}
