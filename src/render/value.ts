import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { escapeText } from "./escape.ts";

/** Plain identifiers stand without quotes, unless they would read as another type. */
const identifier = /^(?!(?:true|false|null)$)[a-z][a-z0-9_-]*$/;

/** Whether a value is a reference to a write-only value, which is never shown. */
export function isSecret(value: Json): boolean {
  return isJsonObject(value) && typeof value["$secret"] === "string";
}

/** The value with everything write-only in it replaced by `mask`. */
export function maskSecrets(value: Json, mask: string): Json {
  if (isSecret(value)) {
    return mask;
  }
  if (Array.isArray(value)) {
    return value.map((entry: Json) => maskSecrets(entry, mask));
  }
  return isJsonObject(value) ? maskEntries(value, mask) : value;
}

/** A value on one line, as a plan shows it. */
export function formatValue(value: Json): string {
  if (value === null) {
    return "(none)";
  }
  if (isSecret(value)) {
    return "(secret)";
  }
  if (typeof value === "string" && identifier.test(value)) {
    return value;
  }
  return escapeText(JSON.stringify(maskSecrets(value, "(secret)")));
}

/** A value as text to be compared line by line. */
export function toText(value: Json): string {
  return typeof value === "string"
    ? value
    : JSON.stringify(maskSecrets(value, "(secret)"), null, 2);
}

function maskEntries(value: JsonObject, mask: string): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, maskSecrets(entry, mask)]),
  );
}
