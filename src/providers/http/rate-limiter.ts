import {
  type Bucket,
  close,
  createBucket,
  learn,
  leftWaitMs,
  roomWaitMs,
  serviceLimit,
  settle,
  toCut,
} from "./quota-bucket.ts";
import { look, WINDOW_MS } from "./quota-window.ts";

/** A class of calls with a quota of its own. */
export type QuotaClass = string;

/** What a reply said about the quota of the class its call belongs to. */
export interface QuotaReading {
  /** Calls a minute the class may make. */
  readonly limit?: number | undefined;
  /** Calls that are left in the service's current window. */
  readonly remaining?: number | undefined;
  /** The call was refused because the quota is used up. */
  readonly isRefused?: boolean;
  /** How long the service's current window goes on, or how long a refusal asks to wait. */
  readonly endsInMs?: number | undefined;
}

/** Calls a minute by class. */
export type Quotas = { readonly [quota: QuotaClass]: number };

/** What a limiter is set up with. */
export interface LimiterOptions {
  /** What each class may do until a reply says otherwise. */
  readonly assumed: Quotas;
  /** What the user says instead: believed unless the service says less. */
  readonly stated?: Quotas;
  /** The part of each quota we may use, above 0 and at most 1. */
  readonly share: number;
  /** Classes that nobody else uses, so that all of their quota is ours. */
  readonly unshared?: ReadonlySet<QuotaClass>;
  /** Classes that are assumed to have no more than what is learnt of another one. */
  readonly cappedBy?: { readonly [quota: QuotaClass]: QuotaClass };
  /** Calls that may be under way at once, over all classes. */
  readonly concurrency: number;
}

/** A call that was let out. */
export interface Departure {
  readonly quota: QuotaClass;
  readonly sentMs: number;
}

/** How fast a class may go, and by whose word. */
export interface Pace {
  readonly limit: number;
  readonly allowance: number;
  /** The allowance is cut because of a refusal. */
  readonly slowed?: true;
  /** What it would be without that. */
  readonly unslowed?: number;
  readonly source: "assumed" | "stated" | "learnt";
}

const UNLIMITED = Number.POSITIVE_INFINITY;

interface Refusal {
  readonly sentMs: number;
  readonly nowMs: number;
  readonly reading: QuotaReading;
}

/**
 * Decides when a call may go out, as a pure state machine: the clock is an argument. In none of the
 * service's windows, wherever they begin, a class makes more calls than its allowance: a call counts
 * from when it is sent until 60 s after its reply, or until the window in which it was counted is
 * certainly over. No more calls are under way than the service says are left.
 */
export class RateLimiter {
  readonly #buckets = new Map<QuotaClass, Bucket>();
  readonly #options: LimiterOptions;
  #open = 0;

  constructor(options: LimiterOptions) {
    this.#options = options;
    for (const quota of Object.keys(options.assumed)) this.#bucket(quota);
  }

  /** Milliseconds until a call of this class may go out; 0 for now, `Infinity` until one ends. */
  waitMs(quota: QuotaClass, nowMs: number): number {
    const isFull = this.#open >= this.#options.concurrency;
    return isFull ? Number.POSITIVE_INFINITY : this.quotaWaitMs(quota, nowMs);
  }

