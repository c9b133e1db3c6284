import envelope from "../../schemas/manifest.schema.json" with { type: "json" };
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";

const bundles = new WeakMap<JsonObject, JsonObject>();

/** The manifest's whole schema in one document: all its references lead to places within it. */
export function bundleManifest(provider: JsonObject): JsonObject {
  const bundle = bundles.get(provider) ?? bundleAll(provider);
  bundles.set(provider, bundle);
  return bundle;
}

function bundleAll(provider: JsonObject): JsonObject {
  const sections = toObject(provider["properties"]);
  const own = Object.entries<Json>(envelope.properties);
  const properties = own.map(([name, schema]): [string, Json] => {
    // A section is a reference to where the provider has it, which is this place.
    const reference = isJsonObject(schema) ? schema["$ref"] : undefined;
    const isSection = typeof reference === "string" && !reference.startsWith("#");
    return [name, isSection ? (sections[name] ?? {}) : schema];
  });
  return {
    ...(inward(envelope) as JsonObject),
    properties: inward(Object.fromEntries(properties)),
    $defs: inward({ ...envelope.$defs, ...toObject(provider["$defs"]) }),
  };
}

/** A reference into another file means the same place in this one. */
function inward(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(inward);
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const entries = Object.entries(value).map(([name, inner]): [string, Json] =>
    name === "$ref" && typeof inner === "string"
      ? [name, inner.replace(/^[^#]*/, "")]
      : [name, inward(inner)],
  );
  return Object.fromEntries(entries);
}

function toObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
