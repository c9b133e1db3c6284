import type { Diagnostic } from "../model/diagnostic.ts";
import { sortKeys } from "../model/json.ts";
import type { QuotaSplit } from "../model/pace.ts";
import {
  type Action,
  type Change,
  isApplicable,
  type Plan,
  type PlanChange,
  type PlanOverrides,
  type Quota,
  type Step,
} from "../model/plan.ts";
import { formatAllowance, type PlanRequest } from "../model/request.ts";
import { keyIn, type LiveGraph, type LiveResource, sourceOf } from "../model/resource.ts";
import { lowerBound } from "./bound.ts";
import type { Difference } from "./diff.ts";
import { digestPlan, preImageOf } from "./digest.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import { collapse } from "./notes.ts";
import type { PlanInput } from "./plan.ts";
import type { PolicyDecision } from "./policy.ts";
import type { Selection } from "./selection.ts";
import { ADDRESSES_MAX } from "./sieve.ts";
import { compareText } from "./text.ts";

/** What the stages came to. */
export interface Parts {
  readonly input: PlanInput;
  readonly kinds: Kinds;
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  readonly split: QuotaSplit | null;
  readonly difference: Difference;
  readonly decision: PolicyDecision;
  readonly selection: Selection;
  readonly problems: readonly Diagnostic[];
}

/** Puts together what is printed, counted, hashed and saved. */
export function assemble(parts: Parts): Plan {
  const { input, kinds, changes, steps, split, decision, selection } = parts;
  const diagnostics = sortProblems(parts.problems);
  const { passersBy } = input.live;
  const kept = decision.kept.filter(
    ({ address, kind, key }) =>
      passersBy?.has(address) !== true && selection.isAbout(address, kind, key),
  );
  const blocked = decision.blocked
    .filter(({ address, kind }) => selection.isAbout(address, kind, keyIn(address)))
    .sort((a, b) => compareText(a.address, b.address));
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  const callsOf = (quota: Quota) => steps.filter(({ call }) => call.quota === quota).length;
  const collections = [...input.live.evidence.values()].toSorted((a, b) =>
    compareText(a.collection, b.collection),
  );
  const body: Omit<Plan, "digest"> = {
    formatVersion: 1,
    tool: { name: "cometform", version: input.toolVersion },
    provider: input.target,
    stack: input.stack ?? null,
    mode: input.mode,
    manifestDigest: input.manifestDigest,
    scope: selection.scope,
    overrides: toOverrides(input.request),
    applicable: isApplicable({ diagnostics }),
    summary: {
      create: count("create"),
      update: count("update"),
      delete: count("delete"),
      adopt: count("adopt"),
      reactivate: count("reactivate"),
      forget: count("forget"),
      protected: blocked.length,
      unchanged: countUnchanged(parts),
      undeclared: countUndeclared(input, kinds, kept),
    },
    calls: {
      total: steps.length,
      core: callsOf("core"),
      standard: callsOf("standard"),
      import: callsOf("import"),
      lowerBound: lowerBound(changes, kinds, input.request.bulk),
      split,
    },
    reads: {
      calls: input.live.calls,
      complete: collections.every(({ complete }) => complete),
      collections,
    },
    changes: changes.map((change) => toPlanChange(change, parts)),
    blocked,
    steps,
    diagnostics,
    preImages: toPreImages(changes, input.live),
    authoritative: [...input.desired.children]
      .filter(([, mode]) => mode === "authoritative")
      .map(([address]) => address)
      .toSorted(compareText),
    protect: input.policy.protect.map(({ selector }) => selector.text).sort(compareText),
    ...toKept(input, kept),
  };
  return { ...body, digest: digestPlan(body) };
}

function toOverrides({ prune, allow, takeOver, bulk }: PlanRequest): PlanOverrides {
  return {
    bulk,
    prune: sortKeys(prune) as PlanOverrides["prune"],
    allow: [...new Set(allow.map(formatAllowance))].sort(compareText),
    takeOver: [...takeOver].sort(compareText),
  };
}

