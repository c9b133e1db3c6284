import { Document, isMap, isScalar, visit } from "yaml";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";

/** Where editors find the schema of a manifest that stands anywhere. */
const schemaUrl = "https://unpkg.com/cometform/schemas/manifest.schema.json";

/** Characters that a manifest must not have as they are; in a value they are written as escapes. */
const awkward = /[^\P{Cc}\n]|\uFFFD/gu;

/** A manifest as YAML text that loads as it is, with the line that gives editors its schema. */
export function printManifest(manifest: JsonObject): string {
  const document = new Document(escapeVariables(manifest), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === "string" && needsQuotes(scalar.value)) {
        scalar.type = "QUOTE_DOUBLE";
      }
    },
  });
  separateSections(document);
  // The awkward characters that are left stand in double quotes, and nowhere else.
  const text = document.toString({ lineWidth: 0 }).replaceAll(awkward, toEscape);
  return `# yaml-language-server: $schema=${schemaUrl}\n${text}`;
}

/** `<<` would be a merge key; awkward characters are escaped in double quotes only. */
function needsQuotes(text: string): boolean {
  return text === "<<" || text.search(awkward) >= 0;
}

/** A text that holds `${` means just that, and must not become a variable when it is read again. */
function escapeVariables(value: Json): Json {
  if (typeof value === "string") {
    return value.replaceAll("${", () => "$${");
  }
  if (Array.isArray(value)) {
    return value.map(escapeVariables);
  }
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escapeVariables(inner)]))
    : value;
}

/** An empty line before each map at the top that has something in it. */
function separateSections(document: Document): void {
  const entries = isMap(document.contents) ? document.contents.items.slice(1) : [];
  for (const { key, value } of entries) {
    if (isScalar(key) && isMap(value) && value.items.length > 0) {
      key.spaceBefore = true;
    }
  }
}

function toEscape(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
