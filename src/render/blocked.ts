import type { BlockedChange, Plan } from "../model/plan.ts";
import { formatSource } from "./block.ts";
import { escapeText } from "./escape.ts";
import { displayWidth, formatCount, padTo, spread } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** How protected resources are listed. */
export interface BlockedView {
  readonly width: number;
  readonly paint: Paint;
  /** All of them, however many there are. */
  readonly verbose?: boolean;
  /** None: the summary has their number. */
  readonly quiet?: boolean;
}

const listedMax = 20;
/** The sign before a name, and what stands between name, reason and place. */
const signWidth = 4;
const gap = 2;

/** What would go and is kept because it is protected, with what protects it. */
export function blockedLines({ blocked }: Plan, view: BlockedView): readonly string[] {
  if (view.quiet === true) {
    return [];
  }
  const listed = view.verbose === true ? blocked : blocked.slice(0, listedMax);
  const rest = blocked.length - listed.length;
  const rows = listed.map(toBlockedRow);
  const column = columnFor(rows, view.width);
  return [
    ...rows.flatMap((row) => rowLines(row, column, view)),
    ...(rest > 0 ? [`    and ${formatCount(rest)} more are kept (--verbose lists them)`] : []),
  ];
}

/** A protected resource as it is told: its name, what keeps it, where that stands. Escaped. */
export interface BlockedRow {
  readonly name: string;
  readonly note: string;
  readonly place: string;
}

/** Tells of a resource that would go and is protected. */
export function toBlockedRow({ address, by, reason, source }: BlockedChange): BlockedRow {
  return {
    name: escapeText(address),
    note: `kept: protected by ${escapeText(by)}`,
    place: source === undefined ? escapeText(reason) : formatSource(source),
  };
}

/** The widest a row's name can be while all of the row stands on one line; negative for none. */
function roomFor({ note, place }: BlockedRow, width: number): number {
  return width - signWidth - 2 * gap - displayWidth(note) - displayWidth(place);
}

/** As wide as the names, as far as no row is made too long that fits by itself. */
function columnFor(rows: readonly BlockedRow[], width: number): number {
  const fitting = rows.filter((row) => displayWidth(row.name) <= roomFor(row, width));
  const longest = Math.max(0, ...fitting.map(({ name }) => displayWidth(name)));
  return Math.min(longest, ...fitting.map((row) => roomFor(row, width)));
}

function rowLines(
  row: BlockedRow,
  column: number,
  { width, paint }: BlockedView,
): readonly string[] {
  const name = `  ${paint.dim(`= ${row.name}`)}`;
  const place = paint.dim(row.place);
  const line = `${padTo(name, signWidth + column)}${" ".repeat(gap)}${row.note}`;
  return displayWidth(row.name) <= roomFor(row, width)
    ? [spread(line, place, width)]
    : [spread(name, place, width), `      ${row.note}`];
}
