import type { Timer } from "../../../src/executor/timer.ts";
import type { Clock } from "../../../src/providers/http/gate.ts";

/** A clock on which time passes only when nothing else can go on. */
export interface SimulatedClock extends Clock, Timer {
  /** Lets time pass until the promise is settled. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Lets time pass until nobody waits for anything any more. */
  drain(): Promise<void>;
}

interface Alarm {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock at zero. */
export function createSimulatedClock(): SimulatedClock {
  let nowMs = 0;
  const alarms = new Set<Alarm>();

  const after = (ms: number, wake: () => void): (() => void) => {
    const alarm = { atMs: nowMs + ms, wake };
    alarms.add(alarm);
    return () => alarms.delete(alarm);
  };
  const ring = (): void => {
    const [first] = [...alarms].sort((a, b) => a.atMs - b.atMs);
    if (first === undefined) throw new Error("everything waits, and nothing will happen");
    alarms.delete(first);
    nowMs = Math.max(nowMs, first.atMs);
    first.wake();
  };
  const passUntil = async (isOver: () => boolean): Promise<void> => {
    for (;;) {
      await settle();
      if (isOver()) return;
      ring();
    }
  };
  return {
    nowMs: () => nowMs,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          cancel();
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const cancel = after(ms, wake);
        if (signal?.aborted) wake();
        else signal?.addEventListener("abort", wake, { once: true });
      }),
    async run(promise) {
      let isSettled = false;
      const note = (): void => {
        isSettled = true;
      };
      promise.then(note, note);
      await passUntil(() => isSettled);
      return promise;
    },
    drain: () => passUntil(() => alarms.size === 0),
  };
}

/** Lets promises that are already settled run what waits for them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
