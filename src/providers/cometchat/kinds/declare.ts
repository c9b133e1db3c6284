import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import { PROTECT } from "../../../model/resource.ts";

/** Attributes without a write-only one, and that one by its path; a resource is declared with both. */
export interface Split {
  readonly attributes: JsonObject;
  readonly secrets: { readonly [path: string]: Json };
}

/** Takes the write-only value at `path` (`password`, `metadata.@private`) out of attributes. */
export function takeSecret(attributes: JsonObject, path: string): Split {
  const [name = "", inner] = splitPath(path);
  const value = attributes[name];
  if (inner === undefined) {
    if (value === undefined || value === null) return { attributes, secrets: {} };
    const { [name]: _, ...rest } = attributes;
    return { attributes: rest, secrets: { [path]: value } };
  }
  if (!isJsonObject(value) || value[inner] === undefined || value[inner] === null) {
    return { attributes, secrets: {} };
  }
  const { [inner]: secret, ...rest } = value;
  return { attributes: { ...attributes, [name]: rest }, secrets: { [path]: secret ?? null } };
}

function splitPath(path: string): readonly [string, string?] {
  const dot = path.indexOf(".");
  return dot < 0 ? [path] : [path.slice(0, dot), path.slice(dot + 1)];
}

/** Protection as it is compared: `false` is no protection, and so is none. */
export function plainProtect(attributes: JsonObject): JsonObject {
  return attributes[PROTECT] === false ? { ...attributes, [PROTECT]: null } : attributes;
}

/** Ids of users, groups and roles are forced to lower case by the service (documented). */
export function toLowerId(id: string): string {
  return id.toLowerCase();
}

/** An attribute that holds an id, in the form the service keeps it. */
export function lowerAttribute(attributes: JsonObject, name: string): JsonObject {
  const value = attributes[name];
  const isOther = typeof value === "string" && toLowerId(value) !== value;
  return isOther ? { ...attributes, [name]: toLowerId(value) } : attributes;
}

/** Tags as a set: sorted, each once. */
export function sortTags(attributes: JsonObject, name = "tags"): JsonObject {
  const value = attributes[name];
  if (!Array.isArray(value)) return attributes;
  const isSorted = value.every(
    (tag, at) => typeof tag === "string" && (at === 0 || value[at - 1] < tag),
  );
  if (isSorted) return attributes;
  return { ...attributes, [name]: [...new Set(value.map(String))].sort() };
}
