/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** Whether a value is a JSON object, as opposed to an array, a scalar or nothing. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a text says, or nothing if it is empty or no JSON. */
export function parsed(text: string): Json | undefined {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The text under a name, or nothing if there is none or it is not a text. */
export function textOf(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" ? value : undefined;
}

/** The texts of the array under a name, or nothing if there is no array. */
export function textsOf(body: JsonObject, name: string): string[] | undefined {
  const value = body[name];
  return Array.isArray(value)
    ? value.filter((entry): entry is string => typeof entry === "string")
    : undefined;
}

/** The truth value under a name, or nothing if there is none or it is something else. */
export function flagOf(body: JsonObject, name: string): boolean | undefined {
  const value = body[name];
  return typeof value === "boolean" ? value : undefined;
}

/**
 * A copy in which nested empty objects have become empty arrays.
 *
 * Seen for role settings, inferred for the rest: the service keeps JSON in PHP arrays, which cannot
 * tell the two apart.
 */
export function withPhpEmpties(value: Json): Json {
  if (Array.isArray(value)) return value.map(withPhpEmpties);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  if (entries.length === 0) return [];
  return Object.fromEntries(entries.map(([key, nested]) => [key, withPhpEmpties(nested)]));
}

/**
 * The metadata a body gives as it is kept, which replaces all there was (least helpful: merging is
 * not documented either); what there was, if the body gives none.
 */
export function metadataOf(body: JsonObject, live: JsonObject): JsonObject {
  const given = body["metadata"];
  if (given === undefined) return live;
  const stored = withPhpEmpties(given);
  return isJsonObject(stored) ? stored : {};
}

/** Metadata as it is shown: without its write-only part. */
export function shownMetadata(metadata: JsonObject): JsonObject {
  if (!Object.hasOwn(metadata, "@private")) return metadata;
  const { "@private": _hidden, ...shown } = metadata;
  return shown;
}

/** A copy without empty texts, arrays and objects: the service leaves empty attributes out (documented by example). */
export function withoutEmpties(attributes: Record<string, Json | undefined>): JsonObject {
  const kept: JsonObject = {};
  // Names alone: pairs would cost a list its speed.
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value !== undefined && !isEmpty(value)) kept[name] = value;
  }
  return kept;
}

function isEmpty(value: Json): boolean {
  if (value === "" || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object") return false;
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}
