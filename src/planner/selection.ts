import type { Change, PlanScope } from "../model/plan.ts";
import type { PlanRequest } from "../model/request.ts";
import type { Address, LiveGraph } from "../model/resource.ts";
import { isSelected, type Selector } from "../model/selector.ts";
import { foldDeletes } from "./fold.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import { toWaits, type Waits } from "./order.ts";
import { compareText } from "./text.ts";

/** What a plan is limited to. */
export interface Selection {
  readonly changes: readonly Change[];
  /** Whether a resource is what the plan is about, changed or not. */
  isAbout(address: Address, kind: string, key: string): boolean;
  readonly scope: PlanScope | null;
}

interface SelectionInput {
  readonly changes: readonly Change[];
  /** What the manifest declares; the rest follows from it, or goes. */
  readonly declared: ReadonlyMap<Address, unknown>;
  readonly live: LiveGraph;
  readonly kinds: Kinds;
  readonly request: Pick<PlanRequest, "only" | "except">;
}

/**
 * Limits changes to what is selected, closed over what they wait for: what a selected change needs
 * comes along, and what needs something that must not be touched is left out. A delete never comes
 * along, it has to be selected itself.
 */
export function select(input: SelectionInput): Selection {
  const { changes, request } = input;
  if (request.only.length === 0 && request.except.length === 0) {
    return { changes, isAbout: () => true, scope: null };
  }
  const out = new Set<Address>();
  for (;;) {
    const picked = pick(input, out);
    const left = picked.leftOut.filter(({ address }) => !out.has(address));
    if (left.length === 0) return toSelection(input, picked);
    // What it would have taken along has to go by itself now, and waits for other things.
    for (const { address } of left) out.add(address);
  }
}

interface Picked {
  /** In the plan, each with what it was pulled in for, if it was. */
  readonly chosen: ReadonlyMap<Address, Address | undefined>;
  readonly leftOut: readonly { readonly address: Address; readonly needs: Address }[];
  readonly changes: readonly Change[];
}

/** Picks changes, on how they would be ordered if these deletes were not made. */
function pick(input: SelectionInput, out: ReadonlySet<Address>): Picked {
  const { kinds, live } = input;
  const isMade = (change: Change) => isOpen(input, change) && !out.has(change.address);
  const changes = foldDeletes(input.changes, kinds, isMade);
  const waits = toWaits({ changes, live, kinds });
  const byAddress = new Map(changes.map((change) => [change.address, change] as const));
  const starts = changes.filter(
    (change) =>
      change.impliedBy === undefined &&
      isOpen(input, change) &&
      !isFollower(input, change, byAddress),
  );
  const barriers = findBarriers(input, waits, byAddress);
  const chosen = new Map<Address, Address | undefined>();
  for (const { address } of starts) if (!barriers.has(address)) follow(waits, address, chosen);
  const leftOut = starts.flatMap(({ address }) => {
    const needs = barriers.get(address);
    return needs === undefined ? [] : [{ address, needs }];
  });
  return {
    chosen,
    leftOut,
    changes: changes.filter(({ address, impliedBy }) => chosen.has(impliedBy ?? address)),
  };
}

function toSelection(input: SelectionInput, { chosen, leftOut, changes }: Picked): Selection {
  const { only, except } = input.request;
  const excluded = new Set(leftOut.map(({ address }) => address));
  const byAddress = new Map(changes.map((change) => [change.address, change] as const));
  const pulledIn = [...chosen].flatMap(([address, neededBy]) => {
    const change = byAddress.get(address);
    const isOwn = neededBy === undefined || change === undefined || isOpen(input, change);
    return isOwn ? [] : [{ address, neededBy }];
  });
  return {
    // Whatever took a delete along before, the plan decides anew.
    changes: changes.map(({ impliedBy: _, ...change }) => change),
    isAbout: (address, kind, key) =>
      chosen.has(address) || (!excluded.has(address) && isOpen(input, { address, kind, key })),
    scope: {
      only: textsOf(only),
      except: textsOf(except),
      pulledIn: pulledIn.sort(byAddressText),
      leftOut: leftOut.toSorted(byAddressText),
      beyond: input.changes.length - changes.length - leftOut.length,
    },
  };
}

