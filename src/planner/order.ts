import type { KindSpec, Reference } from "../model/kind.ts";
import type { Change } from "../model/plan.ts";
import type { Address, LiveGraph } from "../model/resource.ts";
import { countOf } from "./check.ts";
import { type Kinds, kindOf } from "./kinds.ts";

/** What each change waits for, by address. */
export interface Waits {
  /** Changes that must have been applied. */
  readonly needs: Set<Address>;
  /** Changes that must have ended. */
  readonly after: Set<Address>;
}

/** The order of changes, as far as it is forced. */
export interface Order {
  readonly waits: ReadonlyMap<Address, Waits>;
  /** Creates of a full kind for which nothing can be deleted first. */
  readonly cramped: readonly Address[];
}

interface OrderInput {
  readonly changes: readonly Change[];
  readonly live: LiveGraph;
  readonly kinds: Kinds;
}

/*
 * What a change waits for follows from references alone:
 *
 *   to what its new state refers to     target created or reactivated first        role ─▶ user
 *   to what its old state referred to   target deleted only afterwards             user ─▶ role's delete
 *   a pinned target                     also changed first, or only afterwards     admin ─▶ owner ─▶ demotion
 *   a full kind                         something is deleted before one is created
 */
/** Which changes wait for which, and which creates find no room however the rest is ordered. */
export function order(input: OrderInput): Order {
  const waits = toWaits(input);
  return { waits, cramped: freeSlots(input, waits) };
}

/** What follows from references alone. */
export function toWaits({ changes, kinds }: OrderInput): ReadonlyMap<Address, Waits> {
  const changed = new Map(changes.map((change) => [change.address, change] as const));
  const waits = new Map<Address, Waits>(
    changes.map(({ address }) => [address, { needs: new Set(), after: new Set() }]),
  );
  for (const change of changes) {
    for (const { waiting, target, reference } of links(kinds, changed, change)) {
      const entry = waits.get(waiting.address);
      (reference.wait === "ended" ? entry?.after : entry?.needs)?.add(target.address);
    }
  }
  return waits;
}

interface Link {
  readonly waiting: Change;
  readonly target: Change;
  readonly reference: Reference;
}

function links(kinds: Kinds, changed: ReadonlyMap<Address, Change>, change: Change): Link[] {
  const kind = kindOf(kinds, change.kind);
  const next = change.action === "delete" ? [] : kind.references(change.planned, change.key);
  const forward = next.flatMap((reference) => {
    const target = changed.get(reference.address);
    const isFirst = target !== undefined && comesFirst(target, reference);
    return isFirst ? [{ waiting: change, target, reference }] : [];
  });
  const backward = droppedReferences(kind, change, next).flatMap((reference) => {
    const waiting = changed.get(reference.address);
    const isLast = waiting !== undefined && comesLast(waiting, reference);
    return isLast ? [{ waiting, target: change, reference }] : [];
  });
  return [...forward, ...backward].filter(
    ({ waiting, target }) =>
      waiting.address !== target.address &&
      waiting.impliedBy === undefined &&
      target.impliedBy === undefined,
  );
}

function comesFirst(target: Change, reference: Reference): boolean {
  if (target.action === "create" || target.action === "reactivate") return true;
  return reference.pins === true && target.action === "update";
}

function comesLast(target: Change, reference: Reference): boolean {
  return target.action === "delete" || (reference.pins === true && target.action === "update");
}

/** What the live side refers to and the planned side does not; an inactive resource holds nothing. */
function droppedReferences(
  kind: KindSpec,
  change: Change,
  next: readonly Reference[],
): readonly Reference[] {
  if (change.live === undefined || change.live.inactive === true) return [];
  const kept = new Set(next.map(({ address }) => address));
  return kind
    .references(change.live.attributes, change.key)
    .filter(({ address }) => !kept.has(address));
}

/** Where a kind is full, creates wait for as many deletes as they need room. */
function freeSlots(input: OrderInput, waits: ReadonlyMap<Address, Waits>): Address[] {
  const cramped: Address[] = [];
  for (const { name, countMax } of input.kinds.values()) {
    if (countMax === undefined) continue;
    const ofKind = input.changes.filter((change) => change.kind === name);
    const creates = ofKind.filter(({ action }) => action === "create");
    const deletes = ofKind.filter(({ action }) => action === "delete");
    const roomFirst = countMax - countOf(input.live, name);
    // More than there is room for in the end is refused as that, and not for its order.
    if (creates.length > roomFirst + deletes.length) continue;
    const waiting = creates.slice(Math.max(0, roomFirst));
    const free = new Set(deletes.map(({ address }) => address));
    for (const { address } of waiting) {
      const slot = [...free].find((candidate) => !reaches(waits, candidate, address));
      if (slot === undefined) {
        cramped.push(address);
        continue;
      }
      free.delete(slot);
      waits.get(address)?.needs.add(slot);
    }
  }
  return cramped;
}

function reaches(waits: ReadonlyMap<Address, Waits>, from: Address, to: Address): boolean {
  const seen = new Set<Address>();
  const open = [from];
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    if (address === to) return true;
    if (seen.has(address)) continue;
    seen.add(address);
    const entry = waits.get(address);
    open.push(...(entry?.needs ?? []), ...(entry?.after ?? []));
  }
  return false;
}
