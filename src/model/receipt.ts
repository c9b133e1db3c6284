import type { Declared } from "./declared.ts";
import type { RowRecord } from "./journal.ts";
import type { ApiCall, PlanTarget, StepId } from "./plan.ts";
import type { OutcomeStatus, Report } from "./report.ts";
import type { Address } from "./resource.ts";

/** One call of a run: what was sent, when, and what came of it. */
export interface ReceiptCall extends Pick<ApiCall, "method" | "host" | "path" | "quota"> {
  readonly step: StepId;
  /** Counted from 1; a call of unknown outcome may have been sent again. */
  readonly attempt: number;
  /** The resources it was to change. */
  readonly addresses: readonly Address[];
  /** When it was about to be sent: ISO 8601, UTC. */
  readonly at: string;
  /** Until it was known what came of it; `null` where that was never known. */
  readonly durationMs: number | null;
  /** How it is known: by the service's answer, by looking at the app, or not at all. */
  readonly by: "reply" | "reading" | null;
  /** The rows that were not applied. */
  readonly rows: readonly RowRecord[];
  /** The worst of its rows. */
  readonly status: OutcomeStatus;
}

/** What a run did, call by call, and what was found afterwards. */
export interface Receipt
  extends Pick<
    Report,
    | "summary"
    | "outcomes"
    | "reread"
    | "residue"
    | "converged"
    | "unread"
    | "interrupted"
    | "durationMs"
  > {
  readonly formatVersion: 1;
  readonly type: "receipt";
  readonly tool: { readonly name: string; readonly version: string };
  /** Names the run, and its journal. */
  readonly run: string;
  readonly command: "apply" | "destroy";
  readonly provider: PlanTarget;
  readonly stack: string | null;
  readonly manifestDigest: string;
  /** The plan's digest. */
  readonly digest: string;
  /** What the manifest asked for, where it was at hand: by this a later drift is told from a change of it. */
  readonly declared?: Declared;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly calls: readonly ReceiptCall[];
  /**
   * The calls of the run, or of its last part where it was cut short and taken up again: how many were
   * sent, repeated and answered 429. Of a part without an end it is known what was to be sent, no more.
   */
  readonly traffic: Report["calls"];
  /** SHA-256 of the receipt as a whole document, where it was sealed. */
  readonly checksum?: string;
}

/** How far a run has got that did not finish. */
export interface Unfinished {
  /** Steps that have ended. */
  readonly done: number;
  readonly total: number;
  /** Calls that were sent, of which nobody knows what came of them. */
  readonly underWay: number;
}
