import { isJsonObject, type Json } from "./json.ts";
import { isSecret } from "./secret.ts";

/**
 * A value in the form in which equal things are equal. Missing, `null`, `""`, `[]` and `{}` are one
 * and the same "no value" at any depth, because the service leaves empty values out of its replies
 * and writes empty objects as arrays (seen in examples). Order of keys does not matter.
 */
export function canonical(value: Json | undefined): Json {
  if (value === undefined || value === null || value === "") return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(canonical);
  if (!isJsonObject(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((key) => [key, canonical(value[key])] as const)
    .filter(([, inner]) => inner !== null);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** Whether two values are the same to the service. */
export function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b || isSameList(a, b)) return true;
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

/** Whether both are lists of the same simple values; what is not may be equal all the same. */
function isSameList(a: Json | undefined, b: Json | undefined): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((one, at) => typeof one !== "object" && one === b[at]);
}

/** A value without the references to write-only values in it. */
export function withoutSecrets(value: Json | undefined): Json {
  if (value === undefined || isSecret(value)) return null;
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => !isSecret(inner))
      .map(([key, inner]) => [key, withoutSecrets(inner)]),
  );
}
