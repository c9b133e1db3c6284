import type { Json, JsonObject } from "../model/json.ts";
import type { Cost, Ride } from "../model/kind.ts";
import type { Change } from "../model/plan.ts";
import type { BulkMode } from "../model/request.ts";
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
  for (const { cost, change } of costs) if ("calls" in cost) addCalls(tally, cost, change, isBulk);
  for (const { cost, rows } of toPools(costs)) {
    const carrier = cost.ride && created.get(cost.ride.on);
    const seats = cost.ride && carrier ? seatsOn(cost.ride, carrier, rows, kinds) : 0;
    const left = rows.length - seats;
    const { rowsMax } = cost;
    if (cost.bulk === undefined || !isBulk) tally.calls += Math.ceil(left / rowsMax);
    else addRows(tally, cost.bulk, { on: carrier?.address, seats, left, rowsMax });
  }
  return fewest(tally);
}

type CallCost = Exclude<Cost, PoolCost>;

function addCalls(tally: Tally, cost: CallCost, { address }: Change, isBulk: boolean): void {
  if (cost.bulk === undefined || !isBulk) tally.calls += cost.calls;
  else addCreate(tally, cost.bulk, address);
}

interface Pool {
  readonly cost: PoolCost;
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
    const pool = pools.get(cost.pool);
    if (pool === undefined) pools.set(cost.pool, { cost, rows: [row] });
    else pool.rows.push(row);
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
