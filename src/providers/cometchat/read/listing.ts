import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import type { ReadEvidence } from "../../../model/resource.ts";
import { ProviderError } from "../../provider.ts";
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
    const rows = rowsOf(reply, listing.path);
    const before = found.size;
    for (const row of rows) found.set(String(row[listing.idName]), row);
    const isNew = found.size - before === rows.length;
    hasMoved ||= !isNew;
    if (isNew && !isShort(reply, rows.length)) continue;
    const evidence = {
      collection: listing.collection,
      calls: page,
      objects: found.size,
      complete: !hasMoved,
    };
    return { rows: [...found.values()], evidence };
  }
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

/** The page size the server reports to have used. */
export function pageSizeOf(reply: JsonObject): number | undefined {
  const meta: Json | undefined = reply["meta"];
  const pagination = isJsonObject(meta) ? meta["pagination"] : undefined;
  const size = isJsonObject(pagination) ? Number(pagination["per_page"]) : Number.NaN;
  return Number.isInteger(size) && size > 0 ? size : undefined;
}
