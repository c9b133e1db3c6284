import type { JsonObject } from "../../../model/json.ts";
import type { LiveResource } from "../../../model/resource.ts";
import type { ReadApi } from "../api.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Part } from "./collected.ts";
import { type Listing, readListing } from "./listing.ts";
import { toLiveGroup, toLiveRole, toLiveUser } from "./live.ts";

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
}

/** The kinds that are listed page by page; the codes are documented. */
export const LISTED: { readonly [kind in ListedKind]: ListedSpec } = {
  role: {
    section: "roles",
    idName: "role",
    absentCode: "ERR_ROLE_NOT_FOUND",
    toLive: toLiveRole,
  },
  user: { section: "users", idName: "uid", absentCode: "ERR_UID_NOT_FOUND", toLive: toLiveUser },
  group: {
    section: "groups",
    idName: "guid",
    absentCode: "ERR_GUID_NOT_FOUND",
    toLive: toLiveGroup,
  },
};

/** The names of these kinds. */
export const LISTED_KINDS: readonly ListedKind[] = ["role", "user", "group"];

/** The listing of a kind, as `read` and `find` both ask for it. */
export function toListing({ dialect }: Source, kind: ListedKind): Listing {
  const { section, idName } = LISTED[kind];
  const query = kind === "role" ? {} : dialect.listQuery[kind];
  return { collection: kind, path: `/${section}`, query, pageSize: dialect.pageSize, idName };
}

/** Reads a kind to the end of its listing. */
export async function readKind(
  source: Source,
  kind: ListedKind,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const { rows, evidence } = await readListing(source.api, toListing(source, kind), signal);
  return { resources: rows.map(LISTED[kind].toLive), evidence };
}
