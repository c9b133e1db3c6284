import type { Declared } from "./declared.ts";
import type { Plan, StepId } from "./plan.ts";
import type { OutcomeError, OutcomeStatus, Report } from "./report.ts";
import type { Address } from "./resource.ts";

/*
 * What happens while a plan is executed, as records. The journal keeps them so that a run that was
 * cut short can be finished, the receipt tells them, and whoever watches a run is told them as well.
 */

/** A run begins, with the plan that was approved. */
export interface BeginRecord {
  readonly type: "begin";
  readonly formatVersion: 1;
  /** Names the run; its journal is called after it. */
  readonly run: string;
  readonly plan: Plan;
  /** What the manifest asked for, where it was at hand. */
  readonly declared?: Declared;
}

/** A run that was cut short goes on. */
export interface ResumeRecord {
  readonly type: "resume";
}

/** A step's call is about to be sent. Whatever happens next, it may have been. */
export interface IntentRecord {
  readonly type: "intent";
  readonly step: StepId;
  /** Counted from 1, over the whole run. */
  readonly attempt: number;
  /** The resources it changes; less than the step's where some rows were left out. */
  readonly addresses: readonly Address[];
}

/** What came of one row of a call. */
export interface RowRecord {
  readonly address: Address;
  readonly status: OutcomeStatus;
  readonly error?: OutcomeError;
}

/** What came of a call. */
export interface OutcomeRecord {
  readonly type: "outcome";
  readonly step: StepId;
  readonly attempt: number;
  /** How it is known: by the service's answer, or by looking at the app. */
  readonly by: "reply" | "reading";
  readonly rows: readonly RowRecord[];
  readonly durationMs: number;
}

/** Rows that were not sent, and why. */
export interface SkipRecord {
  readonly type: "skip";
  readonly step: StepId;
  readonly rows: readonly RowRecord[];
}

/** A step has ended, whatever came of it. */
export interface ProgressRecord {
  readonly type: "progress";
  readonly step: StepId;
  readonly status: OutcomeStatus;
  readonly done: number;
  readonly total: number;
}

/** What was touched is read again. */
export interface VerifyRecord {
  readonly type: "verify";
  /** Counted from 1: lists may lag behind, so it is looked more than once. */
  readonly look: number;
  /** How many resources still differ, if they could be read. */
  readonly residue: number | null;
}

/** A run has ended, with its report. */
export interface EndRecord {
  readonly type: "end";
  readonly report: Report;
}

/** One record of a run. */
export type RunRecord =
  | BeginRecord
  | ResumeRecord
  | IntentRecord
  | OutcomeRecord
  | SkipRecord
  | ProgressRecord
  | VerifyRecord
  | EndRecord;

/** A record as it was written down. */
export type StampedRecord = RunRecord & {
  /** ISO 8601, UTC. */
  readonly at: string;
};

/** Takes the records of a run. */
export interface Recorder {
  note(record: RunRecord): void;
  /**
   * Takes the intent to send a call, and resolves once it would outlive this process; the call is not
   * sent before that.
   *
   * @throws when it cannot be kept; the message says why.
   */
  intend(intent: IntentRecord): Promise<void>;
}

/** A recorder that keeps nothing. */
export const NO_RECORDER: Recorder = { note: () => undefined, intend: async () => undefined };
