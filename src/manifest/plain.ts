import type { Json, JsonObject } from "../model/json.ts";
import type { VariableScope } from "./interpolate.ts";
import { isUnusualKey, skipBlanks } from "./plain-flow.ts";
import { createReadInline } from "./plain-inline.ts";
import { createSearch } from "./search.ts";

/** A manifest in plain YAML: its value, and where its keys begin. */
export interface PlainText {
  readonly value: JsonObject;
  /** Where the keys at the top begin. */
  readonly keys: ReadonlyMap<string, number>;
  /** By attribute at the top: where the keys below it begin. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** How far the reading is: at the beginning of a line that says something, or at the end. */
interface Cursor {
  /** Blanks before the line's text; -1 at the end of the text or of what is usual. */
  indent: number;
  /** Where the line's text begins and ends, and where the next line begins. */
  at: number;
  end: number;
  next: number;
  isUnusual: boolean;
}

/** What makes a text unusual wherever it stands. */
const unusual = /[\t\u0085\u2028\u2029\uFEFF]|\r(?!\n)/;
const plainKey = /[A-Za-z0-9_$][A-Za-z0-9_.@-]*:(?=[ \r\n]|$)/y;
const quotedKey = /(?:"[^"\\\n]*"|'[^'\n]*'):(?=[ \r\n]|$)/y;
const depthMax = 50;
const BLANK = 32;
const HASH = 35;
const DASH = 45;
const RETURN = 13;

/**
 * Reads maps in lines, lists of scalars, `[ ]` and `{ }` in one line, comments: what most manifests
 * consist of, in a fraction of the time that YAML takes. Everything else, all that is wrong
 * included, is `undefined` and left to YAML; what is read has the value that YAML gives it. Without
 * a scope, variables are text.
 */
export function readPlain(text: string, scope: VariableScope | undefined): PlainText | undefined {
  if (unusual.test(text)) {
    return undefined;
  }
  const keys = new Map<string, number>();
  const entries = new Map<string, ReadonlyMap<string, number>>();
  const cursor: Cursor = { indent: 0, at: 0, end: 0, next: 0, isUnusual: false };
  const value = createReader(
    text,
    scope,
    cursor,
  )((name, start, offsets) => {
    keys.set(name, start);
    entries.set(name, offsets);
  });
  return cursor.isUnusual || value === undefined ? undefined : { value, keys, entries };
}

type ReadTop = (
  keep: (name: string, start: number, offsets: ReadonlyMap<string, number>) => void,
) => JsonObject | undefined;

function createReader(text: string, scope: VariableScope | undefined, cursor: Cursor): ReadTop {
  const lines = createLines(text, cursor);
  const readInline = createReadInline({ text, scope });

  function readMap(indent: number, depth: number, offsets?: Map<string, number>): JsonObject {
    const map: { [key: string]: Json } = {};
    while (cursor.indent === indent) {
      const written = lines.writtenKey();
      const key = toKey(written);
      if (depth > depthMax || isUnusualKey(key) || Object.hasOwn(map, key)) {
        lines.giveUp();
        return map;
      }
      offsets?.set(key, cursor.at);
      map[key] = readValue(cursor.at + written.length, indent, depth);
    }
    return map;
  }

  function readValue(
    behind: number,
    indent: number,
    depth: number,
    offsets?: Map<string, number>,
  ): Json {
    if (!lines.isNothing(behind)) {
      return readRest(behind, indent);
    }
    lines.advance();
    if (cursor.indent >= indent && lines.isItem()) {
      return readList(cursor.indent, indent);
    }
    const value = cursor.indent > indent ? readMap(cursor.indent, depth + 1, offsets) : null;
    return cursor.indent > indent ? lines.giveUp() : value;
  }

  /** The value in the rest of the line, unless it goes on in the next one. */
  function readRest(behind: number, indent: number): Json {
    const inline = readInline(skipBlanks(text, behind), cursor.end);
    if (inline === undefined) {
      return lines.giveUp();
    }
    lines.advance();
    return cursor.indent > indent ? lines.giveUp() : inline.value;
  }

  function readList(indent: number, outer: number): Json {
    const items: Json[] = [];
    while (cursor.indent === indent && lines.isItem()) {
      const behind = cursor.at + 1;
      items.push(lines.isNothing(behind) ? lines.giveUp() : readRest(behind, indent));
    }
    return cursor.indent > outer ? lines.giveUp() : items;
  }

  return (keep) => {
    const top: { [name: string]: Json } = {};
    lines.advance();
    while (cursor.indent === 0) {
      const written = lines.writtenKey();
      const name = toKey(written);
      if (isUnusualKey(name) || Object.hasOwn(top, name)) {
        lines.giveUp();
        return undefined;
      }
      const start = cursor.at;
      const offsets = new Map<string, number>();
      top[name] = readValue(start + written.length, 0, 0, offsets);
      keep(name, start, offsets);
    }
    return cursor.indent < 0 && Object.keys(top).length > 0 ? top : undefined;
  };
}

interface Lines {
  /** Goes on to the next line that says something. */
  advance(): void;
  /** Ends the reading: the text is unusual. */
  giveUp(): null;
  /** Whether the line is an item of a list. */
  isItem(): boolean;
  /** Whether only blanks and a comment follow in the line. */
  isNothing(behind: number): boolean;
  /** The key at the beginning of the line with its colon, as it is written; empty if there is none. */
  writtenKey(): string;
}

function createLines(text: string, cursor: Cursor): Lines {
  const nextNewline = createSearch(text, "\n");
  return {
    advance() {
      for (let start = cursor.next; start < text.length; start = cursor.next) {
        const at = skipBlanks(text, start);
        const newline = nextNewline(at);
        cursor.end =
          newline > at && text.charCodeAt(newline - 1) === RETURN ? newline - 1 : newline;
        cursor.next = newline + 1;
        if (at < cursor.end && text.charCodeAt(at) !== HASH) {
          cursor.at = at;
          cursor.indent = at - start;
          return;
        }
      }
      cursor.indent = -1;
    },
    giveUp() {
      cursor.isUnusual = true;
      cursor.indent = -1;
      return null;
    },
    isItem: () => text.charCodeAt(cursor.at) === DASH && text.charCodeAt(cursor.at + 1) === BLANK,
    isNothing(behind) {
      const at = skipBlanks(text, behind);
      return at >= cursor.end || text.charCodeAt(at) === HASH;
    },
    writtenKey() {
      const isQuoted = /["']/.test(text[cursor.at] ?? "");
      const pattern = isQuoted ? quotedKey : plainKey;
      pattern.lastIndex = cursor.at;
      return pattern.test(text) ? text.slice(cursor.at, pattern.lastIndex) : "";
    },
  };
}

function toKey(written: string): string {
  return /^["']/.test(written) ? written.slice(1, -2) : written.slice(0, -1);
}
