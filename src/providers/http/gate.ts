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
  const watch = createWatch((signal) => {
    turnAwayAll(queues, signal);
    for (const [quota, queue] of queues) if (queue.length === 0) callOff(quota);
  });

  const letOut = (quota: QuotaClass) => {
    const queue = queues.get(quota) ?? [];
    while (queue.length > 0) {
      const waitMs = limiter.waitMs(quota, clock.nowMs());
      if (waitMs > 0) {
        if (Number.isFinite(waitMs)) setAlarm(quota, waitMs);
        return;
      }
      const call = limiter.start(quota, clock.nowMs());
      const next = queue.shift();
      watch.drop(next?.signal);
      next?.pass((reading) => {
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
  return {
    enter: (quota, signal) =>
      new Promise((pass, turnAway) => {
        if (signal?.aborted) return turnAway(signal.reason);
        watch.add(signal);
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

/** Who waits with a signal. */
interface Watch {
  add(signal: AbortSignal | undefined): void;
  drop(signal: AbortSignal | undefined): void;
}

/**
 * One listener for each signal, however many calls wait with it, and none once none does: a signal may
 * outlive many gates.
 */
function createWatch(onAbort: (signal: AbortSignal) => void): Watch {
  const watched = new Map<AbortSignal, { readonly hear: () => void; waiting: number }>();
  return {
    add(signal) {
      if (signal === undefined) return;
      const known = watched.get(signal);
      if (known !== undefined) {
        known.waiting += 1;
        return;
      }
      const hear = () => {
        watched.delete(signal);
        onAbort(signal);
      };
      watched.set(signal, { hear, waiting: 1 });
      signal.addEventListener("abort", hear, { once: true });
    },
    drop(signal) {
      const known = signal === undefined ? undefined : watched.get(signal);
      if (signal === undefined || known === undefined) return;
      known.waiting -= 1;
      if (known.waiting > 0) return;
      watched.delete(signal);
      signal.removeEventListener("abort", known.hear);
    },
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
