import type { Change } from "../model/plan.ts";
import type { DesiredGraph, LiveResource } from "../model/resource.ts";
import { kindOf } from "./diff.ts";
import { type PolicyDecision, type PolicyInput, toDelete } from "./policy.ts";

/**
 * Decides what a destroy deletes: what the manifest declares and either carries our mark or cannot
 * carry one, and everything that is marked ours. Without a stack everything declared goes. What
 * lives inside another resource goes with it and is not asked for by itself.
 */
export function decideDestroy(input: PolicyInput): PolicyDecision {
  const deletes: Change[] = [];
  const kept: LiveResource[] = [];
  const reasons = new Map<string, string>();
  for (const live of input.live.resources.values()) {
    const kind = kindOf(input.kinds, live.kind);
    if (kind.parent !== undefined || live.builtin === true || live.inactive === true) continue;
    const reason = doomed(input, kind.markable, live, input.desired);
    const isComplete = input.live.evidence.get(kind.name)?.complete === true;
    const isDeclared = input.desired.resources.has(live.address);
    if (reason === undefined || (!isComplete && !isDeclared)) kept.push(live);
    else {
      deletes.push(toDelete(kind, live, input.policy));
      reasons.set(live.address, reason);
    }
  }
  return { deletes, reasons, kept, diagnostics: [] };
}

function doomed(
  input: PolicyInput,
  isMarkable: boolean,
  live: LiveResource,
  desired: DesiredGraph,
): string | undefined {
  const isOurs = input.stack !== undefined && live.stack === input.stack;
  if (isOurs) return desired.resources.has(live.address) ? "declared, owned" : "owned";
  if (!desired.resources.has(live.address)) return undefined;
  const isFree = live.stack === undefined && (input.stack === undefined || !isMarkable);
  return isFree ? "declared" : undefined;
}
