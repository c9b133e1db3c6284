import { isJsonObject } from "../../../model/json.ts";
import { type Address, keyIn, type LiveResource, toAddress } from "../../../model/resource.ts";
import { toPath } from "../dialects/dialect.ts";
import { orAbsent, toOther, toUntold } from "./absence.ts";
import { LISTED, type ListedKind, type Source, takeIn, toListing } from "./listed.ts";
import { openListing } from "./listing.ts";

/** A listing that moved is begun again; one that keeps moving will not stand still for a fourth time. */
export const TRIES_MAX = 3;

/**
 * Reads one resource; `undefined` when the service says that there is none.
 *
 * @throws ProviderError when it cannot be told.
 */
export function readPoint(
  source: Source,
  kind: ListedKind,
  address: Address,
  signal: AbortSignal | undefined,
): Promise<LiveResource | undefined> {
  const key = keyIn(address);
  // GET /users/{uid} hides what is switched off, tags, and in its example metadata, which is where
  // marks are: what it leaves out would look cleared. A search gives the rows of the listing.
  if (kind === "user") return searchUser(source, key, signal);
  return getOne(source, kind, key, signal);
}

/** Groups and roles have the same attributes by themselves as in their listing (documented). */
async function getOne(
  source: Source,
  kind: ListedKind,
  key: string,
  signal: AbortSignal | undefined,
): Promise<LiveResource | undefined> {
  const { section, absentCode } = LISTED[kind];
  const path = toPath([section, key]);
  const reply = await source.api.get("chat", path, {}, signal).catch(orAbsent(absentCode));
  if (reply === undefined) return undefined;
  const row = reply["data"];
  const live = isJsonObject(row) ? takeIn(source, kind, row) : undefined;
  if (live?.key !== key) throw toOther(path);
  return live;
}

/** Others may match as well and come first: only the uid itself, or the end, is an answer. */
async function searchUser(
  source: Source,
  uid: string,
  signal: AbortSignal | undefined,
): Promise<LiveResource | undefined> {
  const listing = toListing(source, "user");
  const query = { ...listing.query, ...source.dialect.searchUser(uid) };
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const pages = openListing(source.api, { ...listing, query });
    while (pages.standing === "open") {
      const rows = await pages.next({}, signal);
      const found = rows.map((row) => takeIn(source, "user", row)).find(({ key }) => key === uid);
      if (found !== undefined) return found;
    }
    if (pages.standing === "ended") return undefined;
  }
  throw toUntold(toAddress("user", uid), "users");
}
