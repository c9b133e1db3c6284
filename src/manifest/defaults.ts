import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { createLocations, type Placed, type Places, redirectPlaces } from "./locations.ts";
import { createReport } from "./report.ts";
import type { ManifestSchema } from "./schema.ts";
import { FROM } from "./table-source.ts";
import { type ValidationContext, validateText } from "./validate.ts";

/** A manifest's value in which entries have what they leave out. */
export interface Filled extends Placed {
  readonly diagnostics: readonly Diagnostic[];
}

const DEFAULTS = "defaults";
/** Stands for every entry, where defaults are judged by themselves. */
const ANY = "any";

/** Gives entries the defaults of their section; an attribute that is there stays, `null` included. */
export function fillDefaults(
  whole: Placed,
  schema: ManifestSchema,
  context: ValidationContext,
): Filled {
  const { [DEFAULTS]: defaults, ...rest } = whole.value;
  const sections = Object.entries(isJsonObject(defaults) ? defaults : {});
  const value: { [name: string]: Json } = { ...rest };
  const diagnostics: Diagnostic[] = [];
  const places = createLocations([whole.places, placesOfDefaults(whole.places)], "-");
  for (const [section, attributes] of sections) {
    if (!isJsonObject(attributes) || !schema.sections.includes(section)) {
      continue;
    }
    const problems = validateDefaults(section, attributes, { whole, schema, context });
    diagnostics.push(...problems);
    const entries = rest[section];
    if (isJsonObject(entries) && problems.length === 0) {
      const { filled, nested } = fillSection(entries, attributes);
      value[section] = filled;
      diagnostics.push(...validateNested({ section, filled, nested, places }, schema, context));
    }
  }
  return sections.length === 0 ? { ...whole, diagnostics } : { value, places, diagnostics };
}

function fillSection(
  entries: JsonObject,
  attributes: JsonObject,
): { filled: JsonObject; nested: readonly string[] } {
  const filled: { [id: string]: Json } = {};
  const nested: string[] = [];
  const maps = Object.keys(attributes).filter((name) => isJsonObject(attributes[name]));
  for (const id of Object.keys(entries)) {
    const entry = entries[id] ?? null;
    filled[id] = isJsonObject(entry) ? fill(entry, attributes) : entry;
    if (isJsonObject(entry) && maps.some((name) => isJsonObject(entry[name]))) {
      nested.push(id);
    }
  }
  return { filled, nested };
}

function fill(entry: JsonObject, attributes: JsonObject): JsonObject {
  const full: { [name: string]: Json } = { ...entry };
  for (const [name, fallback] of Object.entries(attributes)) {
    const own = Object.hasOwn(entry, name) ? entry[name] : undefined;
    if (own === undefined) {
      full[name] = fallback;
    } else if (isJsonObject(own) && isJsonObject(fallback)) {
      full[name] = fill(own, fallback);
    }
  }
  return full;
}

interface DefaultsContext {
  readonly whole: Placed;
  readonly schema: ManifestSchema;
  readonly context: ValidationContext;
}

/** What is wrong with the defaults by themselves: told once, and not for every entry. */
function validateDefaults(
  section: string,
  attributes: JsonObject,
  { whole, schema, context }: DefaultsContext,
): readonly Diagnostic[] {
  const [table] = Object.entries(attributes).filter(
    ([, value]) => isJsonObject(value) && Object.hasOwn(value, FROM),
  );
  if (table !== undefined) {
    const range = whole.places.locateKey([DEFAULTS, section, table[0], FROM]);
    return [{ severity: "error", ...noTables, range }];
  }
  const places = redirectPlaces(([, , ...rest]) => [whole.places, [DEFAULTS, section, ...rest]]);
  const value = { [section]: { [ANY]: attributes } };
  return validateText({ value, places }, schema, { ...context, isPartial: true });
}

const noTables: Pick<Diagnostic, "code" | "summary" | "hint"> = {
  code: "manifest/unknown-attribute",
  summary: `"${FROM}" cannot stand in defaults`,
  hint: "name tables where the entries stand",
};

interface Nested {
  readonly section: string;
  readonly filled: JsonObject;
  readonly nested: readonly string[];
  readonly places: Places;
}

/** Maps that came together from two can be too large, or say something twice. */
function validateNested(
  { section, filled, nested, places }: Nested,
  schema: ManifestSchema,
  context: ValidationContext,
): readonly Diagnostic[] {
  const report = createReport("manifest");
  for (const id of nested) {
    const entry = filled[id] ?? null;
    if (!schema.isEntry(section, id, entry)) {
      report.add(validateText({ value: { [section]: { [id]: entry } }, places }, schema, context));
    }
  }
  return report.diagnostics();
}

/** What an entry has by default stands in the defaults of its section. */
function placesOfDefaults(places: Places): Places {
  const toDefaults = ([section = "", , ...rest]: readonly string[]): readonly string[] => [
    DEFAULTS,
    section,
    ...rest,
  ];
  return {
    ...redirectPlaces((path) => [places, toDefaults(path)]),
    reach(path) {
      const steps = path.length > 2 ? places.reach(toDefaults(path)) : 0;
      // Below that is nothing but the section itself.
      return steps > 2 ? steps : 0;
    },
  };
}
