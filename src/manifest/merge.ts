import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { canonicalText } from "./canonical.ts";
import { formatPlace } from "./diagnostics.ts";
import type { Places } from "./locations.ts";
import type { Placed } from "./validate.ts";

/** Several files' values as one. */
export interface Merged {
  readonly value: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

interface Merge {
  readonly value: { [name: string]: Json };
  /** By name at the top: where it is given first, and as what. */
  readonly tops: Map<string, { readonly value: Json; readonly places: Places }>;
  /** By section and id: where the entry is given first. */
  readonly entries: Map<string, Map<string, Places>>;
  readonly diagnostics: Diagnostic[];
}

/** Merges sections by id; everything else may be told by one file, or by several alike. */
export function mergeTexts(texts: readonly Placed[], sections: readonly string[]): Merged {
  const [only] = texts;
  if (only !== undefined && texts.length === 1) {
    return { value: only.value, diagnostics: [] };
  }
  const merge: Merge = { value: {}, tops: new Map(), entries: new Map(), diagnostics: [] };
  for (const { value: text, places } of texts) {
    for (const [name, value] of Object.entries(text)) {
      if (sections.includes(name) && isJsonObject(value)) {
        // The section itself comes first, so that an empty one is there, too.
        mergeTop(name, { value: {}, places }, merge);
        mergeEntries(name, { value, places }, merge);
      } else {
        mergeTop(name, { value, places }, merge);
      }
    }
  }
  return merge;
}

function mergeTop(name: string, part: { value: Json; places: Places }, merge: Merge): void {
  const first = merge.tops.get(name);
  if (first === undefined) {
    merge.tops.set(name, part);
    merge.value[name] = isJsonObject(part.value) ? { ...part.value } : part.value;
  } else if (canonicalText(first.value) !== canonicalText(part.value)) {
    merge.diagnostics.push(givenTwice([name], part.places, first.places));
  }
}

function mergeEntries(section: string, { value, places }: Placed, merge: Merge): void {
  const firsts = merge.entries.get(section) ?? new Map<string, Places>();
  merge.entries.set(section, firsts);
  const top = merge.value[section];
  // In an earlier file it may be something else, which has been told.
  const entries: { [id: string]: Json } = isJsonObject(top) ? top : {};
  for (const id of Object.keys(value)) {
    const first = firsts.get(id);
    if (first === undefined) {
      firsts.set(id, places);
      entries[id] = value[id] ?? null;
    } else {
      merge.diagnostics.push(givenTwice([section, id], places, first));
    }
  }
}

/** That something stands in two places, told at the second. */
export function givenTwice(path: readonly string[], second: Places, first: Places): Diagnostic {
  return {
    severity: "error",
    code: "manifest/duplicate-key",
    summary: `"${path.at(-1)}" is given twice`,
    hint: `first at ${formatPlace(first.locateKey(path))}`,
    range: second.locateKey(path),
  };
}
