import { formatCount } from "../model/count.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { toTexts } from "./keywords.ts";
import { follow } from "./schema-walk.ts";

/** What a schema says of one attribute, in words: the same for the reference and for `explain`. */
export interface AttributeText {
  /** What it may be: `text`, `list of texts`, `map`; empty where only certain values may stand. */
  readonly type: string;
  /** What its value has to keep to, each in a few words. */
  readonly limits: readonly string[];
  /** All values it may have, where these are few. */
  readonly values: readonly Json[];
  /** What holds where it is left out. */
  readonly default?: Json;
  readonly isNullable: boolean;
  /** Sent and never read back, and always a variable. */
  readonly isSecret: boolean;
  readonly description: string;
  /** What some dialect of the API cannot do with it, each in a sentence. */
  readonly notes: readonly string[];
}

/** Tells a schema in words; references in it lead into `root`. */
export function describeSchema(root: JsonObject, schema: JsonObject): AttributeText {
  const resolved = resolvedOf(schema);
  // Before its variables are replaced, what is no text in the end may be one.
  const whole = { ...schema, ...resolved };
  const { default: byDefault, description = "" } = schema;
  const types = typesOf(root, whole);
  const values = Array.isArray(whole["enum"]) ? whole["enum"] : [];
  return {
    type: values.length > 0 || "const" in whole ? "" : typeWords(root, whole, types),
    limits: limitsOf(root, schema),
    values: values.filter((value) => value !== null),
    ...(byDefault === undefined ? {} : { default: byDefault }),
    isNullable: types.includes("null"),
    isSecret: schema["x-secret"] === true,
    description: String(description),
    notes: notesOf(schema),
  };
}

/** The schemas of which one, or all, describe a value. */
export function alternativesOf(schema: JsonObject): readonly JsonObject[] {
  return ["allOf", "anyOf"].flatMap((name) => {
    const given = schema[name];
    return Array.isArray(given) ? given.filter(isJsonObject) : [];
  });
}

const words: { readonly [type: string]: string } = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  object: "map",
  array: "list",
};

function typesOf(root: JsonObject, schema: JsonObject): readonly string[] {
  const { type } = schema;
  const inner = alternativesOf(schema).flatMap((one) => typesOf(root, follow(root, one)));
  return [...new Set([...(typeof type === "string" ? [type] : toTexts(type)), ...inner])];
}

function typeWords(root: JsonObject, schema: JsonObject, types: readonly string[]): string {
  const { type } = follow(root, schema["items"]);
  const item = typeof type === "string" ? words[type] : undefined;
  return types
    .filter((one) => one !== "null")
    .map((one) =>
      one === "array" && item !== undefined ? `list of ${item}s` : (words[one] ?? one),
    )
    .join(" or ");
}

function resolvedOf(schema: JsonObject): JsonObject {
  const resolved = schema["x-resolved"];
  return isJsonObject(resolved) ? resolved : {};
}

/** Limits in words; a pattern has none of its own, so its rule tells it. */
function limitsOf(root: JsonObject, schema: JsonObject): readonly string[] {
  const { minLength, maxLength, minimum, maximum, maxItems, items } = schema;
  const rule = resolvedOf(schema)["x-rule"] ?? schema["x-rule"];
  const hasRule = typeof rule === "string";
  const { "x-maxTotal": totals } = schema;
  const total = isJsonObject(totals) ? totals["max"] : undefined;
  return [
    ...("const" in schema ? [`always ${JSON.stringify(schema["const"])}`] : []),
    ...range(minLength, maxLength, "characters"),
    // A rule in words says it, too.
    ...(hasRule ? [] : range(minimum, maximum, "")),
    ...range(undefined, maxItems, "items"),
    ...range(undefined, schema["x-maxBytes"], "bytes as JSON"),
    ...range(undefined, total, "uids in all lists"),
    ...(schema["uniqueItems"] === true ? ["each once"] : []),
    ...(hasRule ? [rule] : []),
    ...(schema["x-secret"] === true ? ["always one ${NAME}"] : []),
    ...limitsOfItems(root, items).map((one) => `each ${one}`),
  ];
}

/** Of items that have a place of their own, that place tells. */
function limitsOfItems(root: JsonObject, items: Json | undefined): readonly string[] {
  return isJsonObject(items) && !isOfMaps(items) ? limitsOf(root, follow(root, items)) : [];
}

/** Whether what stands in a list has attributes. */
export function isOfMaps(items: Json | undefined): items is JsonObject {
  return isJsonObject(items) && ("properties" in items || "$ref" in items);
}

function range(least: Json | undefined, most: Json | undefined, unit: string): readonly string[] {
  const count = (value: Json): string => `${formatCount(Number(value))} ${unit}`.trim();
  if (most !== undefined) {
    return [least === undefined ? `at most ${count(most)}` : `${String(least)} to ${count(most)}`];
  }
  return least === undefined || least === 1 ? [] : [`at least ${count(least)}`];
}

const limitations: { readonly [keyword: string]: string } = {
  "x-unwritten": "has no place for it",
  "x-dropped": "leaves it out",
  "x-fixed": "sets it on creation only",
};

function notesOf(schema: JsonObject): readonly string[] {
  return Object.entries(limitations).flatMap(([keyword, limitation]) =>
    toTexts(schema[keyword]).map((dialect) => `The ${dialect} dialect ${limitation}.`),
  );
}
