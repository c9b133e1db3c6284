import type { Diagnostic, SourceRange } from "./diagnostic.ts";
import type { Json } from "./json.ts";
import type { SecretBytes } from "./secret.ts";

/** `kind/key`: `role/vip`, `user/alice`, `group/hello`, `membership/hello:alice`, `webhook/audit`. */
export type Address = string;

/**
 * Attributes in normal form, so that equal things are equal. On the desired side `null` means "to be
 * cleared" and a missing name means "unmanaged"; on the live side what has no value is left out.
 * Write-only values appear as `{"$secret": "ADDRESS#attribute"}`.
 */
export type Attributes = { readonly [name: string]: Json };

/**
 * The attribute that protects a resource from being deleted, of every kind that can carry a mark.
 * Its value is `true`, or nothing.
 */
export const PROTECT = "protect";

/** A thing the planner manages, on either side. */
export interface Resource {
  readonly address: Address;
  /** The kind's name, singular: `user`. */
  readonly kind: string;
  /** The natural key within the kind: `alice`, `hello:alice`. */
  readonly key: string;
  readonly attributes: Attributes;
}

/** What the manifest asks for. */
export interface DesiredResource extends Resource {
  /** Sizes of its write-only values, which count against limits although they are not here. */
  readonly secretBytes?: SecretBytes;
  /** What the service is known to call it, where it makes ids of its own. */
  readonly id?: string;
  /** Where it is declared, as a path from the manifest's top; `DesiredGraph.locate` finds the place. */
  readonly path?: readonly string[];
}

/** What the app has. */
export interface LiveResource extends Resource {
  /** What the service calls it in paths; differs from `key` only where the service makes ids. */
  readonly id: string;
  /** The stack whose ownership mark it carries. */
  readonly stack?: string;
  /** Its mark stands where no listing by mark would find it: it is known as ours only by its name. */
  readonly strayMark?: true;
  /** Marks, taken out of `attributes`; they go back into every write of the attribute they ride in. */
  readonly reserved?: Attributes;
  /** Exists, but switched off: counts as absent until it is reactivated. */
  readonly inactive?: true;
  /** Belongs to the service: never created, never deleted, never counted as undeclared. */
  readonly builtin?: true;
  /** How many resources live inside it, where the service tells. */
  readonly children?: number;
  /** Attributes whose value the service did not tell; they are not compared. */
  readonly unread?: readonly string[];
  /** Write-only attributes that the service showed to be set; the values are dropped on reading. */
  readonly withheld?: readonly string[];
  /** When the service last changed it, in its own form, where it tells. */
  readonly version?: string;
}

/** How a parent's undeclared children are treated: kept, or deleted. */
export type ChildMode = "additive" | "authoritative";

/** Everything the manifest asks for, ready to be compared. */
export interface DesiredGraph {
  readonly resources: ReadonlyMap<Address, DesiredResource>;
  /** Names of the kinds whose section the manifest has, even if it is empty. */
  readonly managed: ReadonlySet<string>;
  /** Parents that declare their children. */
  readonly children: ReadonlyMap<Address, ChildMode>;
  /** Resources that are to be kept and no longer to be ours, with where it is said. */
  readonly forget: ReadonlyMap<Address, SourceRange>;
  /** Write-only values by `ADDRESS#attribute`; they go nowhere but into request bodies. */
  readonly secrets: ReadonlyMap<string, Json>;
  /** Finds where something is declared; few are ever asked for, and finding one takes time. */
  readonly locate?: ((path: readonly string[]) => SourceRange) | undefined;
}

/** A desired side that asks for nothing. */
export const NOTHING_DESIRED: DesiredGraph = {
  resources: new Map(),
  managed: new Set(),
  children: new Map(),
  forget: new Map(),
  secrets: new Map(),
};

/** What is known about one listing: the ground on which deletions are allowed. */
export interface ReadEvidence {
  /** A kind's name for its listing, a parent's address for the listing of its children. */
  readonly collection: string;
  readonly calls: number;
  readonly objects: number;
  /** Whether the listing was read to its confirmed end. Without it nothing in it is deleted. */
  readonly complete: boolean;
  /** The stack whose marked resources alone were listed. */
  readonly markedBy?: string;
  /** How a kind was read, where there was a choice; `points` are single resources, and nothing else. */
  readonly how?: ReadWay;
  /** Why it was read like this, in words. */
  readonly why?: string;
  /** Calls that asked for pages beyond the end, which was not known yet. */
  readonly speculative?: number;
  /** Rows that no plan could need and that were only counted are not among the resources. */
  readonly sifted?: true;
}

