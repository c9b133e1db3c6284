import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { Ride, StepDraft } from "../model/kind.ts";
import type { ApiCall, Change } from "../model/plan.ts";
import type { Address } from "../model/resource.ts";
import { jsonBytes } from "../model/secret.ts";
import { compareText } from "./text.ts";

/** One draft with what it waits for. */
export interface Row {
  readonly change: Change;
  /** Its place among the drafts of its change. */
  readonly index: number;
  readonly draft: StepDraft;
  readonly needs: ReadonlySet<Address>;
  readonly after: ReadonlySet<Address>;
  /** How many rows must go before it, at least. */
  readonly depth: number;
}

/** Rows that go out as one call. */
export interface Pack {
  readonly call: ApiCall;
  readonly rows: readonly Row[];
  /** Whether the first row carries the others, so that without it none goes out. */
  readonly carries: boolean;
  /** What its rows have in common with those of other packs that could be joined with it. */
  readonly pool?: string;
}

/** Folds rows into as few calls as the service's batches allow, those of some pools depth by depth. */
export function pack(rows: readonly Row[], apart: ReadonlySet<string>): Pack[] {
  const { carried, rest } = seat(rows);
  const alone = rest.filter(({ draft }) => draft.rowsMax === undefined);
  const batches = toBatches(
    rest.filter(({ draft }) => draft.rowsMax !== undefined),
    apart,
  );
  return [
    ...alone.map((row) => carry(row, carried)),
    ...batches.flatMap((batch) => chunks(batch, batch[0]?.draft.rowsMax ?? 1)).map(join),
  ];
}

/** Calls that create something, by its address: what belongs to it may ride on them. */
export function carriersIn(rows: readonly Row[]): ReadonlyMap<Address, Row> {
  return new Map(
    rows
      .filter(({ change, index }) => change.action === "create" && index === 0)
      .map((row) => [row.change.address, row] as const),
  );
}

/** Puts as many rows as fit into the calls that create what they belong to. */
export function seat(rows: readonly Row[]): {
  readonly carried: ReadonlyMap<Row, readonly Row[]>;
  readonly rest: readonly Row[];
} {
  const carriers = carriersIn(rows);
  const riders = new Map<Row, Row[]>();
  for (const row of rows) {
    const carrier = row.draft.rides && carriers.get(row.draft.rides.on);
    if (carrier === undefined) continue;
    const known = riders.get(carrier);
    if (known === undefined) riders.set(carrier, [row]);
    else known.push(row);
  }
  const carried = new Map<Row, readonly Row[]>();
  const seated = new Set<Row>();
  for (const [carrier, waiting] of riders) {
    const ride = waiting[0]?.draft.rides;
    if (ride === undefined) continue;
    const fitting = takeMost(carrier, waiting.toSorted(byLength), ride);
    carried.set(carrier, fitting);
    for (const row of fitting) seated.add(row);
  }
  return { carried, rest: rows.filter((row) => !seated.has(row)) };
}

function byLength(a: Row, b: Row): number {
  return a.change.key.length - b.change.key.length || compareText(a.change.key, b.change.key);
}

/**
 * As many rows as the carrying body holds. Of one list the shortest rows are the best, but a list
 * costs bytes of its own: if not all fit, each choice of lists is tried.
 */
function takeMost(carrier: Row, waiting: readonly Row[], ride: Ride): readonly Row[] {
  const all = takeFitting(carrier, waiting, ride);
  if (all.length === Math.min(ride.rowsMax, waiting.length)) return all;
  const lists = [...new Set(waiting.map(listOf))].sort();
  const choices = Array.from({ length: 2 ** lists.length }, (_, bits) =>
    waiting.filter((row) => (bits >> lists.indexOf(listOf(row))) & 1),
  );
  return choices
    .map((rows) => takeFitting(carrier, rows, ride))
    .reduce((best, rows) => (rows.length > best.length ? rows : best), all);
}

function listOf({ draft }: Row): string {
  return Object.keys(draft.call.body ?? {}).join();
}

function takeFitting(carrier: Row, waiting: readonly Row[], ride: Ride): readonly Row[] {
  for (let count = Math.min(ride.rowsMax, waiting.length); count > 0; count -= 1) {
    const rows = waiting.slice(0, count);
    const { body } = load(carrier.draft.call, rows, ride.under);
    const size = jsonBytes(body, carrier.change.desired?.secretBytes);
    if (size <= ride.bytesMax) return rows;
  }
  return [];
}

function carry(row: Row, carried: ReadonlyMap<Row, readonly Row[]>): Pack {
  const riders = [...(carried.get(row) ?? [])].sort((a, b) =>
    compareText(a.change.key, b.change.key),
  );
  const under = riders[0]?.draft.rides?.under;
  const call = under === undefined ? row.draft.call : load(row.draft.call, riders, under);
  return { call, rows: [row, ...riders], carries: true };
}

function load(
  carrier: ApiCall,
  riders: readonly Row[],
  under: string,
): ApiCall & { readonly body: JsonObject } {
  const carried = riders.map(({ draft }) => draft.call.body ?? {}).reduce(joinBodies, {});
  return { ...carrier, body: { ...carrier.body, [under]: carried } };
}

/** Rows by the call they can share. */
function toBatches(rows: readonly Row[], apart: ReadonlySet<string>): Row[][] {
  const batches = new Map<string, Row[]>();
  for (const row of rows) {
    const pool = poolOf(row);
    const key = apart.has(pool) ? `${pool} ${row.depth}` : pool;
    const batch = batches.get(key);
    if (batch === undefined) batches.set(key, [row]);
    else batch.push(row);
  }
  return [...batches.values()];
}

function poolOf({ draft }: Row): string {
  return poolOfCall(draft.call);
}

/** What calls that rows can share have in common. */
export function poolOfCall({ host, method, path }: ApiCall): string {
  return `${host} ${method} ${path}`;
}

/** Rows in the portions in which they share calls. */
export function chunks<T extends Row>(batch: readonly T[], rowsMax: number): T[][] {
  const sorted = batch.toSorted(
    (a, b) => a.depth - b.depth || compareText(a.change.address, b.change.address),
  );
  const count = Math.ceil(sorted.length / rowsMax);
  return Array.from({ length: count }, (_, i) => sorted.slice(i * rowsMax, (i + 1) * rowsMax));
}

function join(rows: readonly Row[]): Pack {
  const call = rows.map(({ draft }) => draft.call).reduce(joinCalls);
  const [first] = rows;
  return { call, rows, carries: false, ...(first === undefined ? {} : { pool: poolOf(first) }) };
}

function joinCalls(a: ApiCall, b: ApiCall): ApiCall {
  return { ...a, body: joinBodies(a.body ?? {}, b.body ?? {}) };
}

function joinBodies(a: JsonObject, b: JsonObject): JsonObject {
  const joined: { [name: string]: Json } = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const before = joined[name];
    const areLists = Array.isArray(before) && Array.isArray(value);
    const areMaps = isJsonObject(before) && isJsonObject(value);
    joined[name] = areLists ? [...before, ...value] : areMaps ? joinMaps(before, value) : value;
  }
  return joined;
}

/** Rows of one map; one that took the place of another would go out as little as it would be missed. */
function joinMaps(a: JsonObject, b: JsonObject): JsonObject {
  const twice = Object.keys(b).find((key) => Object.hasOwn(a, key));
  if (twice !== undefined) throw new Error(`two rows of a call have the key "${twice}"`);
  return { ...a, ...b };
}
