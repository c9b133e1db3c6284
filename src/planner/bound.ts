import type { Json, JsonObject } from "../model/json.ts";
import type { BulkCost, Cost, Ride } from "../model/kind.ts";
import type { Change } from "../model/plan.ts";
import type { BulkMode } from "../model/request.ts";
import type { Address } from "../model/resource.ts";
import { jsonBytes } from "../model/secret.ts";
import { addCreate, addRows, createTally, fewest, type Tally } from "./bulk-bound.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import { compareText } from "./text.ts";

type PoolCost = Extract<Cost, { readonly pool: string }>;

/**
 * The fewest calls any plan for these changes can have, counted from what the changes cost and not
 * from their steps: whole calls, plus for each pool of rows as many calls as are left once the rows
 * that ride for free are taken off; or the fewest with bulk calls, where they may be used. Only the
 * size of a carrying call, and whether a create has a bulk call, are taken from its draft.
 */
export function lowerBound(
  changes: readonly Change[],
  kinds: Kinds,
  bulk: BulkMode = "auto",
): number {
  const made = changes.filter(({ impliedBy }) => impliedBy === undefined);
  const created = new Map(
    made.filter(({ action }) => action === "create").map((change) => [change.address, change]),
  );
  const costs = made.flatMap((change) =>
    kindOf(kinds, change.kind)
      .cost(change)
      .map((cost) => ({ cost, change })),
  );
  const tally = createTally();
  const isBulk = bulk === "auto";
  const pools = toPools(costs);
  const alone = carriersOf(pools);
  for (const { cost, change } of costs) {
    if ("calls" in cost) addCalls(tally, cost, change, isBulk && !alone.has(change.address));
  }
  for (const { cost, rows } of pools) {
    const carrier = cost.ride && created.get(cost.ride.on);
    const seats = cost.ride && carrier ? seatsOn(cost.ride, carrier, rows, kinds) : 0;
    addPool(tally, isBulk ? cost : { ...cost, bulk: undefined }, {
      on: carrier?.address,
      seats,
      left: rows.length - seats,
      rowsMax: cost.rowsMax,
    });
  }
  return fewest(tally);
}

function addPool(
  tally: Tally,
  { bulk }: { readonly bulk?: BulkCost | undefined },
  batch: Parameters<typeof addRows>[2],
): void {
  if (bulk === undefined) tally.calls += Math.ceil(batch.left / batch.rowsMax);
  else addRows(tally, bulk, batch);
}

type CallCost = Exclude<Cost, PoolCost>;

function addCalls(tally: Tally, cost: CallCost, { address }: Change, isBulk: boolean): void {
  if (cost.bulk === undefined || !isBulk) tally.calls += cost.calls;
  else addCreate(tally, cost.bulk, address);
}

/** What carries rows that cannot go out in bulk: it is better made alone than they are added alone. */
function carriersOf(pools: readonly Pool[]): ReadonlySet<Address> {
  return new Set(pools.flatMap(({ cost }) => (cost.bulk ? [] : (cost.ride?.on ?? []))));
}

interface Pool {
  cost: PoolCost;
  readonly rows: Row[];
}

interface Row {
  readonly key: string;
  readonly load: JsonObject;
}

function toPools(costs: readonly { readonly cost: Cost; readonly change: Change }[]): Pool[] {
  const pools = new Map<string, Pool>();
  for (const { cost, change } of costs) {
    if ("calls" in cost) continue;
    const row = { key: change.key, load: cost.load ?? {} };
    const known = pools.get(cost.pool);
    const { bulk: _, ...own } = cost;
    // Rows that share calls go out in bulk together or not at all.
    const isBulk = cost.bulk !== undefined && known?.cost.bulk !== undefined;
    if (known === undefined) pools.set(cost.pool, { cost, rows: [row] });
    else {
      known.rows.push(row);
      if (!isBulk) known.cost = own;
    }
  }
  return [...pools.values()];
}

/**
 * How many rows the carrying call has room for: of each list the shortest first, whichever lists are
 * chosen, for each that is used takes room of its own.
 */
function seatsOn(ride: Ride, carrier: Change, rows: readonly Row[], kinds: Kinds): number {
  const body = kindOf(kinds, carrier.kind).draft(carrier)[0]?.call.body ?? {};
  const shortest = rows.toSorted(
    (a, b) => a.key.length - b.key.length || compareText(a.key, b.key),
  );
  const seats = (among: readonly Row[]): number => {
    const lists: { [name: string]: Json[] } = {};
    let count = 0;
    for (const { load } of among.slice(0, ride.rowsMax)) {
      for (const [name, values] of Object.entries(load)) {
        lists[name] = [...(lists[name] ?? []), ...(values as readonly Json[])];
      }
      const size = jsonBytes({ ...body, [ride.under]: lists }, carrier.desired?.secretBytes);
      if (size > ride.bytesMax) break;
      count += 1;
    }
    return count;
  };
  const all = seats(shortest);
  if (all === Math.min(ride.rowsMax, rows.length)) return all;
  const names = [...new Set(rows.map(({ load }) => Object.keys(load).join()))];
  const choices = Array.from({ length: 2 ** names.length }, (_, bits) =>
    shortest.filter(({ load }) => (bits >> names.indexOf(Object.keys(load).join())) & 1),
  );
  return Math.max(all, ...choices.map(seats));
}
