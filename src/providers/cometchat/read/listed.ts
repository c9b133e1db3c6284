import type { JsonObject } from "../../../model/json.ts";
import type { DesiredGraph, Glimpse, LiveResource, Sieve } from "../../../model/resource.ts";
import type { ReadApi } from "../api.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { isMarkedBeside } from "../marks.ts";
import type { Part } from "./collected.ts";
import { glimpseGroup, glimpseRole, glimpseUser } from "./glimpse.ts";
import { type Listing, readListing } from "./listing.ts";
import { toLiveGroup, toLiveRole, toLiveUser } from "./live.ts";
import { shareWith } from "./share.ts";

/** What listings are read with. */
export interface Source {
  readonly api: ReadApi;
  readonly dialect: Dialect;
}

/** A kind that is listed page by page. */
export type ListedKind = "role" | "user" | "group";

/** How a kind is listed, and by which code the service says that one of it does not exist. */
interface ListedSpec {
  readonly section: string;
  readonly idName: string;
  readonly absentCode: string;
  toLive(row: JsonObject): LiveResource;
  glimpse(row: JsonObject): Glimpse;
}

/** The kinds that are listed page by page; the codes are documented. */
export const LISTED: { readonly [kind in ListedKind]: ListedSpec } = {
  role: {
    section: "roles",
    idName: "role",
    absentCode: "ERR_ROLE_NOT_FOUND",
    toLive: toLiveRole,
    glimpse: glimpseRole,
  },
  user: {
    section: "users",
    idName: "uid",
    absentCode: "ERR_UID_NOT_FOUND",
    toLive: toLiveUser,
    glimpse: glimpseUser,
  },
  group: {
    section: "groups",
    idName: "guid",
    absentCode: "ERR_GUID_NOT_FOUND",
    toLive: toLiveGroup,
    glimpse: glimpseGroup,
  },
};

/** The names of these kinds, those that others refer to first, but for users: who is in a group shows which matter. */
export const LISTED_KINDS: readonly ListedKind[] = ["role", "group", "user"];

/** The listing of a kind, as `read` and `find` both ask for it. */
export function toListing({ dialect }: Source, kind: ListedKind, rowsExpected = 0): Listing {
  const { section, idName } = LISTED[kind];
  const query = kind === "role" ? {} : dialect.listQuery[kind];
  const { pageSize } = dialect;
  return { collection: kind, path: `/${section}`, query, pageSize, idName, rowsExpected };
}

/** How a kind is read, whichever of its rows. */
export interface KindRead {
  readonly sieve?: Sieve | undefined;
  readonly desired: DesiredGraph["resources"];
  /** How many of it are declared. */
  readonly rowsExpected: number;
}

/** Reads a kind to the end of its listing. */
export async function readKind(
  source: Source,
  kind: ListedKind,
  { sieve, desired, rowsExpected, signal }: KindRead & { readonly signal: AbortSignal | undefined },
): Promise<Part> {
  const resources: LiveResource[] = [];
  const take = (rows: readonly JsonObject[]) => {
    for (const row of rows) {
      if (!isKept(kind, row, sieve)) continue;
      const live = takeIn(source, kind, row);
      resources.push(shareWith(desired.get(live.address), live));
    }
  };
  const listing = toListing(source, kind, rowsExpected);
  const evidence = await readListing(source.api, listing, take, signal);
  return { resources, evidence: { ...evidence, ...siftedBy(sieve) } };
}

/** Takes a row in. Where a kind is listed by a tag, a mark that is no tag is a stray one. */
export function takeIn({ dialect }: Source, kind: ListedKind, row: JsonObject): LiveResource {
  const live = LISTED[kind].toLive(row);
  const isStray = dialect.tagFilter[kind] !== undefined && isMarkedBeside("tags", live);
  return isStray ? { ...live, strayMark: true } : live;
}

/** Whether a row is worth to be taken in. */
export function isKept(kind: ListedKind, row: JsonObject, sieve: Sieve | undefined): boolean {
  return sieve === undefined || sieve(LISTED[kind].glimpse(row));
}

/** What evidence says of a sieve. */
export function siftedBy(sieve: Sieve | undefined): { readonly sifted?: true } {
  return sieve === undefined ? {} : { sifted: true };
}
