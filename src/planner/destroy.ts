import type { Diagnostic } from "../model/diagnostic.ts";
import type { Change } from "../model/plan.ts";
import type { LiveResource } from "../model/resource.ts";
import { isForgotten, toForgets } from "./forget.ts";
import { kindOf } from "./kinds.ts";
import {
  incomplete,
  isOurs,
  type PolicyDecision,
  type PolicyInput,
  toDelete,
  unprovenFor,
} from "./policy.ts";
import { blockProtected } from "./protect.ts";

/**
 * Decides what a destroy deletes: what the manifest declares and either carries our mark or cannot
 * carry one, and everything that is marked ours. Without a stack everything declared goes. What is
 * protected or to be forgotten stays. What lives inside another resource goes with it and is not
 * asked for by itself.
 */
export function decideDestroy(input: PolicyInput): PolicyDecision {
  const deletes: Change[] = [];
  const kept: LiveResource[] = [];
  const foreign: LiveResource[] = [];
  const reasons = new Map<string, string>();
  const unread = new Set<string>();
  const forgets = toForgets(input);
  const written = new Set(forgets.map(({ address }) => address));
  const judged = [...input.live.resources.values()].filter(
    (one) => isCandidate(input, one) && !written.has(one.address),
  );
  for (const live of judged) {
    const kind = kindOf(input.kinds, live.kind);
    const isDeclared = input.desired.resources.has(live.address);
    const reason = reasonFor(input, kind.markable, live, isDeclared);
    const unproven = unprovenFor(input, kind, live);
    if (isForgotten(input, live)) kept.push(live);
    else if (reason === undefined) (isDeclared ? foreign : kept).push(live);
    else if (unproven !== undefined) unread.add(unproven);
    else {
      deletes.push(toDelete(kind, live, input.policy));
      reasons.set(live.address, reason);
    }
  }
  const protection = blockProtected(input, deletes, reasons);
  const blocked = protection.blocked.filter(({ address }) => !input.desired.resources.has(address));
  kept.push(...blocked.flatMap(({ address }) => input.live.resources.get(address) ?? []));
  return {
    changes: [...protection.deletes, ...forgets],
    blocked: protection.blocked,
    reasons,
    kept,
    diagnostics: [...incomplete(unread), ...foreign.map(toForeign)],
  };
}

function isCandidate({ kinds }: PolicyInput, { kind, builtin, inactive }: LiveResource): boolean {
  return kindOf(kinds, kind).parent === undefined && builtin !== true && inactive !== true;
}

function reasonFor(
  { stack }: PolicyInput,
  isMarkable: boolean,
  live: LiveResource,
  isDeclared: boolean,
): string | undefined {
  if (isOurs(stack, live, isDeclared))
    return isDeclared ? "declared, owned" : "not declared, owned";
  if (!isDeclared) return undefined;
  const isFree = live.stack === undefined && (stack === undefined || !isMarkable);
  return isFree ? "declared" : undefined;
}

function toForeign({ address, stack }: LiveResource): Diagnostic {
  const whose = stack === undefined ? "carries no mark of ours" : `belongs to stack "${stack}"`;
  return {
    severity: "warning",
    code: "ownership/not-ours",
    summary: `${address} is declared and ${whose}: it is left alone`,
    address,
  };
}
