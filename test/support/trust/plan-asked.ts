import type { Plan } from "../../../src/model/plan.ts";
import type { PlanRequest } from "../../../src/model/request.ts";
import type { Session } from "../../../src/providers/provider.ts";
import { liftAll } from "../lift.ts";
import { type Loaded, planIt } from "../manifest.ts";

/** Plans what is asked, with every budget lifted that the plan would exceed. */
export async function planAsked(
  session: Session,
  loaded: Loaded,
  request: Partial<PlanRequest> = {},
  mode: "apply" | "destroy" = "apply",
): Promise<Plan> {
  const first = await planIt(session, loaded, mode, request);
  const lifted = liftAll(first);
  return lifted.allow.length === 0
    ? first
    : planIt(session, loaded, mode, { ...request, ...lifted });
}
