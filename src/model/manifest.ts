import type { SourceRange } from "./diagnostic.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Address, ChildMode } from "./resource.ts";
import type { Selector } from "./selector.ts";

/** Which undeclared live resources of a kind may be deleted. */
export type PruneMode = "none" | "owned" | "all";

/** What the manifest says about how far a plan may go. Kinds are in the plural, as sections are. */
export interface ManifestPolicy {
  readonly prune: { readonly [section: string]: PruneMode };
  readonly members: ChildMode;
  readonly delete: { readonly users: "deactivate" | "permanent" };
  /** What is never deleted, deactivated or removed. */
  readonly protect: readonly ProtectRule[];
  readonly budgets: Budgets;
}

/** One pattern of `policy.protect`. */
export interface ProtectRule {
  readonly selector: Selector;
  readonly source?: SourceRange;
}

/** How much of a kind one plan may delete or update, and remove from one parent. */
export interface Budgets {
  readonly delete: { readonly [section: string]: Budget };
  readonly update: { readonly [section: string]: Budget };
  /** For the children of any one parent. */
  readonly remove?: Budget;
}

/** A number of resources, or a percentage of those that are declared or owned. */
export interface Budget {
  readonly limit: { readonly count: number } | { readonly percent: number };
  readonly source?: SourceRange;
}

/** The app a manifest is for, as far as it says so. */
export interface ManifestProvider {
  readonly name: string;
  readonly appId?: string;
  readonly region?: string;
  readonly dialect?: string;
}

/** A manifest that has been read, resolved and found valid. */
export interface Manifest {
  readonly version: 1;
  readonly stack?: string;
  readonly provider: ManifestProvider;
  readonly policy: ManifestPolicy;
  /** What is to be kept and no longer to be ours, with where it is said. */
  readonly forget: ReadonlyMap<Address, SourceRange>;
  /** Section name to entries by id, exactly as written after variables were replaced. */
  readonly sections: { readonly [section: string]: { readonly [id: string]: JsonObject } };
  /** The files it was read from, in order; `-` is standard input. */
  readonly files: readonly string[];
  /** Where a value stands, by its path from the top; of the nearest parent if it has no place. */
  locate(path: readonly string[]): SourceRange;
}

/** One manifest entry on its way to becoming resources. */
export interface ManifestEntry {
  readonly id: string;
  readonly attributes: JsonObject;
  readonly policy: ManifestPolicy;
}

/** A resource that a manifest entry declares. */
export interface Declaration {
  readonly kind: string;
  readonly key: string;
  readonly attributes: { readonly [name: string]: Json };
  /** Where it stands, relative to the entry: `["members", "admins", "0"]`. */
  readonly path: readonly string[];
  /** Write-only values that were taken out of `attributes`, by attribute path. */
  readonly secrets?: { readonly [attribute: string]: Json };
  /** For a parent: that the entry declares its children, and how the others are treated. */
  readonly children?: ChildMode;
}
