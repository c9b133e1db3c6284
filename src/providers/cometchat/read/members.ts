import type { Address } from "../../../model/resource.ts";
import { ProviderError } from "../../provider.ts";
import { toPath } from "../dialects/dialect.ts";
import { orAbsent } from "./absence.ts";
import type { Part } from "./collected.ts";
import { LISTED, type Source } from "./listed.ts";
import { type Listing, openListing, type Pages, type Rows, readListing } from "./listing.ts";
import { toLiveMembership } from "./live.ts";
import { TRIES_MAX } from "./point.ts";

/** Reads the members of a group that was listed. */
export async function readMembers(
  source: Source,
  group: Address,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const listing = membersOf(source, group);
  return toPart(group, await readListing(source.api, listing, signal).catch(toGone(group)));
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
    const isThere = await toEnd(pages, signal);
    calls += pages.calls;
    const { rows, evidence } = isThere ? pages.toRows() : nobodyIn(group);
    // A member cannot be read by itself, so a listing that moved is read again.
    if (evidence.complete || tries === TRIES_MAX) {
      return toPart(group, { rows, evidence: { ...evidence, calls } });
    }
  }
}

/** Whether the group is there to be listed. */
async function toEnd(pages: Pages, signal: AbortSignal | undefined): Promise<boolean> {
  while (pages.standing === "open") {
    const rows = await pages.next(signal).catch(orAbsent(LISTED.group.absentCode));
    if (rows === undefined) return false;
  }
  return true;
}

function nobodyIn(group: Address): Rows {
  return { rows: [], evidence: { collection: group, calls: 1, objects: 0, complete: true } };
}

/** The listing of a group's members. */
export function membersOf({ dialect }: Source, group: Address): Listing {
  const path = toPath(["groups", keyOf(group), "members"]);
  return { collection: group, path, query: {}, pageSize: dialect.pageSize, idName: "uid" };
}

function keyOf(group: Address): string {
  return group.slice("group/".length);
}

function toPart(group: Address, { rows, evidence }: Rows): Part {
  const resources = rows.flatMap((row) => toLiveMembership(keyOf(group), row) ?? []);
  return { resources, evidence };
}

/** A group that went between two reads has no members to be told of, and nothing is known for sure. */
function toGone(collection: Address): (error: unknown) => Rows {
  return (error) => {
    if (!(error instanceof ProviderError) || error.kind !== "not-found") throw error;
    return { rows: [], evidence: { collection, calls: 1, objects: 0, complete: false } };
  };
}