/** A change that follows from its parent's is made with it and not by itself. */
function isFollower(
  { declared, kinds }: SelectionInput,
  { address, action, kind, key }: Change,
  changes: ReadonlyMap<Address, Change>,
): boolean {
  if (action === "delete" || declared.has(address)) return false;
  const parent = kindOf(kinds, kind).parentOf?.(key);
  return parent !== undefined && changes.has(parent);
}

type Named = Pick<Change, "address" | "kind" | "key">;

/** Whether a resource is selected and not excepted. */
function isOpen(input: SelectionInput, named: Named): boolean {
  return isInOnly(input, named) && !isNamed(input, input.request.except, named);
}

function isInOnly(input: SelectionInput, named: Named): boolean {
  const { only } = input.request;
  return only.length === 0 || isNamed(input, only, named);
}

/** Whether selectors name a resource, or what it lives in. */
function isNamed(
  { kinds }: SelectionInput,
  selectors: readonly Selector[],
  { address, kind, key }: Named,
): boolean {
  const parent = kindOf(kinds, kind).parentOf?.(key);
  return selectors.some(
    (selector) =>
      isSelected(selector, address) || (parent !== undefined && isSelected(selector, parent)),
  );
}

/**
 * Changes that cannot be in the plan, each with the nearest reason: itself, because it is excepted or
 * a delete that is not selected, or something it waits for.
 */
function findBarriers(
  input: SelectionInput,
  waits: ReadonlyMap<Address, Waits>,
  changes: ReadonlyMap<Address, Change>,
): ReadonlyMap<Address, Address> {
  const barriers = new Map([...changes.values()].flatMap((change) => barrierOf(input, change)));
  const open = [...barriers.keys()];
  const waiting = toFollowers(waits);
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    for (const follower of waiting.get(address) ?? []) {
      if (barriers.has(follower)) continue;
      barriers.set(follower, address);
      open.push(follower);
    }
  }
  return barriers;
}

type Barrier = readonly [shut: Address, because: Address];

/** What must not come along. What goes with another one only bars that if it must not be touched at all. */
function barrierOf(input: SelectionInput, change: Change): readonly Barrier[] {
  const { address, action, impliedBy } = change;
  const isExcepted = isNamed(input, input.request.except, change);
  if (impliedBy !== undefined) return isExcepted ? [[impliedBy, address]] : [];
  const isUnasked = action === "delete" && !isInOnly(input, change);
  return isExcepted || isUnasked ? [[address, address]] : [];
}

function toFollowers(waits: ReadonlyMap<Address, Waits>): ReadonlyMap<Address, Address[]> {
  const followers = new Map<Address, Address[]>();
  for (const [address, { needs, after }] of waits) {
    for (const target of [...needs, ...after]) {
      const known = followers.get(target);
      if (known === undefined) followers.set(target, [address]);
      else known.push(address);
    }
  }
  return followers;
}

/** Adds a change and everything it waits for. */
function follow(
  waits: ReadonlyMap<Address, Waits>,
  start: Address,
  chosen: Map<Address, Address | undefined>,
): void {
  if (!chosen.has(start)) chosen.set(start, undefined);
  const open = [start];
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    const { needs, after } = waits.get(address) ?? { needs: [], after: [] };
    for (const target of [...needs, ...after]) {
      if (chosen.has(target)) continue;
      chosen.set(target, address);
      open.push(target);
    }
  }
}

function textsOf(selectors: readonly Selector[]): string[] {
  return [...new Set(selectors.map(({ text }) => text))].sort(compareText);
}

function byAddressText(a: { readonly address: Address }, b: { readonly address: Address }): number {
  return compareText(a.address, b.address);
}
