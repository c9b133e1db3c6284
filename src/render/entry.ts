import type { Plan, PlanChange } from "../model/plan.ts";
import { type Address, keyIn, kindIn } from "../model/resource.ts";

/** One block of a rendered plan: a resource, and what changes among those that live inside it. */
export interface Entry {
  readonly address: Address;
  /** Missing where only its children change. */
  readonly change?: PlanChange;
  readonly children: readonly PlanChange[];
}

/** Kinds that are shown as one line of what they live in, with that line's label. */
const nested: { readonly [kind: string]: { readonly parent: string; readonly label: string } } = {
  membership: { parent: "group", label: "members" },
};

/** What the resources that live inside one of this kind are called: `members`. */
export function childLabel(parentKind: string): string {
  return Object.values(nested).find(({ parent }) => parent === parentKind)?.label ?? "children";
}

/** A change's name inside its block: the uid of a membership. */
export function childName(address: Address): string {
  return address.slice(address.indexOf(":") + 1);
}

/**
 * The plan's changes as blocks: in the plan's order, deletions last. What a deletion takes along is
 * not listed; its block says how many there are.
 */
export function toEntries(changes: readonly PlanChange[]): readonly Entry[] {
  const blocks = new Map<Address, { change?: PlanChange; children: PlanChange[] }>();
  for (const change of changes) {
    const address = blockOf(change.address);
    const block = blocks.get(address) ?? { children: [] };
    blocks.set(address, block);
    if (address === change.address) {
      block.change = change;
    } else {
      block.children.push(change);
    }
  }
  const entries = [...blocks].map(([address, block]) => ({ address, ...block }));
  const isDelete = (entry: Entry): boolean => entry.change?.action === "delete";
  return [...entries.filter((entry) => !isDelete(entry)), ...entries.filter(isDelete)];
}

/**
 * Changes that no later plan can take back, each on its own: what a person is asked about. What a
 * deletion takes along is covered by it.
 */
export function irreversible(plan: Pick<Plan, "changes">): readonly Entry[] {
  const blocks = new Map(toEntries(plan.changes).map((entry) => [entry.address, entry]));
  return plan.changes
    .filter(({ reversal, impliedBy }) => reversal === "irreversible" && impliedBy === undefined)
    .map(
      (change) => blocks.get(change.address) ?? { address: change.address, change, children: [] },
    );
}

/** How many children a deletion takes along; none where nothing is deleted. */
export function childCount({ change, children }: Entry): number {
  return change?.action === "delete" ? (change.children ?? children.length) : 0;
}

/** The resource in whose block a change of this address is shown: itself, or what it lives in. */
export function blockOf(address: Address): Address {
  const place = nested[kindIn(address)];
  if (place === undefined) {
    return address;
  }
  const key = keyIn(address);
  return `${place.parent}/${key.slice(0, key.indexOf(":"))}`;
}
