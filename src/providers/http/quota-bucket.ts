import { type CallCount, counted, createCount, endOf, forget } from "./call-count.ts";
import { createView, turn, WINDOW_MS, type WindowView } from "./quota-window.ts";

/** A class joined in mid-window is cut to no less than this part: others had used the window, too. */
const CUT_JOINED = 1 / 2;
/** A window may have been others' for the most part; what is cut deeper takes hours to come back. */
const CUT_DEEPEST = 1 / 16;
/** How much of the allowance a quiet window gives back where replies tell what is left … */
const RAISE_SEEN = 1 / 20;
/** … and of the pace where only a refusal can: one call too many in a hundred may be refused. */
const RAISE_BLIND = 1 / 100;

/** A pace below the allowance, because a call was refused before it was used up. */
interface Cut {
  pace: number;
  readonly step: number;
  /** The window of the refusal is not over, so what is under way may still get through. */
  isFresh: boolean;
}

/** What is known of one class. */
export interface Bucket {
  readonly quota: string;
  /** The limit that is assumed. */
  readonly base: number;
  readonly stated: number | undefined;
  reported: { readonly limit: number; readonly endedMs: number } | undefined;
  /** When the class made its first call. */
  sinceMs: number;
  /** Whether a call has ended yet. */
  isHeard: boolean;
  /** Calls under way. */
  open: number;
  readonly count: CallCount;
  readonly view: WindowView;
  pausedUntilMs: number;
  wasRefused: boolean;
  cut: Cut | undefined;
}

/** A class of which nothing is known but what is said. */
export function createBucket(quota: string, base: number, stated: number | undefined): Bucket {
  return {
    quota,
    base,
    stated,
    reported: undefined,
    sinceMs: Number.POSITIVE_INFINITY,
    isHeard: false,
    open: 0,
    count: createCount(),
    view: createView(),
    pausedUntilMs: Number.NEGATIVE_INFINITY,
    wasRefused: false,
    cut: undefined,
  };
}

interface Told {
  readonly sentMs: number;
  readonly endedMs: number;
  readonly limit: number | undefined;
}

/** Takes a reported limit for what it is worth. */
export function learn(bucket: Bucket, { sentMs, endedMs, limit }: Told): void {
  const { reported } = bucket;
  if (limit === undefined || limit <= 0 || limit === reported?.limit) return;
  // Replies overtake each other. Of two whose order is not certain the lower limit is safe.
  const isNewer = reported === undefined || sentMs >= reported.endedMs;
  if (isNewer || limit < reported.limit) bucket.reported = { limit, endedMs };
}

/** What the service lets everybody do, as far as that is known. */
export function serviceLimit({ reported, stated, base }: Bucket): number {
  return reported?.limit ?? stated ?? base;
}

/** Brings a bucket up to a moment. */
export function settle(bucket: Bucket, nowMs: number, full: number): void {
  if (turn(bucket.view, nowMs)) close(bucket, full);
  forget(bucket.count, nowMs, bucket.view.floorMs);
}

/** A window is over: without a refusal in it, the pace goes up. */
export function close(bucket: Bucket, full: number): void {
  const { cut } = bucket;
  if (cut !== undefined) {
    if (!bucket.wasRefused) cut.pace += cut.step;
    cut.isFresh = false;
    if (cut.pace >= full) bucket.cut = undefined;
  }
  bucket.wasRefused = false;
}

/** The pace that a refused window has shown to be possible: all of it, if the limit fell below that. */
export function toCut(bucket: Bucket, full: number, isTold: boolean): Cut {
  const { view, sinceMs, count } = bucket;
  const before = Math.min(full, bucket.cut?.pace ?? full);
  const end = view.current;
  const startMs = (isTold ? end?.latestMs : end?.earliestMs) ?? Number.POSITIVE_INFINITY;
  const isJoined = sinceMs > startMs - WINDOW_MS;
  const least = Math.max(1, Math.floor(before * (isJoined ? CUT_JOINED : CUT_DEEPEST)));
  const pace = Math.min(before, Math.max(least, counted(count)));
  const step = view.used === undefined ? pace * RAISE_BLIND : full * RAISE_SEEN;
  return { pace, step: Math.max(1, Math.floor(step)), isFresh: true };
}

/** When the allowance lets another call go. */
export function roomWaitMs({ open, count, view }: Bucket, allowance: number): number {
  const over = open + counted(count) - allowance + 1;
  if (over <= 0) return Number.NEGATIVE_INFINITY;
  const endedMs = endOf(count, over);
  if (endedMs === undefined) return Number.POSITIVE_INFINITY;
  const minuteEndMs = endedMs + WINDOW_MS;
  const { current } = view;
  const isOfWindow = current !== undefined && endedMs <= current.earliestMs;
  return isOfWindow ? Math.min(current.latestMs, minuteEndMs) : minuteEndMs;
}

/**
 * When what the service has left lets another call go. Those under way may be counted already or
 * not, so as many have to be left: then none of them is one too many, whoever else calls.
 */
export function leftWaitMs(bucket: Bucket): number {
  const { view, open } = bucket;
  if (view.used === undefined || view.current === undefined) return Number.NEGATIVE_INFINITY;
  const left = serviceLimit(bucket) - view.used;
  if (open < left) return Number.NEGATIVE_INFINITY;
  return left > 0 ? Number.POSITIVE_INFINITY : view.current.latestMs;
}
