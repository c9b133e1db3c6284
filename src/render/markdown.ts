import type { Plan } from "../model/plan.ts";
import { toEntries } from "./entry.ts";
import { formatCount } from "./layout.ts";
import { type Deletions, renderDeletions } from "./markdown-deletions.ts";
import { codeOf, sizeOf } from "./markdown-escape.ts";
import { fill, sizeOfFrames } from "./markdown-fill.ts";
import { headOf, type MarkdownView, tailOf } from "./markdown-frame.ts";
import { toLists } from "./markdown-sections.ts";
import { toTables } from "./markdown-table.ts";

/** What GitHub takes as one comment; others take more. Counted in bytes, so never too much. */
export const markdownMax = 65_536;
/** For the sentences that say what is missing. */
const noticeMax = 2_048;
const framesMax = 4_096;
/** The empty lines before and after the deletions. */
const gaps = 4;

/**
 * A plan as Markdown for a pull request, never longer than a comment may be. Deletions come before anything that
 * can be left out; what is left out is said, with its number.
 */
export function renderMarkdown(plan: Plan, view: MarkdownView = {}): string {
  const { limit = markdownMax } = view;
  const entries = toEntries(plan.changes);
  const head = headOf(plan, view);
  const tail = tailOf(plan, view);
  const room = limit - sizeOf(head) - sizeOf(tail) - noticeMax;
  const tables = toTables(entries);
  // The titles of the tables have the counts, which are to add up in any case.
  const framesSize = Math.min(framesMax, sizeOfFrames(tables));
  const deletions = renderDeletions(plan, entries, room - framesSize - gaps);
  const loud = loudly(plan, deletions, view);
  const space = room - sizeOf(deletions.text) - gaps;
  const { parts, cuts } = fill([...tables, ...toLists(plan)], space);
  const notice =
    cuts.length === 0 ? "" : `Not all fits into a comment: ${cuts.join(", ")}. ${whereElse(view)}`;
  const texts = [head, loud, deletions.text, ...parts, notice, tail];
  return `${texts.filter((text) => text !== "").join("\n\n")}\n`;
}

/** What is said of deletions that are not listed cannot be overlooked. */
function loudly(plan: Plan, { left }: Deletions, view: MarkdownView): string {
  if (left === 0) {
    return "";
  }
  const text = `${formatCount(left)} of ${formatCount(plan.summary.delete)} deletions are not listed here`;
  return `> [!CAUTION]\n> **${text}**: they do not fit into a comment. ${whereElse(view)}`;
}

function whereElse({ elsewhere }: MarkdownView): string {
  return elsewhere === undefined
    ? "The whole plan: `cometform plan`, or its file of `--html`."
    : `The whole plan: ${codeOf(elsewhere)}.`;
}
