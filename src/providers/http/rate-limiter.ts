/** A class of calls with a quota of its own. */
export type QuotaClass = string;

/** What a reply said about the quota of the class its call belongs to. */
export interface QuotaReading {
  /** Calls a minute the class may make. */
  readonly limit?: number | undefined;
  /** Calls that are left in the service's current window. */
  readonly remaining?: number | undefined;
  /** How long the service asks to wait after a refusal. */
  readonly retryAfterMs?: number | undefined;
}

/** What a limiter is set up with. */
export interface LimiterOptions {
  /** Calls a minute assumed for each class until a reply says otherwise. */
  readonly assumed: { readonly [quota: QuotaClass]: number };
  /** The part of each quota we may use, above 0 and at most 1. */
  readonly share: number;
  /** Calls that may be under way at once, over all classes. */
  readonly concurrency: number;
}

/** Milliseconds in which a class's allowance may be used once. */
const WINDOW_MS = 60_000;

interface Bucket {
  limit: number;
  /** Calls under way. */
  open: number;
  /** When each of the last window's calls ended, oldest first; `head` is the first that counts. */
  ended: number[];
  head: number;
  pausedUntilMs: number;
}

/**
 * Decides when a call may go out, as a pure state machine: the clock is an argument. In any 60 s a
 * class never makes more calls than its allowance, wherever the service's own window begins: a call
 * counts from when it is sent until 60 s after its reply, so it counts whenever the service may have
 * counted it.
 */
export class RateLimiter {
  readonly #buckets = new Map<QuotaClass, Bucket>();
  readonly #options: LimiterOptions;
  #open = 0;

  constructor(options: LimiterOptions) {
    this.#options = options;
  }

  /** Milliseconds until a call of this class may go out; 0 for now, `Infinity` until one ends. */
  waitMs(quota: QuotaClass, nowMs: number): number {
    const bucket = this.#bucket(quota);
    forget(bucket, nowMs);
    const pauseMs = Math.max(0, bucket.pausedUntilMs - nowMs);
    if (this.#open >= this.#options.concurrency) return Number.POSITIVE_INFINITY;
    const over = bucket.open + used(bucket) - this.allowance(quota) + 1;
    if (over <= 0) return pauseMs;
    const frees = bucket.ended[bucket.head + over - 1];
    if (frees === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(pauseMs, frees + WINDOW_MS - nowMs);
  }

  /** Calls a minute this class may make. */
  allowance(quota: QuotaClass): number {
    return Math.max(1, Math.floor(this.#bucket(quota).limit * this.#options.share));
  }

  /** Notes that a call goes out. */
  start(quota: QuotaClass): void {
    this.#bucket(quota).open += 1;
    this.#open += 1;
  }

  /** Notes that a call has ended, and what its reply said. */
  end(quota: QuotaClass, nowMs: number, reading: QuotaReading = {}): void {
    const bucket = this.#bucket(quota);
    bucket.open -= 1;
    this.#open -= 1;
    bucket.ended.push(nowMs);
    if (reading.limit !== undefined && reading.limit > 0) bucket.limit = reading.limit;
    if (reading.retryAfterMs !== undefined) this.#pause(bucket, nowMs + reading.retryAfterMs);
    else if (reading.remaining === 0) this.#pause(bucket, nowMs + WINDOW_MS);
  }

  #pause(bucket: Bucket, untilMs: number): void {
    bucket.pausedUntilMs = Math.max(bucket.pausedUntilMs, untilMs);
  }

  #bucket(quota: QuotaClass): Bucket {
    const known = this.#buckets.get(quota);
    if (known !== undefined) return known;
    const limit = this.#options.assumed[quota] ?? Number.POSITIVE_INFINITY;
    const bucket: Bucket = { limit, open: 0, ended: [], head: 0, pausedUntilMs: 0 };
    this.#buckets.set(quota, bucket);
    return bucket;
  }
}

function used(bucket: Bucket): number {
  return bucket.ended.length - bucket.head;
}

function forget(bucket: Bucket, nowMs: number): void {
  const { ended } = bucket;
  while (bucket.head < ended.length && (ended[bucket.head] ?? 0) <= nowMs - WINDOW_MS) {
    bucket.head += 1;
  }
  // Dropped in bulk, so that forgetting costs nothing per call.
  if (bucket.head > 4_096 && bucket.head * 2 > ended.length) {
    bucket.ended = ended.slice(bucket.head);
    bucket.head = 0;
  }
}
