import type { Address } from "../../../model/resource.ts";
import type { Collected } from "./collected.ts";
import { LISTED, type ListedKind, type Source, takeIn } from "./listed.ts";
import { openSearch, readPoints, readWhile } from "./search.ts";

/** Which resources of one kind are looked for. */
export interface KindWanted {
  readonly kind: ListedKind;
  readonly wanted: ReadonlySet<Address>;
}

/**
 * Reads single resources of a kind, by its pages or by their names: never with more than twice the
 * calls of the cheaper way. A single one is read by itself at once.
 *
 * @throws ProviderError when it cannot be told whether one of them is there.
 */
export async function findKind(
  source: Source,
  { kind, wanted }: KindWanted,
  into: Pick<Collected, "resources" | "evidence">,
  signal?: AbortSignal,
): Promise<void> {
  const search = openSearch({
    ...{ source, kind, named: wanted },
    // What nobody asked for would only fill the memory: an app may have any number of them.
    take: (row) =>
      wanted.has(LISTED[kind].glimpse(row).address) ? takeIn(source, kind, row) : undefined,
  });
  if (wanted.size > 1) await readWhile(search, signal);
  if (search.whole.standing === "ended") into.evidence.set(kind, search.whole.toEvidence());
  else await readPoints(search, signal);
  for (const live of [...search.seen.values(), ...search.found.values()]) {
    into.resources.set(live.address, live);
  }
}
