import { Ajv, type ValidateFunction } from "ajv";
import ajvFormats from "ajv-formats";
import envelope from "../../schemas/manifest.schema.json" with { type: "json" };
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { keywords, toTexts } from "./keywords.ts";

/** A manifest's schema, ready to be used. */
export interface ManifestSchema {
  readonly validate: ValidateFunction;
  /** Attributes a manifest can have at its top, sections included. */
  readonly names: readonly string[];
  readonly sections: readonly string[];
  /** Ids of a section that always exist, without being declared. */
  readonly builtins: ReadonlyMap<string, readonly string[]>;
}

const providerKey = "provider";
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
  const schema: ManifestSchema = {
    validate: createAjv()
      .addSchema(provider, providerKey)
      .compile({ ...envelope, properties }),
    names: Object.keys(properties),
    sections: Object.keys(sections),
    builtins: new Map(
      Object.entries(sections).map(([section, value]) => [
        section,
        isJsonObject(value) ? toTexts(value["x-builtin"]) : [],
      ]),
    ),
  };
  compiled.set(provider, schema);
  return schema;
}

/** In the file, sections are references that editors follow; here they come with the provider. */
function withoutReferences(properties: JsonObject): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => !(isJsonObject(value) && "$ref" in value)),
  );
}

function createAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    strictTypes: false,
    verbose: true,
  });
  ajvFormats.default(ajv, ["uri"]);
  for (const keyword of keywords) {
    ajv.addKeyword(keyword);
  }
  return ajv;
}
