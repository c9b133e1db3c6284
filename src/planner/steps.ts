import type { QuotaSplit } from "../model/pace.ts";
import type { Change, Reversal, Step } from "../model/plan.ts";
import type { Address } from "../model/resource.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import type { Waits } from "./order.ts";
import { type Pack, pack, type Row } from "./pack.ts";
import { type Allowances, minutesIn, route } from "./route.ts";
import { inCircles, sortByLevel } from "./schedule.ts";
import { compareText } from "./text.ts";

const NO_WAITS: Waits = { needs: new Set(), after: new Set() };

interface StepsInput {
  readonly changes: readonly Change[];
  readonly kinds: Kinds;
  readonly waits: ReadonlyMap<Address, Waits>;
  /** Calls a minute by quota, if bulk calls may be used. */
  readonly bulk: Allowances | undefined;
}

/** The calls of a plan. */
export interface Steps {
  readonly steps: readonly Step[];
  readonly split: QuotaSplit | null;
}

/**
 * Changes as ordered calls. Rows are batched across the whole plan; where that would make calls wait
 * for each other in a circle, the rows of one pool in it after the other are kept apart by depth.
 */
export function toSteps(input: StepsInput): Steps {
  const { bulk } = input;
  const drafted = toRows(input);
  const { rows, split } =
    bulk === undefined ? { rows: drafted, split: null } : route(drafted, bulk);
  const kindOrder = new Map([...input.kinds.keys()].map((name, index) => [name, index] as const));
  const rank = (a: Pack, b: Pack) => compareRank(kindOrder, a, b);
  const apart = new Set<string>();
  for (;;) {
    const packs = pack(rows, apart);
    const links = linksOf(packs);
    const sorted = sortByLevel(packs, links, rank);
    if (sorted !== undefined) {
      return { steps: number(sorted, input), split: isHeld(split, packs, bulk) ? split : null };
    }
    const pool = poolToPart(rows, apart, inCircles(packs, links));
    if (pool === undefined) throw new Error("the changes wait for each other in a circle");
    apart.add(pool);
  }
}

/** Whether the calls take as long as the split has counted: where circles part rows they are more. */
function isHeld(
  split: QuotaSplit | null,
  packs: readonly Pack[],
  allowances: Allowances = {},
): boolean {
  const calls = packs.map(({ call }) => call);
  return split !== null && minutesIn(calls, allowances) === split.minutes;
}

/**
 * The pool to be kept apart, the one that costs the fewest calls first. Rows of one depth cannot be
 * in a circle by themselves, so there is always one left.
 */
function poolToPart(
  rows: readonly Row[],
  apart: ReadonlySet<string>,
  circled: readonly Pack[],
): string | undefined {
  const pools = new Set(circled.flatMap(({ pool }) => pool ?? []));
  const open = [...pools].filter((pool) => !apart.has(pool)).sort(compareText);
  const priced = open.map((pool) => ({
    pool,
    calls: pack(rows, new Set([...apart, pool])).length,
  }));
  return priced.toSorted((a, b) => a.calls - b.calls)[0]?.pool;
}

function toRows(input: StepsInput): Row[] {
  const made = input.changes.filter(({ impliedBy }) => impliedBy === undefined);
  const drafts = new Map(
    made.map((change) => [change.address, kindOf(input.kinds, change.kind).draft(change)] as const),
  );
  const depths = new Map<Address, number>();
  const depthOf = (address: Address): number => {
    const known = depths.get(address);
    if (known !== undefined) return known;
    depths.set(address, 0);
    const waits = input.waits.get(address);
    const ends = [...(waits?.needs ?? []), ...(waits?.after ?? [])].map(
      (before) => depthOf(before) + (drafts.get(before)?.length ?? 0),
    );
    const depth = Math.max(0, ...ends);
    depths.set(address, depth);
    return depth;
  };
  return made.flatMap((change) => {
    const { needs, after } = input.waits.get(change.address) ?? NO_WAITS;
    const depth = depthOf(change.address);
    const ofChange = drafts.get(change.address) ?? [];
    return ofChange.map((draft, i) => ({
      change,
      index: i,
      draft,
      needs,
      after,
      depth: depth + i,
    }));
  });
}

/** For each pack, the packs that must go before it. */
function linksOf(packs: readonly Pack[]): ReadonlyMap<Pack, ReadonlySet<Pack>> {
  const places = placesOf(packs);
  return new Map(packs.map((pack) => [pack, packsBefore(places, pack)] as const));
}

function packsBefore(places: Places, pack: Pack): ReadonlySet<Pack> {
  // Most calls wait for nothing, and there may be a hundred thousand of them.
  if (pack.rows.every(isFree)) return NO_PACKS;
  const before = new Set<Pack>();
  for (const row of pack.rows) {
    for (const address of [...row.needs, ...row.after]) {
      for (const place of places.get(address) ?? []) before.add(place.pack);
    }
    for (const place of earlier(places, row)) before.add(place.pack);
  }
  before.delete(pack);
  return before;
}

