import type { BulkCost } from "../model/kind.ts";
import type { Address } from "../model/resource.ts";

/** What is to be made, as far as some of it may go out in bulk. */
export interface Tally {
  /** Calls that are made in any case. */
  calls: number;
  /** How many creates there are in each pool, and which. */
  readonly creates: Map<string, { readonly rowsMax: number; readonly addresses: Set<Address> }>;
  /** Batches of rows, by the pool they would be in. */
  readonly rows: Map<string, { readonly rowsMax: number; readonly batches: RowBatch[] }>;
}

/** Rows that share calls, some of which ride on a create. */
interface RowBatch {
  readonly on: Address | undefined;
  readonly seats: number;
  /** Rows that find no seat. */
  readonly left: number;
  /** Rows that a call of their own takes. */
  readonly rowsMax: number;
}

/** Nothing to be made yet. */
export function createTally(): Tally {
  return { calls: 0, creates: new Map(), rows: new Map() };
}

/** Adds a create. */
export function addCreate({ creates }: Tally, pool: BulkCost, address: Address): void {
  const known = creates.get(pool.pool);
  if (known !== undefined) known.addresses.add(address);
  else creates.set(pool.pool, { rowsMax: pool.rowsMax, addresses: new Set([address]) });
}

/** Adds rows that share calls. */
export function addRows({ rows }: Tally, pool: BulkCost, batch: RowBatch): void {
  const known = rows.get(pool.pool);
  if (known !== undefined) known.batches.push(batch);
  else rows.set(pool.pool, { rowsMax: pool.rowsMax, batches: [batch] });
}

/*
 * All in bulk is nearly the fewest: leaving k creates and j batches out costs k + j calls and saves
 * at most the part of a bulk call that their rows filled, and one more for each pool, because calls
 * are whole. So it is enough to try the first few k and j, those with the most rows first:
 *
 *   k + j  <  pools + (rows of k creates + rows of j batches) / rows to a bulk call
 */
/** The fewest calls, whatever goes out in bulk. */
export function fewest(tally: Tally): number {
  let calls = tally.calls;
  const open = new Map(tally.creates);
  for (const pool of tally.rows.values()) {
    const carrying = [...open].filter(([, { addresses }]) =>
      pool.batches.some(({ on, seats }) => on !== undefined && seats > 0 && addresses.has(on)),
    );
    for (const [name] of carrying) open.delete(name);
    const addresses = new Set(carrying.flatMap(([, creates]) => [...creates.addresses]));
    const createRowsMax = carrying[0]?.[1].rowsMax ?? pool.rowsMax;
    calls += fewestTogether({ addresses, createRowsMax, ...pool });
  }
  for (const { rowsMax, addresses } of open.values()) calls += Math.ceil(addresses.size / rowsMax);
  return calls;
}

interface Together {
  readonly addresses: ReadonlySet<Address>;
  readonly createRowsMax: number;
  readonly rowsMax: number;
  readonly batches: readonly RowBatch[];
}

function fewestTogether({ addresses, createRowsMax, rowsMax, batches }: Together): number {
  const bySeats = batches
    .filter(({ on }) => on !== undefined && addresses.has(on))
    .toSorted((a, b) => b.seats - a.seats);
  const rows = batches.reduce((sum, batch) => sum + rowsOf(batch, addresses), 0);
  const batchMax = batches[0]?.rowsMax ?? 1;
  let best = Number.POSITIVE_INFINITY;
  for (let alone = 0; alone <= triesMax(batchMax + 1, createRowsMax, addresses.size); alone += 1) {
    const kept = new Set(bySeats.slice(0, alone));
    const seated = [...kept].reduce((sum, { seats }) => sum + seats, 0);
    const sizes = batches
      .flatMap((batch) => portions(kept.has(batch) ? batch.left : rowsOf(batch, addresses), batch))
      .sort((a, b) => b - a);
    let left = rows - seated;
    for (let apart = 0; apart <= triesMax(batchMax, rowsMax, sizes.length); apart += 1) {
      const bulk = Math.ceil((addresses.size - alone) / createRowsMax) + Math.ceil(left / rowsMax);
      best = Math.min(best, alone + apart + bulk);
      left -= sizes[apart] ?? 0;
    }
  }
  return best;
}

/** The rows that are there to be added when no create of the pool carries any. */
function rowsOf({ on, seats, left }: RowBatch, addresses: ReadonlySet<Address>): number {
  return on !== undefined && addresses.has(on) ? seats + left : left;
}

function portions(rows: number, { rowsMax }: RowBatch): number[] {
  const full = new Array<number>(Math.floor(rows / rowsMax)).fill(rowsMax);
  return rows % rowsMax === 0 ? full : [...full, rows % rowsMax];
}

/** How many can be worth leaving out of bulk calls when each takes so many rows out of them. */
function triesMax(rowsEach: number, rowsMax: number, count: number): number {
  const part = rowsEach / rowsMax;
  return part >= 1 ? count : Math.min(count, Math.ceil(2 / (1 - part)));
}
