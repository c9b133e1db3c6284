import { stringify } from "yaml";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";

/** Where editors find the schema of a manifest that stands anywhere. */
const SCHEMA_URL = "https://unpkg.com/cometform/schemas/manifest.schema.json";

/** A manifest as YAML text, with the line that gives editors its schema. */
export function printManifest(manifest: JsonObject): string {
  const text = stringify(escapeVariables(manifest), { lineWidth: 0, aliasDuplicateObjects: false });
  return `# yaml-language-server: $schema=${SCHEMA_URL}\n${text}`;
}

/** A text that holds `${` means just that, and must not become a variable when it is read again. */
function escapeVariables(value: Json): Json {
  if (typeof value === "string") return value.replaceAll("${", "$${");
  if (Array.isArray(value)) return value.map(escapeVariables);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, escapeVariables(inner)]),
  );
}
