import type { Diagnostic } from "../model/diagnostic.ts";
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
  /** Where each resource is declared, as a path from the manifest's top. */
  readonly paths: ReadonlyMap<Address, readonly string[]>;
}

interface Missing {
  readonly kind: KindSpec;
  readonly section: string;
  readonly key: string;
  /** The path of the attribute that refers. */
  readonly path: readonly string[];
}

/** What the manifest refers to without declaring it, though it declares others of the kind. */
export function checkReferences(context: ReferenceContext): readonly Diagnostic[] {
  const { graph, kinds } = context;
  const keys = new Map(kinds.map(({ name }) => [name, keysOf(name, graph)]));
  return [...graph.resources.values()]
    .flatMap((resource) => findMissing(resource, context))
    .map((missing, index) => {
      const candidates = index < suggestionsMax ? keys.get(missing.kind.name) : undefined;
      return undeclared(missing, candidates ?? [], context.manifest);
    });
}

function keysOf(kind: string, graph: DesiredGraph): readonly string[] {
  return [...graph.resources.values()]
    .filter((resource) => resource.kind === kind)
    .map(({ key }) => key);
}

function findMissing(resource: DesiredResource, context: ReferenceContext): readonly Missing[] {
  const { graph, kinds, manifest, paths } = context;
  const kind = kinds.find(({ name }) => name === resource.kind);
  const references = kind?.references(resource.attributes, resource.key) ?? [];
  return references
    .filter(({ address }) => !graph.resources.has(address))
    .flatMap((reference) => {
      const target = toTarget(reference, kinds);
      const path = [...(paths.get(resource.address) ?? []), reference.attribute];
      return target !== undefined && Object.hasOwn(manifest.sections, target.section)
        ? [{ ...target, path }]
        : [];
    });
}

function toTarget(
  { address }: Reference,
  kinds: readonly KindSpec[],
): Omit<Missing, "path"> | undefined {
  const kind = kinds.find(({ name }) => name === kindIn(address));
  return kind?.section === undefined
    ? undefined
    : { kind, section: kind.section, key: keyIn(address) };
}

function undeclared(
  { kind, key, path }: Missing,
  candidates: readonly string[],
  { locate }: Manifest,
): Diagnostic {
  return {
    severity: "warning",
    code: "manifest/undeclared-reference",
    summary: `${kind.name} "${key}" is not declared`,
    detail: "It is not declared here; plan looks for it in the app.",
    ...suggestionHint(key, candidates),
    range: locate(path),
  };
}

/** Declarations that have no effect, because another resource already decides the attribute. */
export function checkImplied({ graph, kinds }: ReferenceContext): readonly Diagnostic[] {
  return [...graph.resources.values()].flatMap(({ kind: name, attributes, key, address }) => {
    const kind = kinds.find((candidate) => candidate.name === name);
    const implied = kind?.implies?.(attributes, key, attributes) ?? [];
    return implied.flatMap(({ kind: impliedKind, key: impliedKey, attributes: decided }) => {
      const declared = graph.resources.get(`${impliedKind}/${impliedKey}`);
      return declared === undefined ? [] : findVain(declared, decided, address);
    });
  });
}

function findVain(
  declared: DesiredResource,
  decided: DesiredResource["attributes"],
  by: Address,
): readonly Diagnostic[] {
  return Object.entries(decided)
    .filter(([name, value]) => (declared.attributes[name] ?? value) !== value)
    .map(([name, value]) => ({
      severity: "warning",
      code: "manifest/no-effect",
      summary: `${name} ${String(declared.attributes[name])} has no effect here`,
      detail: `${declared.address} has ${name} ${String(value)} because of ${by}.`,
      address: declared.address,
      ...(declared.source === undefined ? {} : { range: declared.source }),
    }));
}
