import { quotaReadingOf } from "../../src/providers/cometchat/quota-headers.ts";
import { type Departure, RateLimiter } from "../../src/providers/http/rate-limiter.ts";

/** How the service spells what it tells of quotas. */
export type Spelling = "hyphened" | "joined" | "none";

/** A service with a quota, its end users, and a client that always has something to send. */
export interface QuotaScene {
  readonly quota: number;
  readonly share: number;
  /** What the client takes for the quota before it is told. */
  readonly assumed: number;
  readonly stated?: number;
  readonly concurrency: number;
  readonly latencyMs: readonly [min: number, max: number];
  readonly spelling: Spelling;
  /** Whether a refusal says when to come back. */
  readonly isRetryTold: boolean;
  /** Whether replies are dated; else the client's own time of day has to do, which may be wrong. */
  readonly isDated: boolean;
  /** From when on the quota is another one. */
  readonly change?: { readonly atMs: number; readonly quota: number };
  /** Calls a minute of the app's end users, spread at random. */
  readonly users: number;
  readonly calls: number;
  readonly untilMs: number;
  readonly seed: number;
}

/** One minute of the service's: how many calls it took, of ours and in all, and refused of ours. */
export interface ServedWindow {
  readonly startMs: number;
  readonly limit: number;
  ours: number;
  all: number;
  refused: number;
  /** Whether a call of ours was still to be sent when it ended. */
  isWanted: boolean;
}

/** What came of a scene. */
export interface QuotaRun {
  readonly windows: readonly ServedWindow[];
  readonly sent: number;
  readonly refused: number;
  readonly taken: number;
  readonly endMs: number;
  /** When the client was first told of the quota that changed. */
  readonly toldMs: number;
}

const WINDOW_MS = 60_000;
const MIDNIGHT_MS = 1_700_000_000_000;

type Event = { readonly atMs: number; readonly run: () => void };

