import { isEqual } from "../model/equal.ts";
import type { FamilyState } from "../model/kind.ts";
import { type Address, isWhole, kindIn, type LiveGraph, type Resource } from "../model/resource.ts";
import { type HoldersInput, mayGo } from "./holders.ts";
import { kindOf } from "./kinds.ts";
import { merge } from "./merge.ts";

/**
 * Resources of which it is not known whether they are there and active, though it may depend on them
 * whether a declared family can be left as it is planned: they have to be asked for by name first.
 */
export function findKeepersAsked(input: HoldersInput): ReadonlySet<Address> {
  const { desired, live } = input;
  const unkept = [...desired.resources.values()].flatMap(({ address }) => {
    const unknown = unknownKeepers(input, address, []);
    return unknown.size === 0 ? [] : [{ address, unknown }];
  });
  if (unkept.length === 0) return new Set();
  const children = childrenByParent(input);
  const isShrinking = [...live.resources.keys()].some((one) => mayGo(input, one));
  const asked = unkept.flatMap(({ address, unknown }) => {
    if (!live.evidence.has(address)) return isShrinking ? [...unknown] : [];
    const staying = (children.get(address) ?? []).filter((child) => isStaying(input, child));
    const inside = staying.map(({ attributes }) => attributes);
    return [...unknownKeepers(input, address, inside)];
  });
  return new Set(asked);
}

/** What decides whether a family with no more than these children is kept by anybody, as far as it is unknown. */
function unknownKeepers(
  { desired, live, kinds }: HoldersInput,
  address: Address,
  children: FamilyState["children"],
): ReadonlySet<Address> {
  const unknown = new Set<Address>();
  const declared = desired.resources.get(address);
  const found = live.resources.get(address);
  const spec = found && kindOf(kinds, found.kind);
  if (found === undefined || declared === undefined || spec?.guard === undefined) return unknown;
  const attributes = merge(spec, found.attributes, declared.attributes);
  const isActive = (target: Address) => isKnownActive(live, target, unknown);
  const state = { attributes, children, isActive };
  const isKept = spec.guard({ address, before: state, after: state }).length === 0;
  return isKept ? new Set() : unknown;
}

/** Whether a resource is known to be active; notes it if nothing is known of it at all. */
function isKnownActive(live: LiveGraph, target: Address, unknown: Set<Address>): boolean {
  const found = live.resources.get(target);
  if (found !== undefined) return found.inactive !== true;
  if (!isWhole(live.evidence.get(kindIn(target)))) unknown.add(target);
  return false;
}

function childrenByParent({ live, kinds }: HoldersInput): ReadonlyMap<Address, Resource[]> {
  const found = new Map<Address, Resource[]>();
  for (const child of live.resources.values()) {
    const parent = kindOf(kinds, child.kind).parentOf?.(child.key);
    if (parent === undefined || child.inactive === true) continue;
    const known = found.get(parent);
    if (known === undefined) found.set(parent, [child]);
    else known.push(child);
  }
  return found;
}

/** Whether a child is there afterwards as it is now, whatever the plan leaves out. */
function isStaying(input: HoldersInput, { address, kind, key, attributes }: Resource): boolean {
  const spec = kindOf(input.kinds, kind);
  const declared = input.desired.resources.get(address);
  if (declared !== undefined) {
    const planned = merge(spec, attributes, declared.attributes);
    if (!isEqual(planned, attributes)) return false;
  } else if (mayGo(input, address) && !isImplied(input, address, key)) return false;
  return !spec
    .references(attributes, key)
    .some((reference) => reference.cascades === true && mayGo(input, reference.address));
}

/** Whether a child follows from its parent being as it is: then no plan removes it. */
function isImplied({ live, kinds }: HoldersInput, address: Address, key: string): boolean {
  const spec = kindOf(kinds, kindIn(address));
  const parent = live.resources.get(spec.parentOf?.(key) ?? "");
  if (parent === undefined) return false;
  const implied = kindOf(kinds, parent.kind).implies?.(
    parent.attributes,
    parent.key,
    parent.attributes,
  );
  return (implied ?? []).some((one) => one.kind === spec.name && one.key === key);
}
