import type { BeginRecord, RunRecord } from "./journal.ts";
import type { Plan, PlanTarget } from "./plan.ts";

/** A run begins; neither the plan nor what the manifest asked for is told. */
export interface BeginEvent extends Omit<BeginRecord, "plan" | "declared"> {
  /** The plan's digest. */
  readonly digest: string;
  readonly target: PlanTarget;
  /** How many changes the plan has. */
  readonly changes: number;
  /** How many calls the plan has. */
  readonly calls: number;
}

/** A wait for a quota begins, or ends. */
export interface WaitEvent {
  readonly type: "wait";
  readonly quota: string;
  /** Until the next call may go; 0 where the wait is over. */
  readonly waitMs: number;
}

/** What is told of a run while it happens. */
export type RunEvent = Exclude<RunRecord, BeginRecord> | BeginEvent | WaitEvent;

/** A record as it is told to those who watch. */
export function toEvent(record: RunRecord): RunEvent {
  if (record.type !== "begin") return record;
  const { plan, declared: _, ...begin } = record;
  return { ...begin, ...summaryOf(plan) };
}

function summaryOf({ digest, provider, changes, steps }: Plan) {
  return { digest, target: provider, changes: changes.length, calls: steps.length };
}
