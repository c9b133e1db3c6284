import type { Timer } from "../../../src/executor/timer.ts";
import type { Clock } from "../../../src/providers/http/gate.ts";

/** Time that goes on as soon as everybody waits for it. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly timer: Timer;
  sleep(ms: number): Promise<void>;
  /** Does what takes no time; until it is done, time stands still. */
  now<T>(work: () => Promise<T>): Promise<T>;
  /** Lets time pass until this is settled. */
  until<T>(promise: Promise<T>): Promise<T>;
}

interface Alarm {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Virtual time, beginning at zero. */
export function createVirtualTime(): VirtualTime {
  let nowMs = 0;
  let working = 0;
  let alarms: readonly Alarm[] = [];
  const after = (ms: number, wake: () => void): (() => void) => {
    const alarm = { atMs: nowMs + ms, wake };
    alarms = [...alarms, alarm];
    return () => {
      alarms = alarms.filter((other) => other !== alarm);
    };
  };
  const sleep = (ms: number): Promise<void> => new Promise((wake) => void after(ms, wake));
  const next = (): void => {
    const [due] = alarms.toSorted((a, b) => a.atMs - b.atMs);
    if (due === undefined) return;
    alarms = alarms.filter((other) => other !== due);
    nowMs = Math.max(nowMs, due.atMs);
    due.wake();
  };
  return {
    sleep,
    clock: { nowMs: () => nowMs, after },
    timer: { nowMs: () => nowMs, sleep },
    async now(work) {
      working += 1;
      try {
        return await work();
      } finally {
        working -= 1;
      }
    },
    async until(promise) {
      let isSettled = false;
      const end = (): void => {
        isSettled = true;
      };
      promise.then(end, end);
      while (!isSettled) {
        do await new Promise((resolve) => setImmediate(resolve));
        while (working > 0);
        await new Promise((resolve) => setImmediate(resolve));
        if (working === 0 && !isSettled) next();
      }
      return promise;
    },
  };
}
