import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { reservedKeys } from "./key.ts";
import { type Placed, type Places, redirectPlaces } from "./locations.ts";
import { compilePattern, hasNumber } from "./pattern.ts";
import { createReport, problemsShownMax } from "./report.ts";
import type { ManifestSchema } from "./schema.ts";
import { FROM } from "./table-source.ts";
import { type ValidationContext, validateText } from "./validate.ts";

/** Entries that a manifest's generators make, as one more text for each. */
export interface Generated {
  readonly texts: readonly Placed[];
  readonly diagnostics: readonly Diagnostic[];
}

const GENERATE = "generate";
const countMax = 100_000;

/** A generator that is right as far as its schema goes. */
interface Generator {
  readonly section: string;
  readonly count: number;
  readonly from: number;
  readonly id: string;
  readonly attributes: JsonObject;
  readonly path: readonly string[];
  readonly places: Places;
}

/** Makes the entries that `generate` asks for. */
export function generateEntries(
  { value, places }: Placed,
  schema: ManifestSchema,
  context: ValidationContext,
): Generated {
  const items = value[GENERATE];
  const made = (Array.isArray(items) ? items : []).flatMap((item: Json, index) => {
    const generator = toGenerator(item, [GENERATE, String(index)], places);
    const isKnown = generator !== undefined && schema.sections.includes(generator.section);
    return isKnown ? [run(generator, schema, context)] : [];
  });
  return {
    texts: made.flatMap(({ text }) => text ?? []),
    diagnostics: made.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** What is wrong with the numbers and the kind, the schema tells. */
function toGenerator(item: Json, path: readonly string[], places: Places): Generator | undefined {
  const { kind, count, from = 1, id, ...attributes } = Object(item) as JsonObject;
  const isRight =
    typeof kind === "string" &&
    typeof id === "string" &&
    isWhole(count, 1, countMax) &&
    isWhole(from, 0, 1_000_000_000);
  return isRight ? { section: kind, count, from, id, attributes, path, places } : undefined;
}

function isWhole(value: Json | undefined, min: number, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}

interface Made {
  readonly text?: Placed;
  readonly diagnostics: readonly Diagnostic[];
}

function run(generator: Generator, schema: ManifestSchema, context: ValidationContext): Made {
  const { section, count, from, path, places } = generator;
  const id = compilePattern(generator.id, count, [...path, "id"]);
  const attributes = compilePattern(generator.attributes, count, path);
  const patterns = [...id.problems, ...attributes.problems];
  const problems = patterns.length > 0 ? patterns : checkGenerator(generator);
  if (problems.length > 0) {
    const diagnostics = problems.map(
      ({ path: place, ...words }): Diagnostic => ({
        severity: "error",
        code: "manifest/bad-pattern",
        ...words,
        range: places.locate(place),
      }),
    );
    return { diagnostics };
  }
  const entries: { [id: string]: Json } = {};
  const text = { value: { [section]: entries }, places: createPlaces(generator, entries) };
  const report = createReport("generator");
  let wrong = 0;
  // Judging what is wrong takes long; what is too much to be shown is as wrong as the last one.
  let last: readonly Diagnostic[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = String(id.make(index, from + index));
    const entry = attributes.make(index, from + index);
    entries[name] = entry;
    if (!schema.isEntry(section, name, entry)) {
      const one = { value: { [section]: { [name]: entry } }, places: text.places };
      const found = wrong < problemsShownMax ? validateText(one, schema, context) : last;
      report.add(found);
      wrong += found.length > 0 ? 1 : 0;
      last = found.slice(0, 1);
    }
  }
  return { text, diagnostics: report.diagnostics() };
}

function checkGenerator({ id, count, attributes, path }: Generator): readonly {
  readonly path: readonly string[];
  readonly summary: string;
  readonly hint: string;
}[] {
  const tables = Object.keys(attributes).filter((name) => {
    const value = attributes[name];
    return name === FROM || (isJsonObject(value) && Object.hasOwn(value, FROM));
  });
  return [
    ...tables.map((name) => ({
      path: [...path, name],
      summary: `"${FROM}" cannot stand in a generator`,
      hint: "name tables where the entries stand",
    })),
    ...(reservedKeys.has(id)
      ? [{ path: [...path, "id"], summary: `the id "${id}" is reserved`, hint: "choose another" }]
      : []),
    ...(count > 1 && !hasNumber(id)
      ? [
          {
            path: [...path, "id"],
            summary: `${count} entries would have the same id`,
            hint: `write the number of the entry into it: "${id}-{n}"`,
          },
        ]
      : []),
  ];
}

/** An entry stands where its generator does, and its attributes where it has them. */
function createPlaces({ section, path, places }: Generator, entries: JsonObject): Places {
  let whole: SourceRange | undefined;
  const toItem = ([, , ...rest]: readonly string[]): readonly string[] => [...path, ...rest];
  const redirected = redirectPlaces((there) => [places, toItem(there)]);
  const locateItem = (): SourceRange => {
    whole ??= places.locateKey([...path, "id"]);
    return whole;
  };
  return {
    ...redirected,
    reach: (there) =>
      there[0] === section && there[1] !== undefined && Object.hasOwn(entries, there[1])
        ? there.length === 2
          ? 2
          : places.reach(toItem(there))
        : 0,
    locate: (there) => (there.length <= 2 ? locateItem() : redirected.locate(there)),
    locateKey: (there) => (there.length <= 2 ? locateItem() : redirected.locateKey(there)),
  };
}
