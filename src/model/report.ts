import type { Action, AttributeChange } from "./plan.ts";
import type { Address } from "./resource.ts";

/**
 * What came of a change: `applied`; `failed`; `skipped` because something it needs was not applied,
 * or the run was interrupted; `unknown` when the call was sent and no answer says what it did.
 */
export type OutcomeStatus = "applied" | "failed" | "skipped" | "unknown";

/** What went wrong with a change: the service's error code and a sentence for people. */
export interface OutcomeError {
  readonly code: string;
  readonly message: string;
  /** What to do next, in a sentence. */
  readonly hint?: string;
}

/** The outcome of one change. */
export interface Outcome {
  readonly address: Address;
  readonly action: Action;
  readonly status: OutcomeStatus;
  readonly error?: OutcomeError;
  readonly durationMs: number;
}

/** What still differs after an apply. */
export interface Residue {
  readonly address: Address;
  readonly action: Action;
  readonly attributes: readonly AttributeChange[];
}

/** How many changes came to what. */
export type OutcomeCounts = { readonly [status in OutcomeStatus]: number };

/** Counts what came of changes. */
export function countOutcomes(outcomes: readonly Pick<Outcome, "status">[]): OutcomeCounts {
  const counts = { applied: 0, failed: 0, skipped: 0, unknown: 0 };
  for (const { status } of outcomes) counts[status] += 1;
  return counts;
}

/** What an apply did, and whether the app is now as planned. */
export interface Report {
  readonly formatVersion: 1;
  readonly summary: OutcomeCounts;
  readonly outcomes: readonly Outcome[];
  readonly calls: {
    readonly sent: number;
    readonly retried: number;
    readonly throttled: number;
  };
  /** Whether the read after the apply found everything as planned. */
  readonly converged: boolean;
  readonly residue: readonly Residue[];
  /** How often the app was looked at afterwards, and by how many calls. */
  readonly reread: { readonly looks: number; readonly calls: number };
  /** Why the app could not be read again, if so; then nothing is known of convergence. */
  readonly unread?: OutcomeError;
  /** Whether the run was interrupted before it was through. */
  readonly interrupted: boolean;
  readonly durationMs: number;
}
