import type { JsonObject } from "../../../model/json.ts";
import {
  type HoldersAsked,
  holdersOf,
  keyIn,
  kindIn,
  type LiveResource,
} from "../../../model/resource.ts";
import type { Part } from "./collected.ts";
import { LISTED, LISTED_KINDS, type ListedKind, type Source, takeIn, toListing } from "./listed.ts";
import { openListing } from "./listing.ts";

/**
 * Reads whether anybody refers to a resource who is not known to. One row more than are known is
 * answer enough: either it is short, and nobody else does, or somebody else is in it. The filter is
 * taken at its word only as long as every row refers to the resource.
 */
export async function readHolders(
  source: Source,
  { kind, target, known }: HoldersAsked,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const listed = requireListed(kind);
  const toQuery = source.dialect.holderQuery[kind]?.[kindIn(target)];
  if (toQuery === undefined)
    throw new Error(`it cannot be asked which ${kind} refers to ${target}`);
  const plain = toListing(source, listed);
  const query = toQuery(keyIn(target));
  const pageSize = Math.min(plain.pageSize, known.size + 1);
  const pages = openListing(source.api, { ...plain, query, pageSize });
  const isHolder = (row: JsonObject) => LISTED[listed].glimpse(row).targets.includes(target);
  let isHonest = true;
  let stranger: LiveResource | undefined;
  while (pages.standing === "open" && stranger === undefined) {
    const rows = await pages.next({ callsMax: pages.calls + 1 }, signal);
    isHonest = isHonest && rows.every(isHolder);
    const other = rows.find((row) => isOther(listed, row, known));
    if (other !== undefined) stranger = takeIn(source, listed, other);
  }
  const { calls, objects } = pages.toEvidence();
  const isEnded = pages.standing === "ended";
  return {
    resources: stranger === undefined || !isHonest ? [] : [stranger],
    evidence: {
      collection: holdersOf(kind, target),
      ...{ calls, objects },
      complete: isHonest && (isEnded || stranger !== undefined),
    },
  };
}

/** Who is switched off holds nothing. */
function isOther(kind: ListedKind, row: JsonObject, known: HoldersAsked["known"]): boolean {
  const { address, isInactive } = LISTED[kind].glimpse(row);
  return !isInactive && !known.has(address);
}

function requireListed(kind: string): ListedKind {
  const listed = LISTED_KINDS.find((one) => one === kind);
  if (listed === undefined) throw new Error(`${kind} is not listed page by page`);
  return listed;
}
