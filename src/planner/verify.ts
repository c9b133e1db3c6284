import { isEqual, withoutSecrets } from "../model/equal.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import type { Plan, PlanChange } from "../model/plan.ts";
import type { Residue } from "../model/report.ts";
import { type Address, type LiveGraph, type LiveResource, toAddress } from "../model/resource.ts";
import { isSecret } from "../model/secret.ts";
import { isSelected, parseSelector } from "../model/selector.ts";
import { type Kinds, kindOf } from "./kinds.ts";

/** What still differs from the plan at the addresses it touched, and what came back with them. */
export function toResidue(plan: Plan, live: LiveGraph, kinds: Kinds): Residue[] {
  return [
    ...plan.changes.flatMap((change) => compare(change, live)),
    ...revived(plan, live, kinds),
  ];
}

function compare(change: PlanChange, live: LiveGraph): Residue[] {
  const resource = live.resources.get(change.address);
  const isThere = resource !== undefined && resource.inactive !== true;
  const { address, action, mark, unmark } = change;
  if (action === "delete") return isThere ? [{ address, action, attributes: [] }] : [];
  if (!isThere) return [{ address, action, attributes: change.attributes }];
  // Made without knowing what was there: that it is there is all that can be asked.
  if (change.blind === true) return [];
  const attributes = change.attributes
    .filter(({ path, after }) => !isAsPlanned(resource, path, after))
    .map(({ path, after }) => ({ path, before: valueAt(resource, path), after }));
  const isUnmarked = mark !== undefined && resource.stack !== mark;
  const isStillMarked = unmark !== undefined && resource.stack === unmark;
  return attributes.length > 0 || isUnmarked || isStillMarked
    ? [{ address, action, attributes }]
    : [];
}

/** Children that came back with a reactivated resource into a parent that declares all of its own. */
function revived(plan: Plan, live: LiveGraph, kinds: Kinds): Residue[] {
  const back = new Set<Address>(
    plan.changes.filter(({ action }) => action === "reactivate").map(({ address }) => address),
  );
  if (back.size === 0) return [];
  const planned = new Set(plan.changes.map(({ address }) => address));
  const shields = plan.protect.flatMap((text) => parseSelector(text, [...kinds.values()]) ?? []);
  const spared = new Set(
    [...live.resources.values()].flatMap(({ kind, key, attributes }) =>
      (kindOf(kinds, kind).implies?.(attributes, key, attributes) ?? []).map((implied) =>
        toAddress(implied.kind, implied.key),
      ),
    ),
  );
  return [...live.resources.values()]
    .filter(({ address, kind, key, attributes }) => {
      const { parentOf, references } = kindOf(kinds, kind);
      const parent = parentOf?.(key);
      if (parent === undefined || !plan.authoritative.includes(parent)) return false;
      if (planned.has(address) || spared.has(address)) return false;
      if (shields.some((selector) => isSelected(selector, address))) return false;
      return references(attributes, key).some((reference) => back.has(reference.address));
    })
    .map(({ address }) => ({ address, action: "delete", attributes: [] }));
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
