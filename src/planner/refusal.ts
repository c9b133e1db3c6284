import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { digestPlan } from "./digest.ts";

/** The plan as it is, or refused for these reasons besides its own. */
export function refuseFor(plan: Plan, reasons: readonly Diagnostic[]): Plan {
  if (reasons.length === 0) {
    return plan;
  }
  const { digest: _, ...body } = {
    ...plan,
    applicable: false,
    diagnostics: [...plan.diagnostics, ...reasons],
  };
  return { ...body, digest: digestPlan(body) };
}
