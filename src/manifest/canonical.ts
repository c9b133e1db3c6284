import { isJsonObject, type Json } from "../model/json.ts";

/** A value as text that is the same for equal values, whatever the order of their keys. */
export function canonicalText(value: Json): string {
  return JSON.stringify(toPairs(value));
}

function toPairs(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(toPairs);
  }
  if (!isJsonObject(value)) {
    return value;
  }
  // An object would put keys that look like numbers first; in `pairs`, no list looks like a map.
  const keys = Object.keys(value).sort();
  return { pairs: keys.map((key) => [key, toPairs(value[key] ?? null)]) };
}
