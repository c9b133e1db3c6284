import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { findMisfit } from "./types.ts";

/** A part of a rule that would ask about nothing, and so let everything pass. */
export interface Idle {
  /** What is wrong with it: `asks about "naem", …`. */
  readonly problem: string;
  readonly hint?: string;
  /** Where it stands in the rule. */
  readonly path: readonly string[];
}

interface Walk {
  /** The whole rule, and the whole shape, for what refers to a part of them. */
  readonly rule: JsonObject;
  readonly shape: JsonObject;
  /** By which shapes a part was looked at; one may be referred to from several places. */
  readonly seen: Map<JsonObject, Set<JsonObject>>;
  readonly what: string;
  readonly found: Idle[];
}

type Path = readonly string[];

const sameLevel = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"] as const;
const eachItem = ["items", "contains", "prefixItems", "unevaluatedItems"] as const;
const others = ["additionalProperties", "unevaluatedProperties"] as const;
const aName: JsonObject = { type: "string" };
const anything: JsonObject = {};

/**
 * Parts of a rule that no document of this shape has anything for: a name that is misspelt, a keyword
 * for lists at a map. They would be asked about nothing, and everything would pass. What the shape
 * leaves open is left open.
 */
export function findIdle(rule: JsonObject, shape: JsonObject, what: string): readonly Idle[] {
  const walk: Walk = { rule, shape, what, seen: new Map(), found: [] };
  visit(rule, { shapes: [shape], path: [], walk });
  return walk.found;
}

interface At {
  readonly shapes: readonly JsonObject[];
  readonly path: Path;
  readonly walk: Walk;
}

function visit(value: Json | undefined, at: At): void {
  const { path, walk } = at;
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) visit(one, { ...at, path: [...path, `${index}`] });
    return;
  }
  if (!isJsonObject(value)) return;
  const there = at.shapes.flatMap((shape) => settle(shape, walk.shape));
  if (isSeen(value, there, walk)) return;
  const misfit = findMisfit(value, there);
  if (misfit !== undefined) {
    const { keyword, there: type, hint } = misfit;
    const problem = `has "${keyword}" where every ${walk.what} has ${type}: it would ask about nothing`;
    walk.found.push({ problem, hint, path: [...path, keyword] });
    return;
  }
  visitParts(value, { ...at, shapes: there });
  visitNames(value, { ...at, shapes: there });
}

function isSeen(rule: JsonObject, there: readonly JsonObject[], { seen }: Walk): boolean {
  const known = seen.get(rule);
  seen.set(rule, new Set([...(known ?? []), ...there]));
  return known !== undefined && there.every((shape) => known.has(shape));
}

function visitParts(rule: JsonObject, at: At): void {
  const { shapes: there, path, walk } = at;
  const below = (keyword: string, shapes: readonly JsonObject[]): void =>
    visit(rule[keyword], { walk, shapes, path: [...path, keyword] });
  for (const keyword of sameLevel) below(keyword, there);
  visit(resolve(rule, walk.rule), { ...at, path: String(rule["$ref"]).split("/").slice(1) });
  const items = there.flatMap(({ items }) => (isJsonObject(items) ? [items] : []));
  for (const keyword of eachItem) below(keyword, items);
  const { properties } = rule;
  const named = isJsonObject(properties) ? properties : {};
  for (const keyword of others) {
    below(
      keyword,
      there.flatMap((shape) => allOf(shape, (name) => !(name in named))),
    );
  }
  below("propertyNames", [aName]);
}

function visitNames(rule: JsonObject, at: At): void {
  const { shapes: there, path, walk } = at;
  const { required } = rule;
  for (const [index, name] of (Array.isArray(required) ? required.map(String) : []).entries()) {
    const inner = there.flatMap((shape) => innerOf(shape, name));
    checkName(name, inner, { ...at, path: [...path, "required", `${index}`] });
  }
  for (const [keyword, innersOf] of [
    ["properties", innerOf],
    ["patternProperties", matching],
    ["dependentSchemas", innerOf],
  ] as const) {
    const named = rule[keyword];
    for (const [name, one] of Object.entries(isJsonObject(named) ? named : {})) {
      const inner = there.flatMap((shape) => innersOf(shape, name));
      const below = [...path, keyword, name];
      checkName(name, inner, { ...at, path: below });
      // What depends on a name is asked of the whole.
      visit(one, { walk, shapes: keyword === "dependentSchemas" ? there : inner, path: below });
    }
  }
}

function checkName(
  name: string,
  inner: readonly JsonObject[],
  { shapes: there, path, walk }: At,
): void {
  const isClosed = there.every(isClosedShape);
  const isNever = there.every((shape) => propertiesOf(shape)[name] === false);
  if (there.length === 0 || inner.length > 0 || !(isClosed || isNever)) return;
  const known = [...new Set(there.flatMap(namesOf))].sort().join(", ") || "nothing";
  const problem = `asks about "${name}", which no ${walk.what} has in that place: there is ${known}`;
  walk.found.push({ problem, path });
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

/** What names are like that a shape does not list: nothing, where there are no others. */
function othersOf(shape: JsonObject): readonly JsonObject[] {
  const { additionalProperties: given } = shape;
  if (isJsonObject(given)) return [given];
  return isClosedShape(shape) ? [] : [anything];
}

/** Names that a shape has; `false` stands for one that it never has. */
function namesOf(shape: JsonObject): readonly string[] {
  const own = Object.entries(propertiesOf(shape));
  return own.filter(([, value]) => value !== false).map(([name]) => name);
}

function innerOf(shape: JsonObject, name: string): readonly JsonObject[] {
  const own = propertiesOf(shape)[name];
  if (own === false) return [];
  return isJsonObject(own) ? [own] : othersOf(shape);
}

/** Of those names, and of those that the shape does not know. */
function allOf(shape: JsonObject, isMeant: (name: string) => boolean): readonly JsonObject[] {
  const own = namesOf(shape).filter(isMeant);
  return [...own.flatMap((name) => innerOf(shape, name)), ...othersOf(shape)];
}

function matching(shape: JsonObject, pattern: string): readonly JsonObject[] {
  const expression = new RegExp(pattern, "u");
  return allOf(shape, (name) => expression.test(name));
}

/** Whether a shape has names, and no others than these. What is no map has none of them. */
function isClosedShape({ additionalProperties: given, type }: JsonObject): boolean {
  const isMap = type === undefined || [type].flat().includes("object");
  return given === false || !isMap;
}
