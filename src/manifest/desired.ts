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
  readonly children: Map<Address, ChildMode>;
  readonly secrets: Map<string, Json>;
  readonly diagnostics: Diagnostic[];
}

/** Everything the manifest asks for, as resources; references that lead nowhere are reported. */
export function toDesired(manifest: Manifest, kinds: readonly KindSpec[]): Result<DesiredGraph> {
  const collected: Collected = {
    resources: new Map(),
    children: new Map(),
    secrets: new Map(),
    diagnostics: [],
  };
  forEachDeclaration(manifest, kinds, (declaration, path) => {
    collect(declaration, path, manifest, collected);
  });
  const { resources, children, secrets } = collected;
  const { forget, locate } = manifest;
  const managed = toManaged(manifest, kinds);
  const graph = { resources, managed, children, secrets, forget, locate };
  const findPaths = (addresses: ReadonlySet<Address>) => toPaths(addresses, manifest, kinds);
  const context = { graph, kinds, manifest, findPaths };
  const diagnostics = sortDiagnostics(
    [...collected.diagnostics, ...checkReferences(context), ...checkImplied(context)],
    manifest.files,
  );
  return diagnostics.some(({ severity }) => severity === "error")
    ? { ok: false, diagnostics }
    : { ok: true, value: graph, diagnostics };
}

function forEachDeclaration(
  { sections, policy }: Manifest,
  kinds: readonly KindSpec[],
  use: (declaration: Declaration, path: readonly string[]) => void,
): void {
  const bySection = new Map(kinds.map((kind) => [kind.section, kind]));
  for (const [section, entries] of Object.entries(sections)) {
    const kind = bySection.get(section);
    for (const id of Object.keys(entries)) {
      const attributes = entries[id] ?? {};
      for (const declaration of kind?.declare?.({ id, attributes, policy }) ?? []) {
        use(declaration, [section, id, ...declaration.path]);
      }
    }
  }
}

/** Where these are declared, as paths from the manifest's top; few are asked for, so none is kept. */
function toPaths(
  addresses: ReadonlySet<Address>,
  manifest: Manifest,
  kinds: readonly KindSpec[],
): ReadonlyMap<Address, readonly string[]> {
  const paths = new Map<Address, readonly string[]>();
  forEachDeclaration(manifest, kinds, ({ kind, key }, path) => {
    const address = toAddress(kind, key);
    if (addresses.has(address) && !paths.has(address)) {
      paths.set(address, path);
    }
  });
  return paths;
}

function collect(
  declaration: Declaration,
  path: readonly string[],
  manifest: Manifest,
  { resources, children, secrets, diagnostics }: Collected,
): void {
  const { kind, key } = declaration;
  const address = toAddress(kind, key);
  const first = resources.get(address)?.path;
  if (first !== undefined) {
    diagnostics.push({
      severity: "error",
      code: "manifest/duplicate-id",
      summary: `${address} is declared twice`,
      hint: `first at ${formatPlace(manifest.locate(first))}`,
      address,
      range: manifest.locate(path),
    });
    return;
  }
  if (declaration.children !== undefined) {
    children.set(address, declaration.children);
  }
  const written = Object.entries(declaration.secrets ?? {});
  if (written.length === 0) {
    resources.set(address, { address, kind, key, attributes: declaration.attributes, path });
    return;
  }
  const attributes = written.reduce<Attributes>(
    (outer, [name]) => withReference(outer, name.split("."), `${address}#${name}`),
    declaration.attributes,
  );
  const secretBytes = new Map(
    written.map(([name, value]) => [`${address}#${name}`, jsonBytes(value)] as const),
  );
  resources.set(address, { address, kind, key, attributes, path, secretBytes });
  for (const [name, value] of written) {
    secrets.set(`${address}#${name}`, value);
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
