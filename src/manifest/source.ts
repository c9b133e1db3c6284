import { type DocumentOptions, LineCounter, type ParseOptions, type SchemaOptions } from "yaml";
import type { SourceRange } from "../model/diagnostic.ts";

/** A manifest file's text; the file `-` is standard input. */
export interface ManifestSource {
  readonly file: string;
  readonly text: string;
  /** What is the same for all names of the file; the name itself if left out. */
  readonly id?: string;
}

/** A text together with where its lines begin. */
export interface IndexedText {
  readonly file: string;
  /** Without a byte order mark. */
  readonly text: string;
  readonly lines: LineCounter;
}

/** How texts are parsed: duplicate keys are found later, and messages are made here. */
export const parseOptions: ParseOptions & DocumentOptions & SchemaOptions = {
  logLevel: "error",
  prettyErrors: false,
  resolveKnownTags: false,
  uniqueKeys: false,
};

/** Makes a text ready to be parsed; the parser fills in where the lines begin. */
export function indexText(source: ManifestSource): IndexedText {
  const text = source.text.startsWith("\uFEFF") ? source.text.slice(1) : source.text;
  return { file: source.file, text, lines: new LineCounter() };
}

/** Where the characters from `start` to `end` stand, up to the end of the first line. */
export function toRange(source: IndexedText, start: number, end: number): SourceRange {
  const { line, col } = source.lines.linePos(start);
  const firstLine = source.text.slice(start, end).split(/\r?\n/, 1)[0] ?? "";
  const column = Math.max(col, 1);
  return {
    file: source.file,
    line: Math.max(line, 1),
    column,
    endColumn: column + Math.max(firstLine.length, 1),
  };
}
