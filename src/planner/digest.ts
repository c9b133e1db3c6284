import { createHash } from "node:crypto";
import { type Json, sortKeys } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import type { LiveResource } from "../model/resource.ts";
import { canonical } from "./equal.ts";

/** SHA-256 of a text, lower-case hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The fingerprint of an object as it was read; `null` for one that is absent. */
export function fingerprint(live: LiveResource | undefined): string | null {
  if (live === undefined) return null;
  const { id, attributes, stack = null, inactive = false, reserved = {}, withheld = [] } = live;
  const seen = { id, attributes, stack, inactive, reserved, withheld };
  return sha256(JSON.stringify(canonical(seen)));
}

/**
 * The digest of what a plan would do and on which pre-images. It leaves out where things stand in
 * files, what was read and what is left alone, so that an end user's sign-up does not change it.
 */
export function digestPlan(plan: Omit<Plan, "digest">): string {
  const { formatVersion, tool, provider, stack, mode, manifestDigest, steps, preImages } = plan;
  const changes = plan.changes.map(({ source: _, children: __, ...change }) => change);
  const problems = plan.diagnostics.map(({ severity, code, address = null }) => ({
    severity,
    code,
    address,
  }));
  const covered = { formatVersion, tool, provider, stack, mode, manifestDigest, preImages };
  const plain = JSON.parse(JSON.stringify({ ...covered, changes, steps, problems })) as Json;
  return sha256(JSON.stringify(sortKeys(plain)));
}
