import {
  type Address,
  kindIn,
  type LiveResource,
  type PartlyRead,
  type ReadEvidence,
  type ReadScope,
  type ReadWay,
  type Sieve,
} from "../../../model/resource.ts";
import type { Part } from "./collected.ts";
import { counting } from "./counting.ts";
import { glimpseTaken } from "./glimpse.ts";
import {
  isKept,
  type KindRead,
  type ListedKind,
  readKind,
  type Source,
  siftedBy,
  takeIn,
  toListing,
} from "./listed.ts";
import { openListing, type Pages } from "./listing.ts";
import { type MarkedPages, openMarked } from "./marked.ts";
import { readPoint } from "./point.ts";
import { shareWith } from "./share.ts";

/** What a kind is read for. */
export interface EnoughAsked extends KindRead {
  readonly scope: ReadScope;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads of a kind what a plan needs, by whichever of these takes the fewest calls: its whole listing;
 * what the stack has marked, and what else is named one by one; or only what is named. How long the
 * listing is nobody says, so it is read until it has cost what the other way would cost: never more
 * than twice the calls of the cheapest (`docs/reads.md` has the proof).
 */
export async function readEnough(
  plain: Source,
  kind: ListedKind,
  asked: EnoughAsked,
): Promise<Part> {
  const { partly, mode = "auto" } = asked.scope;
  const { source, sent } = counting(plain);
  const why = whyWhole(source, kind, asked.scope);
  if (partly?.kinds.has(kind) !== true || why !== undefined) {
    const part = await readKind(source, kind, asked);
    return { ...part, evidence: { ...part.evidence, ...toChoice("list", why) } };
  }
  const search = toSearch(source, kind, partly, asked);
  const isNothing = search.marked === undefined && search.named.size === 0;
  if (mode === "auto" && !isNothing) await readWhile(search, asked.signal);
  else await readMarked(search, asked.signal);
  if (search.whole.standing !== "open") return toWhole(search, asked.sieve);
  const { calls } = search.whole;
  const points = [...search.missing].map((address) =>
    readPoint(source, kind, address, asked.signal),
  );
  for (const live of await Promise.all(points)) if (live !== undefined) keep(search, live);
  const reason = mode === "point" ? "--read point" : toReason(calls);
  return toPart(search, sent(), isNothing ? "nothing of it is named" : reason);
}

function toReason(calls: number): string {
  return `the whole listing takes more than ${calls} ${calls === 1 ? "call" : "calls"}`;
}

/** Why a kind is listed whole although some of it would be enough. */
function whyWhole({ dialect }: Source, kind: ListedKind, scope: ReadScope): string | undefined {
  const { partly, mode } = scope;
  if (partly?.kinds.has(kind) !== true) return scope.wholeFor?.get(kind);
  if (mode === "list") return "--read list";
  const isBlind = partly.stack !== undefined && dialect.tagFilter[kind] === undefined;
  return isBlind ? "this dialect cannot list by mark" : undefined;
}

interface Search {
  readonly source: Source;
  readonly kind: ListedKind;
  readonly whole: Pages;
  /** What is marked; there is nothing to list where there is no stack. */
  readonly marked: MarkedPages | undefined;
  readonly named: ReadonlySet<Address>;
  /** Named and not seen yet. */
  readonly missing: Set<Address>;
  /** What the pages of the whole listing brought. */
  readonly seen: Map<Address, LiveResource>;
  /** What is marked, or was asked for by its name. */
  readonly found: Map<Address, LiveResource>;
  readonly stack: string | undefined;
  readonly sieve: Sieve | undefined;
  readonly desired: KindRead["desired"];
}

function toSearch(
  source: Source,
  kind: ListedKind,
  { wanted, stack }: PartlyRead,
  { sieve, desired }: KindRead,
): Search {
  const named = new Set([...wanted].filter((address) => kindIn(address) === kind));
  const filter = source.dialect.tagFilter[kind] ?? "";
  const marked = stack === undefined ? undefined : openMarked(source, kind, { stack, filter });
  const whole = openListing(source.api, toListing(source, kind, named.size));
  const kept = { seen: new Map(), found: new Map() };
  return {
    source,
    kind,
    whole,
    marked,
    named,
    missing: new Set(named),
    ...kept,
    stack,
    sieve,
    desired,
  };
}

/*
 *   whole   ▇▇▇▇ ▁▁ ▁ ▁ ▁▁▁▁▁    as many pages as what is named would fill, then in step with
 *   marked       ▇▇ ▇ ▇          the marked ones until these end, then until it has cost as much as
 *   points               ▇▇▇▇▇   the marked ones and what is still missing: that is then asked for
 */
/** Reads the whole listing as long as that may be the cheapest way. */
async function readWhile(search: Search, signal: AbortSignal | undefined): Promise<void> {
  const { whole, marked, named } = search;
  const state = { size: 1, least: 1, aheadFrom: 0 };
  while (whole.standing === "open") {
    const isIdle = whole.pending === 0 && whole.calls >= state.least;
    if (isIdle && isMarkedNext(search)) {
      state.aheadFrom = whole.calls;
      await readMarkedPage(search, state.size, signal);
    } else if (isIdle && marked?.isOver !== false && whole.calls >= restCalls(search)) {
      return;
    } else {
      const callsMax = whole.calls < state.least ? state.least : callsWorth(search);
      const rows = await readWholePage(search, { ...state, callsMax }, signal);
      state.size = Math.max(state.size, rows);
      state.least = Math.max(1, Math.min(named.size, Math.floor(named.size / state.size) + 1));
    }
  }
}

function isMarkedNext({ whole, marked }: Search): boolean {
  return marked?.isOver === false && (marked.pending > 0 || marked.calls < whole.calls);
}

/** How many pages are worth it. Where both listings go on in step there is only the next one. */
function callsWorth(search: Search): number {
  return search.marked?.isOver === false ? search.whole.calls : restCalls(search);
}

/** What the other way would cost, once that is known. A filter that does not hold leaves none. */
function restCalls({ marked, missing }: Search): number {
  if (marked?.isHonest === false) return Number.POSITIVE_INFINITY;
  return (marked?.calls ?? 0) + missing.size;
}

async function readWholePage(
  { source, kind, whole, missing, seen, sieve, desired }: Search,
  bounds: Parameters<Pages["next"]>[0],
  signal: AbortSignal | undefined,
): Promise<number> {
  const rows = await whole.next(bounds, signal);
  for (const row of rows) {
    if (!isKept(kind, row, sieve)) continue;
    const read = takeIn(source, kind, row);
    const live = shareWith(desired.get(read.address), read);
    seen.set(live.address, live);
    missing.delete(live.address);
  }
  return rows.length;
}

/** What was seen of our mark is there to be listed, so that as many pages are no guess. */
async function readMarkedPage(
  search: Search,
  size: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { marked, whole, seen, stack } = search;
  if (marked === undefined) return;
  let ours = 0;
  for (const live of seen.values()) if (live.stack === stack && live.strayMark !== true) ours += 1;
  const callsMax = Math.min(whole.calls, Math.floor(ours / size) + 1);
  for (const live of await marked.next(callsMax, signal)) keep(search, live);
}

async function readMarked(search: Search, signal: AbortSignal | undefined): Promise<void> {
  const { marked } = search;
  while (marked?.isOver === false) {
    for (const live of await marked.next(1, signal)) keep(search, live);
  }
}

/** Keeps what was asked for. What it refers to may matter as well, and is told by nothing else. */
function keep({ found, missing, sieve }: Search, live: LiveResource): void {
  sieve?.(glimpseTaken(live));
  found.set(live.address, live);
  missing.delete(live.address);
}

function toWhole({ whole, marked, seen }: Search, sieve: Sieve | undefined): Part {
  const evidence = whole.toEvidence();
  const calls = evidence.calls + (marked?.calls ?? 0);
  const choice = toChoice("list", "it ended before anything else could have been cheaper");
  return {
    resources: [...seen.values()],
    evidence: { ...evidence, ...siftedBy(sieve), calls, ...choice },
  };
}

/** Strangers on the first pages are no better known than those on the others. */
function toPart({ kind, marked, named, seen, found }: Search, calls: number, why: string): Part {
  const part = marked?.toEvidence() ?? { collection: kind, complete: true };
  const inPages = [...seen.values()].filter(
    ({ address }) => named.has(address) && !found.has(address),
  );
  const resources = [...inPages, ...found.values()];
  const choice = toChoice(marked === undefined ? "points" : "marked", why);
  return { resources, evidence: { ...part, objects: resources.length, calls, ...choice } };
}

function toChoice(how: ReadWay, why: string | undefined): Pick<ReadEvidence, "how" | "why"> {
  return why === undefined ? { how } : { how, why };
}
