import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";

/** A name in a rule that no such document has. */
export interface Stranger {
  readonly name: string;
  /** What there is in its place. */
  readonly known: readonly string[];
}

interface Walk {
  /** The whole rule, and the whole shape, for what refers to a part of them. */
  readonly rule: JsonObject;
  readonly shape: JsonObject;
  readonly seen: Set<JsonObject>;
  readonly found: Stranger[];
}

const sameLevel = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"] as const;
const eachItem = ["items", "contains", "prefixItems"] as const;

/**
 * Names that a rule asks about and no document of this shape has: misspelt, they would be asked about
 * nothing, and everything would pass. What the shape leaves open is left open.
 */
export function findStrangers(rule: JsonObject, shape: JsonObject): readonly Stranger[] {
  const walk: Walk = { rule, shape, seen: new Set(), found: [] };
  visit(rule, [shape], walk);
  return walk.found;
}

function visit(value: Json | undefined, shapes: readonly JsonObject[], walk: Walk): void {
  if (Array.isArray(value)) {
    for (const one of value) visit(one, shapes, walk);
    return;
  }
  if (!isJsonObject(value) || walk.seen.has(value)) return;
  walk.seen.add(value);
  const there = shapes.flatMap((shape) => settle(shape, walk.shape));
  for (const keyword of sameLevel) visit(value[keyword], there, walk);
  visit(resolve(value, walk.rule), there, walk);
  const items = there.flatMap(({ items }) => (isJsonObject(items) ? [items] : []));
  for (const keyword of eachItem) visit(value[keyword], items, walk);
  visit(value["additionalProperties"], there.flatMap(othersOf), walk);
  visitNames(value, there, walk);
}

function visitNames(rule: JsonObject, there: readonly JsonObject[], walk: Walk): void {
  const { properties, required } = rule;
  const named = isJsonObject(properties) ? properties : {};
  const needed = Array.isArray(required) ? required : [];
  for (const name of new Set([...Object.keys(named), ...needed.map(String)])) {
    const inner = there.flatMap((shape) => innerOf(shape, name));
    const isClosed = there.length > 0 && there.every(isClosedShape);
    if (isClosed && inner.length === 0) {
      const known = there.flatMap((shape) => Object.keys(propertiesOf(shape)));
      walk.found.push({ name, known: [...new Set(known)].sort() });
    }
    visit(named[name], inner, walk);
  }
}

/** What a shape comes to: the parts it refers to, and each of its alternatives. */
function settle(shape: JsonObject, whole: JsonObject): readonly JsonObject[] {
  const target = resolve(shape, whole);
  const parts = [shape["allOf"], shape["anyOf"], shape["oneOf"]].flatMap((list) =>
    Array.isArray(list) ? list.filter(isJsonObject) : [],
  );
  const more = [...(target === undefined ? [] : [target]), ...parts];
  return more.length === 0 ? [shape] : more.flatMap((part) => settle(part, whole));
}

/** The part of a document that `$ref` leads to: `#/$defs/change`. */
function resolve({ $ref }: JsonObject, whole: JsonObject): JsonObject | undefined {
  if (typeof $ref !== "string" || !$ref.startsWith("#/")) return undefined;
  const names = $ref.slice(2).split("/");
  const target = names.reduce<Json | undefined>(
    (value, name) => (isJsonObject(value) ? value[name] : undefined),
    whole,
  );
  return isJsonObject(target) ? target : undefined;
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

function othersOf({ additionalProperties: others }: JsonObject): readonly JsonObject[] {
  return isJsonObject(others) ? [others] : [];
}

function innerOf(shape: JsonObject, name: string): readonly JsonObject[] {
  const own = propertiesOf(shape)[name];
  return isJsonObject(own) ? [own] : othersOf(shape);
}

/** Whether a shape has names, and no others than these. What is no map has none of them. */
function isClosedShape(shape: JsonObject): boolean {
  return shape["additionalProperties"] === false || shape["type"] === "null";
}
