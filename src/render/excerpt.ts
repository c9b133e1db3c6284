import type { SourceRange } from "../model/diagnostic.ts";
import { escapeText } from "./escape.ts";
import { displayWidth } from "./layout.ts";
import { showBlanked } from "./mask.ts";
import type { Paint } from "./paint.ts";

/** A text by lines, secrets blanked out. */
export type Lines = readonly string[];

/** How an excerpt is drawn. */
export interface ExcerptStyle {
  readonly paint: Paint;
  readonly width: number;
  readonly mark: (text: string) => string;
}

const gutterColumns = 6;

/**
 * The line of a place with the one before it, carets under the place, and the note behind the
 * carets where it fits. Nothing if the text has no such line.
 */
export function excerptLines(
  lines: Lines,
  range: SourceRange,
  note: string,
  { paint, width, mark }: ExcerptStyle,
): readonly string[] {
  const line = lines[range.line - 1];
  if (line === undefined) {
    return [];
  }
  const columns = Math.max(20, width - gutterColumns - 4);
  const start = Math.min(range.column - 1, line.length);
  const end = Math.max(start, Math.min((range.endColumn ?? range.column + 1) - 1, line.length));
  const view = toView(line, start, columns);
  const gutter = (number?: number): string =>
    paint.dim(`${String(number ?? "").padStart(gutterColumns - 1)} |`);
  const before = lines[range.line - 2];
  const context =
    before === undefined || before.trim() === ""
      ? []
      : [`${gutter(range.line - 1)} ${view.show(before, 0, before.length)}`.trimEnd()];
  const indent = displayWidth(view.show(line, 0, start));
  const carets = Math.max(1, displayWidth(view.show(line, start, end)));
  const shownCarets = Math.min(carets, Math.max(1, columns - indent));
  const underline = `${" ".repeat(indent)}${mark("^".repeat(shownCarets))}`;
  const fits = note !== "" && indent + shownCarets + 2 + displayWidth(note) <= columns;
  return [
    ...context,
    `${gutter(range.line)} ${view.show(line, 0, line.length)}`.trimEnd(),
    `${gutter()} ${underline}${fits ? `  ${note}` : ""}`,
    ...(note === "" || fits ? [] : [`${gutter()} ${note}`]),
  ];
}

interface View {
  /** The part of a line from `start` to `end`, as far as it can be seen. */
  show(line: string, start: number, end: number): string;
}

/** All of a line that is not too long, else a window on it with the place in its first half. */
function toView(line: string, place: number, columns: number): View {
  if (line.length <= columns) {
    return { show: (other, start, end) => showText(cutEnd(other, columns).slice(start, end)) };
  }
  const from = place < columns / 2 ? 0 : place - Math.floor(columns / 3);
  const to = from + columns - 2;
  return {
    show(other, start, end) {
      const part = other.slice(Math.max(start, from), Math.min(end, to));
      const head = from > 0 && start <= from && other.length > from ? "…" : "";
      const tail = end >= other.length && other.length > to ? "…" : "";
      return `${head}${showText(part)}${tail}`;
    },
  };
}

function cutEnd(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}

function showText(text: string): string {
  return escapeText(showBlanked(text.replaceAll("\t", "    ")));
}
