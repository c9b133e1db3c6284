import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";

/** What a value is, as keywords tell them apart. */
type Type = "object" | "array" | "string" | "number";

/** Keywords that pass whatever is not of their type: there they would ask nothing. */
const keywords: { readonly [type in Type]: readonly string[] } = {
  object: [
    ...["properties", "required", "additionalProperties", "patternProperties", "propertyNames"],
    ...["minProperties", "maxProperties", "unevaluatedProperties"],
    ...["dependentRequired", "dependentSchemas", "dependencies"],
  ],
  array: [
    ...["items", "contains", "prefixItems", "additionalItems", "unevaluatedItems"],
    ...["minItems", "maxItems", "uniqueItems"],
  ],
  string: ["minLength", "maxLength", "pattern", "format"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
};
const types = ["object", "array", "string", "number"] as const;

const words: { readonly [type: string]: string } = {
  object: "a map",
  array: "a list",
  string: "a text",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

/** A keyword that no value of these shapes would be asked by. */
export interface Misfit {
  readonly keyword: string;
  /** What there is: `a list`. */
  readonly there: string;
  readonly hint: string;
}

/** The first keyword of a rule that is for another type than any of these shapes has. */
export function findMisfit(rule: JsonObject, shapes: readonly JsonObject[]): Misfit | undefined {
  const known = shapes.map(typesOf);
  // Where anything may be, any keyword may be meant.
  if (known.length === 0 || known.includes(undefined)) return undefined;
  const there = new Set(known.flatMap((all) => all ?? []));
  for (const type of types) {
    const keyword = keywords[type].find((name) => name in rule);
    if (keyword === undefined || there.has(type)) continue;
    return { keyword, there: wordsOf(there), hint: hintFor(type, there) };
  }
  return undefined;
}

function wordsOf(there: ReadonlySet<string>): string {
  const all = [...there].filter((type) => type !== "null" || there.size === 1);
  return all.map((type) => words[type] ?? type).join(" or ");
}

function hintFor(type: Type, there: ReadonlySet<string>): string {
  if (there.has("array")) return 'What holds for each one of a list goes under "items".';
  if (there.has("object") && type === "array") {
    return 'What holds for each entry of a map goes under "additionalProperties".';
  }
  return "Put it where there is such a value, or take it out.";
}

/** The types of what a shape describes; `undefined` where it leaves them open. */
function typesOf({ type, enum: values, const: value }: JsonObject): readonly string[] | undefined {
  if (type !== undefined) return (Array.isArray(type) ? type : [type]).map(String).map(nameOf);
  if (Array.isArray(values)) return values.map(typeOf);
  return value === undefined ? undefined : [typeOf(value)];
}

function nameOf(type: string): string {
  return type === "integer" ? "number" : type;
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return isJsonObject(value) ? "object" : typeof value;
}
