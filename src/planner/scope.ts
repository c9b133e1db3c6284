import type { KindSpec } from "../model/kind.ts";
import type { ManifestPolicy } from "../model/manifest.ts";
import { type Address, type DesiredGraph, kindIn, type ReadScope } from "../model/resource.ts";
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
    const kinds = new Set(listed.map(({ name }) => name));
    return { kinds, parents: protectedParents(input, kinds) };
  }
  const managed = listed.filter(({ name }) => input.desired.managed.has(name));
  const shrinking = shrinkingKinds(input, managed);
  const referring = listed.filter(({ refersTo }) => refersTo.some((name) => shrinking.has(name)));
  const kinds = new Set([...managed, ...referring].map(({ name }) => name));
  for (const target of referredKinds(input)) kinds.add(target);
  for (const address of input.desired.forget.keys()) kinds.add(kindIn(address));
  const parents = [...input.desired.children.keys(), ...protectedParents(input, shrinking)];
  for (const parent of parents) kinds.add(kindIn(parent));
  const whole = new Set(referring.map(({ name }) => name));
  return {
    kinds,
    parents: new Set(parents),
    thorough: shrinking,
    ...toPartly(input, kinds, whole),
  };
}

/**
 * Where a stack deletes only what it owns, it is enough to read what it has marked, and what the
 * manifest names; but for kinds in which nothing may refer to what is deleted: those are read whole.
 */
function toPartly(
  { desired, kinds, policy, stack }: ScopeInput,
  read: ReadonlySet<string>,
  whole: ReadonlySet<string>,
): Pick<ReadScope, "partly"> {
  if (stack === undefined) return {};
  const isEnough = (kind: KindSpec): boolean =>
    kind.markable && !whole.has(kind.name) && pruneMode(kind, policy, stack) !== "all";
  const enough = kinds.filter((kind) => read.has(kind.name) && isEnough(kind));
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const wanted = [...desired.resources.values()].flatMap(({ address, kind, key, attributes }) => [
    address,
    ...(byName.get(kind)?.references(attributes, key) ?? []).map((reference) => reference.address),
  ]);
  const names = new Set(enough.map(({ name }) => name));
  return {
    partly: { kinds: names, stack, wanted: new Set([...wanted, ...desired.forget.keys()]) },
  };
}

/** Kinds of which something undeclared may be deleted. */
export function shrinkingKinds(
  input: ScopeInput,
  managed: readonly KindSpec[],
): ReadonlySet<string> {
  const shrinking = managed.filter((kind) => pruneMode(kind, input.policy, input.stack) !== "none");
  return new Set(shrinking.map(({ name }) => name));
}

/** Parents that hold something protected which could go along with something that is deleted. */
function protectedParents(
  { kinds, policy }: ScopeInput,
  shrinking: ReadonlySet<string>,
): Set<Address> {
  const children = kinds.filter(
    ({ parent, refersTo }) => parent !== undefined && refersTo.some((name) => shrinking.has(name)),
  );
  const parents = children.flatMap(({ name, parentOf, keyPrefix }) =>
    policy.protect.flatMap(({ selector }) => {
      const pattern = selector.kinds.get(name) ?? "";
      const parent = pattern === "" ? undefined : parentOf?.(pattern);
      // A pattern may leave the parent open; then there is no telling which to read.
      const isOne = parent !== undefined && pattern.startsWith(keyPrefix?.(parent) ?? "/");
      return isOne && !parent.includes("*") ? [parent] : [];
    }),
  );
  return new Set(parents);
}

function referredKinds(input: ScopeInput): ReadonlySet<string> {
  const byName = new Map(input.kinds.map((kind) => [kind.name, kind]));
  const found = new Set<string>();
  for (const { kind, attributes, key } of input.desired.resources.values()) {
    for (const { address } of byName.get(kind)?.references(attributes, key) ?? []) {
      const target = byName.get(kindIn(address));
      if (target !== undefined && target.parent === undefined) found.add(target.name);
    }
  }
  return found;
}
