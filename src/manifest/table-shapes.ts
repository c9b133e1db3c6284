import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { TableShape } from "./table.ts";

/** What the rows of a section's tables make. */
export interface SectionTables {
  readonly shape: TableShape;
  /** Attributes of its entries that take rows as well. */
  readonly lists: ReadonlyMap<string, ListTables>;
}

/** What the rows of an attribute's tables make: items of its lists. */
export interface ListTables {
  readonly shape: TableShape;
  /** The attribute of a row that says which list it belongs to. */
  readonly list: string;
  /** The list's name, by what the row says. */
  readonly lists: ReadonlyMap<string, string>;
}

/** Where the provider's schema says that entries may come from tables, by section. */
export function toSectionTables(provider: JsonObject): ReadonlyMap<string, SectionTables> {
  const sections = Object.entries(toObject(provider["properties"]));
  return new Map(
    sections.flatMap(([section, schema]) => {
      const { "x-table": table, additionalProperties } = toObject(schema);
      if (!isJsonObject(table)) {
        return [];
      }
      const properties = toObject(toObject(resolve(additionalProperties, provider))["properties"]);
      const shape = { id: String(table["id"]), properties };
      return [[section, { shape, lists: toLists(properties) }] as const];
    }),
  );
}

function toLists(properties: JsonObject): ReadonlyMap<string, ListTables> {
  return new Map(
    Object.entries(properties).flatMap(([name, schema]) => {
      const table = toObject(schema)["x-table"];
      return isJsonObject(table) ? [[name, toListTables(table)] as const] : [];
    }),
  );
}

function toListTables(table: JsonObject): ListTables {
  const list = String(table["list"]);
  const lists = Object.entries(toObject(table["lists"])).map(
    ([says, name]) => [says, String(name)] as const,
  );
  const properties = { [list]: { type: "string" } };
  return { shape: { id: String(table["id"]), properties }, list, lists: new Map(lists) };
}

/** The provider's schema refers within itself only. */
function resolve(schema: Json | undefined, provider: JsonObject): Json | undefined {
  const reference = toObject(schema)["$ref"];
  return typeof reference === "string"
    ? reference
        .split("/")
        .slice(1)
        .reduce<Json | undefined>((inner, name) => toObject(inner)[name], provider)
    : schema;
}

function toObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
