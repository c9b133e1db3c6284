import type { SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import type { Places } from "./locations.ts";
import type { PlainText } from "./plain.ts";
import { type IndexedText, toRange } from "./source.ts";

/**
 * Places in a plain text. Entries are found by where they begin; for what is inside them, which is
 * asked for where something is wrong, `parse` reads the text again.
 */
export function createPlainPlaces(
  source: IndexedText,
  { value, entries }: PlainText,
  parse: () => Places,
): Places {
  let parsed: Places | undefined;
  const exact = (): Places => {
    parsed ??= parse();
    return parsed;
  };
  const keyRange = (path: readonly string[]): SourceRange | undefined => {
    const [name = "", id = ""] = path;
    const start = path.length === 2 ? entries.get(name)?.get(id) : undefined;
    if (start === undefined) {
      return undefined;
    }
    indexLines(source);
    const quotes = source.text.startsWith(id, start) ? 0 : 2;
    return toRange(source, start, start + id.length + quotes);
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
      const entry = isJsonObject(section) ? section[id] : undefined;
      // A map stands where its key does.
      const range = isJsonObject(entry) ? keyRange(path) : undefined;
      return range ?? exact().locate(path);
    },
    locateKey: (path) => keyRange(path) ?? exact().locateKey(path),
    isUnresolved: () => false,
    written: (path) => exact().written(path),
    template: (path) => exact().template(path),
  };
}

function step(value: Json, name: string | undefined): Json | undefined {
  if (name === undefined || typeof value !== "object" || value === null) {
    return undefined;
  }
  return Object.hasOwn(value, name) ? (value as { readonly [key: string]: Json })[name] : undefined;
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
