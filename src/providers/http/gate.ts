import type { QuotaClass, QuotaReading, RateLimiter } from "./rate-limiter.ts";

/** The time, injected so that tests need not wait. */
export interface Clock {
  nowMs(): number;
  /** Runs `wake` once after `ms`; the returned function calls it off. */
  after(ms: number, wake: () => void): () => void;
}

/** The machine's own clock, which never jumps. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after: (ms, wake) => {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
};

/** Lets calls out as the limiter allows, in the order in which they asked within their class. */
export interface Gate {
  /** Resolves when a call of this class may go out; it must be followed by one `leave`. */
  enter(quota: QuotaClass, signal?: AbortSignal): Promise<void>;
  /** Reports that the call has ended and what its reply said. */
  leave(quota: QuotaClass, reading?: QuotaReading): void;
  /** Resolves after `ms`, or rejects when the signal says so. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A gate in front of one app. */
export function createGate(limiter: RateLimiter, clock: Clock = systemClock): Gate {
  const waiting = new Map<QuotaClass, (() => void)[]>();
  const alarms = new Map<QuotaClass, () => void>();

  const letOut = (quota: QuotaClass) => {
    const queue = waiting.get(quota) ?? [];
    while (queue.length > 0) {
      const waitMs = limiter.waitMs(quota, clock.nowMs());
      if (waitMs > 0) {
        if (Number.isFinite(waitMs)) setAlarm(quota, waitMs);
        return;
      }
      queue.shift()?.();
    }
  };
  const setAlarm = (quota: QuotaClass, waitMs: number) => {
    alarms.get(quota)?.();
    // Timers may fire a little early; the extra millisecond saves a second round.
    alarms.set(
      quota,
      clock.after(Math.ceil(waitMs) + 1, () => letOut(quota)),
    );
  };
  return {
    enter: (quota, signal) =>
      new Promise<void>((resolve, reject) => {
        const queue = waiting.get(quota) ?? [];
        waiting.set(quota, queue);
        const pass = () => {
          signal?.removeEventListener("abort", giveUp);
          limiter.start(quota);
          resolve();
        };
        const giveUp = () => {
          queue.splice(queue.indexOf(pass), 1);
          reject(signal?.reason);
        };
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener("abort", giveUp, { once: true });
        queue.push(pass);
        letOut(quota);
      }),
    leave: (quota, reading) => {
      limiter.end(quota, clock.nowMs(), reading);
      for (const name of waiting.keys()) letOut(name);
    },
    sleep: (ms, signal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const giveUp = () => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = clock.after(ms, () => {
          signal?.removeEventListener("abort", giveUp);
          resolve();
        });
        signal?.addEventListener("abort", giveUp, { once: true });
      }),
  };
}
