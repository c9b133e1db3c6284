import type { Change, Reversal } from "../../../model/plan.ts";
import { secretsIn } from "../../../model/secret.ts";
import { rootsOf } from "./change.ts";

/**
 * Whether an update or a mark can be taken back: what is known was, what is write-only was not. The
 * old value of a write-only attribute cannot be told, so overwriting or clearing it loses it.
 */
export function reversalOfWrite(change: Change): Reversal {
  if (change.action === "create") return "reversible";
  const withheld = change.live?.withheld ?? [];
  const roots = rootsOf(change);
  const isLost = withheld.some((path) => roots.has(path.split(".", 1)[0] ?? path));
  return isLost || change.attributes.some(({ after }) => secretsIn(after).length > 0)
    ? "lossy"
    : "reversible";
}

/** Whether something can be made again as it was: but for what the service does not tell. */
export function reversalOfDelete({ live }: Change): Reversal {
  const isUntold = (live?.withheld ?? []).length + (live?.unread ?? []).length > 0;
  return isUntold ? "lossy" : "reversible";
}