/** How a kind is read: its whole listing, what is marked in it and the rest by name, or by name alone. */
export type ReadWay = "list" | "marked" | "points";

/** How kinds are to be read: as cheaply as can be, by whole listings, or by name wherever that is enough. */
export type ReadMode = "auto" | "list" | "point";

/** The names of these modes. */
export const READ_MODES: readonly ReadMode[] = ["auto", "list", "point"];

/** Whether all of a collection is known: nothing that is not among the resources is in it. */
export function isWhole(evidence: ReadEvidence | undefined): boolean {
  if (evidence?.complete !== true) return false;
  return evidence.markedBy === undefined && evidence.how !== "points";
}

/** What evidence is filed under that tells who refers to one resource: `user of role/vip`. */
export function holdersOf(kind: string, target: Address): string {
  return `${kind} of ${target}`;
}

/** What was read from the app, with the evidence of how well it was read. */
export interface LiveGraph {
  readonly resources: ReadonlyMap<Address, LiveResource>;
  readonly evidence: ReadonlyMap<string, ReadEvidence>;
  /** Read calls sent, the dialect's probe included. */
  readonly calls: number;
  /** Why the two sides cannot be told apart, where reading found out. */
  readonly diagnostics: readonly Diagnostic[];
  /** Resources that came up only because they refer to something else; there may be more like them. */
  readonly passersBy?: ReadonlySet<Address>;
  /** Resources that were asked for by name because much depends on them, and that are not there. */
  readonly absent?: ReadonlySet<Address>;
}

/** Of which kinds it is enough to know some by address, and what a stack has marked, if it marks any. */
export interface PartlyRead {
  readonly kinds: ReadonlySet<string>;
  readonly stack?: string | undefined;
  /** Resources that are known afterwards to be there or not, marked or not. */
  readonly wanted: ReadonlySet<Address>;
}

/** What a row says before it is taken in: enough to tell whether a plan could need it. */
export interface Glimpse {
  readonly address: Address;
  readonly kind: string;
  readonly stack: string | undefined;
  readonly isInactive: boolean;
  readonly isBuiltin: boolean;
  /** What it refers to. */
  readonly targets: readonly Address[];
  /** It was asked for, by its mark or its name: it is kept whatever it says, and not counted. */
  readonly isAsked?: true;
}

/** Whether a row is kept. Rows come in any order, but parents and what may be referred to come first. */
export type Sieve = (row: Glimpse) => boolean;

/** Who is asked for of those that refer to a resource. */
export interface HoldersAsked {
  /** The kind that refers. */
  readonly kind: string;
  readonly target: Address;
  /** Those that are known to; one that is not among them is answer enough. */
  readonly known: ReadonlySet<Address>;
}

/** Which collections a read covers. */
export interface ReadScope {
  /** Names of the kinds whose listing is read. */
  readonly kinds: ReadonlySet<string>;
  /** Kinds of which what nobody declares is read in every detail as well, because it may be deleted. */
  readonly thorough?: ReadonlySet<string>;
  /** Kinds that need not be listed whole, as far as the service has calls for it. */
  readonly partly?: PartlyRead;
  /** Why the other kinds are listed whole, in words. */
  readonly wholeFor?: ReadonlyMap<string, string>;
  /** How to choose where there is a choice; `auto` if left out. */
  readonly mode?: ReadMode;
  /** Tells which rows are kept; all of them if left out. */
  readonly sieve?: Sieve;
  /** Parents whose children are read, if the parents exist. */
  readonly parents: ReadonlySet<Address> | "all";
}

/** Where a resource is declared, if a manifest's text declares it. */
export function sourceOf(
  { locate }: Pick<DesiredGraph, "locate">,
  resource: Pick<DesiredResource, "path"> | undefined,
): SourceRange | undefined {
  return resource?.path === undefined ? undefined : locate?.(resource.path);
}

/** Builds the address of a resource. */
export function toAddress(kind: string, key: string): Address {
  return `${kind}/${key}`;
}

/** The kind in an address. */
export function kindIn(address: Address): string {
  return address.slice(0, address.indexOf("/"));
}

/** The key in an address. */
export function keyIn(address: Address): string {
  return address.slice(address.indexOf("/") + 1);
}
