import { isEqual } from "../model/equal.ts";
import type { ImpliedResource, KindSpec } from "../model/kind.ts";
import {
  type Address,
  type DesiredGraph,
  type DesiredResource,
  type LiveGraph,
  toAddress,
} from "../model/resource.ts";
import { merge } from "./merge.ts";

/** Everything that is asked for, and what is left as it is although nobody asked for it. */
export interface Wanted {
  readonly wanted: ReadonlyMap<Address, DesiredResource>;
  readonly spared: ReadonlySet<Address>;
}

interface WantedInput {
  readonly desired: DesiredGraph;
  readonly live: LiveGraph;
  readonly kinds: ReadonlyMap<string, KindSpec>;
}

/**
 * Adds to what is declared what follows from it. An implied resource
 *
 * - comes with its parent when that is created, so it is not asked for;
 * - is asked for when the manifest wants it and it was read, or when it is new with this plan;
 * - is otherwise only spared: not deleted, and not changed into what it is not implied to be.
 */
export function toWanted(input: WantedInput): Wanted {
  const wanted = new Map(input.desired.resources);
  const spared = new Set<Address>();
  for (const resource of input.desired.resources.values()) {
    for (const implied of impliedBy(input, resource)) {
      const address = toAddress(implied.kind, implied.key);
      const declared = wanted.get(address);
      if (implied.isAsked) {
        wanted.set(address, toResource(address, implied, declared ?? resource));
        continue;
      }
      spared.add(address);
      const isContrary = declared && !isEqual(declared.attributes, implied.attributes);
      if (implied.isCreated || isContrary) wanted.delete(address);
    }
  }
  return { wanted, spared };
}

type Implied = ImpliedResource & { readonly isAsked: boolean; readonly isCreated: boolean };

function impliedBy(input: WantedInput, resource: DesiredResource): Implied[] {
  const kind = input.kinds.get(resource.kind);
  if (kind?.implies === undefined) return [];
  const live = input.live.resources.get(resource.address);
  const planned = merge(kind, live?.attributes ?? {}, resource.attributes);
  const before = live ? kind.implies(live.attributes, live.key, live.attributes) : [];
  const isRead = input.desired.children.has(resource.address);
  return kind.implies(planned, resource.key, resource.attributes).map((implied) => {
    const isNew = before.every(({ key }) => key !== implied.key);
    const isCreated = live === undefined;
    return { ...implied, isCreated, isAsked: !isCreated && implied.wanted && (isRead || isNew) };
  });
}

function toResource(
  address: Address,
  implied: ImpliedResource,
  place: DesiredResource,
): DesiredResource {
  const { kind, key, attributes } = implied;
  const path = place.path === undefined ? {} : { path: place.path };
  return { address, kind, key, attributes, ...path };
}
