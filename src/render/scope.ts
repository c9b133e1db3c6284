import type { Plan, PlanScope } from "../model/plan.ts";
import { escapeText } from "./escape.ts";
import { flow, formatCount } from "./layout.ts";

const listedMax = 10;

/** A sentence in parts that are not broken; what belongs to the one before is set in. */
interface Sentence {
  readonly parts: readonly string[];
  readonly isPart?: true;
}

/** What this plan was limited to, what that brought along, and what was allowed for it only. */
export function scopeLines(plan: Plan, width: number): readonly string[] {
  return sentencesOf(plan).flatMap(({ parts, isPart }) =>
    paragraph(parts, isPart === true ? "  " : "", width),
  );
}

/** The same as sentences, for whoever breaks lines elsewhere. */
export function scopeTexts(plan: Plan): readonly string[] {
  return sentencesOf(plan).map(({ parts }) => parts.join(" "));
}

function sentencesOf({ scope, overrides }: Plan): readonly Sentence[] {
  const { prune, allow, takeOver } = overrides;
  const allowed = [
    ...Object.entries(prune).map(([section, mode]) => `prune ${section}=${mode}`),
    ...allow.map((allowance) => `allow ${allowance}`),
    ...takeOver.map((address) => `take over ${address}`),
  ];
  return [
    ...(scope === null ? [] : limitsOf(scope)),
    { parts: [...lead("for this plan only:", allowed), ...joined(allowed, " ·")] },
  ].filter(({ parts }) => parts.length > 0);
}

function limitsOf(scope: PlanScope): readonly Sentence[] {
  const { only, except, pulledIn, leftOut, beyond } = scope;
  const limits = [...lead("limited to", only), ...listed(only)];
  const gaps = [...lead("without", except), ...listed(except)];
  const pulled = pulledIn.map(({ address, neededBy }) => `${address} (${neededBy} needs it)`);
  const left = leftOut.map(({ address, needs }) => `${address} (needs ${needs})`);
  const isBoth = limits.length > 0 && gaps.length > 0;
  return [
    { parts: [...limits, ...(isBoth ? ["·"] : []), ...gaps] },
    { parts: [...lead("pulled in:", pulled), ...listed(pulled)], isPart: true },
    { parts: [...lead("left out:", left), ...listed(left)], isPart: true },
    { parts: beyond > 0 ? [beyondText(beyond)] : [], isPart: true },
  ];
}

function beyondText(count: number): string {
  return count === 1
    ? "1 other change of what was read is beyond this scope"
    : `${formatCount(count)} other changes of what was read are beyond this scope`;
}

function lead(text: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : [text];
}

function listed(entries: readonly string[]): readonly string[] {
  const rest = entries.length - listedMax;
  const shown = joined(entries.slice(0, listedMax), ",");
  return rest > 0 ? [...shown, `and ${formatCount(rest)} more`] : shown;
}

function joined(entries: readonly string[], separator: string): readonly string[] {
  const last = entries.length - 1;
  return entries.map((entry, index) => escapeText(entry) + (index < last ? separator : ""));
}

/** Lines that break between the parts only; every line but the first is set in by four more. */
function paragraph(parts: readonly string[], margin: string, width: number): readonly string[] {
  const lines = flow(parts, width - margin.length - 4, " ");
  return lines.map((line, index) => `${margin}${index === 0 ? "" : "    "}${line}`);
}
