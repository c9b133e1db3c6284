import { isMap, LineCounter, parseDocument } from "yaml";
import type { Diagnostic } from "../model/diagnostic.ts";
import { type IndexedText, parseOptions, toRange } from "./source.ts";
import { describeErrors } from "./syntax.ts";

/** Texts from this size on are looked at before they are parsed, which may take seconds. */
const largeCharacters = 256 * 1024;
const prefixCharacters = 64 * 1024;
const prefixErrorsMax = 20;
const prefixErrorsShownMax = 3;

const unprintable = /[^\P{Cc}\t\n\r\u0085]|\uFFFD/u;

/** Why a text is certainly no manifest, told without parsing any of it. */
export function screenText(source: IndexedText, names: readonly string[]): readonly Diagnostic[] {
  const found = unprintable.exec(source.text);
  if (found !== null) {
    return [notText(source, found.index, found[0])];
  }
  if (source.text.length < largeCharacters) {
    return [];
  }
  return hasKnownName(source.text, names) ? [] : [notManifest(source)];
}

/** That a text is something else than a manifest. */
export function notManifest({ file }: IndexedText): Diagnostic {
  return {
    severity: "error",
    code: "manifest/not-a-manifest",
    summary: `${file} is not a manifest`,
    detail: "A manifest is a YAML map with `version: 1` and sections such as users and groups.",
    hint: "is this the right file?",
    range: { file, line: 1, column: 1 },
  };
}

function notText(source: IndexedText, index: number, character: string): Diagnostic {
  const problem = { severity: "error", code: "manifest/not-text" } as const;
  if (character === "\0") {
    const summary = `${source.file} is not a text file`;
    return { ...problem, summary, hint: "is this the right file?" };
  }
  indexLines(source, index);
  const range = toRange(source, index, index + 1);
  if (character === "\uFFFD") {
    return {
      ...problem,
      summary: `${source.file} is not a UTF-8 text`,
      hint: "save it as UTF-8, or check that it is the right file",
      range,
    };
  }
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return {
    ...problem,
    summary: `the control character U+${code} cannot stand in a manifest`,
    hint: "remove it, or write it as an escape in double quotes",
    range,
  };
}

/** The parser records where lines begin, but has not run yet. */
function indexLines(source: IndexedText, end: number): void {
  source.lines.addNewLine(0);
  for (let at = source.text.indexOf("\n"); at !== -1 && at < end; ) {
    source.lines.addNewLine(at + 1);
    at = source.text.indexOf("\n", at + 1);
  }
}

function hasKnownName(text: string, names: readonly string[]): boolean {
  const json = /^\s*\{/.test(text) ? parseJsonNames(text) : undefined;
  if (json !== undefined) {
    return json.some((name) => names.includes(name));
  }
  // Only blanks of one line: a run of empty lines must not be searched from each of them anew.
  const name = `["']?(?:${names.join("|")})["']?`;
  return new RegExp(`(?:^|[{,])[ \\t]{0,200}${name}[ \\t]{0,200}:`, "m").test(text);
}

function parseJsonNames(text: string): readonly string[] | undefined {
  try {
    return Object.keys(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A log or a program has many errors near its start; a manifest with a few is worth parsing. */
export function screenStart(source: IndexedText): readonly Diagnostic[] {
  if (source.text.length < largeCharacters) {
    return [];
  }
  const start: IndexedText = {
    file: source.file,
    text: source.text.slice(0, prefixCharacters),
    lines: new LineCounter(),
  };
  const prefix = parseDocument(start.text, { ...parseOptions, lineCounter: start.lines });
  // Errors in the second half may come from the text having been cut.
  const errors = prefix.errors.filter((error) => error.pos[0] < prefixCharacters / 2);
  if (errors.length > prefixErrorsMax) {
    return describeErrors(start, errors, prefixErrorsShownMax);
  }
  const isOpen = prefix.contents === null || isMap(prefix.contents);
  return isOpen ? [] : [notManifest(source)];
}