const NO_PACKS: ReadonlySet<Pack> = new Set();

function isFree({ needs, after, index }: Row): boolean {
  return needs.size === 0 && after.size === 0 && index === 0;
}

interface Place {
  readonly pack: Pack;
  readonly index: number;
}

type Places = ReadonlyMap<Address, readonly Place[]>;

function placesOf(packs: readonly Pack[]): Places {
  const places = new Map<Address, Place[]>();
  for (const pack of packs) {
    for (const { change, index } of pack.rows) {
      const known = places.get(change.address);
      if (known === undefined) places.set(change.address, [{ pack, index }]);
      else known.push({ pack, index });
    }
  }
  return places;
}

/** Where the earlier drafts of a row's own change are. */
function earlier(places: Places, row: Row): readonly Place[] {
  if (row.index === 0) return [];
  return (places.get(row.change.address) ?? []).filter(({ index }) => index < row.index);
}

function compareRank(kindOrder: ReadonlyMap<string, number>, a: Pack, b: Pack): number {
  const [first, second] = [a.rows[0], b.rows[0]];
  if (first === undefined || second === undefined) return 0;
  const isDeleteA = first.change.action === "delete";
  const isDeleteB = second.change.action === "delete";
  if (isDeleteA !== isDeleteB) return isDeleteA ? 1 : -1;
  const order = (kindOrder.get(first.change.kind) ?? 0) - (kindOrder.get(second.change.kind) ?? 0);
  if (order !== 0) return isDeleteA ? -order : order;
  return compareText(first.change.address, second.change.address) || first.index - second.index;
}

function number(packs: readonly Pack[], { changes, kinds }: StepsInput): Step[] {
  const implied = new Map<Address, Address[]>();
  for (const { address, impliedBy } of changes) {
    if (impliedBy === undefined) continue;
    const known = implied.get(impliedBy);
    if (known === undefined) implied.set(impliedBy, [address]);
    else known.push(address);
  }
  const places = placesOf(packs);
  const ids = new Map(packs.map((pack, index) => [pack, `s${index + 1}`] as const));
  const idsOf = (pack: Pack, addresses: Iterable<Address>) =>
    [...addresses].flatMap((address) =>
      (places.get(address) ?? [])
        .filter((place) => place.pack !== pack)
        .map((place) => ids.get(place.pack) ?? ""),
    );
  const waitsOf = (pack: Pack): Pick<Step, "dependsOn" | "after" | "needs" | "rowNeeds"> => {
    const before = pack.rows.flatMap((row) => earlier(places, row));
    const dependsOn = new Set([
      ...idsOf(pack, new Set(pack.rows.flatMap((row) => [...row.needs]))),
      ...before.map((place) => ids.get(place.pack) ?? ""),
    ]);
    const after = new Set(idsOf(pack, new Set(pack.rows.flatMap((row) => [...row.after]))));
    return {
      dependsOn: sortIds(dependsOn),
      after: sortIds(new Set([...after].filter((id) => !dependsOn.has(id)))),
      ...needsOf(pack),
    };
  };
  return packs.map((pack) => {
    const addresses = pack.rows.map(({ change }) => change.address);
    return {
      id: ids.get(pack) ?? "",
      call: pack.call,
      changes: [...addresses, ...addresses.flatMap((address) => implied.get(address) ?? [])],
      ...(pack.rows.every(isFree) ? { dependsOn: [], after: [], needs: [] } : waitsOf(pack)),
      reversal: worstOf(pack.rows.map(({ change }) => kindOf(kinds, change.kind).reversal(change))),
    };
  });
}

function worstOf(reversals: readonly Reversal[]): Reversal {
  if (reversals.includes("irreversible")) return "irreversible";
  return reversals.includes("lossy") ? "lossy" : "reversible";
}

function sortIds(ids: ReadonlySet<string>): string[] {
  return [...ids].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

/** What the whole call needs, and what single rows need beyond that. */
function needsOf(pack: Pack): Pick<Step, "needs" | "rowNeeds"> {
  const inside = new Set(pack.rows.map(({ change }) => change.address));
  const perRow = pack.rows.map((row) => {
    const others = [...row.needs].filter((address) => !inside.has(address));
    return row.index > 0 ? [...others, row.change.address] : others;
  });
  const [head = [], ...rest] = perRow;
  const shared = pack.carries ? head : head.filter((one) => rest.every((row) => row.includes(one)));
  const rowNeeds = Object.fromEntries(
    pack.rows
      .map(({ change }, i) => [
        change.address,
        (perRow[i] ?? []).filter((address) => !shared.includes(address)),
      ])
      .filter(([, beyond]) => beyond !== undefined && beyond.length > 0),
  );
  const needs = shared.toSorted(compareText);
  return Object.keys(rowNeeds).length === 0 ? { needs } : { needs, rowNeeds };
}
