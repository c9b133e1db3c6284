import { createHash } from "node:crypto";
import type { JsonObject } from "../model/json.ts";
import type { Budget, Budgets, Manifest, ManifestPolicy } from "../model/manifest.ts";
import type { DesiredGraph } from "../model/resource.ts";
import { canonicalText } from "./canonical.ts";

/**
 * SHA-256 of what the manifest asks for, in lower-case hex. The order of keys, comments, file names
 * and write-only values do not change it.
 */
export function digestManifest(manifest: Manifest, desired: DesiredGraph): string {
  const { version, stack, provider, policy } = manifest;
  const resources = [...desired.resources.values()].map(
    ({ address, attributes }) => [address, attributes] as const,
  );
  const content = {
    version,
    stack: stack ?? null,
    provider: { ...provider },
    policy: toPolicyContent(policy),
    managed: [...desired.managed].sort(),
    children: Object.fromEntries(desired.children),
    resources: Object.fromEntries(resources),
    ...(manifest.forget.size === 0 ? {} : { forget: [...manifest.forget.keys()].sort() }),
  };
  return createHash("sha256").update(canonicalText(content)).digest("hex");
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
