import { isJsonObject, type Json } from "../model/json.ts";

/** A value as text that is the same for equal values, whatever the order of their keys. */
export function canonicalText(value: Json): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalText).join(",")}]`;
  }
  if (!isJsonObject(value)) {
    return JSON.stringify(value);
  }
  // An object would put keys that look like numbers first; in `pairs`, no list looks like a map.
  const keys = Object.keys(value).sort();
  const pairs = keys.map((key) => `[${JSON.stringify(key)},${canonicalText(value[key] ?? null)}]`);
  return `{"pairs":[${pairs.join(",")}]}`;
}
