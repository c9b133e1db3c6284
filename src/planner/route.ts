import type { QuotaSplit } from "../model/pace.ts";
import { type ApiCall, QUOTAS, type Quota } from "../model/plan.ts";
import {
  type BulkRow,
  byAddress,
  isOffered,
  type Offers,
  requireAlike,
  toOffers,
  withoutHalves,
} from "./offers.ts";
import { chunks, pack, type Row } from "./pack.ts";
import { type Choices, minutesOf, type Split, toSplit } from "./split.ts";

/** Calls a minute that each quota allows; one that is not there is not known to end. */
export type Allowances = { readonly [quota in Quota]?: number };

/** Rows with the calls that were chosen for them. */
export interface Routed {
  readonly rows: readonly Row[];
  /** Where fewer calls would take longer. */
  readonly split: QuotaSplit | null;
}

/** Decides which rows go out in bulk: so that the plan takes no longer, and has no more calls, than it must. */
export function route(drafted: readonly Row[], allowances: Allowances): Routed {
  const rows = withoutHalves(drafted);
  const offers = toOffers(rows);
  if (offers === undefined) return { rows, split: null };
  const choices = toChoices(rows, offers, allowances);
  const split = toSplit(choices);
  const unhurried = toSplit({ ...choices, ...UNHURRIED });
  const hasFewest = split.calls === unhurried.calls;
  const { allowed, minutesMin } = choices;
  const { calls, bulkCalls } = unhurried;
  const fewestMinutes = Math.max(
    minutesMin,
    minutesOf(calls - bulkCalls, allowed.other),
    minutesOf(bulkCalls, allowed.bulk),
  );
  return {
    rows: choose(rows, offers, split),
    split: hasFewest ? null : { minutes: split.minutes, fewestMinutes },
  };
}

const UNLIMITED = Number.POSITIVE_INFINITY;
const UNHURRIED = { allowed: { bulk: UNLIMITED, other: UNLIMITED }, minutesMin: 1 };

/** The minutes of quota that calls use up, class by class. */
export function minutesIn(calls: readonly ApiCall[], allowances: Allowances): number {
  const minutes = QUOTAS.map((quota) => {
    const ofQuota = calls.filter((call) => call.quota === quota);
    return minutesOf(ofQuota.length, allowances[quota] ?? UNLIMITED);
  });
  return Math.max(1, ...minutes);
}

function toChoices(rows: readonly Row[], offers: Offers, allowances: Allowances): Choices {
  const { quotas, carriers, batches, plain, rowsMax } = offers;
  const calls = countFixed(rows, offers);
  const allowed = (quota: Quota) => allowances[quota] ?? UNLIMITED;
  const minutes = QUOTAS.map((quota) => minutesOf(calls.get(quota) ?? 0, allowed(quota)));
  const inBatches = [...batches, ...carriers.flatMap(({ seated, unseated }) => [seated, unseated])];
  const sizes = inBatches.flatMap((batch) => batch.map(({ draft }) => draft.rowsMax));
  requireAlike("rows to a call", sizes);
  return {
    rowsMax,
    batchMax: sizes[0] ?? 1,
    plain: plain.map(({ length }) => length),
    carriers: carriers.map(({ seated, unseated }) => ({
      seats: seated.length,
      rows: seated.length + unseated.length,
    })),
    batches: batches.map(({ length }) => length),
    fixed: calls.get(quotas.other) ?? 0,
    allowed: { bulk: allowed(quotas.bulk), other: allowed(quotas.other) },
    minutesMin: Math.max(1, ...minutes),
  };
}

/** Calls of what cannot go out in bulk, by quota. */
function countFixed(rows: readonly Row[], { settled }: Offers): ReadonlyMap<Quota, number> {
  const calls = new Map<Quota, number>();
  const fixed = rows.filter((row) => !isOffered(row) && !settled.has(row));
  for (const { call } of pack(fixed, new Set())) {
    calls.set(call.quota, (calls.get(call.quota) ?? 0) + 1);
  }
  return calls;
}

/** The rows, each with the call that it goes out by. */
function choose(rows: readonly Row[], offers: Offers, split: Split): readonly Row[] {
  const chosen = new Set<Row>();
  for (const [pool, ofPool] of offers.plain.entries()) {
    const sorted = ofPool.toSorted((a, b) => a.depth - b.depth || byAddress(a, b));
    for (const row of sorted.slice(0, split.plain[pool])) chosen.add(row);
  }
  const kept = offers.carriers.length - split.carriers;
  const moved = offers.carriers.slice(kept);
  for (const { row } of moved) chosen.add(row);
  const waiting = [
    ...offers.batches,
    ...offers.carriers.slice(0, kept).map(({ unseated }) => unseated),
    ...moved.map(({ seated, unseated }) => [...seated, ...unseated]),
  ];
  const portions = waiting.flatMap((batch) => chunks(batch, batch[0]?.draft.rowsMax ?? 1));
  const smallest = portions.sort((a, b) => a.length - b.length || byFirst(a, b));
  for (const row of smallest.slice(0, split.batches).flat()) chosen.add(row);
  const standing = new Set<Row>(moved.flatMap(({ seated, unseated }) => [...seated, ...unseated]));
  return rows.map((row) => {
    if (isOffered(row) && chosen.has(row)) return { ...row, draft: row.draft.bulk };
    const { bulk: _, rides, ...draft } = row.draft;
    const isLeft = rides === undefined || standing.has(row);
    return { ...row, draft: isLeft ? draft : { ...draft, rides } };
  });
}

function byFirst([a]: readonly BulkRow[], [b]: readonly BulkRow[]): number {
  return a === undefined || b === undefined ? 0 : byAddress(a, b);
}
