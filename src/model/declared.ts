import type { Address } from "./resource.ts";

/**
 * What a manifest asked for when a run began, as fingerprints: enough to tell later which side has
 * changed since, and not what it was.
 */
export interface Declared {
  /** Whether the run was about all of the manifest. If not, only what it touched is in here. */
  readonly whole: boolean;
  /** Of what the manifest says beside its resources: its stack, its policy, its sections. */
  readonly frame: string | null;
  /** Of each attribute, by address and path; `null` where the manifest was not at hand. */
  readonly resources: DeclaredResources | null;
}

/** A fingerprint of each attribute, by address and path. */
export type DeclaredResources = {
  readonly [address: Address]: { readonly [path: string]: string };
};

/** The path under which it is filed whether a parent's other children are kept: no attribute's. */
export const CHILDREN = "(children)";
