import type { Json, JsonObject } from "../model/json.ts";
import type { Cost, Ride } from "../model/kind.ts";
import type { Change } from "../model/plan.ts";
import { jsonBytes } from "../model/secret.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import { compareText } from "./text.ts";

type PoolCost = Extract<Cost, { readonly pool: string }>;

/**
 * The fewest calls any plan for these changes can have, counted from what the changes cost and not
 * from their steps: whole calls, plus for each pool of rows as many calls as are left once the rows
 * that ride for free are taken off. Only the size of a carrying call is taken from its draft.
 */
export function lowerBound(changes: readonly Change[], kinds: Kinds): number {
  const made = changes.filter(({ impliedBy }) => impliedBy === undefined);
  const created = new Map(
    made.filter(({ action }) => action === "create").map((change) => [change.address, change]),
  );
  const costs = made.flatMap((change) =>
    kindOf(kinds, change.kind)
      .cost(change)
      .map((cost) => ({ cost, key: change.key })),
  );
  const whole = costs.reduce((sum, { cost }) => sum + ("calls" in cost ? cost.calls : 0), 0);
  let calls = whole;
  for (const { cost, rows } of toPools(costs)) {
    const carrier = cost.ride && created.get(cost.ride.on);
    const seats = cost.ride && carrier ? seatsOn(cost.ride, carrier, rows, kinds) : 0;
    calls += Math.ceil((rows.length - seats) / cost.rowsMax);
  }
  return calls;
}

interface Pool {
  readonly cost: PoolCost;
  readonly rows: Row[];
}

interface Row {
  readonly key: string;
  readonly load: JsonObject;
}

function toPools(costs: readonly { readonly cost: Cost; readonly key: string }[]): Pool[] {
  const pools = new Map<string, Pool>();
  for (const { cost, key } of costs) {
    if ("calls" in cost) continue;
    const row = { key, load: cost.load ?? {} };
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
