import type { Pace, QuotaClass, QuotaReading, RateLimiter } from "./rate-limiter.ts";

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

/** Reports that a call has ended and what its reply said; to be called once, whatever happens. */
export type Leave = (reading?: QuotaReading) => void;

/** How fast a class goes, how many calls of it wait, and how long the quota holds the next. */
export interface Queue extends Pace {
  readonly quota: QuotaClass;
  readonly waiting: number;
  readonly waitMs: number;
}

/** Lets calls out as the limiter allows, in the order in which they asked within their class. */
export interface Gate {
  /** Resolves when a call of this class may go out. */
  enter(quota: QuotaClass, signal?: AbortSignal): Promise<Leave>;
  /** How it stands with every class; cheap enough to be asked many times a second. */
  queues(): readonly Queue[];
  /** Resolves after `ms`, or rejects when the signal says so. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One call that waits at the gate. */
interface Waiting {
  readonly signal: AbortSignal | undefined;
  readonly pass: (leave: Leave) => void;
  readonly turnAway: (reason: unknown) => void;
}

/** A gate in front of one app. */
export function createGate(limiter: RateLimiter, clock: Clock = systemClock): Gate {
  const queues = new Map<QuotaClass, Waiting[]>();
  const alarms = new Map<QuotaClass, () => void>();
  const watched = new WeakSet<AbortSignal>();

  const letOut = (quota: QuotaClass) => {
    const queue = queues.get(quota) ?? [];
    while (queue.length > 0) {
      const waitMs = limiter.waitMs(quota, clock.nowMs());
      if (waitMs > 0) {
        if (Number.isFinite(waitMs)) setAlarm(quota, waitMs);
        return;
      }
      const call = limiter.start(quota, clock.nowMs());
      queue.shift()?.pass((reading) => {
        limiter.end(call, clock.nowMs(), reading);
        for (const name of queues.keys()) letOut(name);
      });
    }
  };
  // An alarm that nobody waits for would keep the process from ending.
  const callOff = (quota: QuotaClass) => {
    alarms.get(quota)?.();
    alarms.delete(quota);
  };
  const setAlarm = (quota: QuotaClass, waitMs: number) => {
    callOff(quota);
    // Timers may fire a little early; the extra millisecond saves a second round.
    alarms.set(
      quota,
      clock.after(Math.ceil(waitMs) + 1, () => letOut(quota)),
    );
  };
  // One listener for each signal, however many calls wait with it.
  const watch = (signal: AbortSignal) => {
    if (watched.has(signal)) return;
    watched.add(signal);
    const turnAway = () => {
      turnAwayAll(queues, signal);
      for (const [quota, queue] of queues) if (queue.length === 0) callOff(quota);
    };
    signal.addEventListener("abort", turnAway, { once: true });
  };
  return {
    enter: (quota, signal) =>
      new Promise((pass, turnAway) => {
        if (signal?.aborted) return turnAway(signal.reason);
        if (signal !== undefined) watch(signal);
        const queue = queues.get(quota) ?? [];
        queues.set(quota, queue);
        queue.push({ signal, pass, turnAway });
        letOut(quota);
      }),
    queues: () =>
      limiter.classes().map((quota) => {
        const waiting = queues.get(quota)?.length ?? 0;
        const waitMs = waiting === 0 ? 0 : limiter.quotaWaitMs(quota, clock.nowMs());
        // Whoever waits for a call under way waits for no time that could be told.
        return {
          quota,
          waiting,
          waitMs: Number.isFinite(waitMs) ? waitMs : 0,
          ...limiter.pace(quota),
        };
      }),
    sleep: (ms, signal) => sleep(clock, ms, signal),
  };
}

function turnAwayAll(queues: ReadonlyMap<QuotaClass, Waiting[]>, signal: AbortSignal): void {
  for (const queue of queues.values()) {
    const away = queue.filter((waiting) => waiting.signal === signal);
    const rest = queue.filter((waiting) => waiting.signal !== signal);
    queue.splice(0, queue.length, ...rest);
    for (const { turnAway } of away) turnAway(signal.reason);
  }
}

function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
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
  });
}
