import { type Address, kindIn, toAddress } from "../../../model/resource.ts";
import type { Wanted } from "../../provider.ts";
import { splitMembership } from "../kinds/membership.ts";
import { toUntold } from "./absence.ts";
import { type Collected, collect, nothingCollected } from "./collected.ts";
import { LISTED, LISTED_KINDS, type ListedKind, type Source, takeIn, toListing } from "./listed.ts";
import { openListing } from "./listing.ts";
import { findMembers } from "./members.ts";
import { readPoint } from "./point.ts";
import type { WebhooksRead } from "./webhooks.ts";

/** Reads the listing of webhooks, with the triggers of those that are asked for. */
type ListWebhooks = (isAsked: (id: string) => boolean) => Promise<WebhooksRead>;

type Addresses = ReadonlySet<Address>;

/** Reads single resources, of all kinds at once. */
export async function findAll(
  source: Source,
  wanted: Wanted,
  listWebhooks: ListWebhooks,
  signal: AbortSignal | undefined,
): Promise<Collected> {
  const into = nothingCollected();
  const ofKind = byKind(wanted.addresses);
  await Promise.all([
    ...LISTED_KINDS.map((kind) => findKind(source, kind, ofKind(kind), into, signal)),
    findAllMembers(source, ofKind("membership"), wanted.parents, into, signal),
    findWebhooks(ofKind("webhook"), listWebhooks, into),
  ]);
  return into;
}

function byKind(addresses: Addresses): (kind: string) => Addresses {
  const kinds = new Map<string, Set<Address>>();
  for (const address of addresses) {
    const kind = kindIn(address);
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, new Set([address]));
    else known.add(address);
  }
  return (kind) => kinds.get(kind) ?? new Set();
}

/*
 * Nobody says how many pages a listing has, so which is cheaper, K resources one by one or the pages
 * of all, is not known before it is read. Pages are tried until they have cost what those not seen yet
 * would: either the listing ends by then, or no more than as much again is spent. So it never takes
 * more than twice the calls of the cheaper way. A single one is read by itself at once.
 */
/** Reads single resources of a kind. */
export async function findKind(
  source: Source,
  kind: ListedKind,
  wanted: Addresses,
  into: Collected,
  signal: AbortSignal | undefined,
): Promise<void> {
  const missing = new Set(wanted);
  const pages = openListing(source.api, toListing(source, kind));
  const isWorthIt = () => pages.calls < missing.size || pages.pending > 0;
  while (wanted.size > 1 && pages.standing === "open" && isWorthIt()) {
    for (const row of await pages.next({ callsMax: missing.size }, signal)) {
      const { address } = LISTED[kind].glimpse(row);
      // What nobody asked for would only fill the memory: an app may have any number of them.
      if (!wanted.has(address)) continue;
      into.resources.set(address, takeIn(source, kind, row));
      missing.delete(address);
    }
  }
  if (pages.standing === "ended") {
    into.evidence.set(kind, pages.toEvidence());
    return;
  }
  const points = [...missing].map((address) => readPoint(source, kind, address, signal));
  for (const live of await Promise.all(points)) {
    if (live !== undefined) into.resources.set(live.address, live);
  }
}

/** There is no call that reads one member, so the members of its group are listed. */
async function findAllMembers(
  source: Source,
  wanted: Addresses,
  parents: Addresses,
  into: Collected,
  signal: AbortSignal | undefined,
): Promise<void> {
  const groups = new Set([...parents, ...[...wanted].map(groupOf)]);
  await Promise.all(
    [...groups].map(async (group) => collect(into, await findMembers(source, group, signal))),
  );
  for (const address of wanted) {
    const group = groupOf(address);
    if (into.evidence.get(group)?.complete !== true) {
      requireFound(into, address, `the members of ${group}`);
    }
  }
}

function groupOf(membership: Address): Address {
  return toAddress("group", splitMembership(membership.slice("membership/".length)).guid);
}

/** Webhooks are one page, whatever is wanted of them; triggers are read of those that are wanted. */
async function findWebhooks(
  wanted: Addresses,
  listWebhooks: ListWebhooks,
  into: Collected,
): Promise<void> {
  if (wanted.size === 0) return;
  const isWanted = (address: Address | undefined) => address !== undefined && wanted.has(address);
  const read = await listWebhooks((id) => isWanted(toAddress("webhook", id)));
  const diagnostics = read.diagnostics.filter(({ address }) => isWanted(address));
  collect(into, { ...read, diagnostics });
  if (read.evidence.complete) return;
  into.evidence.delete(read.evidence.collection);
  for (const address of wanted) requireFound(into, address, "webhooks");
}

function requireFound(into: Collected, address: Address, listed: string): void {
  if (!into.resources.has(address)) throw toUntold(address, listed);
}
