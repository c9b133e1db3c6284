import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { redirectPlaces } from "./locations.ts";
import { layOver } from "./overlay.ts";
import type { ManifestSchema } from "./schema.ts";
import { FROM, type PlacedText } from "./table-source.ts";

/** Texts and the overlays that are still to be laid over them. */
export interface Overlaid {
  readonly texts: readonly PlacedText[];
  readonly overlays: readonly PlacedText[];
}

/**
 * Lays over texts what overlays say of tables, before these are read: another `$from` takes the
 * place of the text's own, and lists that take rows are merged as they are written.
 */
export function layOverTables(
  texts: readonly PlacedText[],
  overlays: readonly PlacedText[],
  { tables }: ManifestSchema,
): Overlaid {
  let all = texts;
  for (const overlay of overlays) {
    let rest = overlay;
    for (const [section, { lists }] of tables) {
      [all, rest] = layOverSection(all, rest, { section, attributes: [...lists.keys()] });
    }
    all = [...all, rest];
  }
  return { texts: all.slice(0, texts.length), overlays: all.slice(texts.length) };
}

function layOverSection(
  texts: readonly PlacedText[],
  overlay: PlacedText,
  { section, attributes }: { readonly section: string; readonly attributes: readonly string[] },
): readonly [readonly PlacedText[], PlacedText] {
  const entries = overlay.value[section];
  if (!isJsonObject(entries)) {
    return [texts, overlay];
  }
  const isOther = Object.hasOwn(entries, FROM);
  const others = isOther ? texts.map((text) => withoutFrom(text, section)) : texts;
  const paths = attributes.flatMap((attribute) => pathsOfLists(entries, section, attribute));
  return paths.reduce<readonly [readonly PlacedText[], PlacedText]>(
    ([all, rest], path) => layOverLists(all, rest, path),
    [others, overlay],
  );
}

function withoutFrom(text: PlacedText, section: string): PlacedText {
  const entries = text.value[section];
  if (!isJsonObject(entries) || !Object.hasOwn(entries, FROM)) {
    return text;
  }
  const { [FROM]: _, ...own } = entries;
  return { ...text, value: { ...text.value, [section]: own } };
}

function pathsOfLists(
  entries: JsonObject,
  section: string,
  attribute: string,
): readonly (readonly [string, string, string])[] {
  return Object.entries(entries).flatMap(([id, entry]) =>
    isJsonObject(entry) && isJsonObject(entry[attribute])
      ? [[section, id, attribute] as const]
      : [],
  );
}

/** Merges one attribute into the text that has it, and takes it out of the overlay. */
function layOverLists(
  all: readonly PlacedText[],
  overlay: PlacedText,
  path: readonly [string, string, string],
): readonly [readonly PlacedText[], PlacedText] {
  const owner = all.find(({ value }) => isJsonObject(valueAt(value, path)));
  const patch = valueAt(overlay.value, path);
  const owned = owner === undefined ? undefined : valueAt(owner.value, path);
  const hasTables = [owned, patch].some((lists) => isJsonObject(lists) && FROM in lists);
  if (owner === undefined || patch === undefined || !hasTables) {
    return [all, overlay];
  }
  const part = { value: nest(path, patch), places: overlay.places };
  const { value, places: merged } = layOver(owner, part);
  const isInside = (there: readonly string[]) => path.every((name, at) => there[at] === name);
  const text: PlacedText = {
    file: owner.file,
    value,
    places: redirectPlaces((there) => [isInside(there) ? merged : owner.places, there]),
    // A path begins at the folder of the file that has it.
    fileOf: (there) =>
      isInside(there) ? merged.locateKey(there).file : (owner.fileOf?.(there) ?? owner.file),
  };
  const [section, id, attribute] = path;
  const entries = Object(overlay.value[section]) as JsonObject;
  const { [attribute]: _, ...entry } = Object(entries[id]) as JsonObject;
  const rest = { ...overlay.value, [section]: { ...entries, [id]: entry } };
  return [all.map((one) => (one === owner ? text : one)), { ...overlay, value: rest }];
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, name) => (isJsonObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

function nest(path: readonly string[], value: Json): JsonObject {
  const nested = path.reduceRight<Json>((inner, name) => ({ [name]: inner }), value);
  return isJsonObject(nested) ? nested : {};
}