/** Declared resources, as far as the plan is about them, that are as they should be. */
function countUnchanged({ difference, selection }: Parts): number {
  if (selection.scope === null) return difference.unchanged;
  const changed = new Set(difference.changes.map(({ address }) => address));
  return [...difference.wanted.values()].filter(
    ({ address, kind, key }) => !changed.has(address) && selection.isAbout(address, kind, key),
  ).length;
}

function sortProblems(problems: readonly Diagnostic[]): Diagnostic[] {
  const key = ({ code, summary }: Diagnostic) => `${code} ${summary}`;
  return collapse(problems.toSorted((a, b) => compareText(key(a), key(b))));
}

function toPreImages(changes: readonly Change[], live: LiveGraph): Plan["preImages"] {
  const seen = changes.filter(({ blind }) => blind !== true);
  const sorted = seen.toSorted((a, b) => compareText(a.address, b.address));
  return Object.fromEntries(
    sorted.map((change) => [
      change.address,
      preImageOf(change, live.resources.get(change.address)),
    ]),
  );
}

function countUndeclared(
  input: PlanInput,
  kinds: Kinds,
  kept: readonly LiveResource[],
): { readonly [kind: string]: number | null } {
  const counts = [...kinds.values()].map(({ name, parent }) => {
    const isRead = parent === undefined ? isWhole(input, name) : isParentRead(input, name);
    const taken = kept.filter(({ kind }) => kind === name).length;
    const passed = input.passed?.get(name)?.count ?? 0;
    return [name, isRead ? taken + passed : null] as const;
  });
  return Object.fromEntries(counts);
}

/** What is left alone, as far as it is worth to be listed. Strangers on the way to others are not. */
function toKept(
  input: PlanInput,
  kept: readonly LiveResource[],
): Pick<Plan, "kept"> & { readonly keptMore?: number } {
  const passed = [...(input.passed ?? [])].filter(([kind]) => isKnown(input, kind));
  const taken = kept.map(({ address }) => address);
  const all = [...taken, ...passed.flatMap(([, { addresses }]) => addresses)].sort(compareText);
  const count = passed.reduce((sum, [, one]) => sum + one.count, taken.length);
  const listed = all.slice(0, ADDRESSES_MAX);
  return { kept: listed, ...(count > listed.length ? { keptMore: count - listed.length } : {}) };
}

/** Whether a kind's whole listing was read, so that what nobody declared can be counted. */
function isWhole(input: PlanInput, kind: string): boolean {
  return isKnown(input, kind) && isInScope(input, kind);
}

function isKnown({ live }: PlanInput, kind: string): boolean {
  const evidence = live.evidence.get(kind);
  return evidence !== undefined && evidence.markedBy === undefined && evidence.how !== "points";
}

function isParentRead(input: PlanInput, kind: string): boolean {
  const { live, desired } = input;
  const isRead = [...desired.children.keys()].some((parent) => live.evidence.has(parent));
  return isRead && isInScope(input, kind);
}

/** Whether a limited plan is about a kind at all. */
function isInScope({ request, kinds }: PlanInput, kind: string): boolean {
  const { only } = request;
  const parent = kinds.find(({ name }) => name === kind)?.parent ?? kind;
  return only.length === 0 || only.some((one) => one.kinds.has(kind) || one.kinds.has(parent));
}

function toPlanChange(change: Change, { kinds, decision, input }: Parts): PlanChange {
  const { address, kind, key, action, attributes, soft, impliedBy, desired, live } = change;
  const { mark, unmark, blind } = change;
  return {
    address,
    kind,
    action,
    attributes,
    reversal: kindOf(kinds, kind).reversal(change),
    ...given({
      id: live?.id === key ? undefined : live?.id,
      mark,
      unmark,
      blind,
      soft,
      impliedBy,
      reason: decision.reasons.get(address),
      children: action === "delete" ? live?.children : undefined,
      source: sourceOf(input.desired, desired) ?? (unmark && input.desired.forget.get(address)),
    }),
  };
}

type Given<T> = { readonly [name in keyof T]?: Exclude<T[name], undefined | ""> };

/** Only what there is to say. */
function given<T extends object>(values: T): Given<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}
