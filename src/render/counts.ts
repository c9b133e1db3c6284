import type { Estimate } from "../model/pace.ts";
import { type Action, type Plan, QUOTAS, type Reversal } from "../model/plan.ts";
import { formatAssumption, formatSpan } from "./estimate.ts";
import { countOf, formatCount, joinWords } from "./layout.ts";

/** How many changes of one sort a plan has: `3 to create`. */
export interface ActionCount {
  readonly action: Action;
  readonly count: number;
  readonly text: string;
}

/** How long a plan takes is told if it may be longer than this. */
const durationMsMin = 10_000;

/** What happens, counted: creates, updates and deletes always, the others where there are any. */
export function actionCounts({
  summary,
  mode,
}: Pick<Plan, "summary" | "mode">): readonly ActionCount[] {
  const actions: readonly (readonly [Action, boolean])[] = [
    ["create", mode !== "destroy"],
    ["update", mode !== "destroy" || summary.update > 0],
    ["adopt", summary.adopt > 0],
    ["reactivate", summary.reactivate > 0],
    ["forget", summary.forget > 0],
    ["delete", true],
  ];
  return actions
    .filter(([, isTold]) => isTold)
    .map(([action]): ActionCount => {
      const count = summary[action];
      return { action, count, text: `${formatCount(count)} to ${action}` };
    });
}

/** What stays as it is of what was declared or would have gone: `2 protected, kept`. */
export function stayTexts({ summary }: Pick<Plan, "summary">): readonly string[] {
  return [
    ...(summary.protected > 0 ? [`${formatCount(summary.protected)} protected, kept`] : []),
    `${formatCount(summary.unchanged)} unchanged`,
  ];
}

/** Of how many changes there is no way back; what a deletion takes along is part of it. */
export function reversalTexts({ changes }: Pick<Plan, "changes">): readonly string[] {
  const count = (wanted: Reversal): number =>
    changes.filter(({ reversal, impliedBy }) => reversal === wanted && impliedBy === undefined)
      .length;
  const [final, lossy] = [count("irreversible"), count("lossy")];
  if (final === 0) {
    return lossy === 0 ? [] : [`${formatCount(lossy)} of them cannot be undone without loss`];
  }
  const more = lossy === 0 ? "" : `, ${formatCount(lossy)} not without loss`;
  return [`${formatCount(final)} of them cannot be undone${more}`];
}

/** What the app has beyond the manifest and keeps: `12 users and 3 groups in the app are …`. */
export function undeclaredTexts({ summary }: Pick<Plan, "summary">): readonly string[] {
  const kinds = Object.entries(summary.undeclared);
  const counted = kinds.flatMap(([kind, count]) =>
    count === null || count === 0 ? [] : [{ text: countOf(count, kind), count }],
  );
  const unread = kinds.filter(([, count]) => count === null).map(([kind]) => `${kind}s`);
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const verb = total === 1 ? "is" : "are";
  return [
    ...(total === 0
      ? []
      : [
          `${joinWords(counted.map(({ text }) => text))} in the app ${verb} not declared: left alone`,
        ]),
    ...(unread.length === 0 ? [] : [`${joinWords(unread)} of the app: not counted`]),
  ];
}

/** How many calls it takes, and how few it could. */
export function callTexts({ calls }: Pick<Plan, "calls">): readonly string[] {
  const { total, lowerBound, split } = calls;
  const classes = QUOTAS.flatMap((quota) =>
    calls[quota] > 0 ? [`${formatCount(calls[quota])} ${quota}`] : [],
  );
  const byClass = classes.length === 0 ? "" : ` (${classes.join(", ")})`;
  const count = `${countOf(total, "call")}${byClass}`;
  if (split === null) {
    const bound =
      total === lowerBound ? "the fewest possible" : `the bound is ${formatCount(lowerBound)}`;
    return [`${count}, ${bound}`];
  }
  const { minutes, fewestMinutes } = split;
  return [
    `${count}: ${countOf(minutes, "minute")} of quota, the shortest possible`,
    `(${countOf(lowerBound, "call")} would be the fewest, and take ${formatCount(fewestMinutes)})`,
  ];
}

/** How long applying takes, where that is known and worth a word. */
export function durationTexts(estimate: Estimate | undefined): readonly string[] {
  return estimate === undefined || estimate.highMs <= durationMsMin
    ? []
    : [`about ${formatSpan(estimate)} ${formatAssumption(estimate)}`];
}

/** How much of what is declared is as it should be: `12 objects match`. */
export function matchText({ mode, summary }: Pick<Plan, "mode" | "summary">): string {
  const { unchanged } = summary;
  return mode === "destroy"
    ? "nothing to destroy"
    : `${countOf(unchanged, "object")} ${unchanged === 1 ? "matches" : "match"}`;
}

/** What an app that matches keeps beyond that: `3 protected, kept`, `12 not declared, left alone`. */
export function spareTexts({ summary }: Pick<Plan, "summary">): readonly string[] {
  const { protected: safe } = summary;
  const counts = Object.values(summary.undeclared);
  const count = counts.reduce((sum: number, one) => sum + (one ?? 0), 0);
  return [
    ...(safe === 0 ? [] : [`${formatCount(safe)} protected, kept`]),
    ...(count === 0 ? [] : [`${formatCount(count)} not declared, left alone`]),
  ];
}
