import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import type { ReadEvidence } from "../../../model/resource.ts";
import { ProviderError } from "../../provider.ts";
import type { ReadApi } from "../api.ts";

/** A listing that is paged by `page` and `perPage`. */
export interface Listing {
  /** What the evidence is filed under. */
  readonly collection: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly pageSize: number;
  /** The attribute that tells one row from another. */
  readonly idName: string;
}

/** The rows of a listing, with the evidence of how well it was read. */
export interface Rows {
  readonly rows: readonly JsonObject[];
  readonly evidence: ReadEvidence;
}

/** A listing on its way: how far it was read, and the next page of it. */
export interface Pages {
  /** `ended` at its short page; `moved` when a row came twice or one is missing, which ends it as well. */
  readonly standing: "open" | "ended" | "moved";
  readonly calls: number;
  /** Reads a page more, and gives its rows. */
  next(signal?: AbortSignal): Promise<readonly JsonObject[]>;
  /** What was read so far. */
  toRows(): Rows;
}

/**
 * Begins to read a listing. The page size is what the server reports; `total` and `total_pages` are
 * not trusted (documented to be unreliable). A row that comes twice means that the listing moved
 * while it was read, so another one may have been missed.
 */
export function openListing(api: ReadApi, listing: Listing): Pages {
  const { collection, path, idName } = listing;
  const found = new Map<string, JsonObject>();
  let standing: Pages["standing"] = "open";
  let calls = 0;
  return {
    get standing() {
      return standing;
    },
    get calls() {
      return calls;
    },
    async next(signal) {
      calls += 1;
      const query = { page: String(calls), perPage: String(listing.pageSize), ...listing.query };
      const reply = await api.get("chat", path, query, signal);
      const rows = rowsOf(reply, path);
      const before = found.size;
      for (const row of rows) found.set(String(row[idName]), row);
      if (found.size - before !== rows.length || isCut(reply, rows)) standing = "moved";
      else if (isShort(reply, rows.length)) standing = "ended";
      return rows;
    },
    toRows() {
      const complete = standing === "ended";
      const evidence = { collection, calls, objects: found.size, complete };
      return { rows: [...found.values()], evidence };
    },
  };
}

/** Reads a listing to its short page. */
export async function readListing(
  api: ReadApi,
  listing: Listing,
  signal?: AbortSignal,
): Promise<Rows> {
  const pages = openListing(api, listing);
  while (pages.standing === "open") await pages.next(signal);
  return pages.toRows();
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
