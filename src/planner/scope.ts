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
 * where something may be deleted, what could still refer to it, unless the service tells that by
 * itself. A destroy looks at every kind, for it takes down everything marked ours.
 */
export function toScope(input: ScopeInput): ReadScope {
  const listed = input.kinds.filter(({ parent }) => parent === undefined);
  if (input.mode === "destroy") {
    const kinds = new Set(listed.map(({ name }) => name));
    const parents = protectedParents(input, kinds);
    return { kinds, parents, ...toPartly(input, kinds, kinds) };
  }
  const managed = listed.filter(({ name }) => input.desired.managed.has(name));
  const shrinking = shrinkingKinds(input, managed);
  const referring = listed.filter((kind) => mayHold(kind, shrinking));
  const kinds = new Set([...managed, ...referring].map(({ name }) => name));
  for (const target of referredKinds(input)) kinds.add(target);
  for (const address of input.desired.forget.keys()) kinds.add(kindIn(address));
  const parents = [...input.desired.children.keys(), ...protectedParents(input, shrinking)];
  for (const parent of parents) kinds.add(kindIn(parent));
  return {
    kinds,
    parents: new Set(parents),
    thorough: shrinking,
    ...toPartly(input, kinds, shrinking),
  };
}

/** Whether anything of a kind could refer to what may go, and only its whole listing would tell. */
function mayHold({ refersTo, tellsHolders }: KindSpec, going: ReadonlySet<string>): boolean {
  return refersTo.some((name) => going.has(name) && tellsHolders?.includes(name) !== true);
}

/**
 * Which kinds need not be read whole. Where a stack deletes only what it owns, it is enough to know what
 * it has marked and what the manifest names; without a stack, and where nothing is deleted, what is
 * named alone. Whole are those in which something may refer to what goes, those of which anything may
 * go, and those of which there can only be so many.
 */
function toPartly(
  input: ScopeInput,
  read: ReadonlySet<string>,
  going: ReadonlySet<string>,
): Pick<ReadScope, "partly" | "wholeFor"> {
  const { kinds, stack } = input;
  const names = new Set<string>();
  const wholeFor = new Map<string, string>();
  for (const kind of kinds.filter(({ name }) => read.has(name))) {
    const why = whyWhole(input, kind, going);
    if (why === undefined) names.add(kind.name);
    else wholeFor.set(kind.name, why);
  }
  const partly = { kinds: names, stack, wanted: namedBy(input) };
  return names.size === 0 ? { wholeFor } : { partly, wholeFor };
}

function whyWhole(
  { policy, stack, mode }: ScopeInput,
  kind: KindSpec,
  going: ReadonlySet<string>,
): string | undefined {
  if (kind.countMax !== undefined) return "there can only be so many";
  if (mayHold(kind, going)) return "it may refer to what is deleted";
  const prune = pruneMode(kind, policy, stack);
  const isDestroyed = mode === "destroy" && stack === undefined;
  if (prune === "all" || isDestroyed) return "anything of it may be deleted";
  return stack !== undefined && !kind.markable ? "it carries no mark" : undefined;
}

/** What the manifest names: what it declares, what that refers to, and what is to be forgotten. */
export function namedBy({ desired, kinds }: Pick<ScopeInput, "desired" | "kinds">): Set<Address> {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const named = new Set(desired.forget.keys());
  for (const { address, kind, key, attributes } of desired.resources.values()) {
    named.add(address);
    for (const reference of byName.get(kind)?.references(attributes, key) ?? []) {
      named.add(reference.address);
    }
  }
  return named;
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
