import type { Diagnostic } from "../model/diagnostic.ts";
import type { KindSpec } from "../model/kind.ts";
import type { ManifestPolicy } from "../model/manifest.ts";
import type { Action, Change, Plan, PlanChange, PlanTarget, Step } from "../model/plan.ts";
import type { Address, DesiredGraph, LiveGraph, LiveResource } from "../model/resource.ts";
import { lowerBound } from "./bound.ts";
import { check } from "./check.ts";
import { decideDestroy } from "./destroy.ts";
import { type Difference, diff } from "./diff.ts";
import { digestPlan, fingerprint } from "./digest.ts";
import { foldDeletes } from "./fold.ts";
import type { Kinds } from "./kinds.ts";
import { collapse, noteRevivals, noteUntold } from "./notes.ts";
import { order } from "./order.ts";
import { decide, type PolicyDecision } from "./policy.ts";
import { toSteps } from "./steps.ts";
import { compareText } from "./text.ts";

/** Everything a plan is made from. */
export interface PlanInput {
  readonly desired: DesiredGraph;
  readonly live: LiveGraph;
  /** Parents first. */
  readonly kinds: readonly KindSpec[];
  readonly policy: ManifestPolicy;
  readonly stack?: string | undefined;
  readonly mode: "apply" | "destroy";
  /** Write-only values to be sent again, as `ADDRESS#attribute`. */
  readonly writeSecrets?: ReadonlySet<string> | undefined;
  readonly target: PlanTarget;
  readonly toolVersion: string;
  readonly manifestDigest: string;
  /** What earlier stages have to say. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes the plan: what differs, what may be touched, why it must be refused, in which order, by
 * which calls. Pure: equal inputs give equal bytes, whatever order they come in.
 */
export function createPlan(input: PlanInput): Plan {
  const kinds = new Map(input.kinds.map((kind) => [kind.name, kind] as const));
  const scoped = { ...input, kinds };
  const difference = input.mode === "apply" ? diff(scoped) : NOTHING_WANTED;
  const decision =
    input.mode === "apply" ? decide(scoped, difference.undeclared) : decideDestroy(scoped);
  const changes = sortChanges(
    foldDeletes([...difference.changes, ...decision.deletes], kinds),
    input.kinds,
  );
  const { wanted } = difference;
  const declared = input.desired.resources;
  const { waits, cramped } = order({ changes, live: input.live, kinds });
  const problems = [
    ...input.diagnostics,
    ...input.live.diagnostics,
    ...decision.diagnostics,
    ...check({ changes, declared, wanted, live: input.live, kinds, stack: input.stack }),
    ...cramped.map((address) => toCramped(address)),
    ...noteRevivals(changes, input.desired, input.kinds),
    ...noteUntold(wanted, input.live, kinds),
  ];
  const steps = toSteps({ changes, kinds, waits });
  return assemble({ input, kinds, changes, steps, difference, decision, problems });
}

const NOTHING_WANTED: Difference = {
  changes: [],
  wanted: new Map(),
  unchanged: 0,
  undeclared: [],
};

function sortChanges(changes: readonly Change[], kinds: readonly KindSpec[]): Change[] {
  const rank = new Map(kinds.map(({ name }, index) => [name, index] as const));
  const place = ({ action, kind }: Change) =>
    action === "delete" ? 2 * kinds.length - (rank.get(kind) ?? 0) : (rank.get(kind) ?? 0);
  return changes.toSorted((a, b) => place(a) - place(b) || compareText(a.key, b.key));
}

function toCramped(address: Address): Diagnostic {
  return {
    severity: "error",
    code: "limit/no-room",
    summary: `${address} cannot be created: its kind is full until something is deleted, which waits for it`,
    hint: `Apply without ${address} first, then with it.`,
    address,
  };
}

interface Parts {
  readonly input: PlanInput;
  readonly kinds: Kinds;
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  readonly difference: Difference;
  readonly decision: PolicyDecision;
  readonly problems: readonly Diagnostic[];
}

function assemble(parts: Parts): Plan {
  const { input, kinds, changes, steps, decision } = parts;
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  const core = steps.filter(({ call }) => call.quota === "core").length;
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
    summary: {
      create: count("create"),
      update: count("update"),
      delete: count("delete"),
      adopt: count("adopt"),
      reactivate: count("reactivate"),
      unchanged: parts.difference.unchanged,
      undeclared: countUndeclared(input, kinds, decision.kept),
    },
    calls: {
      total: steps.length,
      core,
      standard: steps.length - core,
      lowerBound: lowerBound(changes, kinds),
    },
    reads: {
      calls: input.live.calls,
      complete: collections.every(({ complete }) => complete),
      collections,
    },
    changes: changes.map((change) => toPlanChange(change, decision.reasons)),
    steps,
    diagnostics: sortProblems(parts.problems),
    preImages: toPreImages(changes, input.live),
    authoritative: [...input.desired.children]
      .filter(([, mode]) => mode === "authoritative")
      .map(([address]) => address)
      .toSorted(compareText),
    kept: decision.kept.map(({ address }) => address).toSorted(compareText),
  };
  return { ...body, digest: digestPlan(body) };
}

function sortProblems(problems: readonly Diagnostic[]): Diagnostic[] {
  const key = ({ code, summary }: Diagnostic) => `${code} ${summary}`;
  return collapse(problems.toSorted((a, b) => compareText(key(a), key(b))));
}

function toPreImages(changes: readonly Change[], live: LiveGraph): Plan["preImages"] {
  const seen = changes.filter(({ blind }) => blind !== true);
  const addresses = seen.map(({ address }) => address).toSorted(compareText);
  return Object.fromEntries(
    addresses.map((address) => [address, fingerprint(live.resources.get(address))]),
  );
}

function countUndeclared(
  input: PlanInput,
  kinds: Kinds,
  kept: readonly LiveResource[],
): { readonly [kind: string]: number | null } {
  const counts = [...kinds.values()].map(({ name, parent }) => {
    const isRead = parent === undefined ? input.live.evidence.has(name) : isParentRead(input);
    return [name, isRead ? kept.filter(({ kind }) => kind === name).length : null] as const;
  });
  return Object.fromEntries(counts);
}

function isParentRead({ live, desired }: PlanInput): boolean {
  return [...desired.children.keys()].some((parent) => live.evidence.has(parent));
}

function toPlanChange(change: Change, reasons: ReadonlyMap<Address, string>): PlanChange {
  const { address, kind, key, action, attributes, soft, impliedBy, desired, live, mark, blind } =
    change;
  const id = live === undefined || live.id === key ? undefined : live.id;
  const reason = reasons.get(address);
  const children = action === "delete" ? live?.children : undefined;
  return {
    address,
    kind,
    action,
    attributes,
    ...(id === undefined ? {} : { id }),
    ...(mark === undefined ? {} : { mark }),
    ...(blind === undefined ? {} : { blind }),
    ...(soft === undefined ? {} : { soft }),
    ...(impliedBy === undefined ? {} : { impliedBy }),
    ...(reason === undefined ? {} : { reason }),
    ...(children === undefined ? {} : { children }),
    ...(desired?.source === undefined ? {} : { source: desired.source }),
  };
}
