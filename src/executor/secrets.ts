import { isJsonObject, type Json } from "../model/json.ts";

/** Write-only values by `ADDRESS#attribute`. */
export type Secrets = ReadonlyMap<string, Json>;

/** References to write-only values in a body that has not been filled in yet. */
export function secretsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (!isJsonObject(value)) return [];
  const name = value["$secret"];
  return typeof name === "string" ? [name] : Object.values(value).flatMap(secretsIn);
}

/** A body with its write-only values in place; a missing one is our mistake. */
export function fillSecrets(value: Json, secrets: Secrets): Json {
  if (Array.isArray(value)) return value.map((item) => fillSecrets(item, secrets));
  if (!isJsonObject(value)) return value;
  const name = value["$secret"];
  if (typeof name !== "string") {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, fillSecrets(inner, secrets)]),
    );
  }
  const secret = secrets.get(name);
  if (secret === undefined) throw new Error(`no value was kept for ${name}`);
  return secret;
}
