import type { EndRecord, IntentRecord, OutcomeRecord, RunRecord } from "../model/journal.ts";
import type { Plan, Step, StepId } from "../model/plan.ts";
import type { Report } from "../model/report.ts";
import type { Address } from "../model/resource.ts";
import type { PastStep } from "./carry-out.ts";

/** What a journal tells of its run. */
export interface PastRun {
  readonly run: string;
  readonly plan: Plan;
  readonly steps: ReadonlyMap<StepId, PastStep>;
  /** Resources of which a call was sent or may have been. */
  readonly begun: ReadonlySet<Address>;
  /** Whether all that was planned is done. */
  readonly isDone: boolean;
  /** How it ended; missing where it did not come to its end. */
  readonly report?: Report;
}

/** Where the rows of a step stand. */
interface Standing {
  readonly applied: Set<Address>;
  readonly open: Set<Address>;
  attempts: number;
}

/** What the records of a journal come to; `undefined` where they do not begin with a plan. */
export function toPastRun(records: readonly RunRecord[]): PastRun | undefined {
  const [begin] = records;
  if (begin?.type !== "begin") return undefined;
  const { run, plan } = begin;
  const steps = new Map<StepId, Standing>();
  for (const record of records) {
    if (record.type === "intent") noteIntent(standingOf(steps, record.step), record);
    if (record.type === "outcome") noteOutcome(standingOf(steps, record.step), record);
  }
  const intents = records.flatMap((record) => (record.type === "intent" ? record.addresses : []));
  const report = endOf(records)?.report;
  const isDone = plan.steps.every((step) => isStepDone(steps, step));
  const ended = report === undefined ? {} : { report };
  return { run, plan, steps, begun: new Set(intents), isDone, ...ended };
}

/** Whether every row of a step is known to be applied. */
export function isStepDone(past: ReadonlyMap<StepId, PastStep>, { id, changes }: Step): boolean {
  return changes.every((address) => past.get(id)?.applied.has(address) === true);
}

function standingOf(steps: Map<StepId, Standing>, step: StepId): Standing {
  const known = steps.get(step);
  if (known !== undefined) return known;
  const standing: Standing = { applied: new Set(), open: new Set(), attempts: 0 };
  steps.set(step, standing);
  return standing;
}

function noteIntent(standing: Standing, { addresses, attempt }: IntentRecord): void {
  standing.attempts = Math.max(standing.attempts, attempt);
  for (const address of addresses) standing.open.add(address);
}

/** A row that is unknown stays open. */
function noteOutcome({ applied, open }: Standing, { rows }: OutcomeRecord): void {
  for (const { address, status } of rows) {
    if (status === "unknown") continue;
    open.delete(address);
    if (status === "applied") applied.add(address);
  }
}

/** The end of the run; none where it was taken up again after that and did not end once more. */
export function endOf(records: readonly RunRecord[]): EndRecord | undefined {
  const last = records.findLast(({ type }) => type === "end" || type === "resume");
  return last?.type === "end" ? last : undefined;
}
