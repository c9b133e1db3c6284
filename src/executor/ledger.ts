import type { PlanChange } from "../model/plan.ts";
import type { Outcome, OutcomeError, OutcomeStatus } from "../model/report.ts";
import type { Address } from "../model/resource.ts";

/** What came of one change in one call. */
export interface RowResult {
  readonly status: OutcomeStatus;
  readonly error?: OutcomeError;
}

/** Keeps what came of each change, over all the calls it takes. */
export interface Ledger {
  note(address: Address, result: RowResult, durationMs: number): void;
  /** Whether nothing has gone wrong with this change so far. */
  isSound(address: Address): boolean;
  /** One outcome for each change, in the plan's order. */
  outcomes(): readonly Outcome[];
}

/** Worse results win over better ones: a change is applied when all its calls are. */
const SEVERITY: { readonly [status in OutcomeStatus]: number } = {
  applied: 0,
  skipped: 1,
  unknown: 2,
  failed: 3,
};

/** The worst of what came of rows. */
export function worstOf(rows: Iterable<Pick<RowResult, "status">>): OutcomeStatus {
  let worst: OutcomeStatus = "applied";
  for (const { status } of rows) if (SEVERITY[status] > SEVERITY[worst]) worst = status;
  return worst;
}

/** An empty ledger for these changes. */
export function createLedger(changes: readonly PlanChange[]): Ledger {
  const kept = new Map<Address, Entry>();
  return {
    note(address, result, durationMs) {
      const known = kept.get(address);
      if (known === undefined) {
        kept.set(address, { result, durationMs, calls: result.status === "applied" ? 1 : 0 });
        return;
      }
      if (result.status === "applied") known.calls += 1;
      known.durationMs += durationMs;
      if (SEVERITY[result.status] > SEVERITY[known.result.status]) known.result = result;
    },
    isSound: (address) => (kept.get(address)?.result.status ?? "applied") === "applied",
    outcomes: () => changes.map((change) => toOutcome(change, kept.get(change.address))),
  };
}

interface Entry {
  result: RowResult;
  durationMs: number;
  /** Calls that were applied. */
  calls: number;
}

function toOutcome({ address, action }: PlanChange, entry: Entry | undefined): Outcome {
  const { status, error } = entry?.result ?? { status: "skipped", error: undefined };
  const isPartly = status !== "applied" && entry !== undefined && entry.calls > 0;
  const shown = isPartly && error !== undefined ? toPartly(error) : error;
  return {
    address,
    action,
    // What was begun is not skipped: the app has a part of it.
    status: isPartly && status === "skipped" ? "failed" : status,
    ...(shown === undefined ? {} : { error: shown }),
    durationMs: Math.round(entry?.durationMs ?? 0),
  };
}

function toPartly(error: OutcomeError): OutcomeError {
  return { ...error, message: `partly applied, then: ${error.message}` };
}
