import type { Address, PartlyRead } from "../../../model/resource.ts";
import { markTags, toTexts } from "../marks.ts";
import { type Collected, collect, type Part } from "./collected.ts";
import { findKind } from "./find.ts";
import { LISTED, type ListedKind, readKind, type Source, toListing } from "./listed.ts";
import { openListing, type Pages, readListing } from "./listing.ts";

/*
 * The whole listing tells more: what nobody declared can be counted. So it is read as long as it
 * could be no longer than what the manifest names. An app that goes on beyond that is mostly other
 * people's, and of it only what is marked is read, and the rest of what is named one by one.
 */
/** Reads what a stack has marked of a kind and what else is wanted, or all of it where that is as cheap. */
export async function readPartly(
  source: Source,
  kind: ListedKind,
  { stack, wanted }: PartlyRead,
  into: Collected,
  signal: AbortSignal | undefined,
): Promise<void> {
  const filter = source.dialect.tagFilter[kind];
  if (filter === undefined) {
    collect(into, await readKind(source, kind, signal));
    return;
  }
  const named = new Set([...wanted].filter((address) => address.startsWith(`${kind}/`)));
  const pages = openListing(source.api, toListing(source, kind));
  await readUpTo(pages, named.size, signal);
  const { rows, evidence } = pages.toRows();
  const seen = rows.map(LISTED[kind].toLive);
  if (pages.standing !== "open") {
    collect(into, { resources: seen, evidence });
    return;
  }
  const marked = await readMarked(source, kind, { stack, filter }, signal);
  // Strangers on the first pages are no better known than those on the others.
  const resources = [...seen.filter(({ address }) => named.has(address)), ...marked.resources];
  const calls = pages.calls + marked.evidence.calls;
  collect(into, { resources, evidence: { ...marked.evidence, calls } });
  const missing = new Set([...named].filter((address) => !into.resources.has(address)));
  await findMissing(source, kind, missing, into, signal);
}

/** As many pages as this many resources and nothing else would fill, its confirmed end included. */
async function readUpTo(
  pages: Pages,
  count: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let size = 0;
  do {
    size = Math.max(size, (await pages.next(signal)).length);
  } while (pages.standing === "open" && pages.calls < Math.floor(count / size) + 1);
}

interface Filter {
  readonly stack: string;
  /** The name of the query parameter. */
  readonly filter: string;
}

/**
 * Reads what a stack has marked. The filter is taken at its word only as long as every row has the
 * mark: one that lets others through may as well have dropped some.
 */
async function readMarked(
  source: Source,
  kind: ListedKind,
  { stack, filter }: Filter,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const tag = tagOf(stack);
  const listing = toListing(source, kind);
  const query = { ...listing.query, [filter]: tag };
  const { rows, evidence } = await readListing(source.api, { ...listing, query }, signal);
  const marked = rows.filter((row) => toTexts(row["tags"]).includes(tag));
  const complete = evidence.complete && marked.length === rows.length;
  return {
    resources: marked.map(LISTED[kind].toLive),
    evidence: { ...evidence, objects: marked.length, complete, markedBy: stack },
  };
}

/** The tag by which a stack marks what carries its mark there. */
function tagOf(mark: string): string {
  const nothing = { reserved: undefined, isUnmarked: false, isProtected: false };
  return markTags(undefined, { ...nothing, home: "tags", mark }).join();
}

/** Adds what is named and not marked; what is not found is not there. */
async function findMissing(
  source: Source,
  kind: ListedKind,
  missing: ReadonlySet<Address>,
  into: Collected,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (missing.size === 0) return;
  const found: Collected = { resources: new Map(), evidence: new Map(), diagnostics: [] };
  await findKind(source, kind, missing, found, signal);
  for (const address of missing) {
    const live = found.resources.get(address);
    if (live !== undefined) into.resources.set(address, live);
  }
}
