import type { Bulk } from "../model/kind.ts";
import type { Quota } from "../model/plan.ts";
import { carriersIn, poolOfCall, type Row, seat } from "./pack.ts";
import { compareText } from "./text.ts";

/** A row that may go out in bulk. */
export type BulkRow = Row & { readonly draft: { readonly bulk: Bulk } };

/** What may go out in bulk. */
export interface Offers {
  /** The quota of the bulk calls, and the one of what goes out otherwise. */
  readonly quotas: { readonly bulk: Quota; readonly other: Quota };
  /** Rows that a bulk call takes. */
  readonly rowsMax: number;
  /** Creates that carry nothing, pool by pool. */
  readonly plain: readonly (readonly BulkRow[])[];
  /** Creates that may carry rows, those that carry most first. */
  readonly carriers: readonly Carrying[];
  /** Rows that share calls and do not ride, batch by batch. */
  readonly batches: readonly (readonly BulkRow[])[];
  /** What rides for free on calls that cannot go out in bulk. */
  readonly settled: ReadonlySet<Row>;
}

/** A create with what belongs to it. */
export interface Carrying {
  readonly row: BulkRow;
  /** Rows that ride on it. */
  readonly seated: readonly BulkRow[];
  /** Rows that find no seat. */
  readonly unseated: readonly BulkRow[];
}

/** Finds what may go out in bulk; `undefined` when nothing may. */
export function toOffers(rows: readonly Row[]): Offers | undefined {
  const offered = rows.filter(isOffered);
  const [first] = offered;
  if (first === undefined) return undefined;
  requireAlike(
    "ways in bulk",
    offered.map(({ draft: { bulk } }) => `${bulk.call.quota} ${bulk.rowsMax}`),
  );
  requireAlike(
    "quotas otherwise",
    offered.map(({ draft }) => draft.call.quota),
  );
  const { carried } = seat(rows);
  const batches = toBatches(rows, offered, carried);
  const bySite = new Map(batches.map((batch) => [batch.carrier, batch] as const));
  const pools = groupBy(offered.filter(isSingle), ({ draft }) => poolOfCall(draft.bulk.call));
  const isCarrying = (row: Row) => (carried.get(row)?.length ?? 0) > 0;
  const [carrying, plain] = partition([...pools.values()], (pool) => pool.some(isCarrying));
  const carriers = carrying.flat().map((row) => {
    const { seated = [], unseated = [] } = bySite.get(row) ?? {};
    return { row, seated, unseated };
  });
  const onBoard = new Set<Row | undefined>(carriers.map(({ row }) => row));
  const ashore = batches.filter(({ carrier }) => carrier === undefined || !onBoard.has(carrier));
  return {
    quotas: { bulk: first.draft.bulk.call.quota, other: first.draft.call.quota },
    rowsMax: first.draft.bulk.rowsMax,
    plain,
    carriers: carriers.sort((a, b) => b.seated.length - a.seated.length || byAddress(a.row, b.row)),
    batches: ashore.map(({ unseated }) => unseated).filter(({ length }) => length > 0),
    settled: new Set(ashore.flatMap(({ seated }) => seated)),
  };
}

/**
 * Rows without what is offered by halves: those that share a call go out in bulk together or not at
 * all, and what could carry them goes out in bulk only where they may.
 */
export function withoutHalves(rows: readonly Row[]): readonly Row[] {
  const shared = rows.filter((row) => !isOffered(row) && !isSingle(row));
  const pools = new Set(shared.map(({ draft }) => poolOfCall(draft.call)));
  const carriers = new Set(shared.flatMap(({ draft }) => draft.rides?.on ?? []));
  const isHalf = (row: Row) =>
    isSingle(row) ? carriers.has(row.change.address) : pools.has(poolOfCall(row.draft.call));
  return rows.map((row) => {
    if (!isOffered(row) || !isHalf(row)) return row;
    const { bulk: _, ...draft } = row.draft;
    return { ...row, draft };
  });
}

/** Holds the split to what it takes for granted: it counts with one number where there could be several. */
export function requireAlike(what: string, values: readonly (string | number | undefined)[]): void {
  const other = values.find((value) => value !== values[0]);
  if (other !== undefined) throw new Error(`different ${what}: ${values[0]} and ${other}`);
}

/** The order of rows that nothing else puts in order. */
export function byAddress(a: Row, b: Row): number {
  return compareText(a.change.address, b.change.address);
}

/** Whether a row may go out in bulk. */
export function isOffered(row: Row): row is BulkRow {
  return row.draft.bulk !== undefined;
}

function isSingle({ draft }: Row): boolean {
  return draft.rowsMax === undefined;
}

interface Batch extends Pick<Carrying, "seated" | "unseated"> {
  readonly carrier: Row | undefined;
}

/** Rows by the calls that they can share. */
function toBatches(
  rows: readonly Row[],
  offered: readonly BulkRow[],
  carried: ReadonlyMap<Row, readonly Row[]>,
): Batch[] {
  const creates = carriersIn(rows);
  const shared = groupBy(
    offered.filter((row) => !isSingle(row)),
    ({ draft }) => poolOfCall(draft.call),
  );
  return [...shared.values()].map((batch) => {
    const carrier = creates.get(batch[0]?.draft.rides?.on ?? "");
    const riders = new Set(carrier === undefined ? [] : carried.get(carrier));
    const [seated, unseated] = partition(batch, (row) => riders.has(row));
    return { carrier, seated, unseated };
  });
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return groups;
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const parts: [T[], T[]] = [[], []];
  for (const item of items) parts[isFirst(item) ? 0 : 1].push(item);
  return parts;
}