/** Plays a scene on a clock of its own, and counts as the service does. */
export function playQuota(scene: QuotaScene): QuotaRun {
  const { untilMs, change, concurrency, share, stated } = scene;
  const random = toRandom(scene.seed);
  const limiter = new RateLimiter({
    assumed: { core: scene.assumed },
    ...(stated === undefined ? {} : { stated: { core: stated } }),
    share,
    concurrency,
  });
  const windows: ServedWindow[] = [];
  const events = createAgenda();
  let nowMs = 0;
  let [left, sent, refused, taken] = [scene.calls, 0, 0, 0];
  let [wakeMs, toldMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const limitNow = () =>
    change !== undefined && nowMs >= change.atMs ? change.quota : scene.quota;

  const windowNow = (): ServedWindow => {
    const limit = limitNow();
    const last = windows.at(-1);
    if (last !== undefined && nowMs < last.startMs + WINDOW_MS) return last;
    if (last !== undefined) last.isWanted = left > 0;
    const fresh = { startMs: nowMs, limit, ours: 0, all: 0, refused: 0, isWanted: false };
    windows.push(fresh);
    return fresh;
  };
  const serve = (isOurs: boolean): Served => {
    const window = windowNow();
    const limit = limitNow();
    const isRefused = window.all >= limit;
    if (isRefused && isOurs) window.refused += 1;
    if (!isRefused) window.all += 1;
    if (!isRefused && isOurs) window.ours += 1;
    const remaining = Math.max(0, limit - window.all);
    return { isRefused, limit, remaining, endMs: window.startMs + WINDOW_MS, atMs: nowMs };
  };
  const delay = () => scene.latencyMs[0] + random() * (scene.latencyMs[1] - scene.latencyMs[0]);
  const send = () => {
    const call = limiter.start("core", nowMs);
    left -= 1;
    sent += 1;
    const [thereMs, backMs] = split(delay(), random());
    let served: Served;
    events.add(nowMs + thereMs, () => {
      served = serve(true);
    });
    events.add(nowMs + thereMs + backMs, () => receive(call, served));
  };
  const receive = (call: Departure, served: Served) => {
    const { isRefused } = served;
    if (isRefused) left += 1;
    if (isRefused) refused += 1;
    else taken += 1;
    if (served.limit !== scene.quota) toldMs = Math.min(toldMs, nowMs);
    // An hour off, as clocks are that nobody sets.
    const wallMs = () => MIDNIGHT_MS + nowMs + 3_600_000;
    const headers = toHeaders(scene, served);
    const reply = { status: isRefused ? 429 : 200, headers, text: "" };
    limiter.end(call, nowMs, quotaReadingOf(reply, wallMs));
  };
  const letOut = () => {
    while (left > 0) {
      const waitMs = limiter.waitMs("core", nowMs);
      if (waitMs > 0) {
        const atMs = nowMs + waitMs;
        if (!Number.isFinite(waitMs) || (wakeMs > nowMs && wakeMs <= atMs)) return;
        wakeMs = atMs;
        events.add(atMs, () => undefined);
        return;
      }
      send();
    }
  };
  const addUser = () => {
    const gapMs = (-Math.log(1 - random()) * WINDOW_MS) / scene.users;
    events.add(nowMs + gapMs, () => {
      serve(false);
      addUser();
    });
  };
  if (scene.users > 0) addUser();
  if (change !== undefined) events.add(change.atMs, () => undefined);
  letOut();
  for (let event = events.next(); event !== undefined && event.atMs < untilMs; ) {
    nowMs = event.atMs;
    event.run();
    letOut();
    if (left === 0 && taken === scene.calls) break;
    event = events.next();
  }
  return { windows, sent, refused, taken, endMs: nowMs, toldMs };
}

interface Served {
  readonly isRefused: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly endMs: number;
  readonly atMs: number;
}

type Headers = { readonly [name: string]: string };

function toHeaders(scene: QuotaScene, served: Served): Headers {
  const { isRefused, limit, remaining, endMs, atMs } = served;
  const date = new Date(MIDNIGHT_MS + Math.floor(atMs / 1_000) * 1_000).toUTCString();
  const dated: Headers = scene.isDated ? { date } : {};
  const retryAfter = String(Math.max(1, Math.ceil((endMs - atMs) / 1_000)));
  const retry: Headers = isRefused && scene.isRetryTold ? { "retry-after": retryAfter } : {};
  const counts = { limit: String(limit), remaining: String(remaining) };
  const reset = String(Math.ceil((MIDNIGHT_MS + endMs) / 1_000));
  const hasReset = scene.isRetryTold && scene.isDated && isRefused;
  switch (scene.spelling) {
    case "none":
      return { ...dated, ...retry };
    case "hyphened": {
      const told = { "x-rate-limit": counts.limit, "x-rate-limit-remaining": counts.remaining };
      return { ...dated, ...retry, ...told, ...(hasReset ? { "x-rate-limit-reset": reset } : {}) };
    }
    case "joined": {
      const told = {
        "x-ratelimit-limit": counts.limit,
        "x-ratelimit-remaining": counts.remaining,
      };
      return { ...dated, ...retry, ...told, ...(hasReset ? { "x-ratelimit-reset": reset } : {}) };
    }
  }
}

function split(wholeMs: number, part: number): readonly [thereMs: number, backMs: number] {
  return [wholeMs * part, wholeMs * (1 - part)];
}

/** Events in the order of their time; those of one moment in the order in which they were added. */
function createAgenda() {
  const heap: (Event & { readonly order: number })[] = [];
  let added = 0;
  const isBefore = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
  };
  const swap = (a: number, b: number) => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  };
  return {
    add(atMs: number, run: () => void) {
      added += 1;
      heap.push({ atMs, run, order: added });
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    next(): Event | undefined {
      swap(0, heap.length - 1);
      const first = heap.pop();
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const least = isBefore(right, left) ? right : left;
        if (!isBefore(least, at)) break;
        swap(least, at);
        at = least;
      }
      return first;
    },
  };
}

/** Numbers from 0 to 1 that are the same for the same seed. */
function toRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
