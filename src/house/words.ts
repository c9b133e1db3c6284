import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";

const spoken = ["message", "description", "title"] as const;

/**
 * What a schema itself says about a keyword that failed: the nearest `message`, `description` or
 * `title`, from the schema with the keyword up to its top.
 */
export function wordsFor(schemaPath: string, schema: JsonObject): string | undefined {
  const names = schemaPath
    .slice(schemaPath.indexOf("#") + 1)
    .split("/")
    .slice(1)
    .map((name) => decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~"));
  const way: (Json | undefined)[] = [schema];
  for (const name of names.slice(0, -1)) way.push(innerOf(way.at(-1), name));
  return way.reverse().flatMap((one) => saidBy(one) ?? [])[0];
}

function innerOf(value: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isJsonObject(value) ? value[name] : undefined;
}

function saidBy(schema: Json | undefined): string | undefined {
  if (!isJsonObject(schema)) return undefined;
  const texts = spoken.flatMap((name) => {
    const text = schema[name];
    return typeof text === "string" && text.trim() !== ""
      ? text.trim().replaceAll(/\s+/g, " ")
      : [];
  });
  return texts[0];
}
