import type { Plan } from "../model/plan.ts";
import type { ReadEvidence } from "../model/resource.ts";
import { escapeText } from "./escape.ts";
import { countOf, displayWidth, formatCount, padTo, wrap } from "./layout.ts";

const ways: { readonly [how in NonNullable<ReadEvidence["how"]>]: string } = {
  list: "listed whole",
  marked: "listed by mark",
  points: "one by one",
};

/** How many calls it took to read the app, and how many of them were speculative. */
export function readsText({ reads }: Pick<Plan, "reads">): string {
  const speculative = reads.collections.reduce((sum, one) => sum + (one.speculative ?? 0), 0);
  return withSpeculative(countOf(reads.calls, "call"), speculative);
}

/** How each kind was read, and why like that: `user  one by one  3 calls  (--read point)`. */
export function readLines({ reads }: Pick<Plan, "reads">, width: number): readonly string[] {
  const chosen = reads.collections.filter(({ how }) => how !== undefined);
  if (chosen.length === 0) return [];
  const rows = chosen.map((one) =>
    [one.collection, wayOf(one), countOf(one.calls, "call")].map(escapeText),
  );
  const columns = [0, 1, 2].map((at) =>
    Math.max(...rows.map((row) => displayWidth(row[at] ?? ""))),
  );
  const lines = chosen.flatMap((one, index) => {
    const cells = (rows[index] ?? []).map((cell, at) => padTo(cell, columns[at] ?? 0));
    const why = one.why === undefined ? [] : [`(${one.why})`];
    return hang(cells, why.map(escapeText), width - margin.length);
  });
  return ["  Read:", ...lines.map((line) => `${margin}${line.trimEnd()}`), ""];
}

const margin = "      ";

function wayOf({ how, speculative = 0 }: ReadEvidence): string {
  return withSpeculative(how === undefined ? "" : ways[how], speculative);
}

function withSpeculative(text: string, count: number): string {
  return count === 0 ? text : `${text}, ${formatCount(count)} speculative`;
}

/** Cells on one line, with a remark beside them, or below them where there is no room. */
function hang(cells: readonly string[], remarks: readonly string[], width: number): string[] {
  const line = [...cells, ...remarks].join("  ");
  if (displayWidth(line) <= width) return [line];
  return [
    cells.join("  "),
    ...remarks.flatMap((text) => wrap(text, width - 2)).map((one) => `  ${one}`),
  ];
}
