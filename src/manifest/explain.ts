import {
  explainConst,
  explainEnum,
  explainMissing,
  explainNull,
  explainType,
  explainUnknown,
} from "./explain-shape.ts";
import {
  explainBytes,
  explainItems,
  explainItemsInStack,
  explainRepeated,
  explainTotal,
  explainTwice,
} from "./explain-size.ts";
import { explainLength, explainReserved, explainRule, explainSecret } from "./explain-text.ts";
import type { Explain, Explanation, Finding } from "./finding.ts";

/**
 * What each keyword's failure means. A scalar that fails several is explained by the first of them
 * only, because the others follow from it.
 */
const explanations: readonly (readonly [keyword: string, explain: Explain])[] = [
  ["x-secret", explainSecret],
  ["const", explainConst],
  ["enum", orNull(explainEnum)],
  ["type", orNull(explainType)],
  ["minimum", explainRule],
  ["maximum", explainRule],
  ["minLength", explainLength],
  ["maxLength", explainLength],
  ["pattern", explainRule],
  ["format", explainRule],
  ["x-reserved", explainReserved],
  ["additionalProperties", explainUnknown],
  ["required", explainMissing],
  ["x-maxBytes", explainBytes],
  ["x-maxItemsInStack", explainItemsInStack],
  ["maxItems", explainItems],
  ["x-maxTotal", explainTotal],
  ["x-distinct", explainRepeated],
  ["uniqueItems", explainTwice],
];

const table: ReadonlyMap<string, Explain> = new Map(explanations);
const ranks: ReadonlyMap<string, number> = new Map(
  explanations.map(([keyword], rank) => [keyword, rank]),
);

/** The problems that a finding stands for; none if it only follows from another one. */
export function explain(finding: Finding): readonly Explanation[] {
  return table.get(finding.error.keyword)?.(finding) ?? [];
}

/** Findings about one value, the one that explains the others first. */
export function compareFindings(one: Finding, other: Finding): number {
  return rankOf(one) - rankOf(other);
}

/** Whether the other findings about the same value follow from this one. */
export function isFinal({ error }: Finding): boolean {
  return (ranks.get(error.keyword) ?? 0) < (ranks.get("additionalProperties") ?? 0);
}

function rankOf({ error }: Finding): number {
  const rank = ranks.get(error.keyword) ?? explanations.length;
  // What holds for the value itself says more than what holds for its written form.
  return error.schemaPath.includes("/x-resolved/") ? rank - 0.5 : rank;
}

function orNull(explainOther: Explain): Explain {
  return (finding) => (finding.value === null ? explainNull(finding) : explainOther(finding));
}
