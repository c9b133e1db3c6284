import type { Clock } from "../../src/providers/http/gate.ts";

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Lets time pass, waking what is due in its order. */
  advance(ms: number): Promise<void>;
  /** How many alarms are set. */
  alarms(): number;
}

/** A clock at zero. */
export function createFakeClock(): FakeClock {
  let nowMs = 0;
  let alarms: { readonly atMs: number; readonly wake: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    alarms: () => alarms.length,
    after(ms, wake) {
      const alarm = { atMs: nowMs + ms, wake };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((other) => other !== alarm);
      };
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        await settle();
        const due = alarms.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (due === undefined) break;
        alarms = alarms.filter((other) => other !== due);
        nowMs = Math.max(nowMs, due.atMs);
        due.wake();
      }
      nowMs = endMs;
    },
  };
}

/** Lets promises that are already settled run what waits for them. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
