import type { Diagnostic } from "../model/diagnostic.ts";
import type { KindSpec } from "../model/kind.ts";
import type { ManifestPolicy } from "../model/manifest.ts";
import type { Change } from "../model/plan.ts";
import { formatAllowance, type PlanRequest } from "../model/request.ts";
import {
  type Address,
  type DesiredGraph,
  type DesiredResource,
  kindIn,
  type LiveGraph,
  type LiveResource,
} from "../model/resource.ts";
import { isSelected, type Selector } from "../model/selector.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import { inScope, isOurs } from "./policy.ts";
import { namedBy } from "./scope.ts";
import { compareText } from "./text.ts";

/**
 * What lives in a reactivated resource comes back with it as it was. Whether that fits shows only
 * afterwards: it may be there already, be different, or not be wanted where all children are declared.
 */
export function noteRevivals(
  changes: readonly Change[],
  desired: DesiredGraph,
  allKinds: readonly KindSpec[],
): Diagnostic[] {
  const back = changes.filter(({ action }) => action === "reactivate");
  const kinds = allKinds.filter(({ parent, refersTo }) => {
    return parent !== undefined && back.some(({ kind }) => refersTo.includes(kind));
  });
  const isOpen = kinds.length > 0 && desired.children.size > 0;
  const [first, ...more] = back;
  if (first === undefined || !isOpen) return [];
  const others = more.length > 0 ? ` and ${more.length} more` : "";
  return [
    {
      severity: "warning",
      code: "reactivate/second-apply",
      summary: `${first.address}${others} may come back with a ${kinds[0]?.name} that is not as declared`,
      hint: "The report says so; a second apply then puts it right.",
      address: first.address,
    },
  ];
}

/** Declared attributes that the service does not tell, so that nobody knows whether they differ. */
export function noteUntold(
  wanted: ReadonlyMap<Address, DesiredResource>,
  live: LiveGraph,
  kinds: Kinds,
): Diagnostic[] {
  return [...wanted.values()].flatMap(({ address, kind, attributes }) => {
    const unread = live.resources.get(address)?.unread;
    if (unread === undefined) return [];
    const names = Object.keys(attributes).filter((name) => unread.includes(name));
    const dropped = kindOf(kinds, kind).dropped ?? [];
    const untold = names.filter((name) => !dropped.includes(name));
    if (untold.length === 0) return [];
    return [
      {
        severity: "warning" as const,
        code: "read/untold",
        summary: `${address}: the service does not tell ${untold.join(" and ")}, so it is not compared`,
        address,
      },
    ];
  });
}

/** Resources that were to be taken over and are nobody else's. */
export function noteNeedless(
  takeOver: ReadonlySet<Address>,
  changes: readonly Change[],
  live: LiveGraph,
  stack: string | undefined,
): Diagnostic[] {
  const taken = new Set(changes.filter(({ unmark }) => unmark).map(({ address }) => address));
  return [...takeOver].sort(compareText).flatMap((address) => {
    const found = live.resources.get(address);
    const isOurs = found?.stack === undefined || found.stack === stack;
    if (taken.has(address) || !isOurs) return [];
    return [
      {
        severity: "warning" as const,
        code: "ownership/nothing-to-take",
        summary: `--take-over ${address}: ${found === undefined ? "it is not in the app" : "no other stack has marked it"}`,
        address,
      },
    ];
  });
}

interface Asked {
  readonly request: Pick<PlanRequest, "only" | "except" | "prune" | "allow">;
  readonly desired: DesiredGraph;
  readonly live: LiveGraph;
  readonly kinds: Kinds;
  readonly policy: ManifestPolicy;
  readonly stack?: string | undefined;
}

