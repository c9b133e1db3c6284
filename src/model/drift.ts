import type { Diagnostic } from "./diagnostic.ts";
import type { PlanChange, PlanTarget } from "./plan.ts";

/**
 * Why something differs from the manifest: the app has changed since the last run; the manifest has;
 * the last run did not bring it about; or what there is to go by cannot tell.
 */
export type Cause = "drift" | "pending" | "unfinished" | "untold";

/** What differs, and why. An update of which attributes differ for two reasons is there twice. */
export interface DriftChange extends PlanChange {
  readonly cause: Cause;
  /** Paths of attributes that the manifest has changed as well since the last run, where there are any. */
  readonly manifestChanged?: readonly string[];
}

/** The last run, as far as it is known. */
export interface LastRun {
  /** The receipt or the journal, as it is named to people. */
  readonly file: string;
  readonly run: string;
  readonly command: "apply" | "destroy";
  readonly endedAt: string;
  readonly manifestDigest: string;
}

/** How an app stands to its manifest, and whose doing it is. */
export interface Drift {
  readonly formatVersion: 1;
  readonly type: "drift";
  readonly provider: PlanTarget;
  readonly stack: string | null;
  readonly manifestDigest: string;
  /** Since when changes are counted; `null` where no run is known. */
  readonly since: LastRun | null;
  /** Whether the manifest has changed since; `null` where no run is known. */
  readonly manifestChanged: boolean | null;
  readonly counts: { readonly [cause in Cause]: number };
  /** Declared resources that are as they should be. */
  readonly unchanged: number;
  /** Whether everything was read to its end. */
  readonly complete: boolean;
  readonly changes: readonly DriftChange[];
  /** What the plan says besides; errors mean that it would be refused. */
  readonly diagnostics: readonly Diagnostic[];
}
