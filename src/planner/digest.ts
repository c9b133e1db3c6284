import { createHash } from "node:crypto";
import { canonical } from "../model/equal.ts";
import { isJsonObject, type Json, stablePieces } from "../model/json.ts";
import type { Plan, PlanChange } from "../model/plan.ts";
import type { LiveResource } from "../model/resource.ts";
import { isSecret } from "../model/secret.ts";

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
 * What binds a change to the object as it was read. A change of write-only values alone leaves no
 * trace in what can be read, so there it is when the service last changed the object that counts:
 * else the same plan could be applied again and again.
 */
export function preImageOf(
  {
    attributes,
    mark,
    unmark,
    action,
  }: Pick<PlanChange, "attributes" | "mark" | "unmark" | "action">,
  live: LiveResource | undefined,
): string | null {
  if (action === "delete" && live?.children !== undefined) {
    return sha256(JSON.stringify([fingerprint(live), magnitude(live.children)]));
  }
  const isVisible = mark !== undefined || unmark !== undefined || action !== "update";
  const isUnseen = !isVisible && attributes.every(({ after }) => isWriteOnly(after));
  const version = live?.version;
  const before = fingerprint(live);
  if (!isUnseen || version === undefined || before === null) return before;
  return sha256(JSON.stringify([before, version]));
}

/**
 * Whether an object still is what a change was planned on, but for how many live in it: that may have
 * become another number by what the plan itself has done elsewhere.
 */
export function isStillAsPlanned(
  change: Pick<PlanChange, "attributes" | "mark" | "unmark" | "action">,
  live: LiveResource | undefined,
  before: string | null,
): boolean {
  if (change.action !== "delete" || live?.children === undefined) {
    return preImageOf(change, live) === before;
  }
  const counts = Array.from({ length: MAGNITUDE_MAX + 1 }, (_, bits) =>
    bits === 0 ? 0 : 2 ** (bits - 1),
  );
  return counts.some((children) => preImageOf(change, { ...live, children }) === before);
}

/** No group has more members than that many bits can count (documented: 100,000). */
const MAGNITUDE_MAX = 24;

/**
 * A number to within a factor of two: somebody who joins a busy group must not spoil every review of
 * its delete, but one that was reviewed as empty must not go with a hundred members.
 */
function magnitude(count: number): number {
  return count.toString(2).length * Math.sign(count);
}

function isWriteOnly(value: Json): boolean {
  if (isSecret(value)) return true;
  const inner = isJsonObject(value) ? Object.values(value) : [];
  return inner.length > 0 && inner.every(isWriteOnly);
}

/**
 * The digest of what a plan would do and on which pre-images. It leaves out where things stand in
 * files, what was read and what is left alone, so that an end user's sign-up does not change it.
 */
export function digestPlan(plan: Omit<Plan, "digest">): string {
  const { formatVersion, tool, provider, stack, mode, manifestDigest, steps, preImages } = plan;
  const { overrides, calls, authoritative, applicable } = plan;
  const { unchanged: _, undeclared: __, protected: ___, ...summary } = plan.summary;
  const scope = plan.scope === null ? null : { only: plan.scope.only, except: plan.scope.except };
  const changes = plan.changes.map(({ source: ____, children: _____, ...change }) => change);
  // Warnings are also about what is left alone.
  const problems = plan.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, address = null }) => ({ code, address }));
  const bound = { formatVersion, tool, provider, stack, mode, manifestDigest, scope, overrides };
  const done = { summary, calls, changes, steps, preImages, authoritative, applicable, problems };
  return sha256OfJson({ ...bound, ...done });
}

/**
 * The checksum of a plan as a document, over all of it: what the digest leaves out is still what a
 * reviewer reads, so a saved plan that was edited anywhere is not applied.
 */
export function sealPlan({ checksum: _, ...plan }: SealedPlan): SealedPlan {
  return { ...plan, checksum: checksumOf(plan) };
}

/** A plan as a document. */
export type SealedPlan = Plan & { readonly checksum?: string };

/** Whether a document read from a file is as it was written. */
export function isSealed({ checksum, ...document }: Sealable): boolean {
  return checksum === checksumOf(document);
}

/** A document with a checksum over all of it. */
export function seal<T extends Sealable>({
  checksum: _,
  ...document
}: T): Omit<T, "checksum"> & {
  readonly checksum: string;
} {
  return { ...document, checksum: checksumOf(document) };
}

/** A document of ours. */
interface Sealable {
  readonly formatVersion: 1;
  readonly checksum?: string;
}

function checksumOf(document: object): string {
  return sha256OfJson(document);
}

/** SHA-256 of a document's JSON with the keys in order, piece by piece: all of it can be very long. */
function sha256OfJson(document: object): string {
  const hash = createHash("sha256");
  for (const piece of stablePieces(document)) hash.update(piece);
  return hash.digest("hex");
}
