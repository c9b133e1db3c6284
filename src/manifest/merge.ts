import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { canonicalText } from "./canonical.ts";
import { formatPlace } from "./diagnostics.ts";
import { keyRange, type Locator } from "./place.ts";

/** Several files' values as one. */
export interface Merged {
  readonly value: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

/** A section's entry, or anything else at the top, as one file gives it. */
interface Part {
  readonly path: readonly [name: string] | readonly [section: string, id: string];
  readonly value: Json;
  readonly locator: Locator;
}

/** Merges sections by id; everything else may be told by one file, or by several alike. */
export function mergeTexts(locators: readonly Locator[], sections: readonly string[]): Merged {
  const firsts = new Map<string, Part>();
  const merged = new Map<string, Json>();
  const diagnostics: Diagnostic[] = [];
  for (const part of locators.flatMap((locator) => listParts(locator, sections))) {
    const key = JSON.stringify(part.path);
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, part);
      accept(part, merged);
    } else if (part.path.length > 1 || canonicalText(first.value) !== canonicalText(part.value)) {
      diagnostics.push(givenTwice(part, first));
    }
  }
  return { value: Object.fromEntries(merged), diagnostics };
}

function listParts(locator: Locator, sections: readonly string[]): readonly Part[] {
  return Object.entries(locator.source.value).flatMap(([name, value]): readonly Part[] => {
    if (!sections.includes(name) || !isJsonObject(value)) {
      return [{ path: [name], value, locator }];
    }
    // The section itself comes first, so that an empty one is there, too.
    return [
      { path: [name], value: {}, locator },
      ...Object.entries(value).map(
        ([id, entry]): Part => ({ path: [name, id], value: entry, locator }),
      ),
    ];
  });
}

function accept({ path: [name, id], value }: Part, merged: Map<string, Json>): void {
  if (id === undefined) {
    merged.set(name, isJsonObject(value) ? { ...value } : value);
  } else {
    Object.assign(merged.get(name) ?? {}, { [id]: value });
  }
}

function givenTwice({ path, locator }: Part, first: Part): Diagnostic {
  const firstRange = keyRange(first.locator.find(path), first.locator.source);
  return {
    severity: "error",
    code: "manifest/duplicate-key",
    summary: `"${path.at(-1)}" is given twice`,
    hint: `first at ${formatPlace(firstRange)}`,
    range: keyRange(locator.find(path), locator.source),
  };
}
