import type { Json } from "../model/json.ts";
import type { VariableScope } from "./interpolate.ts";
import { reservedKeys } from "./key.ts";
import { plainValue, stringValue } from "./plain-scalar.ts";

/** A value that stands in one line. */
export interface Inline {
  readonly value: Json;
  /** Right behind it. */
  readonly end: number;
}

/** A text to read, and what its variables are replaced by. */
export interface PlainSource {
  readonly text: string;
  readonly scope: VariableScope | undefined;
}

/** A scalar without quotes in `[ ]` or `{ }`: words of harmless characters, with blanks between them. */
const letter = "A-Za-z0-9_\u00A1-\u2027\u202A-\uFEFE\uFF00-\uFFFC";
const word = `(?:[${letter}@./+()=&;~$*!%-]|:(?=[${letter}/.]))`;
const scalar = new RegExp(`(?:[${letter}/.]|-(?=[${letter}]))${word}*(?: +${word}+)*`, "y");
const flowKey = /(?:[A-Za-z0-9_$][A-Za-z0-9_.@-]*|"[^"\\\n]*"|'[^'\n]*'): +/y;
const doubleQuoted = /"(?:[^"\\\n]|\\["\\/nt])*"/y;
const singleQuoted = /'(?:[^'\n]|'')*'/y;
const depthMax = 20;

/** Reads what begins with a quote or a bracket and ends in the same line; `undefined` where it is unusual. */
export function readFlow(source: PlainSource, at: number, depth = 0): Inline | undefined {
  switch (depth < depthMax ? source.text[at] : undefined) {
    case '"':
    case "'":
      return readQuoted(source, at);
    case "[":
      return readList(source, at, depth);
    case "{":
      return readMap(source, at, depth);
    default:
      return depth === 0 ? undefined : readScalar(source, at);
  }
}

/** Whether a key means more than its text, or nothing. */
export function isUnusualKey(key: string): boolean {
  return key.length > 500 || reservedKeys.has(key) || /^(?:[Nn]ull|NULL|~|)$/.test(key);
}

/** The first place from there on that is not blank. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32) {
    at += 1;
  }
  return at;
}

function readScalar({ text, scope }: PlainSource, at: number): Inline | undefined {
  const written = match(scalar, text, at);
  const value = written === undefined ? undefined : plainValue(written, scope);
  return written === undefined || value === undefined
    ? undefined
    : { value, end: at + written.length };
}

function readQuoted({ text, scope }: PlainSource, at: number): Inline | undefined {
  const isDouble = text[at] === '"';
  const written = match(isDouble ? doubleQuoted : singleQuoted, text, at);
  if (written === undefined) {
    return undefined;
  }
  const inner = isDouble ? readEscapes(written) : written.slice(1, -1).replaceAll("''", "'");
  const value = stringValue(inner, scope);
  return value === undefined ? undefined : { value, end: at + written.length };
}

/** The few escapes that are let through are JSON's as well as YAML's. */
function readEscapes(written: string): string {
  return written.includes("\\") ? JSON.parse(written) : written.slice(1, -1);
}

function readList(source: PlainSource, start: number, depth: number): Inline | undefined {
  const items: Json[] = [];
  let at = skipBlanks(source.text, start + 1);
  while (source.text[at] !== "]") {
    const item = readFlow(source, at, depth + 1);
    const next = item === undefined ? undefined : nextItem(source.text, item.end, "]");
    if (item === undefined || next === undefined) {
      return undefined;
    }
    items.push(item.value);
    at = next;
  }
  return { value: items, end: at + 1 };
}

function readMap(source: PlainSource, start: number, depth: number): Inline | undefined {
  const map: { [key: string]: Json } = {};
  let at = skipBlanks(source.text, start + 1);
  while (source.text[at] !== "}") {
    const pair = readPair(source, at, depth);
    const next = pair === undefined ? undefined : nextItem(source.text, pair.end, "}");
    if (pair === undefined || next === undefined || Object.hasOwn(map, pair.key)) {
      return undefined;
    }
    map[pair.key] = pair.value;
    at = next;
  }
  return { value: map, end: at + 1 };
}

function readPair(
  source: PlainSource,
  at: number,
  depth: number,
): (Inline & { readonly key: string }) | undefined {
  const written = match(flowKey, source.text, at) ?? "";
  const text = written.trimEnd().slice(0, -1);
  const key = /^["']/.test(text) ? text.slice(1, -1) : text;
  const item = isUnusualKey(key) ? undefined : readFlow(source, at + written.length, depth + 1);
  return item === undefined ? undefined : { ...item, key };
}

/** Where the next item begins, or the closing bracket stands. */
function nextItem(text: string, end: number, close: string): number | undefined {
  const at = skipBlanks(text, end);
  if (text[at] === close) {
    return at;
  }
  const next = text[at] === "," ? skipBlanks(text, at + 1) : undefined;
  return next === undefined || text[next] === close ? undefined : next;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
