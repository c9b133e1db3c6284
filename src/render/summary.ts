import type { Diagnostic } from "../model/diagnostic.ts";
import { type Plan, QUOTAS, type Reversal } from "../model/plan.ts";
import { formatSource } from "./block.ts";
import { escapeText } from "./escape.ts";
import { formatAssumption, formatSpan } from "./estimate.ts";
import { countOf, displayWidth, flow, formatCount, joinWords, wrap } from "./layout.ts";
import type { Paint } from "./paint.ts";
import type { PlanView } from "./plan.ts";

/** How long a plan takes is told if it may be longer than this. */
const durationMsMin = 10_000;
const margin = "      ";

/** A saved plan may say that it must not be applied, and have lost the reasons. */
const unexplained: Diagnostic = {
  severity: "error",
  code: "plan/not-applicable",
  summary: "the plan says that it must not be applied, and not why",
  hint: "Make a new plan.",
};

/** The counts, what is left alone, the calls and the digest: what a reader decides on. */
export function summaryLines(plan: Plan, view: PlanView): readonly string[] {
  const { width, paint } = view;
  return [
    ...countsLines(plan, width).map(paint.bold),
    ...reversalText(plan).map((text) => margin + text),
    ...undeclaredText(plan).map((text) => margin + text),
    ...callsText(plan).map((text) => margin + text),
    ...durationText(view).map((text) => margin + text),
    `${margin}digest ${plan.digest}`,
  ];
}

/** Why the plan is refused: the last thing on the screen. */
export function refusalLines(plan: Plan, width: number, paint: Paint): readonly string[] {
  const errors = plan.diagnostics.filter(({ severity }) => severity === "error");
  const reasons = errors.length > 0 || plan.applicable ? errors : [unexplained];
  return reasons.flatMap((reason) => diagnosticLines("REFUSED", reason, width, paint.red));
}

/** What a reader should know before the counts. */
export function noteLines(plan: Plan, width: number, paint: Paint): readonly string[] {
  return plan.diagnostics
    .filter(({ severity }) => severity === "warning")
    .flatMap((diagnostic) => diagnosticLines("note", diagnostic, width, paint.yellow));
}

/** What the app has beyond the manifest and keeps: `12 users and 3 groups in the app are …`. */
function undeclaredText({ summary }: Pick<Plan, "summary">): readonly string[] {
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

/** On one line where it fits; else what happens and what is kept stand apart. */
function countsLines(plan: Plan, width: number): readonly string[] {
  const { summary } = plan;
  const counts = actionCounts(plan);
  const kept = [
    ...(summary.protected > 0 ? [`${formatCount(summary.protected)} protected, kept`] : []),
    `${formatCount(summary.unchanged)} unchanged`,
  ].join(" · ");
  const text = `Plan: ${counts.join(", ")} · ${kept}`;
  if (displayWidth(text) <= width) {
    return [text];
  }
  const parts = counts.map((count, index) => (index < counts.length - 1 ? `${count},` : count));
  const lines = [...flow(parts, width - margin.length, " "), kept];
  return lines.map((line, index) => (index === 0 ? "Plan: " : margin) + line);
}

function actionCounts({ summary, mode }: Plan): readonly string[] {
  const { create, update, adopt, reactivate, forget } = summary;
  return [
    ...(mode === "destroy" ? [] : [`${formatCount(create)} to create`]),
    ...(mode === "destroy" && update === 0 ? [] : [`${formatCount(update)} to update`]),
    ...(adopt > 0 ? [`${formatCount(adopt)} to adopt`] : []),
    ...(reactivate > 0 ? [`${formatCount(reactivate)} to reactivate`] : []),
    ...(forget > 0 ? [`${formatCount(forget)} to forget`] : []),
    `${formatCount(summary.delete)} to delete`,
  ];
}

/** Of how many changes there is no way back; what a deletion takes along is part of it. */
function reversalText({ changes }: Plan): readonly string[] {
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

function callsText({ calls }: Plan): readonly string[] {
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

function durationText({ estimate, width }: PlanView): readonly string[] {
  if (estimate === undefined || estimate.highMs <= durationMsMin) {
    return [];
  }
  const text = `about ${formatSpan(estimate)} ${formatAssumption(estimate)}`;
  return wrap(text, width - margin.length);
}

function diagnosticLines(
  label: string,
  { code, summary, detail, hint, range }: Diagnostic,
  width: number,
  colour: (text: string) => string,
): readonly string[] {
  const column = 9;
  const place = range === undefined ? undefined : `${formatSource(range)}.`;
  const advice = [place, hint].filter((text) => text !== undefined).join(" ");
  const more = [detail ?? "", advice].filter((text) => text !== "").map(escapeText);
  const [first = "", ...rest] = [`${code}: ${escapeText(summary)}`, ...more].flatMap((text) =>
    wrap(text, width - column),
  );
  return [colour(label.padEnd(column)) + first, ...rest.map((line) => " ".repeat(column) + line)];
}
