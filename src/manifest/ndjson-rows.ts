import { isMap, parseDocument } from "yaml";
import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { type ComposedText, composeText, depthMax } from "./compose.ts";
import { reservedKeys } from "./key.ts";
import { createPlaces, type Places } from "./locations.ts";
import { createLocator } from "./place.ts";
import { indexText, parseOptions } from "./source.ts";
import { problemRow, type Row, type TableShape, type TableText } from "./table.ts";
import { foundType } from "./words.ts";

interface Line {
  readonly file: string;
  readonly number: number;
  readonly text: string;
}

const lineCharactersMax = 1024 * 1024;

/** Reads the rows of a table with a JSON object in each line; lines without anything are passed over. */
export function* readNdjsonRows(table: TableText, shape: TableShape): Generator<Row> {
  const { file } = table;
  let number = 0;
  for (const text of readLines(table.pieces)) {
    number += 1;
    if (text.trim() !== "") {
      yield toRow({ file, number, text }, shape);
    }
  }
}

function* readLines(pieces: Iterable<string>): Generator<string> {
  let rest = "";
  for (const piece of pieces) {
    const text = rest + piece;
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      yield text.slice(start, end);
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > lineCharactersMax) {
      // Cut, it is no JSON any more, and that is told.
      break;
    }
  }
  if (rest !== "") {
    yield rest;
  }
}

function toRow(line: Line, { id: idName }: TableShape): Row {
  const value = parseJson(line.text);
  if (!isJsonObject(value)) {
    return problemRow(line.number, notAnObject(line));
  }
  const problems = isPlain(value, line.text) ? [] : findProblems(line);
  const { [idName]: id, ...attributes } = value;
  const places = (): Places => toPlaces(line, idName);
  const row = { line: line.number, attributes, places };
  if (problems.length === 0 && (typeof id !== "string" || id === "")) {
    return { ...row, id: "", problems: [badId(id, idName, places())] };
  }
  return { ...row, id: typeof id === "string" ? id : "", problems };
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether a value is just what its text says: no key was given twice, none is reserved, no number
 * was rounded or is too large.
 */
function isPlain(value: JsonObject, text: string): boolean {
  const keys = countKeys(value, 0);
  // Most texts have nothing in them that looks like a key; only where they do they are told apart.
  return keys === countMatches(text, likeKey) || keys === countMatches(text, stringOrKey, ":");
}

const likeKey = /"\s*:/g;
const stringOrKey = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?/g;

function countMatches(text: string, pattern: RegExp, end = ""): number {
  return (text.match(pattern) ?? []).filter((match) => match.endsWith(end)).length;
}

/** How many keys a value has at all levels; not a number if it cannot be what its text says. */
function countKeys(value: Json, depth: number): number {
  if (typeof value === "number") {
    const isKept = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    return isKept ? 0 : Number.NaN;
  }
  if (typeof value !== "object" || value === null) {
    return 0;
  }
  let keys = depth < depthMax ? 0 : Number.NaN;
  const isMap = isJsonObject(value);
  for (const [key, inner] of Object.entries<Json>(value)) {
    keys += countKeys(inner, depth + 1) + (isMap ? countKey(key) : 0);
  }
  return keys;
}

function countKey(key: string): number {
  return reservedKeys.has(key) ? Number.NaN : 1;
}

/** JSON is YAML, and what is wrong with a value is told as it is there. */
function findProblems(line: Line): readonly Diagnostic[] {
  const composed = compose(line);
  return composed === undefined
    ? [notAnObject(line)]
    : composed.diagnostics.map((problem) => ({ ...problem, range: shift(line, problem.range) }));
}

function compose({ file, text }: Line): ComposedText | undefined {
  const indexed = indexText({ file, text });
  const { contents, errors } = parseDocument(indexed.text, {
    ...parseOptions,
    lineCounter: indexed.lines,
  });
  return errors.length === 0 && isMap(contents)
    ? composeText({ ...indexed, root: contents })
    : undefined;
}

function toPlaces(line: Line, idName: string): Places {
  const composed = compose(line);
  const within = composed === undefined ? undefined : createLocator(composed);
  const whole = shift(line);
  // The row itself is where its id is.
  const toPath = (path: readonly string[]) => (path.length === 0 ? [idName] : path);
  const places = createPlaces({
    reach: (path) => path.length,
    locate: (path) => (within === undefined ? whole : shift(line, within.locate(toPath(path)))),
    locateKey: (path) =>
      within === undefined
        ? whole
        : shift(line, path.length === 0 ? within.locate([idName]) : within.locateKey(path)),
  });
  return { ...places, written: (path) => within?.written(path) };
}

function shift({ file, number, text }: Line, range?: SourceRange): SourceRange {
  return range === undefined
    ? { file, line: number, column: 1, endColumn: Math.max(text.trimEnd().length, 1) + 1 }
    : { ...range, line: number };
}

function notAnObject(line: Line): Diagnostic {
  return {
    severity: "error",
    code: "manifest/bad-row",
    summary: "this line is not a JSON object",
    hint: "write one object in each line, with its keys in double quotes",
    range: shift(line),
  };
}

function badId(id: Json | undefined, name: string, places: Places): Diagnostic {
  const problem = { severity: "error", range: places.locate([]) } as const;
  return id === undefined || id === ""
    ? {
        ...problem,
        code: "manifest/missing-attribute",
        summary: `this row has no ${name}`,
        hint: `add ${name}`,
      }
    : {
        ...problem,
        code: "manifest/wrong-type",
        summary: `${name} must be a string, not ${foundType(id)}`,
        hint: "write it in quotes",
      };
}
