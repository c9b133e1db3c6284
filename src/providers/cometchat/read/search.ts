import type { JsonObject } from "../../../model/json.ts";
import type { Address, LiveResource } from "../../../model/resource.ts";
import type { ListedKind, Source } from "./listed.ts";
import { toListing } from "./listed.ts";
import { openListing, type Pages } from "./listing.ts";
import { type MarkedPages, openMarked } from "./marked.ts";
import { readPoint } from "./point.ts";

/** What is looked for of a kind. */
export interface Sought {
  readonly source: Source;
  readonly kind: ListedKind;
  readonly named: ReadonlySet<Address>;
  /** The stack of which everything marked is looked for as well, if there is one. */
  readonly stack?: string | undefined;
  /** Takes in a row of the whole listing; `undefined` where it is not worth it. */
  take(row: JsonObject): LiveResource | undefined;
  /** Takes note of a resource that came by its mark or its name. */
  note?(live: LiveResource): unknown;
}

/** A search on its way. */
export interface Search extends Sought {
  readonly whole: Pages;
  /** What is marked; there is nothing to list where there is no stack. */
  readonly marked: MarkedPages | undefined;
  /** Named and not seen yet. */
  readonly missing: Set<Address>;
  /** What the pages of the whole listing brought. */
  readonly seen: Map<Address, LiveResource>;
  /** What is marked, or was asked for by its name. */
  readonly found: Map<Address, LiveResource>;
  /** What the listing by mark has shown. */
  readonly shown: Set<Address>;
  /** What carries our mark where that listing would find it, and was not shown by it. */
  readonly unshown: Set<Address>;
}

/** Begins a search. */
export function openSearch(sought: Sought): Search {
  const { source, kind, named, stack } = sought;
  const filter = source.dialect.tagFilter[kind] ?? "";
  return {
    ...sought,
    whole: openListing(source.api, toListing(source, kind, named.size)),
    marked: stack === undefined ? undefined : openMarked(source, kind, { stack, filter }),
    missing: new Set(named),
    seen: new Map(),
    found: new Map(),
    shown: new Set(),
    unshown: new Set(),
  };
}

/**
 * Whether the listing by mark cannot be taken at its word: it showed what lacks the mark, or has left
 * out what carries it.
 */
export function isDoubted({ marked, unshown }: Search): boolean {
  if (marked === undefined) return false;
  return !marked.isHonest || (marked.isOver && unshown.size > 0);
}

/*
 *   whole   ▇▇▇▇ ▁▁ ▁ ▁ ▁▁▁▁▁    as many pages as what is named would fill, then in step with
 *   marked       ▇▇ ▇ ▇          the marked ones until these end, then until it has cost as much as
 *   points               ▇▇▇▇▇   the marked ones and what is still missing: that is then asked for
 */
/** Reads the whole listing as long as that may be the cheapest way. */
export async function readWhile(search: Search, signal: AbortSignal | undefined): Promise<void> {
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
function restCalls(search: Search): number {
  if (isDoubted(search)) return Number.POSITIVE_INFINITY;
  return (search.marked?.calls ?? 0) + search.missing.size;
}

async function readWholePage(
  search: Search,
  bounds: Parameters<Pages["next"]>[0],
  signal: AbortSignal | undefined,
): Promise<number> {
  const rows = await search.whole.next(bounds, signal);
  for (const row of rows) {
    const live = search.take(row);
    if (live === undefined) continue;
    search.seen.set(live.address, live);
    search.missing.delete(live.address);
    noteMark(search, live);
  }
  return rows.length;
}

/** What was seen of our mark is there to be listed, so that as many pages are no guess. */
async function readMarkedPage(
  search: Search,
  size: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { whole, shown, unshown } = search;
  const ours = shown.size + unshown.size;
  await nextMarked(search, Math.min(whole.calls, Math.floor(ours / size) + 1), signal);
}

/** Reads the listing by mark to its end. */
export async function readMarked(search: Search, signal: AbortSignal | undefined): Promise<void> {
  while (search.marked?.isOver === false) await nextMarked(search, 1, signal);
}

async function nextMarked(
  search: Search,
  callsMax: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const live of (await search.marked?.next(callsMax, signal)) ?? []) {
    search.shown.add(live.address);
    search.unshown.delete(live.address);
    keep(search, live);
  }
}

/** Reads the whole listing to its end, whatever that takes. */
export async function readRest(search: Search, signal: AbortSignal | undefined): Promise<void> {
  while (search.whole.standing === "open") await readWholePage(search, {}, signal);
}

/** Asks by name for what was not seen. */
export async function readPoints(search: Search, signal: AbortSignal | undefined): Promise<void> {
  const { source, kind, missing } = search;
  const points = [...missing].map((address) => readPoint(source, kind, address, signal));
  for (const live of await Promise.all(points)) {
    if (live === undefined) continue;
    keep(search, live);
    noteMark(search, live);
  }
}

function keep({ found, missing, note }: Search, live: LiveResource): void {
  note?.(live);
  found.set(live.address, live);
  missing.delete(live.address);
}

function noteMark({ stack, shown, unshown }: Search, live: LiveResource): void {
  const isOurs = stack !== undefined && live.stack === stack && live.strayMark !== true;
  if (isOurs && !shown.has(live.address)) unshown.add(live.address);
}
