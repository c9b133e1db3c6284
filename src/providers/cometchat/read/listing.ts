import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import type { ReadEvidence } from "../../../model/resource.ts";
import type { Api } from "../api.ts";

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

/**
 * Reads a listing to its short page. The page size is what the server reports; `total` and
 * `total_pages` are not trusted (documented to be unreliable). A row that comes twice means that the
 * listing moved while it was read, so another one may have been missed.
 */
export async function readListing(api: Api, listing: Listing, signal?: AbortSignal): Promise<Rows> {
  const found = new Map<string, JsonObject>();
  let hasMoved = false;
  for (let page = 1; ; page += 1) {
    const query = { page: String(page), perPage: String(listing.pageSize), ...listing.query };
    const reply = await api.get("chat", listing.path, query, signal);
    const rows = rowsOf(reply);
    const before = found.size;
    for (const row of rows ?? []) found.set(String(row[listing.idName]), row);
    const isNew = found.size - before === rows?.length;
    hasMoved ||= !isNew;
    const isLast = rows === undefined || !isNew || isShort(reply, rows.length);
    if (!isLast) continue;
    const isComplete = rows !== undefined && !hasMoved;
    const evidence = {
      collection: listing.collection,
      calls: page,
      objects: found.size,
      complete: isComplete,
    };
    return { rows: [...found.values()], evidence };
  }
}

/** The rows of one reply; `undefined` when it is not a list, which is no evidence of anything. */
export function rowsOf(reply: JsonObject): readonly JsonObject[] | undefined {
  const rows = reply["data"];
  if (!Array.isArray(rows) || !rows.every(isJsonObject)) return undefined;
  return rows;
}

/** Whether a page ends its listing: it has fewer rows than the server says a page has. */
function isShort(reply: JsonObject, count: number): boolean {
  const size = pageSizeOf(reply);
  return size === undefined ? count === 0 : count < size;
}

/** The page size the server reports to have used. */
export function pageSizeOf(reply: JsonObject): number | undefined {
  const meta: Json | undefined = reply["meta"];
  const pagination = isJsonObject(meta) ? meta["pagination"] : undefined;
  const size = isJsonObject(pagination) ? Number(pagination["per_page"]) : Number.NaN;
  return Number.isInteger(size) && size > 0 ? size : undefined;
}
