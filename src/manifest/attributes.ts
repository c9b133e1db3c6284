import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { type AttributeText, alternativesOf, describeSchema, isOfMaps } from "./attribute-text.ts";
import { toTexts } from "./keywords.ts";
import { childOf, follow, propertiesOf } from "./schema-walk.ts";

/** An attribute, where it stands and in words. */
export interface ListedAttribute extends AttributeText {
  /** Keys from where the list begins; `*` stands for any key, `[]` for what stands in a list. */
  readonly path: readonly string[];
  readonly isRequired: boolean;
}

/**
 * Every attribute below a place of a schema, parents first. What `defaults` repeats of entries is told, and not
 * what stands below it; nor is what an environment has otherwise, which is a manifest again.
 */
export function listAttributes(
  root: JsonObject,
  keys: readonly string[],
): readonly ListedAttribute[] {
  const start = keys.reduce((schema, key) => childOf(root, schema, key), root);
  return below(root, start, []);
}

/** What is a manifest itself, for the most part. */
const overlay = "environments.*";

function below(
  root: JsonObject,
  schema: JsonObject,
  path: readonly string[],
): readonly ListedAttribute[] {
  const required = toTexts(schema["required"]);
  return childrenOf(schema).flatMap(([name, child]) => {
    const here = [...path, name];
    const followed = follow(root, child);
    const text = describeSchema(root, followed);
    // What is put together from others is told where those are.
    const isEntry = alternativesOf(child).length > 0;
    if (isEntry && text.description === "") {
      return [];
    }
    const listed = { ...text, path: here, isRequired: required.includes(name) };
    const isLast = isEntry || here.join(".") === overlay;
    return [listed, ...(isLast ? [] : below(root, followed, here))];
  });
}

/** The named attributes, what any other key may hold, and what stands in a list. */
function childrenOf(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  const { additionalProperties: others, items } = schema;
  const entries: (readonly [string, Json])[] = [
    ...Object.entries(propertiesOf(schema)),
    ...(isJsonObject(others) ? [["*", others] as const] : []),
    ...(isOfMaps(items) ? [["[]", items] as const] : []),
  ];
  return entries.flatMap(([name, child]) => (isJsonObject(child) ? [[name, child] as const] : []));
}
