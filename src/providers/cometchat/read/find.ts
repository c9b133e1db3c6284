import { type Address, kindIn, toAddress } from "../../../model/resource.ts";
import type { Wanted } from "../../provider.ts";
import { splitMembership } from "../kinds/membership.ts";
import { toUntold } from "./absence.ts";
import { type Collected, collect, nothingCollected } from "./collected.ts";
import { findKind } from "./find-kind.ts";
import { LISTED_KINDS, type Source } from "./listed.ts";
import { findMembers } from "./members.ts";
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
    ...LISTED_KINDS.map((kind) => findKind(source, { kind, wanted: ofKind(kind) }, into, signal)),
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
