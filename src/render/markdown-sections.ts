import type { Plan } from "../model/plan.ts";
import { toBlockedRow } from "./blocked.ts";
import { formatBulk, formatCall, isBulk } from "./call.ts";
import { countOf, formatCount } from "./layout.ts";
import { codeOf, cutText, escapeMarkdown } from "./markdown-escape.ts";
import type { Section } from "./markdown-table.ts";

const callMax = 300;
/** A fence that no call ends: a call stands after its number on one line. */
const mark = "```";

/** Collapsed lists of what is kept though it would have gone, and of the calls. */
export function toLists(plan: Pick<Plan, "blocked" | "steps">): readonly Section[] {
  return [
    ...(plan.blocked.length === 0 ? [] : [toKept(plan)]),
    ...(plan.steps.length === 0 ? [] : [toCalls(plan)]),
  ];
}

function toKept({ blocked }: Pick<Plan, "blocked">): Section {
  const rows = blocked.map(toBlockedRow).map(({ name, note, place }) => {
    const texts = [note, place].filter((text) => text !== "").map((text) => cutText(text, callMax));
    return `- ${codeOf(name)} ${escapeMarkdown(texts.join(" · "))}\n`;
  });
  return {
    name: "that are protected",
    head: detailsHead(`${formatCount(blocked.length)} protected, kept`),
    rows,
    length: rows.length,
    foot: (missing) => `${missing === 0 ? "" : `- and ${formatCount(missing)} more\n`}\n</details>`,
  };
}

function toCalls({ steps }: Pick<Plan, "steps">): Section {
  const digits = formatCount(steps.length).length;
  return {
    name: "calls",
    head: `${detailsHead(countOf(steps.length, "call"))}${mark}\n`,
    rows: callRows({ steps }, digits),
    length: steps.length,
    foot: (missing) =>
      `${missing === 0 ? "" : `… ${countOf(missing, "more call")}\n`}${mark}\n\n</details>`,
  };
}

function* callRows({ steps }: Pick<Plan, "steps">, digits: number): Iterable<string> {
  for (const [index, step] of steps.entries()) {
    const number = formatCount(index + 1).padStart(digits);
    const text = isBulk(step.call) ? formatBulk(step, callMax) : formatCall(step.call);
    yield `${number}  ${cutText(text, callMax)}\n`;
  }
}

function detailsHead(title: string): string {
  return `<details>\n<summary>${title}</summary>\n\n`;
}
