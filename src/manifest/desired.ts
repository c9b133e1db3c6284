import type { Diagnostic, Result } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Declaration, Manifest } from "../model/manifest.ts";
import {
  type Address,
  type Attributes,
  type ChildMode,
  type DesiredGraph,
  type DesiredResource,
  toAddress,
} from "../model/resource.ts";
import { jsonBytes } from "../model/secret.ts";
import { formatPlace, sortDiagnostics } from "./diagnostics.ts";
import { checkImplied, checkReferences } from "./references.ts";

interface Collected {
  readonly resources: Map<Address, DesiredResource>;
  readonly paths: Map<Address, readonly string[]>;
  readonly children: Map<Address, ChildMode>;
  readonly secrets: Map<string, Json>;
  readonly diagnostics: Diagnostic[];
}

/** Everything the manifest asks for, as resources; references that lead nowhere are reported. */
export function toDesired(manifest: Manifest, kinds: readonly KindSpec[]): Result<DesiredGraph> {
  const collected: Collected = {
    resources: new Map(),
    paths: new Map(),
    children: new Map(),
    secrets: new Map(),
    diagnostics: [],
  };
  const bySection = new Map(kinds.map((kind) => [kind.section, kind]));
  for (const [section, entries] of Object.entries(manifest.sections)) {
    for (const [id, attributes] of Object.entries(entries)) {
      const entry = { id, attributes, policy: manifest.policy };
      for (const declaration of bySection.get(section)?.declare?.(entry) ?? []) {
        collect(declaration, [section, id, ...declaration.path], manifest, collected);
      }
    }
  }
  const { resources, children, secrets } = collected;
  const { forget } = manifest;
  const graph = { resources, managed: toManaged(manifest, kinds), children, secrets, forget };
  const context = { graph, kinds, manifest, paths: collected.paths };
  const diagnostics = sortDiagnostics(
    [...collected.diagnostics, ...checkReferences(context), ...checkImplied(context)],
    manifest.files,
  );
  return diagnostics.some(({ severity }) => severity === "error")
    ? { ok: false, diagnostics }
    : { ok: true, value: graph, diagnostics };
}

function collect(
  declaration: Declaration,
  path: readonly string[],
  manifest: Manifest,
  { resources, paths, children, secrets, diagnostics }: Collected,
): void {
  const { kind, key } = declaration;
  const address = toAddress(kind, key);
  const source = manifest.locate(path);
  const first = resources.get(address)?.source;
  if (first !== undefined) {
    diagnostics.push({
      severity: "error",
      code: "manifest/duplicate-id",
      summary: `${address} is declared twice`,
      hint: `first at ${formatPlace(first)}`,
      address,
      range: source,
    });
    return;
  }
  const written = Object.entries(declaration.secrets ?? {});
  const attributes = written.reduce<Attributes>(
    (outer, [name]) => withReference(outer, name.split("."), `${address}#${name}`),
    declaration.attributes,
  );
  const secretBytes = new Map(
    written.map(([name, value]) => [`${address}#${name}`, jsonBytes(value)] as const),
  );
  const hidden = secretBytes.size === 0 ? {} : { secretBytes };
  resources.set(address, { address, kind, key, attributes, source, ...hidden });
  paths.set(address, path);
  for (const [name, value] of written) {
    secrets.set(`${address}#${name}`, value);
  }
  if (declaration.children !== undefined) {
    children.set(address, declaration.children);
  }
}

/** The attributes with a reference to a write-only value at that path. */
function withReference(outer: JsonObject, path: readonly string[], secret: string): JsonObject {
  const [name = "", ...rest] = path;
  const inner = outer[name];
  const value =
    rest.length === 0
      ? { $secret: secret }
      : withReference(isJsonObject(inner) ? inner : {}, rest, secret);
  return { ...outer, [name]: value };
}

/** Kinds whose section is there, and those that live in them. */
function toManaged(manifest: Manifest, kinds: readonly KindSpec[]): ReadonlySet<string> {
  const managed = new Set<string>();
  for (const { name, section, parent } of kinds) {
    const isManaged =
      section === undefined
        ? parent !== undefined && managed.has(parent)
        : Object.hasOwn(manifest.sections, section);
    if (isManaged) {
      managed.add(name);
    }
  }
  return managed;
}
