import type { JsonObject } from "../../../model/json.ts";
import type { LiveResource, ReadEvidence } from "../../../model/resource.ts";
import { markTags, toTexts } from "../marks.ts";
import { type ListedKind, type Source, takeIn, toListing } from "./listed.ts";
import { openListing } from "./listing.ts";

/** The listing of what a stack has marked, on its way. */
export interface MarkedPages {
  /** Whether it was read to its end, or is not worth it any more. */
  readonly isOver: boolean;
  /** Whether the filter did what was asked of it, as far as can be seen. */
  readonly isHonest: boolean;
  readonly calls: number;
  /** Pages that were asked for and are not here yet. */
  readonly pending: number;
  /** Reads on, over at most so many pages altogether, but always the next one. */
  next(callsMax: number, signal: AbortSignal | undefined): Promise<readonly LiveResource[]>;
  toEvidence(): ReadEvidence;
}

/**
 * Begins to read what a stack has marked. The filter is taken at its word only as long as every row has
 * the mark: one that lets others through may as well have dropped some. Nothing is read ahead but what
 * is known to be there.
 */
export function openMarked(
  source: Source,
  kind: ListedKind,
  { stack, filter }: { readonly stack: string; readonly filter: string },
): MarkedPages {
  const tag = tagOf(stack);
  const listing = toListing(source, kind, Number.MAX_SAFE_INTEGER);
  const query = { ...listing.query, [filter]: tag };
  const pages = openListing(source.api, { ...listing, query });
  let isHonest = true;
  let objects = 0;
  return {
    get isOver() {
      return pages.standing !== "open" || !isHonest;
    },
    get isHonest() {
      return isHonest;
    },
    get calls() {
      return pages.calls;
    },
    get pending() {
      return pages.pending;
    },
    async next(callsMax, signal) {
      const rows = await pages.next({ callsMax }, signal);
      const marked = rows.filter((row: JsonObject) => toTexts(row["tags"]).includes(tag));
      if (marked.length < rows.length) isHonest = false;
      objects += marked.length;
      return marked.map((row) => takeIn(source, kind, row));
    },
    toEvidence() {
      const evidence = pages.toEvidence();
      const complete = evidence.complete && isHonest;
      return { ...evidence, objects, complete, markedBy: stack };
    },
  };
}

/** The tag by which a stack marks what carries its mark there. */
function tagOf(mark: string): string {
  const nothing = { reserved: undefined, isUnmarked: false, isProtected: false };
  return markTags(undefined, { ...nothing, home: "tags", mark }).join();
}
