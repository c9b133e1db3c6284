import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import type { ReadEvidence } from "../../../model/resource.ts";
import { ProviderError } from "../../provider.ts";
import type { ReadApi } from "../api.ts";
import { createSeenIds } from "./seen-ids.ts";

/** A listing that is paged by `page` and `perPage`. */
export interface Listing {
  /** What the evidence is filed under. */
  readonly collection: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly pageSize: number;
  /** The attribute that tells one row from another. */
  readonly idName: string;
  /** How many rows it may have, where there is reason to think so. */
  readonly rowsExpected?: number;
}

/** A listing on its way: how far it was read, and the next page of it. */
export interface Pages {
  /** `ended` at its short page; `moved` when a row came twice or one is missing, which ends it as well. */
  readonly standing: "open" | "ended" | "moved";
  /** Pages that were asked for, those beyond the end included. */
  readonly calls: number;
  /** Pages that were asked for and are not here yet. */
  readonly pending: number;
  /** Gives the rows of the next page, and may ask for some of those after it. */
  next(bounds: Bounds, signal?: AbortSignal): Promise<readonly JsonObject[]>;
  /** What is known of the listing so far. */
  toEvidence(): ReadEvidence;
}

/** How far a listing may be read at once. */
export interface Bounds {
  /** At most so many pages are asked for altogether, but always the next one. */
  readonly callsMax?: number;
  /** From which page on those that came by speak for more to come; the first if left out. */
  readonly aheadFrom?: number;
}

/** At most so many pages are asked for before it is known that there are so many. */
export const PAGES_AHEAD_MAX = 16;

/**
 * Begins to read a listing. The page size is what the server reports. `total` is documented to be
 * unreliable and `total_pages` to be none, so no number says where a listing ends, only its short page;
 * a number only says how far it is worth to ask ahead. A row that comes twice means that the listing
 * moved while it was read, so another one may have been missed; so do rows beyond the end.
 */
export function openListing(api: ReadApi, listing: Listing): Pages {
  const { collection, path, idName } = listing;
  const seen = createSeenIds();
  const coming: Promise<JsonObject>[] = [];
  let standing: Pages["standing"] = "open";
  let calls = 0;
  let taken = 0;
  let pagesExpected = 1;
  const ask = (signal: AbortSignal | undefined) => {
    calls += 1;
    const query = { page: String(calls), perPage: String(listing.pageSize), ...listing.query };
    const reply = api.get("chat", path, query, signal);
    // Whether it failed counts when it is its turn.
    reply.catch(() => {});
    coming.push(reply);
  };
  const end = async (how: Pages["standing"]) => {
    const beyond = await Promise.allSettled(coming.splice(0));
    const rows = beyond.map((one) => (one.status === "fulfilled" ? one.value["data"] : undefined));
    const hasMore = rows.some((data) => Array.isArray(data) && data.length > 0);
    standing = hasMore ? "moved" : how;
  };
  return {
    get standing() {
      return standing;
    },
    get calls() {
      return calls;
    },
    get pending() {
      return coming.length;
    },
    async next({ callsMax = Number.POSITIVE_INFINITY, aheadFrom = 0 }, signal) {
      const pagesMax = taken + pagesAhead(taken, aheadFrom, pagesExpected);
      const callsNext = Math.max(taken + 1, Math.min(pagesMax, callsMax));
      while (calls < callsNext) ask(signal);
      const reply = (await coming.shift()) as JsonObject;
      taken += 1;
      const rows = rowsOf(reply, path);
      const before = seen.size;
      for (const row of rows) seen.add(String(row[idName]));
      if (taken === 1) pagesExpected = pagesIn(listing, reply, rows.length);
      if (seen.size - before !== rows.length || isCut(reply, rows)) await end("moved");
      else if (isShort(reply, rows.length)) await end("ended");
      return rows;
    },
    toEvidence() {
      const complete = standing === "ended";
      const speculative = standing === "open" ? 0 : calls - taken;
      const evidence = { collection, calls, objects: seen.size, complete };
      return speculative === 0 ? evidence : { ...evidence, speculative };
    },
  };
}

/*
 * Pages read ahead may turn out to lie beyond the end. The first page goes alone, so that what fits
 * one costs one. After c pages no more than c are asked for ahead, so that no listing costs twice its
 * pages; where more came than was expected, a quarter of c. The next page is no guess: the one before
 * it was full.
 */
function pagesAhead(taken: number, aheadFrom: number, pagesExpected: number): number {
  const known = Math.max(0, taken - aheadFrom);
  const left = pagesExpected - taken;
  const ahead = left > 0 ? Math.min(known, left) : Math.floor(known / 4);
  return Math.min(PAGES_AHEAD_MAX, Math.max(1, ahead));
}

/** How many pages there may be: by the service's `total` where it is more than a page, else as expected. */
function pagesIn({ rowsExpected = 0 }: Listing, reply: JsonObject, size: number): number {
  if (size === 0) return 1;
  const total = Number(paginationOf(reply)["total"]);
  const rows = Number.isInteger(total) && total > size ? total : rowsExpected;
  return Math.floor(rows / size) + 1;
}

/** Reads a listing to its short page, and hands its rows on as they come. */
export async function readListing(
  api: ReadApi,
  listing: Listing,
  take: (rows: readonly JsonObject[]) => void,
  signal?: AbortSignal,
): Promise<ReadEvidence> {
  const pages = openListing(api, listing);
  while (pages.standing === "open") take(await pages.next({}, signal));
  return pages.toEvidence();
}

/**
 * The rows of one reply.
 *
 * @throws ProviderError when it is no list: "could not be read" must not look like "nothing there".
 */
export function rowsOf(reply: JsonObject, path: string): readonly JsonObject[] {
  const rows = reply["data"];
  if (Array.isArray(rows) && rows.every(isJsonObject)) return rows;
  throw new ProviderError({
    kind: "unreadable",
    code: "UNREADABLE_REPLY",
    message: `GET ${path} answered with something that is not a list`,
    reason: "Nothing is planned on a listing that cannot be read.",
    hint: "Run again; if it stays like this, check --base-url or COMETCHAT_BASE_URL.",
  });
}

/** Whether a page ends its listing: it has fewer rows than the server says a page has. */
function isShort(reply: JsonObject, count: number): boolean {
  const size = pageSizeOf(reply);
  return size === undefined ? count === 0 : count < size;
}

/** Whether a page has not as many rows as it says itself; without that, nothing can be said. */
export function isCut(reply: JsonObject, rows: readonly JsonObject[]): boolean {
  const count = paginationOf(reply)["count"];
  return typeof count === "number" && count !== rows.length;
}

/** The page size the server reports to have used. */
export function pageSizeOf(reply: JsonObject): number | undefined {
  const size = Number(paginationOf(reply)["per_page"]);
  return Number.isInteger(size) && size > 0 ? size : undefined;
}

function paginationOf(reply: JsonObject): JsonObject {
  const meta: Json | undefined = reply["meta"];
  const pagination = isJsonObject(meta) ? meta["pagination"] : undefined;
  return isJsonObject(pagination) ? pagination : {};
}
