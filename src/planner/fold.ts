import type { Change } from "../model/plan.ts";
import type { Address } from "../model/resource.ts";
import { type Kinds, kindOf } from "./kinds.ts";

/**
 * Marks deletes that need no call: what lives inside a resource goes with it when that is deleted
 * for good. A soft delete takes nothing along, nor does one that is not made.
 */
export function foldDeletes(
  changes: readonly Change[],
  kinds: Kinds,
  isMade: (change: Change) => boolean = () => true,
): Change[] {
  const gone = new Set<Address>(
    changes
      .filter((change) => change.action === "delete" && change.soft !== true && isMade(change))
      .map(({ address }) => address),
  );
  return changes.map((change) => {
    if (change.action !== "delete" || change.live === undefined) return change;
    const container = kindOf(kinds, change.kind)
      .references(change.live.attributes, change.key)
      .find(({ cascades, address }) => cascades === true && gone.has(address));
    return container === undefined ? change : { ...change, impliedBy: container.address };
  });
}
