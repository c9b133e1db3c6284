import { Ajv, type ValidateFunction } from "ajv";
import ajvFormats from "ajv-formats";
import envelope from "../../schemas/manifest.schema.json" with { type: "json" };
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { keywords, toTexts } from "./keywords.ts";
import { type SectionTables, toSectionTables } from "./table-shapes.ts";

/** A manifest's schema, ready to be used. */
export interface ManifestSchema {
  readonly validate: ValidateFunction;
  /** Attributes a manifest can have at its top, sections included. */
  readonly names: readonly string[];
  readonly sections: readonly string[];
  /** Ids of a section that always exist, without being declared. */
  readonly builtins: ReadonlyMap<string, readonly string[]>;
  /** What rows make, by section; a section without it takes none. */
  readonly tables: ReadonlyMap<string, SectionTables>;
  /** Whether an entry and its id are right beyond doubt; if not, `validate` tells what is wrong. */
  isEntry(section: string, id: string, entry: Json): boolean;
}

const providerKey = "provider";
const thoroughEntriesMax = 2_000;
const compiled = new WeakMap<JsonObject, ManifestSchema>();

/** The envelope with the provider's sections in it, compiled once for each provider schema. */
export function toManifestSchema(provider: JsonObject): ManifestSchema {
  const known = compiled.get(provider);
  if (known !== undefined) {
    return known;
  }
  const sections = isJsonObject(provider["properties"]) ? provider["properties"] : {};
  const properties = withoutReferences(envelope.properties);
  for (const section of Object.keys(sections)) {
    properties[section] = { $ref: `${providerKey}#/properties/${section}` };
  }
  const validate = createAjv(true)
    .addSchema(provider, providerKey)
    .compile({ ...envelope, properties });
  const schema: ManifestSchema = {
    validate,
    names: Object.keys(properties),
    sections: Object.keys(sections),
    builtins: new Map(
      Object.entries(sections).map(([section, value]) => [
        section,
        isJsonObject(value) ? toTexts(value["x-builtin"]) : [],
      ]),
    ),
    tables: toSectionTables(provider),
    isEntry: createEntryCheck(provider, validate),
  };
  compiled.set(provider, schema);
  return schema;
}

/** In the file, sections are references that editors follow; here they come with the provider. */
function withoutReferences(properties: JsonObject): { [name: string]: Json } {
  const own = Object.entries(properties).filter(
    ([, value]) => !(isJsonObject(value) && isForeign(value)),
  );
  return Object.fromEntries(own.map(([name, value]) => [name, withoutForeign(value)]));
}

/** Parts that are the provider's, and are validated as such, may be anything here. */
function withoutForeign(schema: Json): Json {
  if (Array.isArray(schema)) {
    return schema.map(withoutForeign);
  }
  if (!isJsonObject(schema)) {
    return schema;
  }
  return isForeign(schema)
    ? {}
    : Object.fromEntries(
        Object.entries(schema).map(([name, value]) => [name, withoutForeign(value)]),
      );
}

function isForeign({ $ref }: JsonObject): boolean {
  return typeof $ref === "string" && !$ref.startsWith("#");
}

type EntryCheck = (id: string, entry: Json) => boolean;

/**
 * A validator that stops at the first error, of which nothing is kept, is several times as fast as the
 * thorough one; but to compile it takes as long as some hundred entries.
 */
function createEntryCheck(
  provider: JsonObject,
  validate: ValidateFunction,
): ManifestSchema["isEntry"] {
  const checks = new Map<string, EntryCheck>();
  let count = 0;
  const compile = (section: string): EntryCheck => {
    const ajv = createAjv(false).addSchema(provider, providerKey);
    const place = `${providerKey}#/properties/${section}`;
    const isId = ajv.compile({ $ref: `${place}/propertyNames` });
    const isRight = ajv.compile({ $ref: `${place}/additionalProperties` });
    return (id, entry) => isId(id) && isRight(entry);
  };
  return (section, id, entry) => {
    count += 1;
    if (count <= thoroughEntriesMax) {
      return validate({ version: 1, [section]: { [id]: entry } });
    }
    const check = checks.get(section) ?? compile(section);
    checks.set(section, check);
    return check(id, entry);
  };
}

function createAjv(isThorough: boolean): Ajv {
  const ajv = new Ajv({
    allErrors: isThorough,
    // The schemas are ours and held to their own schema by a test.
    meta: false,
    validateSchema: false,
    // What is asked once for a whole manifest takes longer to compile than to run.
    code: { optimize: !isThorough },
    allowUnionTypes: true,
    strictTypes: false,
    verbose: isThorough,
  });
  ajvFormats.default(ajv, ["uri"]);
  for (const keyword of keywords) {
    ajv.addKeyword(keyword);
  }
  return ajv;
}
