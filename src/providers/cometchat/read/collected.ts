import type { Diagnostic } from "../../../model/diagnostic.ts";
import type { Address, LiveResource, ReadEvidence } from "../../../model/resource.ts";

/** What one listing brought. */
export interface Part {
  readonly resources: readonly LiveResource[];
  readonly evidence: ReadEvidence;
  readonly diagnostics?: readonly Diagnostic[];
}

/** What was read so far, of all listings together. */
export interface Collected {
  readonly resources: Map<Address, LiveResource>;
  readonly evidence: Map<string, ReadEvidence>;
  readonly diagnostics: Diagnostic[];
}

/** Nothing read yet. */
export function nothingCollected(): Collected {
  return { resources: new Map(), evidence: new Map(), diagnostics: [] };
}

/** Adds what one listing brought. */
export function collect(into: Collected, part: Part): void {
  for (const resource of part.resources) into.resources.set(resource.address, resource);
  into.evidence.set(part.evidence.collection, part.evidence);
  into.diagnostics.push(...(part.diagnostics ?? []));
}
