import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";

/** A schema with what it refers to in its place; what stands beside the reference wins. */
export function follow(root: JsonObject, schema: Json | undefined): JsonObject {
  if (!isJsonObject(schema)) {
    return {};
  }
  const { $ref: reference, ...own } = schema;
  if (typeof reference !== "string") {
    return schema;
  }
  const steps = reference
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const target = steps.reduce<Json | undefined>(
    (at, step) => (isJsonObject(at) ? at[step] : undefined),
    root,
  );
  if (target === undefined) {
    throw new Error(`A schema refers to ${reference}, which is not there.`);
  }
  return { ...follow(root, target), ...own };
}

/** The attributes that a schema names, in its order. */
export function propertiesOf(schema: JsonObject): JsonObject {
  const { properties } = schema;
  return isJsonObject(properties) ? properties : {};
}

/** The schema of what stands under a key. */
export function childOf(root: JsonObject, schema: JsonObject, key: string): JsonObject {
  const properties = propertiesOf(schema);
  return follow(
    root,
    Object.hasOwn(properties, key) ? properties[key] : schema["additionalProperties"],
  );
}
