import type { Plan } from "../../src/model/plan.ts";
import type { Allowance, PlanRequest } from "../../src/model/request.ts";

/** Everything a plan could be refused for by budget, allowed by name. */
export function liftAll(plan: Pick<Plan, "diagnostics">): Pick<PlanRequest, "allow"> {
  const allow = plan.diagnostics.flatMap(({ code, hint = "" }) => {
    const [, action, subject, count] = /--allow (\w+):(.+)=(\d+)$/.exec(hint) ?? [];
    const isBudget = code === "policy/budget" && subject !== undefined;
    return isBudget ? [{ action, subject, count: Number(count) } as Allowance] : [];
  });
  return { allow };
}
