import type { PlanRequest } from "../model/request.ts";
import { type Address, type Glimpse, keyIn, kindIn, type Sieve } from "../model/resource.ts";
import { isSelected } from "../model/selector.ts";
import { inScope } from "./policy.ts";
import { type ScopeInput, shrinkingKinds } from "./scope.ts";
import { compareText } from "./text.ts";

/** What came by and was left alone, of one kind. */
export interface Passed {
  readonly count: number;
  /** The first of them, in order; at most `ADDRESSES_MAX`. */
  readonly addresses: readonly Address[];
}

/** At most so many addresses of what is left alone are kept. */
export const ADDRESSES_MAX = 1000;

/** Tells which rows a plan could need, and counts the others. */
export interface PlanSieve {
  readonly isKept: Sieve;
  passed(): ReadonlyMap<string, Passed>;
}

type SieveInput = ScopeInput & {
  readonly request: Pick<PlanRequest, "only" | "except">;
  /** What the manifest names. */
  readonly named: ReadonlySet<Address>;
};

/*
 * kept, because                                              for
 *   it was asked for, is named by the manifest, or built in   diff, references, forget
 *   it carries our mark                                       budgets, prune, destroy
 *   anything of its kind may be deleted, and it is nobody's   prune all
 *   it refers to something that may go                        what is still in use
 *   it is switched off and something kept refers to it        children that are not listed
 *   something declared that is guarded refers to it           whether that may be left as planned
 *   its kind holds something that is protected by pattern     deletes that would take that along
 */
/** Starts a sieve for one plan; what it counts holds for what came by since. */
export function createSieve(input: SieveInput): PlanSieve {
  const isRelevant = toRelevance(input);
  const counts = new Map<string, Counter>();
  return {
    isKept(row) {
      if (isRelevant(row)) return true;
      if (!row.isInactive && isAbout(input, row.address))
        counterOf(counts, row.kind).add(row.address);
      return false;
    },
    passed: () => new Map([...counts].map(([kind, { toPassed }]) => [kind, toPassed()])),
  };
}

function toRelevance(input: SieveInput): Sieve {
  const { stack, mode, named } = input;
  const whole = wholeKinds(input);
  const mayGo = toDoom(input);
  const going = new Set<Address>();
  const referred = new Set<Address>();
  const needed = new Set<Address>();
  const guarded = new Set(input.kinds.flatMap(({ name, guard }) => (guard ? name : [])));
  const isAtRisk = toRisk(input, going);
  const isRelevant = (row: Glimpse) =>
    row.isBuiltin ||
    row.isAsked === true ||
    whole.has(row.kind) ||
    named.has(row.address) ||
    needed.has(row.address) ||
    (stack !== undefined && row.stack === stack) ||
    (row.isInactive ? referred.has(row.address) : row.targets.some(isAtRisk));
  const isGoing = (row: Glimpse) => !row.isBuiltin && !row.isInactive && mayGo(row);
  const isGuarded = ({ address, kind }: Glimpse) =>
    guarded.has(kind) && input.desired.resources.has(address);
  return (row) => {
    // What is declared goes only with everything, and most of what is read may be that. What is only
    // referred to may go: the plan is refused then, and says who else would be left without it.
    const isSafe = mode === "apply" && input.desired.resources.has(row.address);
    if (!isSafe && isGoing(row)) going.add(row.address);
    else if (!isSafe && !isRelevant(row)) return false;
    const kept = isGuarded(row) ? needed : referred;
    for (const target of row.targets) kept.add(target);
    return true;
  };
}

/** Tells whether a row may be deleted, by all that is known of it. */
function toDoom(input: SieveInput): (row: Glimpse) => boolean {
  const { stack, mode, named } = input;
  const declared = input.desired.resources;
  const kinds = new Map(input.kinds.map((kind) => [kind.name, kind]));
  return ({ address, kind, stack: mark }) => {
    if (mode === "destroy") return named.has(address) || (stack !== undefined && mark === stack);
    const spec = kinds.get(kind);
    if (spec === undefined || declared.has(address)) return false;
    return inScope(input, spec, { key: keyIn(address), stack: mark }) !== undefined;
  };
}

/** Tells whether what a row refers to may be deleted. */
function toRisk(input: SieveInput, going: ReadonlySet<Address>): (target: Address) => boolean {
  const { mode } = input;
  const declared = input.desired.resources;
  const kinds = new Map(input.kinds.map((kind) => [kind.name, kind]));
  const shrinking =
    mode === "destroy" ? new Set(kinds.keys()) : shrinkingKinds(input, managed(input));
  return (target) => {
    if (going.has(target)) return true;
    const spec = kinds.get(kindIn(target));
    // What refers to nothing was read before, so that it is known what of it goes.
    if (spec === undefined || spec.refersTo.length === 0 || !shrinking.has(spec.name)) return false;
    return mode === "destroy" || !declared.has(target);
  };
}

/** Kinds of which every row is kept: few can be, they live in others, or something protected may be inside. */
function wholeKinds({ kinds, policy }: SieveInput): ReadonlySet<string> {
  const holding = kinds.flatMap(({ name, parent }) => {
    const isProtected = policy.protect.some(({ selector }) => selector.kinds.has(name));
    return parent !== undefined && isProtected ? [parent] : [];
  });
  const small = kinds.filter(
    ({ parent, countMax }) => parent !== undefined || countMax !== undefined,
  );
  return new Set([...holding, ...small.map(({ name }) => name)]);
}

function managed({ kinds, desired }: SieveInput) {
  return kinds.filter(({ name, parent }) => parent === undefined && desired.managed.has(name));
}

/** Whether a limited plan is about a resource that nothing happens to. */
function isAbout({ request: { only, except } }: SieveInput, address: Address): boolean {
  const isIn = only.length === 0 || only.some((selector) => isSelected(selector, address));
  return isIn && !except.some((selector) => isSelected(selector, address));
}

interface Counter {
  add(address: Address): void;
  toPassed(): Passed;
}

function counterOf(counts: Map<string, Counter>, kind: string): Counter {
  const known = counts.get(kind) ?? createCounter();
  counts.set(kind, known);
  return known;
}

/** Counts addresses and keeps the first of them in order, whatever order they come in. */
function createCounter(): Counter {
  let count = 0;
  let first: Address[] = [];
  let last: Address | undefined;
  const cut = () => {
    first = first.sort(compareText).slice(0, ADDRESSES_MAX);
    if (first.length === ADDRESSES_MAX) last = first.at(-1);
  };
  return {
    add(address) {
      count += 1;
      if (last !== undefined && compareText(address, last) > 0) return;
      first.push(address);
      if (first.length >= 2 * ADDRESSES_MAX) cut();
    },
    toPassed() {
      cut();
      return { count, addresses: first };
    },
  };
}
