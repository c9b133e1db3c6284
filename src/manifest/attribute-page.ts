import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { type AttributeText, alternativesOf, describeSchema } from "./attribute-text.ts";
import { toTexts } from "./keywords.ts";
import { childOf, follow, propertiesOf } from "./schema-walk.ts";

/** What there is to know of an attribute, or of a kind's entry. */
export interface AttributePage {
  /** As it is asked for: `user.metadata`. */
  readonly name: string;
  readonly description: string;
  readonly type: string;
  /** Rules that a value keeps, in words. */
  readonly rules: readonly string[];
  readonly default?: Json;
  /** What `null` does; missing for what cannot be `null`. */
  readonly null?: "clears";
  /** What some dialect of the API cannot do with it. */
  readonly notes: readonly string[];
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly examples: readonly Json[];
  readonly attributes: readonly AttributeLine[];
}

/** One of the attributes within another, or of the names one can begin with. */
export interface AttributeLine {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

/** What is asked about: where it stands in the schema, and whether what holds it needs it. */
interface Place {
  readonly root: JsonObject;
  readonly schema: JsonObject;
  readonly isRequired: boolean;
}

/** Describes what stands under these keys, from a schema; or tells which key is unknown, and what is known there. */
export function describeAttribute(
  name: string,
  keys: readonly string[],
  root: JsonObject,
): AttributePage | { readonly unknown: string; readonly known: readonly string[] } {
  let schema = root;
  let isRequired = false;
  for (const key of keys) {
    if (isEntryKey(key) && isJsonObject(schema["additionalProperties"])) {
      schema = follow(root, schema["additionalProperties"]);
      continue;
    }
    const shape = shapeOf(root, schema);
    const known = Object.keys(propertiesOf(shape));
    if (!known.includes(key)) {
      return { unknown: key, known };
    }
    isRequired = toTexts(shape["required"]).includes(key);
    schema = childOf(root, shape, key);
  }
  return toPage(name, { root, schema, isRequired });
}

/** Stands for the id of any entry. */
export const anyEntry = "*";

function isEntryKey(key: string): boolean {
  return key === anyEntry;
}

/**
 * The schema that names the attributes: of a list or of a map with names of the user's own, that of what stands in it.
 * So they are asked for as `generate.kind` and `variables.type`.
 */
function shapeOf(root: JsonObject, schema: JsonObject): JsonObject {
  const shape = withAlternatives(root, schema);
  const inner = [shape["items"], shape["additionalProperties"]].find(isJsonObject);
  const own = propertiesOf(shape);
  // What a section has of its own, like $from, is no attribute of its entries.
  if (inner === undefined || Object.keys(own).some((name) => !name.startsWith("$"))) {
    return shape;
  }
  const entry = shapeOf(root, follow(root, inner));
  return { ...entry, properties: { ...own, ...propertiesOf(entry) } };
}

/** A schema with the attributes of those it is made of; what they need is needed only where they stand alone. */
function withAlternatives(root: JsonObject, schema: JsonObject): JsonObject {
  const parts = alternativesOf(schema).map((one) => withAlternatives(root, follow(root, one)));
  if (parts.length === 0) {
    return schema;
  }
  const merged: JsonObject = Object.assign({}, ...parts, schema);
  const properties: JsonObject = Object.assign({}, ...[...parts, schema].map(propertiesOf));
  return { ...merged, properties, required: schema["required"] ?? [] };
}

function toPage(name: string, { root, schema, isRequired }: Place): AttributePage {
  const { values, limits, isNullable, default: byDefault, ...text } = describeSchema(root, schema);
  const { examples } = schema;
  return {
    name,
    description: text.description,
    type: typeIn({ ...text, values, limits }),
    rules: text.type === "" && values.length === 0 ? limits.slice(1) : limits,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(isNullable ? { null: "clears" as const } : {}),
    notes: text.notes,
    isSecret: text.isSecret,
    isRequired,
    examples: Array.isArray(examples) ? (examples as readonly Json[]) : [],
    attributes: linesOf(root, schema),
  };
}

/** The attributes of a schema, or of what stands in it, in their order. */
export function linesOf(root: JsonObject, schema: JsonObject): readonly AttributeLine[] {
  const shape = shapeOf(root, schema);
  return Object.keys(propertiesOf(shape)).map((name) => {
    const text = describeSchema(root, childOf(root, shape, name));
    return { name, type: typeIn(text), description: text.description };
  });
}

/** In one line: the values, or what kind of value it is; one that never changes is a limit. */
function typeIn({
  type,
  values,
  limits,
}: Pick<AttributeText, "type" | "values" | "limits">): string {
  return values.length > 0 ? values.map(String).join(" | ") : type || (limits[0] ?? "any value");
}
