import type { Diagnostic } from "../model/diagnostic.ts";
import type { KindSpec } from "../model/kind.ts";
import type { ManifestPolicy } from "../model/manifest.ts";
import type { Change, Plan, PlanTarget } from "../model/plan.ts";
import type { PlanRequest } from "../model/request.ts";
import type { Address, DesiredGraph, LiveGraph } from "../model/resource.ts";
import { assemble } from "./assemble.ts";
import { checkBudgets } from "./budget.ts";
import { check } from "./check.ts";
import { decideDestroy } from "./destroy.ts";
import { type Difference, diff } from "./diff.ts";
import { foldDeletes } from "./fold.ts";
import type { Kinds } from "./kinds.ts";
import { noteAsleep, noteNeedless, noteRevivals, noteUntold, noteVain } from "./notes.ts";
import { order } from "./order.ts";
import { decide, type PolicyDecision } from "./policy.ts";
import type { Allowances } from "./route.ts";
import { type Selection, select } from "./selection.ts";
import type { Passed } from "./sieve.ts";
import { toSteps } from "./steps.ts";
import { compareText } from "./text.ts";

/** Everything a plan is made from. */
export interface PlanInput {
  readonly desired: DesiredGraph;
  /** What the manifest declares beyond the scope of the plan as well; left out if there is no more. */
  readonly declared?: DesiredGraph["resources"];
  readonly live: LiveGraph;
  /** Parents first. */
  readonly kinds: readonly KindSpec[];
  readonly policy: ManifestPolicy;
  readonly stack?: string | undefined;
  readonly mode: "apply" | "destroy";
  /** What is asked of this plan only. Its prune modes are part of the policy already. */
  readonly request: PlanRequest;
  readonly target: PlanTarget;
  readonly toolVersion: string;
  readonly manifestDigest: string;
  /** Calls a minute that the app's quotas let us make, as far as that is known. */
  readonly allowances?: Allowances;
  /** What was read, left alone and not taken in, by kind. */
  readonly passed?: ReadonlyMap<string, Passed>;
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
  const selection = select({
    changes: [...difference.changes, ...decision.changes],
    declared: input.desired.resources,
    ...{ live: input.live, kinds, request: input.request },
  });
  const changes = sortChanges(foldDeletes(selection.changes, kinds), input.kinds);
  const { waits, cramped } = order({ changes, live: input.live, kinds });
  const problems = findProblems(scoped, { changes, cramped, difference, decision, selection });
  const bulk = input.request.bulk === "off" ? undefined : (input.allowances ?? {});
  const steps = toSteps({ changes, kinds, waits, bulk });
  return assemble({ input, kinds, changes, ...steps, difference, decision, selection, problems });
}

type Scoped = Omit<PlanInput, "kinds"> & { readonly kinds: Kinds };

interface Found {
  readonly changes: readonly Change[];
  readonly cramped: readonly Address[];
  readonly difference: Difference;
  readonly decision: PolicyDecision;
  readonly selection: Selection;
}

/** Everything there is to say about the plan, and why it is refused. */
function findProblems(scoped: Scoped, found: Found): Diagnostic[] {
  const { desired, live, kinds, stack, request, mode } = scoped;
  const { changes, selection } = found;
  const { wanted } = found.difference;
  const judged = [...wanted.values()].filter(({ address, kind, key }) =>
    selection.isAbout(address, kind, key),
  );
  const { takeOver } = request;
  const declared = desired.resources;
  const blocked = found.decision.blocked.map(({ address }) => address);
  const exempt = new Set([...blocked, ...desired.forget.keys()]);
  const asked = new Set(
    found.decision.changes.flatMap(({ action, address }) => (action === "delete" ? address : [])),
  );
  return [
    ...scoped.diagnostics,
    ...live.diagnostics,
    ...found.decision.diagnostics,
    ...check({
      ...{ changes, declared, wanted, judged, live, kinds, stack, takeOver, mode },
      families: mode === "apply" ? wanted.values() : declared.values(),
      locate: desired.locate,
    }),
    ...(mode === "apply"
      ? checkBudgets({
          ...{ live, kinds, policy: scoped.policy, stack, request, changes, exempt, asked },
          declared: scoped.declared ?? declared,
        })
      : []),
    ...found.cramped.map((address) => toCramped(address)),
    ...noteRevivals(changes, desired, [...kinds.values()]),
    ...noteUntold(wanted, live, kinds),
    ...noteAsleep(desired, live, stack),
    ...noteVain(scoped, changes),
    ...noteNeedless(takeOver, changes, live, stack),
  ];
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
