import type { Diagnostic } from "../model/diagnostic.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Budget, ManifestPolicy } from "../model/manifest.ts";
import type { Change } from "../model/plan.ts";
import { type Allowance, formatAllowance, type PlanRequest } from "../model/request.ts";
import type { Address, DesiredResource, LiveGraph, LiveResource } from "../model/resource.ts";
import type { Kinds } from "./kinds.ts";
import { isOurs, pruneMode } from "./policy.ts";

/** How much of what there is may change where the manifest does not say. */
const DEFAULT_PERCENT = 30;
/** Below this many resources the default says nothing: one of three is no landslide. */
const DEFAULT_FROM = 10;

/** What budgets are held against: the changes that would be made. */
export interface BudgetInput {
  readonly changes: readonly Change[];
  /** All that the manifest declares: a limited plan is no smaller manifest. */
  readonly declared: ReadonlyMap<Address, DesiredResource>;
  readonly live: LiveGraph;
  readonly kinds: Kinds;
  readonly policy: ManifestPolicy;
  readonly stack?: string | undefined;
  readonly request: Pick<PlanRequest, "allow">;
  /** What stays in any case, so that it does not make a loss smaller: protected, or to be forgotten. */
  readonly exempt: ReadonlySet<Address>;
  /** What the manifest asks to be deleted, be it beyond the scope of this plan. */
  readonly asked: ReadonlySet<Address>;
}

/** What a plan takes from one budget. */
interface Spending {
  readonly action: Allowance["action"];
  /** The kind's name, or the parent's address. */
  readonly subject: string;
  readonly spent: number;
  /** Resources that are declared or owned. */
  readonly base: number;
  /** As many as decide whether the default counts. */
  readonly size: number;
  readonly budget: Budget | undefined;
  /** What nothing would be left of, in words: all that is owned, or all that could be taken. */
  readonly all?: { readonly text: string; readonly count: number };
  /** What they are called: `users`, `memberships of group/lobby`. */
  readonly noun: string;
  readonly verb: string;
}

/**
 * Refuses plans that change more than a budget allows: deletes and updates by kind, and removals of
 * children by parent. Losing all of a kind is over any budget, so that an emptied section deletes
 * nothing. An allowance lifts exactly the budget that it names.
 */
export function checkBudgets(input: BudgetInput): Diagnostic[] {
  const spendings = [...input.kinds.values()].flatMap((kind) => [
    ...(kind.parent === undefined ? [deletesOf(input, kind)] : removalsOf(input, kind)),
    updatesOf(input, kind),
  ]);
  return spendings.filter((spending) => isOver(input, spending)).map(toDiagnostic);
}

function isOver({ request }: BudgetInput, spending: Spending): boolean {
  const { spent, all, action, subject } = spending;
  if (spent === 0 || (all === undefined && isWithin(spending))) return false;
  const allowed = request.allow
    .filter((one) => one.action === action && one.subject === subject)
    .map(({ count }) => count);
  return spent > Math.max(0, ...allowed);
}

function isWithin({ spent, base, size, budget }: Spending): boolean {
  if (budget === undefined) return size < DEFAULT_FROM || spent * 100 <= DEFAULT_PERCENT * base;
  const { limit } = budget;
  return "count" in limit ? spent <= limit.count : spent * 100 <= limit.percent * base;
}

function deletesOf(input: BudgetInput, kind: KindSpec): Spending {
  const deletes = ofKind(input, kind, "delete");
  const gone = new Set(deletes.map(({ address }) => address));
  const base = gone.size === 0 ? new Set<Address>() : declaredOrOwned(input, kind);
  const isSoft = deletes.some(({ soft }) => soft === true);
  return {
    action: "delete",
    subject: kind.name,
    spent: gone.size,
    base: base.size,
    // What prune all deletes was neither declared nor owned; there may be any number of them.
    size: new Set([...base, ...gone]).size,
    budget: input.policy.budgets.delete[kind.section ?? ""],
    ...(gone.size > 1 ? wholeOf(input, kind) : {}),
    noun: kind.section ?? kind.name,
    verb: isSoft ? "deactivated" : "deleted",
  };
}

/**
 * Whether all that is owned is to go, or all that prune all lays hands on; one alone is no landslide.
 * A plan that is limited to some of them is a part of the same loss.
 */
function wholeOf(input: BudgetInput, kind: KindSpec): Pick<Spending, "all"> {
  const { live, stack, policy, exempt, asked, declared } = input;
  const isThere = ({ builtin, inactive, address }: LiveResource) =>
    builtin !== true && inactive !== true && !exempt.has(address);
  const there = [...live.resources.values()].filter(
    (one) => one.kind === kind.name && isThere(one),
  );
  const owned = there.filter((one) => isOurs(stack, one, declared.has(one.address)));
  const isOpen = pruneMode(kind, policy, stack) === "all";
  const isFree = (one: LiveResource) => one.stack === undefined || one.stack === stack;
  const open = isOpen ? there.filter(isFree) : [];
  const isLost = (all: readonly LiveResource[]) =>
    all.length > 1 && all.every(({ address }) => asked.has(address));
  if (isLost(owned)) return { all: toAll(owned.length, `owned ${kind.section}`) };
  return isLost(open) ? { all: toAll(open.length, `${kind.section} there are`) } : {};
}

