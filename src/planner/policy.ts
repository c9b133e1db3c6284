import type { Diagnostic } from "../model/diagnostic.ts";
import type { KindSpec } from "../model/kind.ts";
import type { ManifestPolicy, PruneMode } from "../model/manifest.ts";
import type { Change } from "../model/plan.ts";
import type { Address, DesiredGraph, LiveGraph, LiveResource } from "../model/resource.ts";
import { kindOf } from "./diff.ts";

/** What policy is decided on. */
export interface PolicyInput {
  readonly desired: DesiredGraph;
  readonly live: LiveGraph;
  readonly kinds: ReadonlyMap<string, KindSpec>;
  readonly policy: ManifestPolicy;
  readonly stack?: string | undefined;
}

/** Which of the undeclared resources go, and which stay. */
export interface PolicyDecision {
  readonly deletes: readonly Change[];
  /** Why each deleted resource is in scope, by address. */
  readonly reasons: ReadonlyMap<Address, string>;
  /** Live, not declared and left alone. */
  readonly kept: readonly LiveResource[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Decides which undeclared resources may be deleted: those in a prune scope that the manifest opens,
 * in a collection that was read to its end, and never what another stack has marked. An inactive
 * resource counts as absent, so there is nothing left to delete.
 */
export function decide(input: PolicyInput, undeclared: readonly LiveResource[]): PolicyDecision {
  const deletes: Change[] = [];
  const kept: LiveResource[] = [];
  const reasons = new Map<Address, string>();
  const unread = new Set<string>();
  for (const live of undeclared) {
    if (live.inactive === true) continue;
    const kind = kindOf(input.kinds, live.kind);
    const reason = inScope(input, kind, live);
    const collection = kind.parentOf?.(live.key) ?? kind.name;
    const isComplete = input.live.evidence.get(collection)?.complete === true;
    if (reason !== undefined && !isComplete) unread.add(collection);
    if (reason === undefined || !isComplete) kept.push(live);
    else {
      reasons.set(live.address, reason);
      deletes.push(toDelete(kind, live, input.policy));
    }
  }
  const diagnostics = [...incomplete(unread), ...unmarkable(input, kept)];
  return { deletes, reasons, kept, diagnostics };
}

/** The delete of a resource, soft where policy says so for its section. */
export function toDelete(kind: KindSpec, live: LiveResource, policy: ManifestPolicy): Change {
  const soft = isSoft(kind, policy) ? { soft: true as const } : {};
  const { address, key } = live;
  const change = { action: "delete" as const, address, kind: kind.name, key, live };
  return { ...change, planned: {}, attributes: [], ...soft };
}

function isSoft(kind: KindSpec, policy: ManifestPolicy): boolean {
  const modes: { readonly [section: string]: string } = policy.delete;
  return kind.section !== undefined && modes[kind.section] === "deactivate";
}

/** How far undeclared resources of a kind may be deleted. */
export function pruneMode(
  kind: KindSpec,
  policy: ManifestPolicy,
  stack: string | undefined,
): PruneMode {
  const mode = kind.section === undefined ? undefined : policy.prune[kind.section];
  return mode ?? (stack !== undefined && kind.markable ? "owned" : "none");
}

function inScope(input: PolicyInput, kind: KindSpec, live: LiveResource): string | undefined {
  const parent = kind.parentOf?.(live.key);
  if (parent !== undefined) {
    const isOpen = input.desired.children.get(parent) === "authoritative";
    return isOpen ? "not declared, authoritative" : undefined;
  }
  if (!input.desired.managed.has(kind.name)) return undefined;
  const isForeign = live.stack !== undefined && live.stack !== input.stack;
  if (isForeign) return undefined;
  const mode = pruneMode(kind, input.policy, input.stack);
  if (mode === "all") return "not declared, prune all";
  const isOwned = input.stack !== undefined && live.stack === input.stack;
  return mode === "owned" && isOwned ? "not declared, owned" : undefined;
}

function incomplete(collections: ReadonlySet<string>): Diagnostic[] {
  return [...collections].sort().map((collection) => ({
    severity: "warning",
    code: "read/incomplete",
    summary: `the listing of ${collection} could not be read to its end: nothing in it is deleted`,
    hint: "Plan again; if it stays incomplete, look at the service's status.",
  }));
}

function unmarkable(input: PolicyInput, kept: readonly LiveResource[]): Diagnostic[] {
  if (input.stack === undefined) return [];
  const kinds = new Set(kept.map(({ kind }) => kind));
  return [...input.kinds.values()]
    .filter(({ name, section, markable }) => section !== undefined && !markable && kinds.has(name))
    .filter(({ name }) => input.desired.managed.has(name))
    .filter((kind) => pruneMode(kind, input.policy, input.stack) !== "all")
    .map(({ section = "" }) => ({
      severity: "warning",
      code: "policy/no-mark",
      summary: `${section} carry no ownership mark: undeclared ones are never deleted as owned`,
      hint: `Set policy.prune.${section} to all if this manifest is the only source of ${section}.`,
    }));
}
