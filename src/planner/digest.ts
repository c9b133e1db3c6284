import { createHash } from "node:crypto";
import { isJsonObject, type Json } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import type { LiveResource } from "../model/resource.ts";
import { canonical } from "./equal.ts";

/** JSON with the keys of every object in order, so that equal values have equal bytes. */
export function stableJson(value: Json): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isJsonObject(inner)
      ? Object.fromEntries(
          Object.keys(inner)
            .sort()
            .map((key) => [key, inner[key]]),
        )
      : inner,
  );
}

/** SHA-256 of a text, lower-case hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The fingerprint of an object as it was read; `null` for one that is absent. */
export function fingerprint(live: LiveResource | undefined): string | null {
  if (live === undefined) return null;
  const { id, attributes, stack = null, inactive = false } = live;
  return sha256(stableJson({ id, attributes: canonical(attributes), stack, inactive }));
}

/**
 * The digest of what a plan would do and on which pre-images. It leaves out where things stand in
 * files, what was read and what is left alone, so that an end user's sign-up does not change it.
 */
export function digestPlan(plan: Omit<Plan, "digest">): string {
  const { formatVersion, tool, provider, stack, mode, manifestDigest, steps, preImages } = plan;
  const changes = plan.changes.map(({ source: _, ...change }) => change);
  const problems = plan.diagnostics.map(({ severity, code, summary }) => ({
    severity,
    code,
    summary,
  }));
  const covered = { formatVersion, tool, provider, stack, mode, manifestDigest, preImages };
  return sha256(stableJson(JSON.parse(JSON.stringify({ ...covered, changes, steps, problems }))));
}
