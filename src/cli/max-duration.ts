import type { Diagnostic } from "../model/diagnostic.ts";
import type { Estimate } from "../model/pace.ts";
import type { Plan } from "../model/plan.ts";
import { refuseFor } from "../planner/refusal.ts";
import { formatAssumption, formatSpan } from "../render/estimate.ts";
import type { Context } from "./command.ts";
import { formatTime } from "./pace-flags.ts";

/**
 * The plan as it is, or refused if it cannot be applied in the time that `--max-duration` gives this
 * run, even at best.
 */
export function requireTime({ flags }: Context, plan: Plan, estimate: Estimate): Plan {
  const { maxDurationMs } = flags;
  if (maxDurationMs === undefined || estimate.lowMs <= maxDurationMs) {
    return plan;
  }
  return refuseFor(plan, [toTooLong(estimate, maxDurationMs)]);
}

function toTooLong(estimate: Estimate, maxMs: number): Diagnostic {
  const enough = formatTime(Math.ceil(estimate.highMs / 60_000) * 60_000);
  const { heldBy } = estimate;
  const quota =
    heldBy === undefined || heldBy.source === "learnt"
      ? ""
      : ` If the app's plan allows more, state it: --quota ${heldBy.quota}=N.`;
  return {
    severity: "error",
    code: "plan/too-long",
    summary: `the plan takes about ${formatSpan(estimate)}, and --max-duration allows ${formatTime(maxMs)}`,
    detail: `That is ${formatAssumption(estimate)}.`,
    hint: `Give it more time, --max-duration ${enough}, or apply it in parts with --only.${quota}`,
  };
}
