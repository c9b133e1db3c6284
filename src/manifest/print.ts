import { Document, isCollection, isMap, isScalar, visit } from "yaml";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { bundleManifest } from "./bundle.ts";
import { childOf, propertiesOf } from "./schema-walk.ts";

/** Where editors find the schema of a manifest that stands anywhere. */
export const schemaUrl = "https://unpkg.com/cometform/schemas/manifest.schema.json";

/** Characters that a manifest must not have as they are; in a value they are written as escapes. */
const awkward = /[^\P{Cc}\n]|\uFFFD/gu;

/** By attribute at the top: lines of comment to stand above it. */
export type Remarks = { readonly [name: string]: readonly string[] };

/** A manifest as YAML text that loads as it is, with the line that gives editors its schema. */
export function printManifest(
  manifest: JsonObject,
  provider: JsonObject = {},
  remarks: Remarks = {},
): string {
  const schema = bundleManifest(provider);
  const ordered = orderValue(manifest, { root: schema, schema });
  const document = new Document(escapeVariables(ordered), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === "string" && needsQuotes(scalar.value)) {
        scalar.type = "QUOTE_DOUBLE";
      }
    },
  });
  separateSections(document);
  for (const { key } of isMap(document.contents) ? document.contents.items : []) {
    const remark = isScalar(key) ? remarks[String(key.value)] : undefined;
    if (isScalar(key) && remark !== undefined) {
      key.commentBefore = remark.map((line) => ` ${line}`).join("\n");
    }
  }
  // The awkward characters that are left stand in double quotes, and nowhere else.
  const text = document.toString({ lineWidth: 0 }).replaceAll(awkward, toEscape);
  return `# yaml-language-server: $schema=${schemaUrl}\n${text}`;
}

/** Attributes in the schema's order, which is the canonical one. */
function orderValue(
  value: Json,
  { root, schema }: { readonly root: JsonObject; readonly schema: JsonObject },
): Json {
  if (!isJsonObject(value)) {
    return value;
  }
  const names = Object.keys(propertiesOf(schema)).filter((name) => Object.hasOwn(value, name));
  const keys = [...new Set([...names, ...Object.keys(value)])];
  return Object.fromEntries(
    keys.map((key) => {
      const inner = childOf(root, schema, key);
      return [key, orderValue(value[key] ?? null, { root, schema: inner })];
    }),
  );
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

/** An empty line around each attribute at the top that goes on below its key. */
function separateSections(document: Document): void {
  const entries = isMap(document.contents) ? document.contents.items : [];
  for (const [index, { key, value }] of entries.entries()) {
    if (index > 0 && isScalar(key) && (isLong(value) || isLong(entries[index - 1]?.value))) {
      key.spaceBefore = true;
    }
  }
}

function isLong(value: unknown): boolean {
  return isCollection(value) && value.items.length > 0;
}

function toEscape(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
