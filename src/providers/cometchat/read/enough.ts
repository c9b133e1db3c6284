import {
  type Address,
  kindIn,
  type ReadEvidence,
  type ReadScope,
  type ReadWay,
} from "../../../model/resource.ts";
import { nothingCollected, type Part } from "./collected.ts";
import { counting } from "./counting.ts";
import { findKind } from "./find-kind.ts";
import { glimpseAsked } from "./glimpse.ts";
import {
  isKept,
  type KindRead,
  type ListedKind,
  readKind,
  type Source,
  siftedBy,
  takeIn,
} from "./listed.ts";
import {
  isDoubted,
  openSearch,
  readMarked,
  readPoints,
  readRest,
  readWhile,
  type Search,
} from "./search.ts";
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
 * than twice the calls of the cheapest (`docs/reads.md` has the proof). Where one way leads nowhere, by
 * a listing that moved or a filter that does not hold, the other is gone to its end.
 */
export async function readEnough(
  plain: Source,
  kind: ListedKind,
  asked: EnoughAsked,
): Promise<Part> {
  const { source, sent } = counting(plain);
  const { signal, desired, sieve, scope } = asked;
  const { partly, mode = "auto" } = scope;
  const why = whyWhole(source, kind, scope);
  if (partly?.kinds.has(kind) !== true || why !== undefined) {
    const { resources, evidence } = await readWhole(source, kind, asked);
    return { resources, evidence: { ...evidence, calls: sent(), ...toChoice("list", why) } };
  }
  const search = openSearch({
    ...{ source, kind, named: namedOf(kind, asked), stack: partly.stack },
    take(row) {
      if (!isKept(kind, row, sieve)) return undefined;
      const live = takeIn(source, kind, row);
      return shareWith(desired.get(live.address), live);
    },
    // What it refers to may matter as well, and is told by nothing else.
    note: (live) => sieve?.(glimpseAsked(live)),
  });
  const isNothing = search.marked === undefined && search.named.size === 0;
  if (mode === "auto" && !isNothing) await readWhile(search, signal);
  await readOthers(search, signal);
  const { resources, evidence } = isEnded(search) ? toWhole(search, asked) : toPart(search);
  const reason = isNothing ? "nothing of it is named" : whyThis(search, mode);
  return { resources, evidence: { ...evidence, calls: sent(), why: reason } };
}

/** Why a kind is listed whole although some of it would be enough. */
function whyWhole({ dialect }: Source, kind: ListedKind, scope: ReadScope): string | undefined {
  const { partly, mode } = scope;
  if (partly?.kinds.has(kind) !== true) return scope.wholeFor?.get(kind);
  if (mode === "list") return "--read list";
  const isBlind = partly.stack !== undefined && dialect.tagFilter[kind] === undefined;
  return isBlind ? "this dialect cannot list by mark" : undefined;
}

/** What of a kind is to be known afterwards to be there or not. */
function namedOf(kind: ListedKind, { scope, desired }: EnoughAsked): ReadonlySet<Address> {
  const named = [...(scope.partly?.wanted ?? desired.keys())];
  return new Set(named.filter((address) => kindIn(address) === kind));
}

/** Reads the whole listing. What it may have left out, because it moved, must not be created anew. */
async function readWhole(source: Source, kind: ListedKind, asked: EnoughAsked): Promise<Part> {
  const { resources, evidence } = await readKind(source, kind, asked);
  if (evidence.complete) return { resources, evidence };
  const wanted = new Set(namedOf(kind, asked));
  for (const { address } of resources) wanted.delete(address);
  const more = nothingCollected();
  await findKind(source, { kind, wanted }, more, asked.signal);
  const found = [...more.resources.values()];
  for (const live of found) asked.sieve?.(glimpseAsked(live));
  return { resources: [...resources, ...found], evidence };
}

/** Reads what the whole listing has not shown. */
async function readOthers(search: Search, signal: AbortSignal | undefined): Promise<void> {
  if (isEnded(search)) return;
  await readMarked(search, signal);
  if (isDoubted(search)) await readRest(search, signal);
  if (isEnded(search)) return;
  await readPoints(search, signal);
  if (isDoubted(search)) await readRest(search, signal);
}

function isEnded({ whole }: Search): boolean {
  return whole.standing === "ended";
}

function toWhole(search: Search, { sieve }: EnoughAsked): Part {
  const { whole, seen, found, named, stack } = search;
  // What else was found, being marked by several stacks, was counted on its page.
  const asked = [...found].filter(([address, live]) => named.has(address) || live.stack === stack);
  const resources = new Map([...asked, ...seen]);
  const evidence = { ...whole.toEvidence(), ...siftedBy(sieve), ...toChoice("list", undefined) };
  return { resources: [...resources.values()], evidence };
}

/** Strangers on the first pages are no better known than those on the others. */
function toPart(search: Search): Part {
  const { kind, marked, named, seen, found, unshown } = search;
  const { complete, ...part } = marked?.toEvidence() ?? {
    ...{ collection: kind, calls: 0, complete: true },
  };
  const inPages = [...seen].filter(
    ([address]) => (named.has(address) || unshown.has(address)) && !found.has(address),
  );
  const resources = [...inPages.map(([, live]) => live), ...found.values()];
  const how = toChoice(marked === undefined ? "points" : "marked", undefined);
  const evidence = { ...part, objects: resources.length, ...how };
  return { resources, evidence: { ...evidence, complete: complete && !isDoubted(search) } };
}

/** Why it was read like this. */
function whyThis(search: Search, mode: ReadScope["mode"]): string {
  const { standing, calls } = search.whole;
  if (isDoubted(search)) return "the listing by mark cannot be taken at its word";
  if (standing === "ended") return "it ended before anything else could have been cheaper";
  if (standing === "moved") return "the whole listing changed while it was read";
  if (mode === "point") return "--read point";
  return `the whole listing takes more than ${calls} ${calls === 1 ? "call" : "calls"}`;
}

function toChoice(how: ReadWay, why: string | undefined): Pick<ReadEvidence, "how" | "why"> {
  return why === undefined ? { how } : { how, why };
}
