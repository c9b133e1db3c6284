import type { KindSpec } from "../model/kind.ts";
import type { ManifestPolicy } from "../model/manifest.ts";
import type { DesiredGraph, ReadScope } from "../model/resource.ts";
import { pruneMode } from "./policy.ts";

/** What a plan is made from, before anything is read. */
export interface ScopeInput {
  readonly desired: DesiredGraph;
  readonly kinds: readonly KindSpec[];
  readonly policy: ManifestPolicy;
  readonly stack?: string | undefined;
  readonly mode: "apply" | "destroy";
}

/**
 * The collections a plan needs to have read: the managed kinds, what their resources refer to, and,
 * where something may be deleted, what could still refer to it. A destroy looks at every kind, for
 * it takes down everything marked ours.
 */
export function toScope(input: ScopeInput): ReadScope {
  const listed = input.kinds.filter(({ parent }) => parent === undefined);
  if (input.mode === "destroy") {
    return { kinds: new Set(listed.map(({ name }) => name)), parents: new Set() };
  }
  const managed = listed.filter(({ name }) => input.desired.managed.has(name));
  const shrinking = managed
    .filter((kind) => pruneMode(kind, input.policy, input.stack) !== "none")
    .map(({ name }) => name);
  const referring = listed.filter(({ refersTo }) =>
    refersTo.some((name) => shrinking.includes(name)),
  );
  const kinds = new Set([...managed, ...referring].map(({ name }) => name));
  for (const target of referredKinds(input)) kinds.add(target);
  return { kinds, parents: new Set(input.desired.children.keys()) };
}

function referredKinds(input: ScopeInput): ReadonlySet<string> {
  const byName = new Map(input.kinds.map((kind) => [kind.name, kind]));
  const found = new Set<string>();
  for (const { kind, attributes, key } of input.desired.resources.values()) {
    for (const { address } of byName.get(kind)?.references(attributes, key) ?? []) {
      const target = byName.get(address.slice(0, address.indexOf("/")));
      if (target !== undefined && target.parent === undefined) found.add(target.name);
    }
  }
  return found;
}
