import type { JsonObject } from "../../../model/json.ts";
import type { Address, LiveResource, ReadEvidence, Sieve } from "../../../model/resource.ts";
import { ProviderError } from "../../provider.ts";
import { toPath } from "../dialects/dialect.ts";
import { splitMembership } from "../kinds/membership.ts";
import { orAbsent } from "./absence.ts";
import type { Part } from "./collected.ts";
import { toGlimpse } from "./glimpse.ts";
import { LISTED, type Source } from "./listed.ts";
import { type Listing, openListing, type Pages, readListing } from "./listing.ts";
import { toLiveMembership } from "./live.ts";
import { TRIES_MAX } from "./point.ts";

/** Reads the members of a group that was listed. */
export async function readMembers(
  source: Source,
  group: LiveResource,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const { address, children } = group;
  const resources: LiveResource[] = [];
  const take = (rows: readonly JsonObject[]) => resources.push(...toMembers(address, rows));
  const listing = membersOf(source, address, children);
  const evidence = await readListing(source.api, listing, take, signal).catch(toGone(address));
  return { resources: evidence.objects === 0 ? [] : resources, evidence };
}

/** Reads the members of a group that may not exist; then it has none, and that is certain. */
export async function findMembers(
  source: Source,
  group: Address,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const listing = membersOf(source, group);
  let calls = 0;
  for (let tries = 1; ; tries += 1) {
    const pages = openListing(source.api, listing);
    const rows = await toEnd(pages, signal);
    calls += pages.calls;
    const evidence = rows === undefined ? nobodyIn(group) : pages.toEvidence();
    // A member cannot be read by itself, so a listing that moved is read again.
    if (evidence.complete || tries === TRIES_MAX) {
      return { resources: toMembers(group, rows ?? []), evidence: { ...evidence, calls } };
    }
  }
}

/** Tells a sieve whom the members of groups are. */
export function showMembers(sieve: Sieve | undefined, members: Iterable<LiveResource>): void {
  if (sieve === undefined) return;
  for (const member of members) {
    sieve(toGlimpse(member, [`user/${splitMembership(member.key).uid}`]));
  }
}

/** The rows of a group's members, if the group is there to be listed. */
async function toEnd(
  pages: Pages,
  signal: AbortSignal | undefined,
): Promise<readonly JsonObject[] | undefined> {
  const all: JsonObject[] = [];
  while (pages.standing === "open") {
    const rows = await pages.next({}, signal).catch(orAbsent(LISTED.group.absentCode));
    if (rows === undefined) return undefined;
    all.push(...rows);
  }
  return all;
}

function nobodyIn(group: Address): ReadEvidence {
  return { collection: group, calls: 1, objects: 0, complete: true };
}

/** The listing of a group's members. */
export function membersOf({ dialect }: Source, group: Address, rowsExpected = 0): Listing {
  const path = toPath(["groups", keyOf(group), "members"]);
  const { pageSize } = dialect;
  return { collection: group, path, query: {}, pageSize, idName: "uid", rowsExpected };
}

function keyOf(group: Address): string {
  return group.slice("group/".length);
}

function toMembers(group: Address, rows: readonly JsonObject[]): LiveResource[] {
  return rows.flatMap((row) => toLiveMembership(keyOf(group), row) ?? []);
}

/** A group that went between two reads has no members to be told of, and nothing is known for sure. */
function toGone(collection: Address): (error: unknown) => ReadEvidence {
  return (error) => {
    if (!(error instanceof ProviderError) || error.kind !== "not-found") throw error;
    return { collection, calls: 1, objects: 0, complete: false };
  };
}
