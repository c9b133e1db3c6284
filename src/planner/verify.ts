import { isJsonObject, type Json } from "../model/json.ts";
import type { Plan, PlanChange } from "../model/plan.ts";
import type { Residue } from "../model/report.ts";
import type { LiveGraph, LiveResource } from "../model/resource.ts";
import { isEqual, isSecret, withoutSecrets } from "./equal.ts";

/** What still differs from the plan at the addresses it touched. */
export function toResidue(plan: Plan, live: LiveGraph): Residue[] {
  return plan.changes.flatMap((change): Residue[] => {
    const resource = live.resources.get(change.address);
    const isThere = resource !== undefined && resource.inactive !== true;
    const { address, action } = change;
    if (action === "delete") return isThere ? [{ address, action, attributes: [] }] : [];
    if (!isThere) return [{ address, action, attributes: change.attributes }];
    const attributes = change.attributes
      .filter(({ path, after }) => !isAsPlanned(resource, path, after))
      .map(({ path, after }) => ({ path, before: valueAt(resource, path), after }));
    const isUnmarked = isMarking(change) && plan.stack !== null && resource.stack !== plan.stack;
    return attributes.length > 0 || isUnmarked ? [{ address, action, attributes }] : [];
  });
}

function isMarking({ action }: PlanChange): boolean {
  return action === "adopt";
}

function isAsPlanned(resource: LiveResource, path: string, after: Json): boolean {
  const [name = ""] = path.split(".", 1);
  if (resource.unread?.includes(name) || isSecret(after)) return true;
  return isEqual(valueAt(resource, path), withoutSecrets(after));
}

function valueAt(resource: LiveResource, path: string): Json {
  const whole = resource.attributes[path];
  if (whole !== undefined) return whole;
  const dot = path.indexOf(".");
  if (dot < 0) return null;
  const container = resource.attributes[path.slice(0, dot)];
  return isJsonObject(container) ? (container[path.slice(dot + 1)] ?? null) : null;
}
