/** Calls that are still to be sent under one quota. */
export interface Queue {
  readonly calls: number;
  /** Calls a minute that are ours; missing where nothing is known of the quota. */
  readonly allowance?: number | undefined;
  /** How long the next call has to wait. */
  readonly waitMs: number;
  /** How many of ours the last minute has seen. */
  readonly used: number;
  /** Until the first of these no longer counts. */
  readonly freshMs: number;
}

/** What is known of a run's pace. */
export interface Pace {
  readonly queues: readonly Queue[];
  /** While no quota holds calls back; over all quotas together. */
  readonly callsPerSecond: number;
}

const MINUTE_MS = 60_000;

/**
 * How long the rest will take: as long as the calls take at the present speed, or as long as a quota
 * keeps them, which comes in minutes.
 */
export function timeLeft({ queues, callsPerSecond }: Pace): number | undefined {
  if (callsPerSecond <= 0) return undefined;
  const msPerCall = 1_000 / callsPerSecond;
  const sum = queues.reduce((total, { calls }) => total + calls, 0);
  return Math.max(sum * msPerCall, ...queues.map((queue) => keptMs(queue, msPerCall)));
}

/**
 *   used  wait          allowance              allowance        rest
 *   ████|      |████████            |████████            |███
 *             ^ waitMs or freshMs    ^ a minute later      ^ and the last ones as they flow
 */
function keptMs({ calls, allowance, waitMs, used, freshMs }: Queue, msPerCall: number): number {
  if (calls === 0) return 0;
  if (allowance === undefined || allowance <= 0) return waitMs + calls * msPerCall;
  const room = waitMs > 0 ? 0 : Math.max(0, allowance - used);
  const kept = calls - room;
  if (kept <= 0) return calls * msPerCall;
  const minutes = Math.ceil(kept / allowance) - 1;
  const rest = kept - minutes * allowance;
  const untilRoomMs = waitMs > 0 ? waitMs : Math.max(0, freshMs);
  return untilRoomMs + minutes * MINUTE_MS + rest * msPerCall;
}
