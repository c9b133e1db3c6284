import type { Diagnostic } from "../model/diagnostic.ts";
import type { KindSpec } from "../model/kind.ts";
import type { ManifestPolicy, PruneMode } from "../model/manifest.ts";
import type { BlockedChange, Change } from "../model/plan.ts";
import {
  type Address,
  type DesiredGraph,
  holdersOf,
  isWhole,
  type LiveGraph,
  type LiveResource,
} from "../model/resource.ts";
import { isForgotten, toForgets } from "./forget.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import { blockProtected, isProtected } from "./protect.ts";

/** What policy is decided on. */
export interface PolicyInput {
  readonly desired: DesiredGraph;
  readonly live: LiveGraph;
  readonly kinds: Kinds;
  readonly policy: ManifestPolicy;
  readonly stack?: string | undefined;
}

/** Which of the undeclared resources go, and which stay. */
export interface PolicyDecision {
  /** Deletes, and marks that are taken off. */
  readonly changes: readonly Change[];
  /** Deletes that protection forbids. */
  readonly blocked: readonly BlockedChange[];
  /** Why each deleted resource is in scope, by address. */
  readonly reasons: ReadonlyMap<Address, string>;
  /** Live, not declared and left alone. */
  readonly kept: readonly LiveResource[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Decides which undeclared resources may be deleted: those in a prune scope that the manifest opens,
 * in a collection that was read to its end, and never what another stack has marked, what is to be
 * forgotten or what is protected. An inactive resource counts as absent, so there is nothing left to
 * delete.
 */
export function decide(input: PolicyInput, undeclared: readonly LiveResource[]): PolicyDecision {
  const deletes: Change[] = [];
  const kept: LiveResource[] = [];
  const reasons = new Map<Address, string>();
  const unread = new Set<string>();
  const forgets = toForgets(input);
  const written = new Set(forgets.map(({ address }) => address));
  const judged = undeclared.filter(
    ({ address, inactive }) => inactive !== true && !written.has(address),
  );
  for (const live of judged) {
    const kind = kindOf(input.kinds, live.kind);
    const { reason, unproven } = judge(input, kind, live);
    if (unproven !== undefined) unread.add(unproven);
    if (reason === undefined || unproven !== undefined) {
      kept.push(live);
      continue;
    }
    reasons.set(live.address, reason);
    deletes.push(toDelete(kind, live, input.policy));
  }
  const protection = blockProtected(input, deletes, reasons);
  kept.push(
    ...protection.blocked.flatMap(({ address }) => input.live.resources.get(address) ?? []),
  );
  return {
    changes: [...protection.deletes, ...forgets],
    blocked: protection.blocked,
    reasons,
    kept: withoutTaken(input, kept, protection.deletes),
    diagnostics: [...incomplete(unread), ...unmarkable(input, kept)],
  };
}

interface Verdict {
  /** Why it is in scope, if it is. */
  readonly reason?: string | undefined;
  /** What would have to be read to be sure. */
  readonly unproven?: string | undefined;
}

function judge(input: PolicyInput, kind: KindSpec, live: LiveResource): Verdict {
  const reason = isForgotten(input, live) ? undefined : inScope(input, kind, live);
  return reason === undefined ? {} : { reason, unproven: unprovenFor(input, kind, live) };
}

/**
 * The collection that would have to be read to its end before this resource may be deleted, and was
 * not: its own, or one in which something could still refer to it.
 */
export function unprovenFor(
  input: PolicyInput,
  kind: KindSpec,
  resource: LiveResource,
): string | undefined {
  // What is protected stays, whoever refers to it.
  if (isProtected(input, resource)) return undefined;
  const { live, kinds } = input;
  const { key, address } = resource;
  const referring = [...kinds.values()]
    .filter(({ parent, refersTo }) => parent === undefined && refersTo.includes(kind.name))
    .map(({ name }) => name);
  const own = kind.parentOf?.(key) ?? kind.name;
  const { complete, how } = live.evidence.get(own) ?? { complete: false };
  // Single resources show what is there, and not that it is all there is.
  const isOwnRead = complete && how !== "points";
  // To know that nothing refers to it, a listing of what one stack has marked is not enough.
  const isOpen = (name: string) =>
    !isWhole(live.evidence.get(name)) &&
    live.evidence.get(holdersOf(name, address))?.complete !== true;
  return isOwnRead ? referring.find(isOpen) : own;
}

/** What is kept, but for what a hard delete takes along. */
function withoutTaken(
  { kinds }: PolicyInput,
  kept: readonly LiveResource[],
  deletes: readonly Change[],
): LiveResource[] {
  const gone = new Set(deletes.filter(({ soft }) => soft !== true).map(({ address }) => address));
  return kept.filter(({ kind, key, attributes }) => {
    const references = kindOf(kinds, kind).references(attributes, key);
    return !references.some(({ address, cascades }) => cascades === true && gone.has(address));
  });
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

/** Why an undeclared resource may be deleted, by all that the manifest says; if it may. */
export function inScope(
  input: Pick<PolicyInput, "desired" | "policy" | "stack">,
  kind: KindSpec,
  live: Marked & Pick<LiveResource, "key">,
): string | undefined {
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
  return mode === "owned" && isOurs(input.stack, live, false) ? "not declared, owned" : undefined;
}

/** What is known of a resource's mark. */
export interface Marked {
  readonly stack?: string | undefined;
  readonly strayMark?: true;
}

/**
 * Whether a resource is ours. A mark that no listing by mark would show counts only for what is declared:
 * what else there is must not depend on how the app was read.
 */
export function isOurs(stack: string | undefined, live: Marked, isDeclared: boolean): boolean {
  return stack !== undefined && live.stack === stack && (isDeclared || live.strayMark !== true);
}

/** Says which listings were not read to their end. */
export function incomplete(collections: ReadonlySet<string>): Diagnostic[] {
  return [...collections].sort().map((collection) => ({
    severity: "warning",
    code: "read/incomplete",
    summary: `the listing of ${collection} was not read to its end: nothing is deleted that depends on it`,
    hint: "Plan again; if it stays incomplete, look at the service's status.",
  }));
}

function unmarkable(input: PolicyInput, kept: readonly LiveResource[]): Diagnostic[] {
  if (input.stack === undefined) return [];
  const kinds = new Set(kept.map(({ kind }) => kind));
  return (
    [...input.kinds.values()]
      .filter(
        ({ name, section, markable }) => section !== undefined && !markable && kinds.has(name),
      )
      .filter(({ name }) => input.desired.managed.has(name))
      // Who has said what becomes of them needs no advice.
      .filter(({ section = "" }) => input.policy.prune[section] === undefined)
      .map(({ section = "" }) => ({
        severity: "warning",
        code: "policy/no-mark",
        summary: `${section} carry no ownership mark: undeclared ones are never deleted as owned`,
        hint: `Set policy.prune.${section} to all if this manifest is the only source of ${section}.`,
      }))
  );
}
