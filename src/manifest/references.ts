import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import type { KindSpec, Reference } from "../model/kind.ts";
import type { Manifest } from "../model/manifest.ts";
import {
  type Address,
  type DesiredGraph,
  type DesiredResource,
  keyIn,
  kindIn,
} from "../model/resource.ts";
import { suggestionHint } from "./suggest.ts";

/** Looking for the nearest of many names takes time; the first few are what people read. */
const suggestionsMax = 50;

/** What references are judged by. */
export interface ReferenceContext {
  readonly graph: DesiredGraph;
  readonly kinds: readonly KindSpec[];
  readonly manifest: Manifest;
  /** Where resources are declared, as paths from the manifest's top. */
  findPaths(addresses: ReadonlySet<Address>): ReadonlyMap<Address, readonly string[]>;
}

interface Missing {
  readonly kind: KindSpec;
  readonly section: string;
  readonly key: string;
  /** Who refers, and by which attribute. */
  readonly by: Address;
  readonly attribute: string;
}

/** What the manifest refers to without declaring it, though it declares others of the kind. */
export function checkReferences(context: ReferenceContext): readonly Diagnostic[] {
  const { graph, kinds, manifest } = context;
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const missing: Missing[] = [];
  for (const resource of graph.resources.values()) {
    const { address, kind, attributes, key } = resource;
    for (const reference of byName.get(kind)?.references(attributes, key) ?? []) {
      const isDeclared = graph.resources.has(reference.address);
      const target = isDeclared ? undefined : toTarget(reference, kinds);
      if (target !== undefined && Object.hasOwn(manifest.sections, target.section)) {
        missing.push({ ...target, by: address, attribute: reference.attribute });
      }
    }
  }
  return missing.length === 0 ? [] : describeMissing(missing, context);
}

function describeMissing(
  missing: readonly Missing[],
  { graph, kinds, manifest, findPaths }: ReferenceContext,
): readonly Diagnostic[] {
  const keys = new Map(kinds.map(({ name }) => [name, keysOf(name, graph)]));
  const paths = findPaths(new Set(missing.map(({ by }) => by)));
  return missing.map((one, index) => {
    const candidates = index < suggestionsMax ? keys.get(one.kind.name) : undefined;
    const range = manifest.locate([...(paths.get(one.by) ?? []), one.attribute]);
    return undeclared(one, candidates ?? [], range);
  });
}

function keysOf(kind: string, graph: DesiredGraph): readonly string[] {
  return [...graph.resources.values()]
    .filter((resource) => resource.kind === kind)
    .map(({ key }) => key);
}

function toTarget(
  { address }: Reference,
  kinds: readonly KindSpec[],
): Pick<Missing, "kind" | "section" | "key"> | undefined {
  const kind = kinds.find(({ name }) => name === kindIn(address));
  return kind?.section === undefined
    ? undefined
    : { kind, section: kind.section, key: keyIn(address) };
}

function undeclared(
  { kind, key }: Missing,
  candidates: readonly string[],
  range: SourceRange,
): Diagnostic {
  return {
    severity: "warning",
    code: "manifest/undeclared-reference",
    summary: `${kind.name} "${key}" is not declared`,
    detail: "It is not declared here; plan looks for it in the app.",
    ...suggestionHint(key, candidates),
    range,
  };
}

/** Declarations that have no effect, because another resource already decides the attribute. */
export function checkImplied({ graph, kinds, manifest }: ReferenceContext): readonly Diagnostic[] {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const found: Diagnostic[] = [];
  for (const { kind: name, attributes, key, address } of graph.resources.values()) {
    for (const implied of byName.get(name)?.implies?.(attributes, key, attributes) ?? []) {
      const declared = graph.resources.get(`${implied.kind}/${implied.key}`);
      found.push(
        ...(declared === undefined
          ? []
          : findVain(declared, implied.attributes, { by: address, manifest })),
      );
    }
  }
  return found;
}

function findVain(
  declared: DesiredResource,
  decided: DesiredResource["attributes"],
  { by, manifest }: { readonly by: Address; readonly manifest: Manifest },
): readonly Diagnostic[] {
  return Object.entries(decided)
    .filter(([name, value]) => (declared.attributes[name] ?? value) !== value)
    .map(([name, value]) => ({
      severity: "warning",
      code: "manifest/no-effect",
      summary: `${name} ${String(declared.attributes[name])} has no effect here`,
      detail: `${declared.address} has ${name} ${String(value)} because of ${by}.`,
      address: declared.address,
      ...(declared.path === undefined ? {} : { range: manifest.locate(declared.path) }),
    }));
}
