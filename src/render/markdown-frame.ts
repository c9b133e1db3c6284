import type { Estimate } from "../model/pace.ts";
import type { Plan } from "../model/plan.ts";
import {
  actionCounts,
  callTexts,
  durationTexts,
  matchText,
  reversalTexts,
  spareTexts,
  stayTexts,
  undeclaredTexts,
} from "./counts.ts";
import { escapeText } from "./escape.ts";
import { formatCount } from "./layout.ts";
import { codeOf, cutText, escapeMarkdown, fence, sizeOf } from "./markdown-escape.ts";
import { markdownMark } from "./marks.ts";
import { type Notice, notesOf, refusalsOf } from "./notice.ts";
import { formatEvidence, formatTitle } from "./plan.ts";
import { scopeTexts } from "./scope.ts";
import { signs } from "./sign.ts";

/** How a plan is written for a pull request. */
export interface MarkdownView {
  /** The command that applies exactly this plan. */
  readonly next?: string;
  readonly estimate?: Estimate;
  /** The file that has the whole plan, for whoever misses something. */
  readonly elsewhere?: string;
  /** How many bytes it may take, 16,384 or more; `markdownMax` if left out. */
  readonly limit?: number;
}

const nameMax = 200;
const textMax = 400;
/** Of the whole of a sort of texts; the first of them always stands there. */
const refusalsMax = 6_144;
const notesMax = 2_048;
const scopeMax = 2_048;

/** What a comment begins with: the marker, the counts, the refusal, and what the plan was asked. */
export function headOf(plan: Plan, view: MarkdownView): string {
  const refusals = refusalsOf(plan);
  const alert = (kind: string, label: string, notices: readonly Notice[], max: number) =>
    notices.length === 0 ? "" : [`> [!${kind}]`, ...noticeLines(label, notices, max)].join("\n");
  const texts = [
    [markerOf(plan), `### ${headline(plan, refusals.length > 0)}`].join("\n"),
    // Begun by a word of ours: a stack may be called like a bot's command.
    `For ${[formatTitle(plan), formatEvidence(plan)].map(toText).join(" · ")}`,
    alert("CAUTION", "Refused", refusals, refusalsMax),
    within(scopeTexts(plan).map(toLine), scopeMax).join("\n"),
    factsOf(plan, view)
      .map((text) => `- ${escapeMarkdown(text)}`)
      .join("\n"),
    alert("NOTE", "Note", notesOf(plan), notesMax),
  ];
  return texts.filter((text) => text !== "").join("\n\n");
}

/** What a comment ends with, however much was left out before: what would be applied, and how. */
export function tailOf(plan: Plan, { next }: MarkdownView): string {
  const digest = `Digest ${codeOf(escapeText(cutText(plan.digest, nameMax)))}`;
  const isPending = plan.changes.length > 0 && refusalsOf(plan).length === 0;
  return next === undefined || !isPending
    ? digest
    : `${digest}. To apply exactly this:\n\n${fence([escapeText(cutText(next, 2_000))], "sh")}`;
}

/** The first line, by which a bot finds the comment it wrote before about the same stack. */
function markerOf({ stack, provider }: Pick<Plan, "stack" | "provider">): string {
  const name = encodeURIComponent(escapeText(cutText(stack ?? provider.appId, nameMax)));
  return `${markdownMark}${name.replaceAll("--", "-%2D")} -->`;
}

function headline(plan: Plan, isRefused: boolean): string {
  if (plan.changes.length === 0 && !isRefused) {
    return `No changes: ${[matchText(plan), ...spareTexts(plan)].join(" · ")}`;
  }
  const counts = actionCounts(plan).map(
    ({ action, count }) => `**${signs[action]} ${formatCount(count)}** to ${action}`,
  );
  return `${isRefused ? "Refused plan" : "Plan"}: ${counts.join(", ")}`;
}

function factsOf(plan: Plan, { estimate }: MarkdownView): readonly string[] {
  if (plan.changes.length === 0) {
    return [];
  }
  return [
    stayTexts(plan).join(" · "),
    ...reversalTexts(plan),
    ...undeclaredTexts(plan),
    callTexts(plan).join(" "),
    ...durationTexts(estimate),
  ].map((text) => cutText(text, textMax));
}

function noticeLines(label: string, notices: readonly Notice[], max: number): readonly string[] {
  const lines = notices.map(({ code, summary, more }) =>
    [`> **${label}** ${codeOf(escapeText(cutText(code, nameMax)))}: ${toText(summary)}`]
      .concat(more.map((text) => `> ${toText(text)}`))
      .join("  \n"),
  );
  return within(lines, max).map((line, index) => (index === 0 ? line : `>\n${line}`));
}

/** As many lines as there is room for, the first in any case; the others are counted. */
function within(lines: readonly string[], max: number): readonly string[] {
  let size = 0;
  const shown = lines.filter((line, index) => {
    size += sizeOf(line) + 3;
    return index === 0 || size <= max;
  });
  const rest = lines.length - shown.length;
  return rest === 0 ? shown : [...shown, `> and ${formatCount(rest)} more`];
}

function toLine(text: string): string {
  return `> ${toText(text)}  `;
}

function toText(text: string): string {
  return escapeMarkdown(cutText(text, textMax));
}
