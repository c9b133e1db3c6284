import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../model/json.ts";
import type { Budget, Budgets, Manifest, ManifestPolicy } from "../model/manifest.ts";
import type { DesiredGraph } from "../model/resource.ts";
import { canonicalText } from "./canonical.ts";

const pieceCharacters = 64 * 1024;

/**
 * SHA-256 of what the manifest asks for, in lower-case hex. The order of keys, comments, file names
 * and write-only values do not change it.
 */
export function digestManifest(manifest: Manifest, desired: DesiredGraph): string {
  const { version, stack, provider, policy } = manifest;
  const content = {
    version,
    stack: stack ?? null,
    provider: { ...provider },
    policy: toPolicyContent(policy),
    managed: [...desired.managed].sort(),
    children: Object.fromEntries(desired.children),
    ...(manifest.forget.size === 0 ? {} : { forget: [...manifest.forget.keys()].sort() }),
  };
  const hash = createHash("sha256");
  const parts = Object.entries<Json>(content).map(([name, value]) => ({
    name,
    texts: [canonicalText(value)] as Iterable<string>,
  }));
  const all = [...parts, { name: "resources", texts: canonicalResources(desired) }];
  hash.update('{"pairs":[');
  for (const [index, { name, texts }] of all.sort(byName).entries()) {
    hash.update(`${index === 0 ? "" : ","}[${JSON.stringify(name)},`);
    for (const text of texts) {
      hash.update(text);
    }
    hash.update("]");
  }
  return hash.update("]}").digest("hex");
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}

/** The canonical text of all resources in pieces: of many it would be too long to be held at once. */
function* canonicalResources({ resources }: DesiredGraph): Generator<string> {
  let piece = '{"pairs":[';
  for (const [index, address] of [...resources.keys()].sort().entries()) {
    const attributes = resources.get(address)?.attributes ?? {};
    piece += `${index === 0 ? "" : ","}[${JSON.stringify(address)},${canonicalText(attributes)}]`;
    if (piece.length > pieceCharacters) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}]}`;
}

/** What is not said is left out, so that manifests that do not say it keep their digest. */
function toPolicyContent({ protect, budgets, ...policy }: ManifestPolicy): JsonObject {
  // However it is spelt: what counts is which keys of which kinds are meant.
  const patterns = [
    ...new Set(protect.map(({ selector }) => JSON.stringify([...selector.kinds]))),
  ].sort();
  const limits = listLimits(budgets);
  return {
    ...policy,
    delete: { ...policy.delete },
    ...(patterns.length === 0 ? {} : { protect: patterns }),
    ...(limits.length === 0 ? {} : { budgets: Object.fromEntries(limits) }),
  };
}

function listLimits(budgets: Budgets): readonly (readonly [name: string, limit: JsonObject])[] {
  const { delete: deletes, update: updates, remove } = budgets;
  const all: readonly (readonly [name: string, budget: Budget])[] = [
    ...Object.entries(deletes).map(([section, budget]) => [`delete:${section}`, budget] as const),
    ...Object.entries(updates).map(([section, budget]) => [`update:${section}`, budget] as const),
    ...(remove === undefined ? [] : [["remove", remove] as const]),
  ];
  return all.map(([name, { limit }]) => [name, { ...limit }]);
}
