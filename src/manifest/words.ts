import { formatCount as formatNumber } from "../model/count.ts";
import type { Json } from "../model/json.ts";

const typeNames: { readonly [type: string]: string } = {
  array: "a list",
  boolean: "true or false",
  number: "a number",
  object: "a map",
  string: "a string",
};

/** Lists at the top of a manifest. */
const lists: ReadonlySet<string> = new Set(["forget", "include", "generate"]);

/** The name a message uses for the end of a path: `role`, `tags[2]`. */
export function nameOf(path: readonly string[]): string {
  const last = path.at(-1) ?? "the manifest";
  // A number is a position, but right below a section, where it is an id.
  const isPosition = (path.length > 2 || lists.has(path[0] ?? "")) && /^\d+$/.test(last);
  return isPosition ? `${path.at(-2)}[${last}]` : last;
}

/** A JSON Schema type in words. */
export function expectedType(type: string): string {
  return typeNames[type] ?? type;
}

/** What a value is, in words. */
export function foundType(value: Json): string {
  if (value === null || typeof value === "boolean") {
    return String(value);
  }
  return expectedType(Array.isArray(value) ? "array" : typeof value);
}

/** `a, b or c`. */
export function joinNames(names: readonly string[], last: string): string {
  return names.length < 2
    ? names.join()
    : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}

/** `1 byte`, `5,120 bytes`; only the number where no word is given. */
export function formatCount(count: number, one?: string, many?: string): string {
  const number = formatNumber(count);
  if (one === undefined) {
    return number;
  }
  return `${number} ${count === 1 ? one : (many ?? `${one}s`)}`;
}
