import type { PlanRequest } from "../model/request.ts";
import { type Address, type HoldersAsked, isWhole, type LiveGraph } from "../model/resource.ts";
import { isSelected } from "../model/selector.ts";
import { isForgotten } from "./forget.ts";
import type { Kinds } from "./kinds.ts";
import { kindOf } from "./kinds.ts";
import { inScope, isOurs, type PolicyInput } from "./policy.ts";
import { isProtected } from "./protect.ts";

/** What decides whether more has to be asked for before a plan is made. */
export interface HoldersInput extends PolicyInput {
  readonly mode: "apply" | "destroy";
  readonly request: Pick<PlanRequest, "only" | "except">;
}

/**
 * Of what may be deleted, that of which it is not known whether anybody still refers to it, because
 * those who could were not all listed: who does has to be asked for first.
 */
export function findHoldersAsked(input: HoldersInput): HoldersAsked[] {
  const asking = [...input.kinds.values()].filter(
    ({ name, tellsHolders = [] }) =>
      tellsHolders.length > 0 && !isWhole(input.live.evidence.get(name)),
  );
  if (asking.length === 0) return [];
  const targets = new Map<Address, readonly string[]>();
  for (const live of input.live.resources.values()) {
    const kinds = asking.filter(({ tellsHolders }) => tellsHolders?.includes(live.kind));
    if (kinds.length > 0 && mayGo(input, live.address)) {
      targets.set(
        live.address,
        kinds.map(({ name }) => name),
      );
    }
  }
  const known = targets.size === 0 ? new Map() : knownHolders(input.live, input.kinds, targets);
  return [...targets].flatMap(([target, kinds]) =>
    kinds.map((kind) => ({ kind, target, known: known.get(target) ?? new Set<Address>() })),
  );
}

/** Whether a resource may be deleted by the plan that is being made. */
export function mayGo(input: HoldersInput, address: Address): boolean {
  const { live, kinds, mode, stack, desired } = input;
  const found = live.resources.get(address);
  if (found === undefined || found.builtin === true || found.inactive === true) return false;
  if (!isAsked(input, address) || isForgotten(input, found) || isProtected(input, found))
    return false;
  const isDeclared = desired.resources.has(address);
  if (mode === "destroy") return isDeclared || isOurs(stack, found, false);
  return !isDeclared && inScope(input, kindOf(kinds, found.kind), found) !== undefined;
}

/** Whether a limited plan would delete it. */
function isAsked({ request: { only, except } }: HoldersInput, address: Address): boolean {
  const isIn = only.length === 0 || only.some((selector) => isSelected(selector, address));
  return isIn && !except.some((selector) => isSelected(selector, address));
}

/** Who is known to refer to each, be it that this plan changes it. */
function knownHolders(
  live: LiveGraph,
  kinds: Kinds,
  targets: ReadonlyMap<Address, unknown>,
): ReadonlyMap<Address, Set<Address>> {
  const known = new Map<Address, Set<Address>>();
  for (const { address, kind, key, attributes, inactive } of live.resources.values()) {
    if (inactive === true) continue;
    for (const { address: target } of kindOf(kinds, kind).references(attributes, key)) {
      if (targets.has(target)) known.set(target, (known.get(target) ?? new Set()).add(address));
    }
  }
  return known;
}
