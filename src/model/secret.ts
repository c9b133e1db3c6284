import { isJsonObject, type Json } from "./json.ts";

/*
 * A write-only value is represented by `{"$secret": "ADDRESS#attribute"}` everywhere but in the
 * request that writes it. Live data may hold an object that looks the same; it is escaped when it is
 * read, `$secret` to `$$secret`, and put back when it is sent, so that nobody can have a secret
 * written where everybody reads it.
 */
const REFERENCE = "$secret";
const ESCAPED = /^\$\$+secret$/;

/** The name of the write-only value that this value stands for, if it stands for one. */
export function secretName(value: Json | undefined): string | undefined {
  const name = isJsonObject(value) ? value[REFERENCE] : undefined;
  return typeof name === "string" ? name : undefined;
}

/** Names of the write-only values that parts of a value stand for. */
export function secretsIn(value: Json): string[] {
  return referencesIn(value).flatMap((reference) => secretName(reference) ?? []);
}

/** Whether a value stands for a write-only value. */
export function isSecret(value: Json | undefined): boolean {
  return secretName(value) !== undefined;
}

/** Live data in which nothing stands for a write-only value. */
export function escapeSecrets(value: Json): Json {
  // Hardly anything has such a key, and this is asked of every row there is.
  if (!hasReserved(value)) return value;
  return renameKeys(value, (key) => (isReserved(key) ? `$${key}` : key));
}

function isReserved(key: string): boolean {
  return key.startsWith("$") && (key === REFERENCE || ESCAPED.test(key));
}

function hasReserved(value: Json | undefined): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasReserved);
  const object = value as { readonly [key: string]: Json };
  for (const key in object) if (isReserved(key) || hasReserved(object[key])) return true;
  return false;
}

/** The opposite of `escapeSecrets`, for data that goes back to where it came from. */
export function unescapeSecrets(value: Json): Json {
  return renameKeys(value, (key) => (ESCAPED.test(key) ? key.slice(1) : key));
}

function renameKeys(value: Json, rename: (key: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, rename));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [rename(key), renameKeys(inner, rename)]),
  );
}

/** Sizes of write-only values as JSON, in bytes, by name. */
export type SecretBytes = ReadonlyMap<string, number>;

/** Bytes of a value as JSON, with write-only values counted at their own size. */
export function jsonBytes(value: Json, secretBytes: SecretBytes = new Map()): number {
  const text = JSON.stringify(value);
  const plain = Buffer.byteLength(text);
  if (!text.includes(REFERENCE)) return plain;
  return referencesIn(value).reduce<number>((bytes, reference) => {
    const size = secretBytes.get(secretName(reference) ?? "");
    if (size === undefined) return bytes;
    return bytes + size - Buffer.byteLength(JSON.stringify(reference));
  }, plain);
}

function referencesIn(value: Json): Json[] {
  if (isSecret(value)) return [value];
  const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return inner.flatMap(referencesIn);
}

/** What stands in the place of a text that repeats a secret. */
export const LEFT_OUT = "(left out: it repeats a secret)";

/**
 * A text from elsewhere, if it does not repeat one of these values: as it is, or in a form in which
 * texts carry other texts. Else nothing of it is kept, for nobody knows how much of it is secret.
 */
export function unlessRepeating(text: string, values: readonly string[]): string {
  return values.some((value) => formsOf(value).some((form) => text.includes(form)))
    ? LEFT_OUT
    : text;
}

function formsOf(value: string): readonly string[] {
  if (value === "") return [];
  const inJson = JSON.stringify(value).slice(1, -1);
  const inJsonInJson = JSON.stringify(inJson).slice(1, -1);
  const inUrl = encodeURIComponent(value);
  const inBase64 = Buffer.from(value).toString("base64").replace(/=+$/, "");
  return [value, inJson, inJsonInJson, inUrl, inBase64];
}

/** Every text in a value, numbers included. */
export function textsIn(value: Json): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return inner.flatMap(textsIn);
}
