import type { Diagnostic } from "../model/diagnostic.ts";
import { escapeText, guardLines } from "./escape.ts";
import { excerptLines, type Lines } from "./excerpt.ts";
import { spread, wrap } from "./layout.ts";
import { blankSecrets } from "./mask.ts";
import type { Paint } from "./paint.ts";

/** What diagnostics are rendered with. */
export interface DiagnosticOptions {
  /** The texts that places are in, by file. */
  readonly sources: ReadonlyMap<string, string>;
  readonly paint: Paint;
  /** Columns of the output; 100 if left out. */
  readonly width?: number;
}

const indent = "   ";
/** So many of one sort are shown; the rest is counted. */
const shownMax = 50;
/** Files of variables hold secrets under any name, so none of their lines is shown. */
const codesWithoutExcerpt: ReadonlySet<string> = new Set(["manifest/variable-file"]);

/** Diagnostics as text, each with the line it is about; without a line break at the end. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: DiagnosticOptions,
): string {
  const files = new Map<string, Lines | undefined>();
  const linesOf = (file: string): Lines | undefined => {
    if (!files.has(file)) {
      files.set(file, toLines(options.sources.get(file)));
    }
    return files.get(file);
  };
  const counts = new Map<string, number>();
  const blocks = diagnostics.flatMap((diagnostic) => {
    const count = (counts.get(diagnostic.code) ?? 0) + 1;
    counts.set(diagnostic.code, count);
    return count > shownMax ? [] : [renderOne(diagnostic, linesOf, options)];
  });
  const rest = [...counts]
    .filter(([, count]) => count > shownMax)
    .map(([code, count]) => `${count - shownMax} more of the sort ${code}`);
  return guardLines([...blocks, ...(rest.length === 0 ? [] : [rest.join("\n")])].join("\n\n"));
}

function toLines(text: string | undefined): Lines | undefined {
  return text === undefined ? undefined : blankSecrets(text.replace(/^\uFEFF/, "")).split(/\r?\n/);
}

function renderOne(
  diagnostic: Diagnostic,
  linesOf: (file: string) => Lines | undefined,
  { paint, width = 100 }: DiagnosticOptions,
): string {
  const { severity, code, range } = diagnostic;
  const mark = severity === "error" ? paint.red : paint.yellow;
  const hint = escapeText(diagnostic.hint ?? "");
  const lines =
    range === undefined || codesWithoutExcerpt.has(code) ? undefined : linesOf(range.file);
  const excerpt =
    range === undefined || lines === undefined
      ? []
      : excerptLines(lines, range, hint, { paint, width, mark });
  return [
    headLine(diagnostic, paint, width),
    ...indented(diagnostic.detail ?? "", width),
    ...excerpt,
    ...(excerpt.length === 0 ? indented(diagnostic.hint ?? "", width) : []),
  ].join("\n");
}

function headLine(
  { severity, code, summary, range, address }: Diagnostic,
  paint: Paint,
  width: number,
): string {
  const place =
    range === undefined ? (address ?? "") : `${range.file}:${range.line}:${range.column}`;
  const sign = severity === "error" ? "" : `${paint.yellow("warning:")} `;
  const said = severity === "error" ? paint.red(escapeText(summary)) : escapeText(summary);
  const left = `${place === "" ? "" : `${paint.bold(escapeText(place))}  `}${sign}${said}`;
  return spread(left, paint.dim(code), width);
}

function indented(text: string, width: number): readonly string[] {
  return text === ""
    ? []
    : wrap(escapeText(text), width - indent.length).map((line) => `${indent}${line}`);
}
