/** A JSON value; what manifests, API bodies and plans are made of. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is a JSON object, as opposed to an array, a scalar or nothing at all. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same value with the keys of every object in order, so that equal values have equal bytes. */
export function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key] ?? null)]));
}

/**
 * The JSON text of a value with the keys of every object in the order of `sortKeys`, in pieces: one
 * for each item of its lists. What is `undefined` is left out, as `JSON.stringify` does.
 */
export function* stablePieces(document: object): Generator<string> {
  let before = "{";
  for (const [name, value] of stableEntries(document)) {
    yield `${before}${JSON.stringify(name)}:`;
    if (Array.isArray(value)) yield* pieces(value);
    else yield stableText(value);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

function* pieces(items: readonly unknown[]): Generator<string> {
  yield "[";
  for (const [index, item] of items.entries()) {
    yield index === 0 ? stableText(item) : `,${stableText(item)}`;
  }
  yield "]";
}

function stableText(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(stableText).join(",")}]`;
  let text = "";
  for (const [name, inner] of stableEntries(value)) {
    text += `${text === "" ? "{" : ","}${JSON.stringify(name)}:${stableText(inner)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

/** What an object holds, in order; keys that look like places in a list come first, as in every object. */
function stableEntries(value: object): (readonly [string, unknown])[] {
  const all = value as { readonly [name: string]: unknown };
  const names = Object.keys(value).sort();
  const ordered = names.some(isIndex)
    ? [...names.filter(isIndex).sort((a, b) => Number(a) - Number(b)), ...names.filter(isNoIndex)]
    : names;
  return ordered.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]] as const]));
}

function isIndex(name: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(name) && Number(name) < 4_294_967_295;
}

function isNoIndex(name: string): boolean {
  return !isIndex(name);
}
