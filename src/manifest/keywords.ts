import type { KeywordDefinition } from "ajv";
import type { Json, JsonObject } from "../model/json.ts";

/** An item of one of several lists, by its path. */
export interface ListItem {
  readonly path: readonly [list: string, index: string];
  readonly text: string;
}

/** An item that stands in an earlier place already. */
export interface RepeatedItem extends ListItem {
  readonly first: ListItem["path"];
}

/** The schemas' keywords that are not JSON Schema's own. */
export const keywords: readonly KeywordDefinition[] = [
  { keyword: "x-rule", schemaType: "string" },
  { keyword: "x-hint", schemaType: "string" },
  { keyword: "x-builtin", schemaType: "array" },
  { keyword: "x-absent", schemaType: "object" },
  // Names of dialects: in which an attribute cannot be written, is not kept, or only set at the beginning.
  { keyword: "x-unwritten", schemaType: "array" },
  { keyword: "x-dropped", schemaType: "array" },
  { keyword: "x-fixed", schemaType: "array" },
  { keyword: "x-table", schemaType: "object" },
  { keyword: "x-resolved", schemaType: "object", macro: (schema: JsonObject) => schema },
  // Every secret is reported: whether it was written as a variable is judged where the text is.
  { keyword: "x-secret", schemaType: "boolean", validate: () => false },
  {
    keyword: "x-reserved",
    type: "string",
    schemaType: "object",
    validate: (rule: JsonObject, value: string) => !isReserved(rule, value),
  },
  {
    keyword: "x-maxBytes",
    type: "object",
    schemaType: "number",
    validate: (max: number, value: JsonObject) => countBytes(value) <= max,
  },
  {
    keyword: "x-maxItemsInStack",
    type: "array",
    schemaType: "number",
    validate: (max: number, value: readonly Json[]) => value.length <= max,
  },
  {
    keyword: "x-maxTotal",
    type: "object",
    schemaType: "object",
    validate: (rule: JsonObject, value: JsonObject) =>
      listItems(value, toTexts(rule["of"])).length <= Number(rule["max"]),
  },
  {
    keyword: "x-distinct",
    type: "object",
    schemaType: "array",
    validate: (lists: readonly string[], value: JsonObject) =>
      findRepeated(listItems(value, lists)).length === 0,
  },
];

/** A list of texts in a schema; empty if there is none. */
export function toTexts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The size of a value as compact JSON in UTF-8. */
export function countBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** All texts in the lists of those names. */
export function listItems(value: JsonObject, lists: readonly string[]): readonly ListItem[] {
  return lists.flatMap((list) => {
    const items = value[list];
    return Array.isArray(items)
      ? items.flatMap((text: Json, index) =>
          typeof text === "string" ? [{ path: [list, String(index)], text } as const] : [],
        )
      : [];
  });
}

/** Items that an earlier place has already; upper and lower case are the same. */
export function findRepeated(items: readonly ListItem[]): readonly RepeatedItem[] {
  const places = new Map<string, ListItem["path"]>();
  return items.flatMap((item) => {
    const key = item.text.toLowerCase();
    const first = places.get(key);
    if (first === undefined) {
      places.set(key, item.path);
      return [];
    }
    return [{ ...item, first }];
  });
}

function isReserved(rule: JsonObject, value: string): boolean {
  const { names, prefix } = rule;
  return (
    toTexts(names).includes(value.toLowerCase()) ||
    (typeof prefix === "string" && value.toLowerCase().startsWith(prefix))
  );
}
