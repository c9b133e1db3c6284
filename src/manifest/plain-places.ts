import type { SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import type { Places } from "./locations.ts";
import type { PlainText } from "./plain.ts";
import { type IndexedText, toRange } from "./source.ts";

/** Reads all of a text, or some lines of it, and tells where things stand in what was read. */
export type ParsePlaces = (text: string) => Places;

/** Some whole lines of a text, read by themselves. */
interface Part {
  readonly start: number;
  readonly places: Places;
  /** How many lines come before it. */
  readonly linesBefore: number;
}

/** A key, with the path that leads to it from the part that begins in its line. */
interface Anchor {
  readonly start: number;
  readonly steps: number;
}

/**
 * Places in a plain text. Keys at the top and those of entries are known by where they begin; for what
 * is inside them `parse` reads their lines again, which stand for themselves in a plain text.
 */
export function createPlainPlaces(
  source: IndexedText,
  { value, keys, entries }: PlainText,
  parse: ParsePlaces,
): Places {
  const inside = createParts(source, parse);
  const anchorOf = ([name = "", id]: readonly string[]): Anchor | undefined => {
    const entry = id === undefined ? undefined : entries.get(name)?.get(id);
    const start = entry ?? keys.get(name);
    return start === undefined ? undefined : { start, steps: entry === undefined ? 0 : 1 };
  };
  const keyRange = (path: readonly string[]): SourceRange | undefined => {
    const anchor = anchorOf(path);
    const name = path.at(-1);
    if (anchor === undefined || name === undefined || anchor.steps !== path.length - 1) {
      return undefined;
    }
    indexLines(source);
    const quotes = source.text.startsWith(name, anchor.start) ? 0 : 2;
    return toRange(source, anchor.start, anchor.start + name.length + quotes);
  };
  const range = (path: readonly string[], find: "locate" | "locateKey"): SourceRange => {
    const [{ places, linesBefore }, rest] = inside(path, anchorOf(path));
    const found = places[find](rest);
    return { ...found, line: found.line + linesBefore };
  };
  return {
    reach(path) {
      let steps = 0;
      for (let at: Json | undefined = step(value, path[0]); at !== undefined; ) {
        steps += 1;
        at = step(at, path[steps]);
      }
      return steps;
    },
    locate(path) {
      const [name = "", id = ""] = path;
      const section = value[name];
      const end = path.length === 1 ? section : isJsonObject(section) ? section[id] : undefined;
      // What is no scalar stands where its key does.
      const known = typeof end === "object" && end !== null ? keyRange(path) : undefined;
      return known ?? range(path, "locate");
    },
    locateKey: (path) => keyRange(path) ?? range(path, "locateKey"),
    isUnresolved: () => false,
    written(path) {
      const [{ places }, rest] = inside(path, anchorOf(path));
      return places.written(rest);
    },
    template(path) {
      const [{ places }, rest] = inside(path, anchorOf(path));
      return places.template(rest);
    },
  };
}

type FindPart = (
  path: readonly string[],
  anchor: Anchor | undefined,
) => readonly [part: Part, rest: readonly string[]];

/** Finds the lines that a path leads into, and the rest of the path; without an anchor in all lines. */
function createParts(source: IndexedText, parse: ParsePlaces): FindPart {
  const { text } = source;
  let last: Part | undefined;
  let all: Part | undefined;
  let read = 0;
  const readPart = (start: number): Part | undefined => {
    if (last?.start === start) {
      return last;
    }
    const lines = linesFrom(text, start);
    read += lines.length;
    // Asked for to and fro, the same lines would be read again and again.
    if (all !== undefined || read > text.length) {
      return undefined;
    }
    indexLines(source);
    const linesBefore = source.lines.linePos(start).line - 1;
    last = { start, places: parse(lines), linesBefore };
    return last;
  };
  return (path, anchor) => {
    const part = anchor === undefined ? undefined : readPart(anchor.start);
    if (part !== undefined) {
      return [part, path.slice(anchor?.steps)];
    }
    all ??= { start: 0, places: parse(text), linesBefore: 0 };
    return [all, path];
  };
}

function step(value: Json, name: string | undefined): Json | undefined {
  if (name === undefined || typeof value !== "object" || value === null) {
    return undefined;
  }
  return Object.hasOwn(value, name) ? (value as { readonly [key: string]: Json })[name] : undefined;
}

/** A key's lines: up to the next one that is no deeper, and no item of the key's own list. */
function linesFrom(text: string, key: number): string {
  const start = text.lastIndexOf("\n", key) + 1;
  const blanks = key - start;
  const next = new RegExp(`\\n {0,${blanks}}(?![ \\r\\n#]|- )`, "g");
  next.lastIndex = key;
  const end = next.exec(text)?.index ?? text.length;
  return text.slice(start, end + 1);
}

/** Nothing has parsed the text, so nothing has recorded where its lines begin. */
function indexLines({ text, lines }: IndexedText): void {
  if (lines.lineStarts.length > 0) {
    return;
  }
  lines.addNewLine(0);
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    lines.addNewLine(at + 1);
  }
}