/** What was asked of this plan and means nothing: most likely it was misspelt. */
export function noteVain(asked: Asked, changes: readonly Change[]): Diagnostic[] {
  const { request, desired, live } = asked;
  const isLimited = request.only.length > 0 || request.except.length > 0;
  const known = isLimited ? [...meantBy(asked, changes)] : [];
  const isMet = (selector: Selector) => known.some((address) => isSelected(selector, address));
  const vain = (flag: string, selectors: readonly Selector[]) =>
    selectors
      .filter((selector) => !isMet(selector))
      .map(
        ({ text }) => `--${flag} ${text} means nothing that is declared, ours or may be deleted`,
      );
  const isThere = (address: Address) =>
    desired.resources.has(address) || live.resources.has(address);
  const lost = [...desired.forget.keys()]
    .filter((address) => live.evidence.has(kindIn(address)) && !live.resources.has(address))
    .map((address) => `forget: ${address} is not in the app`);
  const all = [
    ...vain("only", request.only),
    ...vain("except", request.except),
    ...lost,
    ...vainModes(asked),
    ...request.allow
      .filter(({ subject }) => subject.includes("/") && !isThere(subject))
      .map(
        (allowance) => `--allow ${formatAllowance(allowance)}: there is no ${allowance.subject}`,
      ),
  ];
  if (all.length === 0) return [];
  const more = all.length > VAIN_MAX ? `; and ${all.length - VAIN_MAX} more` : "";
  const summary = `${all.slice(0, VAIN_MAX).join("; ")}${more}`;
  const hint = "If it is spelt as it was meant, it can be left out.";
  return [{ severity: "warning", code: "plan/no-effect", summary, hint }];
}

/**
 * What a limited plan can be about. A stranger whom no plan would touch is not part of it, though he was
 * read: whether he is depends on how much else there is in the app.
 */
function meantBy(
  { desired, live, kinds, policy, stack }: Asked,
  changes: readonly Change[],
): ReadonlySet<Address> {
  const named = namedBy({ desired, kinds: [...kinds.values()] });
  const isMeant = (found: LiveResource) => {
    const kind = kindOf(kinds, found.kind);
    if (kind.parent !== undefined || kind.countMax !== undefined) return true;
    const isMarked = isOurs(stack, found, false);
    return isMarked || inScope({ desired, policy, stack }, kind, found) !== undefined;
  };
  const touched = [...live.resources.values()].filter(
    (found) => named.has(found.address) || isMeant(found),
  );
  return new Set([
    ...desired.resources.keys(),
    ...changes.map(({ address }) => address),
    ...touched.map(({ address }) => address),
  ]);
}

/** As many of what was asked in vain are told. */
const VAIN_MAX = 5;

/** Prune modes that open nothing. */
function vainModes({ request, desired, kinds, stack }: Asked): string[] {
  return Object.entries(request.prune).flatMap(([section, mode]) => {
    const kind = [...kinds.values()].find((one) => one.section === section);
    const flag = `--prune ${section}=${mode}`;
    if (kind === undefined || mode === "none") return [];
    if (!desired.managed.has(kind.name)) return [`${flag}: the manifest has no ${section}`];
    if (mode === "all" || (stack !== undefined && kind.markable)) return [];
    return [
      `${flag}: ${stack === undefined ? "without a stack" : section} nothing is marked as owned`,
    ];
  });
}

/** What is to be forgotten and cannot be while it is switched off: nothing can be written to it. */
export function noteAsleep(
  { forget }: DesiredGraph,
  live: LiveGraph,
  stack: string | undefined,
): Diagnostic[] {
  return [...forget].flatMap(([address, range]) => {
    const found = live.resources.get(address);
    if (found?.inactive !== true || found.stack !== stack || stack === undefined) return [];
    return [
      {
        severity: "warning" as const,
        code: "ownership/asleep",
        summary: `${address} is deactivated: it keeps our mark until it is active again`,
        address,
        range,
      },
    ];
  });
}

/** Many warnings of one kind as one, so that none of the others is lost among them. */
export function collapse(problems: readonly Diagnostic[]): Diagnostic[] {
  const counts = new Map<string, number>();
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1);
  const seen = new Set<string>();
  return problems.flatMap((problem) => {
    const more = (counts.get(problem.code) ?? 1) - 1;
    if (problem.severity === "error" || more === 0) return [problem];
    if (seen.has(problem.code)) return [];
    seen.add(problem.code);
    return [{ ...problem, summary: `${problem.summary} (and ${more} more like this)` }];
  });
}
