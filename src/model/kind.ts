import type { Diagnostic } from "./diagnostic.ts";
import type { JsonObject } from "./json.ts";
import type { Declaration, ManifestEntry } from "./manifest.ts";
import type { ApiCall, Change, Reversal } from "./plan.ts";
import type { Address, Attributes, DesiredResource, LiveResource } from "./resource.ts";

/** That a resource refers to another one. */
export interface Reference {
  /** The attribute that refers, for messages: `role`, `owner`. */
  readonly attribute: string;
  readonly address: Address;
  /** Waits for the target's steps to have ended, not to have been applied (default: applied). */
  readonly wait?: "ended";
  /** The target must not be changed, only created, before the reference is dropped. */
  readonly pins?: true;
  /** The resource lives inside the target and goes with it, without being asked for. */
  readonly cascades?: true;
}

/** A resource that follows from another one being as planned: a group's owner is its admin. */
export interface ImpliedResource {
  readonly kind: string;
  readonly key: string;
  readonly attributes: Attributes;
  /** Wanted by the manifest (`true`), or only to be left as it is (`false`). */
  readonly wanted: boolean;
}

/** One call that a change needs, before calls are merged and ordered. */
export interface StepDraft {
  readonly call: ApiCall;
  /** At most this many drafts of one method and path go out as one call, arrays of their bodies joined. */
  readonly rowsMax?: number;
  /** The row may go out inside the call that creates another resource. */
  readonly rides?: Ride;
  /** The row may go out as part of this call instead, together with rows of other resources. */
  readonly bulk?: Bulk;
}

/** A call for many resources of a kind at once, as it is for one of them alone. */
export interface Bulk {
  /** Its body has one map, by which the bodies of several are merged. */
  readonly call: ApiCall;
  readonly rowsMax: number;
}

/** That a row can be carried by the call that creates `on`, under the attribute `under` of its body. */
export interface Ride {
  readonly on: Address;
  readonly under: string;
  readonly rowsMax: number;
  /** The most bytes the carrying body may have. */
  readonly bytesMax: number;
}

/** A resource with what lives in it, before and after a plan. */
export interface Family {
  readonly address: Address;
  readonly before: FamilyState;
  readonly after: FamilyState;
}

/** One side of a family; children that their plan or the service has switched off are left out. */
export interface FamilyState {
  readonly attributes: Attributes;
  readonly children: readonly Attributes[];
  /** Whether a resource that is referred to is there and active; unknown ones count as that. */
  isActive(address: Address): boolean;
}

/** That what costs a call, or a row of one, may be a row of a bulk call instead. */
export interface BulkCost {
  readonly pool: string;
  readonly rowsMax: number;
}

/**
 * What a change costs at least, told independently of its drafts: whole calls, or a row in a pool
 * of which `rowsMax` share a call. A pool may ride on a call that is counted elsewhere.
 */
export type Cost =
  | { readonly calls: number; readonly bulk?: BulkCost }
  | {
      readonly pool: string;
      readonly bulk?: BulkCost;
      readonly rowsMax: number;
      readonly ride?: Ride;
      /** The row's part of the body it rides in. */
      readonly load?: JsonObject;
    };

/**
 * A kind of resource as a description; everything in it is pure. The core knows kinds only through
 * this, and never by name.
 */
export interface KindSpec {
  /** Singular: `user`. */
  readonly name: string;
  /** The manifest's section; a kind without one is declared inside another kind's entries. */
  readonly section?: string;
  /** Kinds that its references point to. */
  readonly refersTo: readonly string[];
  /** Kinds of which the service tells who of this one refers to them, without listing all of it. */
  readonly tellsHolders?: readonly string[];
  /** The kind whose resources it lives in, if any. */
  readonly parent?: string;
  /** The most resources of the kind an app can have, built-in ones included. */
  readonly countMax?: number;
  /** Attributes compared and merged key by key. */
  readonly keyed: readonly string[];
  /** Attributes that are sent again with a reactivation, even if they seem unchanged. */
  readonly resent: readonly string[];
  /** Attributes that this dialect drops by design: neither compared nor written. */
  readonly dropped?: readonly string[];
  /** The service makes the ids, so that what nobody declares has another key than it was declared by. */
  readonly makesIds?: true;
  /** Whether a key belongs to the service: such a resource is never created. */
  isBuiltin?(key: string): boolean;
  /** Whether its resources can carry an ownership mark from their creation on. */
  readonly markable: boolean;
  /**
   * Whether the marks of an existing one can be written without writing what the manifest does not
   * manage.
   */
  adoptable(desired: DesiredResource, live: LiveResource): boolean;
  /** The key in the form the service keeps it. */
  toKey(id: string): string;
  /** The address of the resource it lives in. */
  parentOf?(key: string): Address;
  /** How the keys of everything that lives in that resource begin. */
  keyPrefix?(parent: Address): string;
  /** The key of what lives in one resource and goes with another one as well. */
  keyBetween?(parent: Address, other: Address): string;
  /** What one manifest entry declares, in normal form. Only for kinds with a section. */
  declare?(entry: ManifestEntry): readonly Declaration[];
  /** Everything these attributes refer to. */
  references(attributes: Attributes, key: string): readonly Reference[];
  /** What follows from a resource of this kind being as planned. */
  implies?(planned: Attributes, key: string, declared: Attributes): readonly ImpliedResource[];
  /** Why the service would not take this change. */
  check(change: Change): readonly Diagnostic[];
  /** Why a resource must not be left like this with what lives in it, for all that the service would. */
  guard?(family: Family): readonly Diagnostic[];
  /** Whether a later plan can take the change back. */
  reversal(change: Change): Reversal;
  /** The calls that make the change, in order. */
  draft(change: Change): readonly StepDraft[];
  /** What the change costs at least. */
  cost(change: Change): readonly Cost[];
}
