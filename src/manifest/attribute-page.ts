import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
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
    const known = Object.keys(propertiesOf(schema));
    if (
      !known.includes(key) &&
      !(isEntryKey(key) && isJsonObject(schema["additionalProperties"]))
    ) {
      return { unknown: key, known };
    }
    isRequired = toTexts(schema["required"]).includes(key);
    schema = isEntryKey(key)
      ? follow(root, schema["additionalProperties"])
      : childOf(root, schema, key);
  }
  return toPage(name, { root, schema, isRequired });
}

/** Stands for the id of any entry. */
export const anyEntry = "*";

function isEntryKey(key: string): boolean {
  return key === anyEntry;
}

function toPage(name: string, { root, schema, isRequired }: Place): AttributePage {
  const types = typesOf(schema);
  return {
    name,
    description: textOf(schema["description"]),
    type: typeText(root, schema),
    rules: rulesOf(schema),
    ...(schema["default"] === undefined ? {} : { default: schema["default"] }),
    ...(types.includes("null") ? { null: "clears" as const } : {}),
    notes: notesOf(schema),
    isSecret: schema["x-secret"] === true,
    isRequired,
    examples: Array.isArray(schema["examples"]) ? (schema["examples"] as readonly Json[]) : [],
    attributes: linesOf(root, schema),
  };
}

/** The attributes of a schema, in its order. */
export function linesOf(root: JsonObject, schema: JsonObject): readonly AttributeLine[] {
  return Object.keys(propertiesOf(schema)).map((name) => {
    const inner = childOf(root, schema, name);
    return { name, type: typeText(root, inner), description: textOf(inner["description"]) };
  });
}

function typesOf({ type }: JsonObject): readonly string[] {
  return typeof type === "string" ? [type] : toTexts(type);
}

const words: { readonly [type: string]: string } = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  object: "map",
  array: "list",
};

function typeText(root: JsonObject, schema: JsonObject): string {
  const choices = choicesOf(schema);
  if (choices.length > 0) {
    return choices.join(" | ");
  }
  const resolved = isJsonObject(schema["x-resolved"]) ? schema["x-resolved"] : {};
  // Before its variables are replaced, what is no text in the end may be one.
  const types = typesOf("type" in resolved ? resolved : schema).filter((type) => type !== "null");
  const items = follow(root, schema["items"]);
  const texts = types.map((type) =>
    type === "array" && "type" in items
      ? `list of ${typeText(root, items)}s`
      : (words[type] ?? type),
  );
  return texts.join(" or ") || "any value";
}

function choicesOf(schema: JsonObject): readonly string[] {
  const resolved = isJsonObject(schema["x-resolved"]) ? schema["x-resolved"] : {};
  const given =
    schema["enum"] ?? resolved["enum"] ?? (schema["const"] === undefined ? [] : [schema["const"]]);
  return toTexts(given);
}

/** Limits in words; a pattern has none of its own, so its rule tells it. */
function rulesOf(schema: JsonObject): readonly string[] {
  const resolved = isJsonObject(schema["x-resolved"]) ? schema["x-resolved"] : {};
  const rule = schema["x-rule"] ?? resolved["x-rule"];
  const { minLength, maxLength, maxItems } = schema;
  const bytes = schema["x-maxBytes"];
  return [
    ...(rule === undefined ? [] : [textOf(rule)]),
    ...(maxLength === undefined ? [] : [`${minLength ?? 0} to ${textOf(maxLength)} characters`]),
    ...(maxItems === undefined ? [] : [`at most ${textOf(maxItems)} of them`]),
    ...(schema["uniqueItems"] === true ? ["each of them once"] : []),
    ...(bytes === undefined ? [] : [`at most ${textOf(bytes)} bytes as JSON`]),
    ...(schema["x-secret"] === true ? ["always one ${NAME}, and written only"] : []),
  ];
}

const limitations: { readonly [keyword: string]: string } = {
  "x-unwritten": "cannot be written",
  "x-dropped": "is not kept by the service",
  "x-fixed": "is set when the resource is created, and cannot be changed",
};

function notesOf(schema: JsonObject): readonly string[] {
  return Object.entries(limitations).flatMap(([keyword, limitation]) =>
    toTexts(schema[keyword]).map((dialect) => `in the ${dialect} dialect, it ${limitation}`),
  );
}

function textOf(value: Json | undefined): string {
  return value === undefined || value === null ? "" : String(value);
}