function toAll(count: number, noun: string): Spending["all"] & object {
  return { text: `all ${count} ${noun}`, count };
}

function updatesOf(input: BudgetInput, kind: KindSpec): Spending {
  const spent = ofKind(input, kind, "update").length;
  const base = spent === 0 ? 0 : declaredOrOwned(input, kind).size;
  const section = kind.section ?? `${kind.name}s`;
  return {
    action: "update",
    subject: kind.name,
    spent,
    base,
    size: base,
    budget: input.policy.budgets.update[section],
    noun: section,
    verb: "updated",
  };
}

/** Removals from parents that stay, each parent by itself. */
function removalsOf(input: BudgetInput, kind: KindSpec): Spending[] {
  const gone = new Map<Address, Set<Address>>();
  for (const { address, key, impliedBy } of ofKind(input, kind, "delete")) {
    const parent = kind.parentOf?.(key) ?? "";
    if (impliedBy === parent) continue;
    gone.set(parent, (gone.get(parent) ?? new Set()).add(address));
  }
  if (gone.size === 0) return [];
  const declared = byParent(kind, input.declared.values());
  const live = byParent(kind, input.live.resources.values());
  return [...gone].map(([parent, removed]) => {
    const wanted = declared.get(parent) ?? new Set();
    const base = new Set([...wanted, ...(live.get(parent) ?? [])]).size;
    return {
      action: "remove",
      subject: parent,
      spent: removed.size,
      base,
      size: base,
      budget: input.policy.budgets.remove,
      ...(wanted.size === 0 && removed.size > 1
        ? {
            all: {
              text: `the list of ${parent} is empty: ${removed.size} ${kind.name}s`,
              count: removed.size,
            },
          }
        : {}),
      noun: `${kind.name}s of ${parent}`,
      verb: "removed",
    };
  });
}

function byParent(
  kind: KindSpec,
  resources: Iterable<{ readonly kind: string; readonly key: string; readonly address: Address }>,
): ReadonlyMap<Address, Set<Address>> {
  const found = new Map<Address, Set<Address>>();
  for (const { kind: name, key, address } of resources) {
    if (name !== kind.name) continue;
    const parent = kind.parentOf?.(key) ?? "";
    found.set(parent, (found.get(parent) ?? new Set()).add(address));
  }
  return found;
}

function ofKind({ changes }: BudgetInput, kind: KindSpec, action: Change["action"]): Change[] {
  return changes.filter((change) => change.kind === kind.name && change.action === action);
}

function declaredOrOwned({ declared, live, stack }: BudgetInput, kind: KindSpec): Set<Address> {
  const { name } = kind;
  const found = new Set<Address>();
  for (const one of declared.values()) if (one.kind === name) found.add(one.address);
  if (stack === undefined) return found;
  for (const one of live.resources.values()) {
    const isThere = one.inactive !== true && one.builtin !== true;
    if (one.kind === name && isThere && isOurs(stack, one, false)) found.add(one.address);
  }
  return found;
}

function toDiagnostic(spending: Spending): Diagnostic {
  const { action, subject, spent, budget, all } = spending;
  const lift = formatAllowance({ action, subject, count: spent });
  const limit = isWithin(spending) ? "" : `, the limit is ${limitText(budget)}`;
  return {
    severity: "error",
    code: "policy/budget",
    summary: `${amountText(spending)}${limit}`,
    ...(all !== undefined
      ? { detail: "A plan never takes the last of them unasked, whatever the budget." }
      : {}),
    hint: `If this is meant: --allow ${lift}`,
    ...(subject.includes("/") ? { address: subject } : {}),
    ...(budget?.source === undefined ? {} : { range: budget.source }),
  };
}

function amountText({ spent, base, noun, verb, all, budget }: Spending): string {
  const part = all === undefined || spent === all.count ? "" : `, ${spent} of them by this plan`;
  if (all !== undefined) return `${all.text} would be ${verb}${part}`;
  if (spent > base) return `${spent} ${noun} would be ${verb} beside ${base} declared or owned`;
  return `${spent} of ${base} ${noun} would be ${verb} (${percentText(spent, base, budget)} %)`;
}

/** Rounded, but never to the limit it exceeds. */
function percentText(spent: number, base: number, budget: Budget | undefined): string {
  const percent = (spent * 100) / base;
  const nearest = Math.round(percent * 10) / 10;
  const { limit } = budget ?? { limit: { percent: DEFAULT_PERCENT } };
  const isShort = "percent" in limit && percent > limit.percent && nearest <= limit.percent;
  return String(isShort ? Math.ceil(percent * 10) / 10 : nearest);
}

function limitText(budget: Budget | undefined): string {
  if (budget === undefined) return `${DEFAULT_PERCENT} %`;
  return "count" in budget.limit ? String(budget.limit.count) : `${budget.limit.percent} %`;
}
