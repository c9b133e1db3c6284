import type { JsonObject } from "./json.ts";
import type { LiveRows } from "./list-cache.ts";
import type { Call, Dialect } from "./route.ts";

interface PageSizes {
  readonly byDefault: number;
  readonly max: number;
}

// Vendor sizes are documented; those of the collection come from its OpenAPI companion.
const pageSizes: Readonly<Record<Dialect, PageSizes>> = {
  vendor: { byDefault: 100, max: 1000 },
  collection: { byDefault: 25, max: 100 },
};

/** The size of the pages a call gets: what it asks for, cut to what the server gives. */
export function pageSize(call: Call): number {
  const sizes = pageSizes[call.world.dialect];
  const asked = call.query.count("perPage") ?? sizes.byDefault;
  return Math.min(asked, sizes.max, call.world.pageMax);
}

/**
 * The page of a list that a call asks for, with a cursor if the rows tell when they were updated.
 *
 * `total` is 0 as in several published examples, and `total_pages` is the current page or the one
 * after it, as documented: neither helps to count pages.
 */
export function pageOf<Row>(
  call: Call,
  rows: readonly Row[] | LiveRows<Row>,
  show: (row: Row) => JsonObject,
  updatedAt?: (row: Row) => number,
): JsonObject {
  const size = pageSize(call);
  const page = call.query.count("page") ?? 1;
  const start = (page - 1) * size;
  const end = start + size;
  const known = "upTo" in rows ? rows.upTo(end + 1) : rows;
  const shown = known.slice(start, end);
  const hasMore = known.length > end;
  const pagination = {
    total: 0,
    count: shown.length,
    per_page: size,
    current_page: page,
    total_pages: hasMore ? page + 1 : page,
  };
  const data = shown.map(show);
  const last = shown.at(-1);
  if (updatedAt === undefined || last === undefined) return { data, meta: { pagination } };
  const affix = call.query.text("affix") === "append" ? "append" : "prepend";
  return { data, meta: { pagination, cursor: { updatedAt: updatedAt(last), affix } } };
}
