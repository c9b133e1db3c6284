import type { Outcome } from "../model/report.ts";
import { formatSource } from "./block.ts";
import { escapeText } from "./escape.ts";
import { displayWidth, formatCount, padTo, wrap } from "./layout.ts";
import type { ReportView } from "./report.ts";

/** So many of a list are shown; the rest is counted. */
export const listedMax = 50;
/** Of each cause at least so many, however many causes there are. */
const listedMin = 3;
const hintIndent = "        ";

interface Columns {
  readonly address: number;
  readonly code: number;
}

/**
 * Outcomes with their errors and places, those together of which the same is to be done; that is said
 * once below them.
 */
export function outcomesLines(outcomes: readonly Outcome[], view: ReportView): readonly string[] {
  const groups = [...byHint(outcomes)];
  const max = Math.max(listedMin, Math.floor(listedMax / groups.length));
  const listed = groups.flatMap(([, group]) => group.slice(0, max));
  const columns = {
    address: Math.min(
      40,
      Math.max(...listed.map(({ address }) => displayWidth(escapeText(address)))),
    ),
    code: Math.max(...listed.map(({ error }) => displayWidth(escapeText(error?.code ?? "")))),
  };
  return groups.flatMap(([hint, group]) => [
    ...group.slice(0, max).flatMap((outcome) => outcomeLines(outcome, columns, view)),
    ...(group.length > max
      ? [`    and ${formatCount(group.length - max)} more (--json lists them all)`]
      : []),
    ...hintLines(hint, view),
  ]);
}

function byHint(outcomes: readonly Outcome[]): ReadonlyMap<string | undefined, readonly Outcome[]> {
  const groups = new Map<string | undefined, Outcome[]>();
  for (const outcome of outcomes) {
    const hint = outcome.error?.hint;
    const group = groups.get(hint);
    if (group === undefined) groups.set(hint, [outcome]);
    else group.push(outcome);
  }
  return groups;
}

function hintLines(hint: string | undefined, { paint, width }: ReportView): readonly string[] {
  if (hint === undefined) {
    return [];
  }
  const [first = "", ...rest] = wrap(escapeText(hint), width - hintIndent.length - 2);
  const lines = [`→ ${first}`, ...rest.map((line) => `  ${line}`)];
  return lines.map((line) => hintIndent + paint.cyan(line));
}

function outcomeLines(
  { address, error }: Outcome,
  columns: Columns,
  { sources, width }: ReportView,
): readonly string[] {
  const source = sources?.get(address);
  const place = source === undefined ? "" : ` (${formatSource(source)})`;
  const code = columns.code === 0 ? "" : padTo(escapeText(error?.code ?? ""), columns.code + 2);
  const lead = `    ${padTo(escapeText(address), columns.address + 2)}${code}`;
  const message = `${escapeText(error?.message ?? "")}${place}`.trim();
  const room = width - displayWidth(lead);
  if (room >= 30) {
    const [first = "", ...rest] = wrap(message, room);
    return [
      `${lead}${first}`.trimEnd(),
      ...rest.map((line) => " ".repeat(displayWidth(lead)) + line),
    ];
  }
  return [lead.trimEnd(), ...wrap(message, width - 8).map((line) => `        ${line}`)];
}
