import type { Cost, KindSpec, Ride } from "../model/kind.ts";
import type { Change } from "../model/plan.ts";
import { kindOf } from "./diff.ts";

type PoolCost = Extract<Cost, { readonly pool: string }>;

/**
 * The fewest calls any plan for these changes can have, counted from what the changes cost and not
 * from their steps: whole calls, plus for each pool of rows as many calls as are left once the rows
 * that ride for free are taken off.
 */
export function lowerBound(
  changes: readonly Change[],
  kinds: ReadonlyMap<string, KindSpec>,
): number {
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
  for (const { cost, keys } of toPools(costs)) {
    const carrier = cost.ride && created.get(cost.ride.on);
    const seats = cost.ride && carrier ? seatsOn(cost.ride, carrier, keys, kinds) : 0;
    calls += Math.ceil((keys.length - seats) / cost.rowsMax);
  }
  return calls;
}

interface Pool {
  readonly cost: PoolCost;
  readonly keys: string[];
}

function toPools(costs: readonly { readonly cost: Cost; readonly key: string }[]): Pool[] {
  const pools = new Map<string, Pool>();
  for (const { cost, key } of costs) {
    if ("calls" in cost) continue;
    const pool = pools.get(cost.pool);
    if (pool === undefined) pools.set(cost.pool, { cost, keys: [key] });
    else pool.keys.push(key);
  }
  return [...pools.values()];
}

/**
 * How many rows the carrying call has room for. Each takes the last part of its key in quotes and a
 * comma; the lists that hold them take what the kind says they take at least.
 */
function seatsOn(
  ride: Ride,
  carrier: Change,
  keys: readonly string[],
  kinds: ReadonlyMap<string, KindSpec>,
): number {
  const body = kindOf(kinds, carrier.kind).draft(carrier)[0]?.call.body ?? {};
  let bytes = new TextEncoder().encode(JSON.stringify(body)).length;
  bytes += `,"${ride.under}":{}`.length;
  const sizes = keys.map((key) => key.length - key.indexOf(":") + 2).sort((a, b) => a - b);
  let seats = 0;
  for (const size of sizes.slice(0, ride.rowsMax)) {
    bytes += size;
    if (bytes > ride.bytesMax) break;
    seats += 1;
  }
  return seats;
}
