import { createHash } from "node:crypto";
import type { Manifest } from "../model/manifest.ts";
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
    policy: { ...policy, delete: { ...policy.delete } },
    managed: [...desired.managed].sort(),
    children: Object.fromEntries(desired.children),
    resources: Object.fromEntries(resources),
  };
  return createHash("sha256").update(canonicalText(content)).digest("hex");
}
