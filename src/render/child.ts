import type { Action, AttributeChange, PlanChange } from "../model/plan.ts";
import { childName } from "./entry.ts";
import { escapeText } from "./escape.ts";
import { signs } from "./sign.ts";
import { formatValue } from "./value.ts";

/** The changes of what lives in a resource, in the order they are shown in. */
export interface SortedChildren {
  readonly created: readonly PlanChange[];
  /** What is changed, then what goes. */
  readonly others: readonly PlanChange[];
}

/** New ones first, because there may be many of them and not all are shown; deletions last. */
export function sortChildren(children: readonly PlanChange[]): SortedChildren {
  const byAction = (actions: readonly Action[]): readonly PlanChange[] =>
    children.filter(({ action }) => actions.includes(action));
  return {
    created: byAction(["create"]),
    others: [...byAction(["update", "adopt", "reactivate", "forget"]), ...byAction(["delete"])],
  };
}

/** A change of what lives in a resource, in a few words: `+ alice (admin)`, `~ bob participant → admin`. */
export function childText(child: PlanChange): string {
  const name = `${signs[child.action]} ${escapeText(childName(child.address))}`;
  if (child.action === "delete" || child.attributes.length === 0) {
    return name;
  }
  const texts = child.attributes.map(({ before, after }) =>
    child.action === "create"
      ? formatValue(after)
      : `${formatValue(before)} → ${formatValue(after)}`,
  );
  const text = texts.join(", ");
  return child.action === "create" ? `${name} (${text})` : `${name} ${text}`;
}

/** The name first: it is what a reader knows the thing by. */
export function sortAttributes(attributes: readonly AttributeChange[]): readonly AttributeChange[] {
  const isName = ({ path }: AttributeChange): number => (path === "name" ? 0 : 1);
  return attributes.toSorted((one, other) => isName(one) - isName(other));
}
