import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { formatSource } from "./block.ts";
import { escapeText } from "./escape.ts";

/** A diagnostic of a plan as it is told: what is wrong, then why and what to do. Escaped. */
export interface Notice {
  readonly code: string;
  readonly summary: string;
  readonly more: readonly string[];
}

/** A saved plan may say that it must not be applied, and have lost the reasons. */
const unexplained: Diagnostic = {
  severity: "error",
  code: "plan/not-applicable",
  summary: "the plan says that it must not be applied, and not why",
  hint: "Make a new plan.",
};

/** Why the plan is refused; nothing where it is not. */
export function refusalsOf(plan: Pick<Plan, "diagnostics" | "applicable">): readonly Notice[] {
  const errors = plan.diagnostics.filter(({ severity }) => severity === "error");
  return (errors.length > 0 || plan.applicable ? errors : [unexplained]).map(toNotice);
}

/** What a reader should know before the counts. */
export function notesOf({ diagnostics }: Pick<Plan, "diagnostics">): readonly Notice[] {
  return diagnostics.filter(({ severity }) => severity === "warning").map(toNotice);
}

function toNotice({ code, summary, detail, hint, range }: Diagnostic): Notice {
  const place = range === undefined ? undefined : `${formatSource(range)}.`;
  const advice = [place, hint].filter((text) => text !== undefined).join(" ");
  const more = [detail ?? "", advice].filter((text) => text !== "").map(escapeText);
  return { code, summary: escapeText(summary), more };
}
