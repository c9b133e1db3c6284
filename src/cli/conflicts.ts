import { findConflicts } from "../conflicts.ts";
import type { PastRun } from "../executor/journal.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import type { Address } from "../model/resource.ts";
import type { Session } from "../providers/provider.ts";
import { countOf } from "../render/layout.ts";
import type { Context } from "./command.ts";
import { exitCodes, Failure } from "./exit.ts";
import { tellWaits } from "./wait-notes.ts";

/** A plan that was applied already differs everywhere; a few addresses tell as much as all. */
const conflictsShown = 10;

/**
 * Makes sure that everything a plan touches is as the plan saw it.
 *
 * @throws Failure when something is not.
 */
export async function requireFresh(
  context: Context,
  { plan, past }: { readonly plan: Plan; readonly past?: PastRun },
  session: Session,
): Promise<void> {
  const begun = past === undefined ? {} : { begun: past.begun };
  const { signal } = context.terminal;
  const conflicts = await tellWaits(context, session, () =>
    findConflicts(plan, session, { signal, ...begun }),
  );
  if (conflicts.length > 0) {
    throw conflictFailure(conflicts);
  }
}

/** Why a plan no longer fits the app: the objects that are not as it saw them. */
function conflictFailure(conflicts: readonly Address[]): Failure {
  const count = conflicts.length;
  const verb = count === 1 ? "is" : "are";
  const objects = conflicts.slice(0, conflictsShown).map(
    (address): Diagnostic => ({
      severity: "error",
      code: "plan/stale-object",
      summary: "not as the plan saw it",
      address,
    }),
  );
  const reason: Diagnostic = {
    severity: "error",
    code: "plan/stale",
    summary: "The app has changed since the plan was made; nothing was applied",
    detail: `${countOf(count, "object")} that it touches ${verb} not as it saw ${count === 1 ? "it" : "them"}${count > conflictsShown ? `; the first ${conflictsShown} are listed` : ""}.`,
    hint: "Make a new plan and review it.",
  };
  return new Failure(exitCodes.stale, [reason, ...objects]);
}
