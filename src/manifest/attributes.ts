import { formatCount } from "../model/count.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";

/** Schemas by the name of their file, `manifest.schema.json` for example. */
export type Schemas = { readonly [file: string]: JsonObject };

/** What a schema says of one attribute, in words. */
export interface AttributeText {
  /** Keys from the top; `*` stands for any key. */
  readonly path: readonly string[];
  /** What it may be: `text`, `list of texts`, `map`. */
  readonly type: string;
  /** What its value has to keep to, each in a few words. */
  readonly limits: readonly string[];
  /** All values it may have, where these are few. */
  readonly values: readonly Json[];
  /** What holds where it is left out. */
  readonly default?: Json;
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  /** Sent and never read back, and always a variable. */
  readonly isSecret: boolean;
  readonly description: string;
}

/** A schema in its file, which its references begin from. */
interface Placed {
  readonly file: string;
  readonly schema: JsonObject;
}

/**
 * Every attribute below a schema that is named by a file and a pointer (`cometchat.schema.json#/$defs/user`),
 * parents first. What is described by a schema of another file is told, and not what stands below it.
 */
export function listAttributes(schemas: Schemas, reference: string): readonly AttributeText[] {
  const start = follow(schemas, { file: "", schema: { $ref: reference } });
  return below(schemas, start, []);
}

function below(
  schemas: Schemas,
  { file, schema }: Placed,
  path: readonly string[],
): readonly AttributeText[] {
  const required = textsOf(schema["required"]);
  return childrenOf(schema).flatMap(([name, child]) => {
    const placed = follow(schemas, { file, schema: child });
    const here = [...path, name];
    const text = { ...describe(placed.schema, here), isRequired: required.includes(name) };
    const isOther = placed.file !== file || isEntry(child);
    return [text, ...(isOther ? [] : below(schemas, placed, here))];
  });
}

/** The named attributes, and what any other key may hold. */
function childrenOf(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  const { properties, additionalProperties: others, items } = schema;
  const named = isJsonObject(properties) ? Object.entries(properties) : [];
  const inner = isJsonObject(items) && isJsonObject(items["properties"]) ? [["[]", items]] : [];
  return [...named, ...(isJsonObject(others) ? [["*", others]] : []), ...inner].filter(
    (entry): entry is [string, JsonObject] => isJsonObject(entry[1] as Json),
  );
}

/** Whether it is described elsewhere, as the attributes that `defaults` repeats. */
function isEntry(schema: JsonObject): boolean {
  return ["allOf", "anyOf"].some((name) => Array.isArray(schema[name]));
}

/** The schema that a reference leads to; what stands beside the reference wins. */
function follow(schemas: Schemas, { file, schema }: Placed): Placed {
  const { $ref: reference, ...own } = schema;
  if (typeof reference !== "string") {
    return { file, schema };
  }
  const [name = "", pointer = ""] = reference.split("#");
  const document = name === "" ? file : name;
  const target = pointer
    .split("/")
    .slice(1)
    .reduce<Json | undefined>(
      (at, step) => (isJsonObject(at) ? at[step] : undefined),
      schemas[document],
    );
  if (!isJsonObject(target)) {
    throw new Error(`A schema refers to ${reference}, which is not there.`);
  }
  const { file: found, schema: followed } = follow(schemas, { file: document, schema: target });
  return { file: found, schema: { ...followed, ...own } };
}

function describe(schema: JsonObject, path: readonly string[]): Omit<AttributeText, "isRequired"> {
  const resolved = isJsonObject(schema["x-resolved"]) ? schema["x-resolved"] : {};
  const whole = { ...schema, ...resolved };
  const { default: byDefault, description = "" } = schema;
  const given = typesOf(whole);
  return {
    path,
    type: typeWords(whole, given),
    limits: limitsOf(schema, resolved),
    values: Array.isArray(whole["enum"]) ? whole["enum"] : [],
    ...(byDefault === undefined ? {} : { default: byDefault }),
    isNullable: given.includes("null"),
    isSecret: schema["x-secret"] === true,
    description: String(description),
  };
}

const words: { readonly [type: string]: string } = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  object: "map",
  array: "list",
};

function typesOf({ type, anyOf }: JsonObject): readonly string[] {
  const inner = Array.isArray(anyOf) ? anyOf.filter(isJsonObject).flatMap(typesOf) : [];
  return [...(typeof type === "string" ? [type] : textsOf(type)), ...inner];
}

function typeWords(schema: JsonObject, types: readonly string[]): string {
  if (Array.isArray(schema["enum"]) || "const" in schema) {
    return "";
  }
  const named = types.filter((type) => type !== "null").map((type) => words[type] ?? type);
  const { items } = schema;
  const isOfTexts = isJsonObject(items) && items["type"] === "string";
  return named.map((word) => (word === "list" && isOfTexts ? "list of texts" : word)).join(" or ");
}

function limitsOf(schema: JsonObject, resolved: JsonObject): readonly string[] {
  const { minLength, maxLength, minimum, maximum, maxItems, items } = schema;
  const rule = resolved["x-rule"] ?? schema["x-rule"];
  const total = isJsonObject(schema["x-maxTotal"]) ? schema["x-maxTotal"]["max"] : undefined;
  return [
    ...("const" in schema ? [`always ${JSON.stringify(schema["const"])}`] : []),
    ...range(minLength, maxLength, "characters"),
    ...range(minimum, maximum, ""),
    ...range(undefined, maxItems, "items"),
    ...range(undefined, schema["x-maxBytes"], "bytes as JSON"),
    ...range(undefined, total, "uids in all lists"),
    ...(schema["uniqueItems"] === true ? ["each once"] : []),
    ...(typeof rule === "string" ? [rule] : []),
    ...(isJsonObject(items) ? limitsOf(items, innerRule(items)).map((one) => `each ${one}`) : []),
  ];
}

function innerRule(items: JsonObject): JsonObject {
  return isJsonObject(items["x-resolved"]) ? items["x-resolved"] : {};
}

function range(least: Json | undefined, most: Json | undefined, unit: string): readonly string[] {
  const count = (value: Json): string => `${formatCount(Number(value))} ${unit}`.trim();
  if (most !== undefined) {
    return [least === undefined ? `at most ${count(most)}` : `${String(least)} to ${count(most)}`];
  }
  return least === undefined || least === 1 ? [] : [`at least ${count(least)}`];
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