  /** The same, but for what the quota has to say alone. */
  quotaWaitMs(quota: QuotaClass, nowMs: number): number {
    const bucket = this.#bucket(quota);
    settle(bucket, nowMs, this.#full(bucket));
    // The first call goes alone: its reply may tell that there are far fewer than was assumed.
    if (!bucket.isHeard && bucket.open > 0) return UNLIMITED;
    const pauseMs = bucket.pausedUntilMs - nowMs;
    const roomMs = roomWaitMs(bucket, this.allowance(quota)) - nowMs;
    return Math.max(0, pauseMs, roomMs, leftWaitMs(bucket) - nowMs);
  }

  /** Classes that are known. */
  classes(): readonly QuotaClass[] {
    return [...this.#buckets.keys()];
  }

  /** Calls a minute this class makes at most. */
  allowance(quota: QuotaClass): number {
    const bucket = this.#bucket(quota);
    return Math.min(this.#full(bucket), bucket.cut?.pace ?? UNLIMITED);
  }

  /** How fast this class may go, and by whose word. */
  pace(quota: QuotaClass): Pace {
    const bucket = this.#bucket(quota);
    const { reported, stated } = bucket;
    const allowance = this.allowance(quota);
    const unslowed = this.#full(bucket);
    const speed = {
      allowance,
      ...(allowance < unslowed ? { slowed: true as const, unslowed } : {}),
    };
    if (reported !== undefined && reported.limit < (stated ?? UNLIMITED)) {
      return { limit: reported.limit, ...speed, source: "learnt" };
    }
    return stated === undefined
      ? { limit: this.#base(bucket), ...speed, source: "assumed" }
      : { limit: stated, ...speed, source: "stated" };
  }

  /** Notes that a call goes out. */
  start(quota: QuotaClass, nowMs: number): Departure {
    const bucket = this.#bucket(quota);
    bucket.sinceMs = Math.min(bucket.sinceMs, nowMs);
    bucket.open += 1;
    this.#open += 1;
    return { quota, sentMs: nowMs };
  }

  /** Notes that a call has ended, and what its reply said. */
  end({ quota, sentMs }: Departure, nowMs: number, reading: QuotaReading = {}): void {
    const bucket = this.#bucket(quota);
    bucket.open -= 1;
    bucket.isHeard = true;
    this.#open -= 1;
    settle(bucket, nowMs, this.#full(bucket));
    const { limit, remaining, isRefused = false, endsInMs } = reading;
    learn(bucket, { sentMs, endedMs: nowMs, limit });
    if (!isRefused) bucket.count.ended.push(nowMs);
    const of = limit ?? serviceLimit(bucket);
    const isTelling = !isRefused && remaining !== undefined && Number.isFinite(of);
    const used = isTelling ? of - remaining : undefined;
    const sign = { sentMs, endedMs: nowMs, used, isExact: limit !== undefined, endsInMs };
    if (look(bucket.view, sign)) close(bucket, this.#full(bucket));
    settle(bucket, nowMs, this.#full(bucket));
    if (isRefused) this.#refuse(bucket, { sentMs, nowMs, reading });
    else if (bucket.cut?.isFresh === true) bucket.cut.pace += 1;
  }

  /** What is under way when a call is refused is refused with it: that is one event. */
  #refuse(bucket: Bucket, { sentMs, nowMs, reading }: Refusal): void {
    const isNew = sentMs >= bucket.pausedUntilMs;
    const { endsInMs } = reading;
    const windowEndMs = bucket.view.current?.latestMs ?? nowMs + WINDOW_MS;
    const untilMs = endsInMs === undefined ? windowEndMs : nowMs + endsInMs;
    bucket.pausedUntilMs = Math.max(bucket.pausedUntilMs, untilMs);
    if (!isNew) return;
    bucket.wasRefused = true;
    bucket.cut = toCut(bucket, this.#full(bucket), endsInMs !== undefined);
  }

  #full(bucket: Bucket): number {
    const { stated, reported, quota } = bucket;
    const limit = Math.min(stated ?? UNLIMITED, reported?.limit ?? stated ?? this.#base(bucket));
    const share = this.#options.unshared?.has(quota) ? 1 : this.#options.share;
    // 100 calls × 29 % are 28.999… in floating point.
    return Math.max(1, Math.floor(limit * share + 1e-9));
  }

  /** What is assumed of a class, in view of what is known of the others. */
  #base({ quota, base }: Bucket): number {
    const cap = this.#options.cappedBy?.[quota];
    const known = cap === undefined ? undefined : this.#buckets.get(cap)?.reported;
    return Math.min(base, known?.limit ?? UNLIMITED);
  }

  #bucket(quota: QuotaClass): Bucket {
    const known = this.#buckets.get(quota);
    if (known !== undefined) return known;
    const { assumed, stated } = this.#options;
    const bucket = createBucket(quota, assumed[quota] ?? UNLIMITED, stated?.[quota]);
    this.#buckets.set(quota, bucket);
    return bucket;
  }
}
