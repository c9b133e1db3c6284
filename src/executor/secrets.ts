import { isJsonObject, type Json } from "../model/json.ts";
import {
  secretName,
  secretsIn,
  textsIn,
  unescapeSecrets,
  unlessRepeating,
} from "../model/secret.ts";

/** Write-only values by `ADDRESS#attribute`. */
export type Secrets = ReadonlyMap<string, Json>;

/** A body as it is sent: write-only values in place, live data as it was read. */
export function fillSecrets(value: Json, secrets: Secrets): Json {
  const name = secretName(value);
  if (name !== undefined) return secretOf(name, secrets);
  if (Array.isArray(value)) return value.map((item) => fillSecrets(item, secrets));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const [sent = key] = Object.keys(unescapeSecrets({ [key]: null }) as object);
      return [sent, fillSecrets(inner, secrets)];
    }),
  );
}

function secretOf(name: string, secrets: Secrets): Json {
  const secret = secrets.get(name);
  if (secret === undefined) throw new Error(`no value was kept for ${name}`);
  return secret;
}

/** A text of the service's, unless it repeats a write-only value that a body holds. */
export function redact(text: string, body: Json, secrets: Secrets): string {
  const values = secretsIn(body).flatMap((name) => textsIn(secrets.get(name) ?? null));
  return unlessRepeating(text, values);
}
