import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { canonicalText } from "./canonical.ts";
import { formatPlace } from "./diagnostics.ts";
import type { Placed, Places } from "./locations.ts";
import { createReport } from "./report.ts";

/** Several files' values as one. */
export interface Merged {
  readonly value: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

interface Merge {
  readonly value: { [name: string]: Json };
  /** By name at the top: where it is given first, and as what. */
  readonly tops: Map<string, { readonly value: Json; readonly places: Places }>;
  /** By section: the files that give entries, and whether their map is ours to add to. */
  readonly sections: Map<string, { readonly givers: Placed[]; isOwn: boolean }>;
  readonly diagnostics: Diagnostic[];
}

/** Merges sections by id; everything else may be told by one file, or by several alike. */
export function mergeTexts(texts: readonly Placed[], sections: readonly string[]): Merged {
  const merge: Merge = { value: {}, tops: new Map(), sections: new Map(), diagnostics: [] };
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
    merge.value[name] = part.value;
  } else if (canonicalText(first.value) !== canonicalText(part.value)) {
    merge.diagnostics.push(givenTwice([name], part.places, first.places));
  }
}

function mergeEntries(section: string, part: Placed, merge: Merge): void {
  const parts = merge.sections.get(section) ?? { givers: [], isOwn: false };
  merge.sections.set(section, parts);
  const top = merge.value[section];
  // In an earlier file it may be something else, which has been told.
  if (!isJsonObject(top) || Object.keys(part.value).length === 0) {
    return;
  }
  if (parts.givers.length === 0) {
    merge.value[section] = part.value;
  } else {
    merge.value[section] = parts.isOwn ? top : { ...top };
    parts.isOwn = true;
    addEntries(section, part, { ...merge, givers: parts.givers });
  }
  parts.givers.push(part);
}

function addEntries(
  section: string,
  { value, places }: Placed,
  merge: Merge & { readonly givers: readonly Placed[] },
): void {
  const entries = merge.value[section] as { [id: string]: Json };
  const report = createReport("file");
  for (const id of Object.keys(value)) {
    if (Object.hasOwn(entries, id)) {
      const first = merge.givers.find((giver) => Object.hasOwn(giver.value, id));
      report.add([givenTwice([section, id], places, first?.places ?? places)]);
    } else {
      entries[id] = value[id] ?? null;
    }
  }
  merge.diagnostics.push(...report.diagnostics());
}

/** That something stands in two places, told at the second. */
function givenTwice(path: readonly string[], second: Places, first: Places): Diagnostic {
  return {
    severity: "error",
    code: "manifest/duplicate-key",
    summary: `"${path.at(-1)}" is given twice`,
    hint: `first at ${formatPlace(first.locateKey(path))}`,
    range: second.locateKey(path),
  };
}
