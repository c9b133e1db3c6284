import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Budget, Manifest, ManifestPolicy } from "../model/manifest.ts";
import { toAddress } from "../model/resource.ts";

/**
 * The resolved manifest as plain data, in the form in which manifests are written: variables replaced,
 * files and tables merged. Write-only values are references.
 */
export function toManifestDocument(manifest: Manifest, kinds: readonly KindSpec[]): JsonObject {
  const { version, stack, provider, policy, forget, sections } = manifest;
  const documented = Object.entries(sections).map(([section, entries]) => {
    const kind = kinds.find((one) => one.section === section);
    return [section, kind === undefined ? entries : withoutSecrets(kind, entries, policy)] as const;
  });
  return {
    version,
    ...(stack === undefined ? {} : { stack }),
    provider: { ...provider },
    policy: toPolicyDocument(policy),
    ...(forget.size === 0 ? {} : { forget: [...forget.keys()] }),
    ...Object.fromEntries(documented),
  };
}

/** What a manifest is written with and the resolved one has no more. */
const language = ["include", "variables", "environments", "defaults", "generate"] as const;
const secretShape: JsonObject = {
  type: "object",
  additionalProperties: false,
  properties: { $secret: { type: "string" } },
};

/** What such a document is like: a manifest's own schema and its provider's, without what was resolved. */
export function toDocumentShape(envelope: JsonObject, provider: JsonObject): JsonObject {
  const names = toObject(envelope["properties"]);
  const sections = toObject(provider["properties"]);
  const left = Object.entries({ ...names, ...sections }).filter(
    ([name]) => !language.some((one) => one === name),
  );
  return {
    ...envelope,
    properties: resolved(Object.fromEntries(left)),
    $defs: resolved({ ...toObject(envelope["$defs"]), ...toObject(provider["$defs"]) }),
  };
}

function toObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Tables are merged, so nothing has `$from`; a write-only value is a reference. */
function resolved(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(resolved);
  if (!isJsonObject(schema)) return schema;
  if (schema["x-secret"] === true) return secretShape;
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [
      name,
      name === "$from" ? false : resolved(value),
    ]),
  );
}

/** The entries of a section with references where their kind finds write-only values. */
function withoutSecrets(
  kind: KindSpec,
  entries: { readonly [id: string]: JsonObject },
  policy: ManifestPolicy,
): JsonObject {
  const all = Object.entries(entries).map(([id, attributes]) => {
    const declared = kind.declare?.({ id, attributes, policy }) ?? [];
    const entry = declared.reduce<JsonObject>((known, { kind: name, key, path, secrets = {} }) => {
      const address = toAddress(name, key);
      return Object.keys(secrets).reduce(
        (outer, secret) => put(outer, [...path, ...secret.split(".")], `${address}#${secret}`),
        known,
      );
    }, attributes);
    return [id, entry] as const;
  });
  return Object.fromEntries(all);
}

function put(outer: JsonObject, path: readonly string[], secret: string): JsonObject {
  const [name = "", ...rest] = path;
  const inner = outer[name];
  const value: Json =
    rest.length === 0 ? { $secret: secret } : put(isJsonObject(inner) ? inner : {}, rest, secret);
  return { ...outer, [name]: value };
}

function toPolicyDocument({
  protect,
  budgets,
  delete: deletes,
  ...policy
}: ManifestPolicy): JsonObject {
  const { delete: ofDeletes, update: ofUpdates, remove } = budgets;
  return {
    ...policy,
    delete: { ...deletes },
    protect: protect.map(({ selector }) => selector.text),
    budgets: {
      delete: toLimits(ofDeletes),
      update: toLimits(ofUpdates),
      ...(remove === undefined ? {} : { remove: toLimit(remove) }),
    },
  };
}

function toLimits(budgets: { readonly [section: string]: Budget }): JsonObject {
  return Object.fromEntries(
    Object.entries(budgets).map(([section, budget]) => [section, toLimit(budget)]),
  );
}

function toLimit({ limit }: Budget): Json {
  return "count" in limit ? limit.count : `${limit.percent}%`;
}
