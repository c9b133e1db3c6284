import type { Plan } from "../model/plan.ts";
import {
  actionCounts,
  callTexts,
  durationTexts,
  reversalTexts,
  stayTexts,
  undeclaredTexts,
} from "./counts.ts";
import { displayWidth, flow, wrap } from "./layout.ts";
import { type Notice, notesOf, refusalsOf } from "./notice.ts";
import type { Paint } from "./paint.ts";
import type { PlanView } from "./plan.ts";

const margin = "      ";

/** The counts, what is left alone, the calls and the digest: what a reader decides on. */
export function summaryLines(plan: Plan, view: PlanView): readonly string[] {
  const { width, paint } = view;
  return [
    ...countsLines(plan, width).map(paint.bold),
    ...reversalTexts(plan).map((text) => margin + text),
    ...undeclaredTexts(plan).map((text) => margin + text),
    ...callTexts(plan).map((text) => margin + text),
    ...durationTexts(view.estimate)
      .flatMap((text) => wrap(text, width - margin.length))
      .map((text) => margin + text),
    `${margin}digest ${plan.digest}`,
  ];
}

/** Why the plan is refused: the last thing on the screen. */
export function refusalLines(plan: Plan, width: number, paint: Paint): readonly string[] {
  return refusalsOf(plan).flatMap((reason) => noticeLines("REFUSED", reason, width, paint.red));
}

/** What a reader should know before the counts. */
export function noteLines(plan: Plan, width: number, paint: Paint): readonly string[] {
  return notesOf(plan).flatMap((note) => noticeLines("note", note, width, paint.yellow));
}

/** On one line where it fits; else what happens and what is kept stand apart. */
function countsLines(plan: Plan, width: number): readonly string[] {
  const counts = actionCounts(plan).map(({ text }) => text);
  const kept = stayTexts(plan).join(" · ");
  const text = `Plan: ${counts.join(", ")} · ${kept}`;
  if (displayWidth(text) <= width) {
    return [text];
  }
  const parts = counts.map((count, index) => (index < counts.length - 1 ? `${count},` : count));
  const lines = [...flow(parts, width - margin.length, " "), kept];
  return lines.map((line, index) => (index === 0 ? "Plan: " : margin) + line);
}

function noticeLines(
  label: string,
  { code, summary, more }: Notice,
  width: number,
  colour: (text: string) => string,
): readonly string[] {
  const column = 9;
  const [first = "", ...rest] = [`${code}: ${summary}`, ...more].flatMap((text) =>
    wrap(text, width - column),
  );
  return [colour(label.padEnd(column)) + first, ...rest.map((line) => " ".repeat(column) + line)];
}
