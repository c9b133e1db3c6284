import type {
  BeginRecord,
  IntentRecord,
  OutcomeRecord,
  RowRecord,
  StampedRecord,
} from "../model/journal.ts";
import type { Plan, StepId } from "../model/plan.ts";
import type { Receipt, ReceiptCall, Unfinished } from "../model/receipt.ts";
import { countOutcomes, type Report } from "../model/report.ts";
import type { Address } from "../model/resource.ts";
import { endOf, isStepDone, toPastRun } from "./journal.ts";
import { createLedger, type RowResult, worstOf } from "./ledger.ts";
import { CUT_SHORT, NOT_REACHED, toResult } from "./verdict.ts";

/**
 * The receipt of a run, from its records alone. Of a run that did not finish it tells what is known: it
 * counts as interrupted, and what was under way as unknown.
 *
 * @throws when the records do not begin with a run's beginning.
 */
export function toReceipt(records: readonly StampedRecord[]): Receipt {
  const begin = beginOf(records);
  const { run, plan, declared, at: startedAt } = begin;
  const endedAt = records.at(-1)?.at ?? startedAt;
  const { provider, stack, manifestDigest, digest } = plan;
  const report = endOf(records)?.report ?? toPartialReport(plan, records);
  const { summary, outcomes, reread, residue, converged, unread, interrupted } = report;
  return {
    formatVersion: 1,
    type: "receipt",
    tool: plan.tool,
    ...{ run, command: plan.mode, provider, stack, manifestDigest, digest, startedAt, endedAt },
    ...(declared === undefined ? {} : { declared }),
    calls: toCalls(plan, records),
    traffic: report.calls,
    ...{ summary, outcomes, reread, residue, converged },
    ...(unread === undefined ? {} : { unread }),
    interrupted,
    // Those of a run that was cut short and finished later are further apart than its last report says.
    durationMs: Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)),
  };
}

/** How far a run has got that did not finish; `undefined` for one that did. */
export function toUnfinished(records: readonly StampedRecord[]): Unfinished | undefined {
  const { plan } = beginOf(records);
  const past = toPastRun(records);
  if (past === undefined || endOf(records) !== undefined) return undefined;
  const done = plan.steps.filter((step) => isStepDone(past.steps, step)).length;
  const underWay = toCalls(plan, records).filter(({ by }) => by === null).length;
  return { done, total: plan.steps.length, underWay };
}

function beginOf([begin]: readonly StampedRecord[]): StampedRecord & BeginRecord {
  if (begin?.type !== "begin") throw new Error("the records do not begin with a run's beginning");
  return begin;
}

/** The records of one call. */
interface Sent {
  readonly intent: StampedRecord & IntentRecord;
  outcomes: OutcomeRecord[];
}

/** The calls in the order in which they were sent. */
function sentIn(records: readonly StampedRecord[]): readonly Sent[] {
  const calls = new Map<string, Sent>();
  for (const record of records) {
    if (record.type === "intent") {
      calls.set(`${record.step} ${record.attempt}`, { intent: record, outcomes: [] });
    } else if (record.type === "outcome") {
      calls.get(`${record.step} ${record.attempt}`)?.outcomes.push(record);
    }
  }
  return [...calls.values()];
}

function toCalls(plan: Plan, records: readonly StampedRecord[]): readonly ReceiptCall[] {
  const steps = new Map(plan.steps.map((step) => [step.id, step] as const));
  return sentIn(records).flatMap(({ intent, outcomes }) => {
    const call = steps.get(intent.step)?.call;
    if (call === undefined) return [];
    const { step, attempt, addresses, at } = intent;
    const { method, host, path, quota } = call;
    const rows = lastRows(intent, outcomes);
    const durationMs = outcomes.reduce((sum, outcome) => sum + outcome.durationMs, 0);
    return {
      ...{ step, attempt, method, host, path, quota, addresses, at },
      durationMs: outcomes.length === 0 ? null : durationMs,
      by: outcomes.at(-1)?.by ?? null,
      rows: rows.filter(({ status }) => status !== "applied"),
      status: worstOf(rows),
    };
  });
}

/** What is known last of each row of a call; a look at the app is about some of them only. */
function lastRows(
  { addresses }: IntentRecord,
  outcomes: readonly OutcomeRecord[],
): readonly RowRecord[] {
  const known = new Map(
    outcomes.flatMap(({ rows }) => rows).map((row) => [row.address, row] as const),
  );
  return addresses.map((address) => known.get(address) ?? { address, ...UNTOLD });
}

/** What is said of a row that was under way when the records ended. */
const UNTOLD: RowResult = { ...toResult(CUT_SHORT, { body: null, secrets: new Map() }) };

function toPartialReport(plan: Plan, records: readonly StampedRecord[]): Report {
  const ledger = createLedger(plan.changes);
  const rows = rowsByStep(records);
  for (const { id, changes } of plan.steps) {
    for (const address of changes) {
      const { address: _, ...result } = rows.get(id)?.get(address) ?? { address, ...NOT_REACHED };
      ledger.note(address, result, 0);
    }
  }
  const outcomes = ledger.outcomes();
  return {
    formatVersion: 1,
    summary: countOutcomes(outcomes),
    outcomes,
    calls: { sent: sentIn(records).length, retried: 0, throttled: 0 },
    converged: false,
    residue: [],
    reread: { looks: 0, calls: 0 },
    interrupted: true,
    durationMs: 0,
  };
}

/** Where each row stands according to the last record that tells of it. */
function rowsByStep(
  records: readonly StampedRecord[],
): ReadonlyMap<StepId, ReadonlyMap<Address, RowRecord>> {
  const steps = new Map<StepId, Map<Address, RowRecord>>();
  const noteRow = (step: StepId, row: RowRecord): void => {
    const rows = steps.get(step) ?? new Map<Address, RowRecord>();
    steps.set(step, rows.set(row.address, row));
  };
  for (const record of records) {
    if (record.type === "intent") {
      for (const address of record.addresses) noteRow(record.step, { address, ...UNTOLD });
    } else if (record.type === "outcome" || record.type === "skip") {
      for (const row of record.rows) noteRow(record.step, row);
    }
  }
  return steps;
}
