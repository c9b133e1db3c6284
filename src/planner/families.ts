import type { Diagnostic } from "../model/diagnostic.ts";
import type { FamilyState, KindSpec } from "../model/kind.ts";
import type { Change } from "../model/plan.ts";
import {
  type Address,
  type DesiredGraph,
  isWhole,
  kindIn,
  type LiveGraph,
  type LiveResource,
  type Resource,
} from "../model/resource.ts";
import type { CheckInput } from "./check.ts";
import { type Kinds, kindOf } from "./kinds.ts";

type Changes = ReadonlyMap<Address, Change>;

/** Asks the kinds whether what is declared may be left as the plan leaves it, with all that lives in it. */
export function checkFamilies(
  input: CheckInput,
  doomed: ReadonlyMap<Address, Change>,
): Diagnostic[] {
  // Of a family that was not read nothing can be said. One beyond the scope can lose somebody, too.
  const about = new Set(input.judged.map(({ address }) => address));
  const { evidence } = input.live;
  const parents = [...input.families].filter(
    ({ address, kind }) => kindOf(input.kinds, kind).guard !== undefined && evidence.has(address),
  );
  if (parents.length === 0) return [];
  const changes = new Map(input.changes.map((change) => [change.address, change] as const));
  const children = childrenByParent(input);
  return parents.flatMap(({ address, kind }) => {
    const live = input.live.resources.get(address);
    if (live === undefined || doomed.has(address)) return [];
    const inside = children.get(address) ?? { live: [], made: [] };
    const before: FamilyState = {
      attributes: live.attributes,
      children: inside.live.map(({ attributes }) => attributes),
      isActive: (target) => isActive(input, target, new Map(), new Map()),
    };
    const staying = inside.live.filter((child) => !isLeaving(input, child, doomed));
    const after: FamilyState = {
      attributes: changes.get(address)?.planned ?? live.attributes,
      children: [
        ...staying.map((child) => changes.get(child.address)?.planned ?? child.attributes),
        ...inside.made.map(({ planned }) => planned),
      ],
      isActive: (target) => isActive(input, target, changes, doomed),
    };
    const found = kindOf(input.kinds, kind).guard?.({ address, before, after }) ?? [];
    // Of a list that is not whole it cannot be said that somebody is missing, only that one goes.
    const isKnown = about.has(address) && evidence.get(address)?.complete === true;
    return found.filter(({ severity }) => severity === "error" || isKnown);
  });
}

/**
 * Declared parents of which it is not known that anybody keeps them, though something may be deleted
 * that does: what lives in them has to be read first.
 */
export function findUnkept(
  { resources }: DesiredGraph,
  live: LiveGraph,
  kinds: Kinds,
): ReadonlySet<Address> {
  const unkept = [...resources.values()].filter(({ address, kind }) => {
    const found = live.resources.get(address);
    const { guard } = kindOf(kinds, kind);
    if (found === undefined || guard === undefined || live.evidence.has(address)) return false;
    const isActive = (target: Address) => isThere(live, target);
    const alone: FamilyState = { attributes: found.attributes, children: [], isActive };
    return guard({ address, before: alone, after: alone }).length > 0;
  });
  return new Set(unkept.map(({ address }) => address));
}

interface Children {
  readonly live: LiveResource[];
  readonly made: Change[];
}

function childrenByParent({ live, changes, kinds }: CheckInput): ReadonlyMap<Address, Children> {
  const found = new Map<Address, Children>();
  const placeOf = (kind: KindSpec, key: string): Children | undefined => {
    const parent = kind.parentOf?.(key);
    if (parent === undefined) return undefined;
    const known = found.get(parent) ?? { live: [], made: [] };
    found.set(parent, known);
    return known;
  };
  for (const child of live.resources.values()) {
    if (child.inactive !== true) placeOf(kindOf(kinds, child.kind), child.key)?.live.push(child);
  }
  for (const change of changes) {
    if (change.action === "create")
      placeOf(kindOf(kinds, change.kind), change.key)?.made.push(change);
  }
  return found;
}

/** Whether a child goes by itself, or with something that it depends on. */
function isLeaving(
  { kinds }: CheckInput,
  { address, kind, key, attributes }: Resource,
  doomed: ReadonlyMap<Address, Change>,
): boolean {
  if (doomed.has(address)) return true;
  return kindOf(kinds, kind)
    .references(attributes, key)
    .some((reference) => reference.cascades === true && doomed.has(reference.address));
}

function isActive(
  { live }: CheckInput,
  address: Address,
  changes: Changes,
  doomed: ReadonlyMap<Address, Change>,
): boolean {
  if (doomed.has(address)) return false;
  if (changes.has(address)) return true;
  return isThere(live, address);
}

/** Whether a resource is there and active, as far as is known. */
function isThere(live: LiveGraph, address: Address): boolean {
  const found = live.resources.get(address);
  if (found !== undefined) return found.inactive !== true;
  // What was not listed may well be there; what a declared family refers to is never left out.
  return live.absent?.has(address) !== true && !isWhole(live.evidence.get(kindIn(address)));
}
