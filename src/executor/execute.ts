import pLimit, { type LimitFunction } from "p-limit";
import type { Recorder, RowRecord } from "../model/journal.ts";
import type { PlanChange, Quota, Step, StepId } from "../model/plan.ts";
import type { Outcome, OutcomeStatus } from "../model/report.ts";
import type { Address } from "../model/resource.ts";
import type { Writer } from "../providers/provider.ts";
import { type Carrier, carryOut, type PastStep } from "./carry-out.ts";
import type { Guard } from "./guard.ts";
import { createLedger, type Ledger, type RowResult, worstOf } from "./ledger.ts";
import type { Secrets } from "./secrets.ts";
import type { Timer } from "./timer.ts";
import { CHANGED, GONE, INTERRUPTED, toSkipped } from "./verdict.ts";

/**
 * After this many steps in a row of which the app said nothing it counts as gone. Each of them asked at
 * length, so going on would only keep people waiting.
 */
const SILENCES_MAX = 3;

/** What is executed, and how. */
export interface ExecuteInput {
  readonly steps: readonly Step[];
  readonly changes: readonly PlanChange[];
  readonly secrets: Secrets;
  readonly writer: Writer;
  /** Calls in flight at once. */
  readonly concurrency: number;
  readonly timer: Timer;
  /** A number from 0 to 1, for back-off. */
  readonly random: () => number;
  readonly recorder: Recorder;
  /** Tells what somebody else has changed meanwhile: that is not overwritten. */
  readonly guard?: Guard | undefined;
  /** What is known from a run of the same plan that was cut short. */
  readonly past?: ReadonlyMap<StepId, PastStep> | undefined;
  /** When aborted no further call is made; those in flight end by themselves. */
  readonly signal?: AbortSignal | undefined;
}

/** What came of the plan. */
export interface Executed {
  readonly outcomes: readonly Outcome[];
  /** Calls that were sent again after the app showed that they had not been carried out. */
  readonly repeated: number;
}

/** A run on its way. */
interface Run extends ExecuteInput {
  readonly ledger: Ledger;
  readonly carrier: Carrier;
  /** What was sent, or is about to be. */
  readonly begun: Set<Address>;
  /** Steps in a row of which the app said nothing. */
  silences: number;
  repeated: number;
  /** Why nothing more is sent, if so. */
  halt: RowResult | undefined;
}

/**
 * Sends the steps' calls when what they wait for has ended, and says what came of each change. It
 * decides nothing: a step whose needs were not met is skipped, and so on to what needs that one.
 */
export async function execute(input: ExecuteInput): Promise<Executed> {
  const { steps, writer, secrets, timer, random, recorder, signal } = input;
  const limitOf = toLimits(input.concurrency);
  const ledger = createLedger(input.changes);
  const blind = new Set(input.changes.filter((one) => one.blind).map(({ address }) => address));
  const carrier = { writer, secrets, timer, random, recorder, signal, blind };
  const begun = new Set([...(input.past?.values() ?? [])].flatMap(toBegun));
  const run: Run = { ...input, ledger, carrier, begun, silences: 0, repeated: 0, halt: undefined };
  const { waits, followers } = toWaits(steps);
  let done = 0;
  const start = async (step: Step): Promise<void> => {
    const status = await limitOf(step)(() => perform(run, step));
    done += 1;
    recorder.note({ type: "progress", step: step.id, status, done, total: steps.length });
    const ready = (followers.get(step.id) ?? []).filter((follower) => {
      const left = (waits.get(follower.id) ?? 0) - 1;
      waits.set(follower.id, left);
      return left === 0;
    });
    await settleAll(ready.map(start));
  };
  await settleAll(steps.filter(({ id }) => waits.get(id) === 0).map(start));
  return { outcomes: ledger.outcomes(), repeated: run.repeated };
}

/**
 * One limit for each quota: what waits for one must not keep the calls of another from going out. How
 * many are on the wire at once is the gate's business. Whoever wants one call at a time gets them in the
 * plan's order.
 */
function toLimits(concurrency: number): (step: Step) => LimitFunction {
  const limits = new Map<Quota, LimitFunction>();
  const only = pLimit(1);
  if (concurrency === 1) return () => only;
  return ({ call: { quota } }) => {
    const limit = limits.get(quota) ?? pLimit(concurrency);
    limits.set(quota, limit);
    return limit;
  };
}

interface Waiting {
  /** How many steps each one still waits for. */
  readonly waits: Map<StepId, number>;
  /** What waits for each step. */
  readonly followers: ReadonlyMap<StepId, readonly Step[]>;
}

function toWaits(steps: readonly Step[]): Waiting {
  const waits = new Map<StepId, number>();
  const followers = new Map<StepId, Step[]>(steps.map(({ id }) => [id, []]));
  for (const step of steps) {
    const before = new Set([...step.dependsOn, ...step.after]);
    waits.set(step.id, before.size);
    for (const id of before) followers.get(id)?.push(step);
  }
  return { waits, followers };
}

/** Waits for all of them, even if one fails: what is under way must have ended before anybody is told. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  const broken = results.find((result) => result.status === "rejected");
  if (broken !== undefined) throw broken.reason;
}

async function perform(run: Run, step: Step): Promise<OutcomeStatus> {
  const { ledger, carrier, recorder, timer } = run;
  const past = run.past?.get(step.id);
  for (const address of past?.applied ?? []) ledger.note(address, { status: "applied" }, 0);
  const rows = step.changes.filter((address) => past?.applied.has(address) !== true);
  const changed = await changedIn(run, rows);
  const left = leaveOut(run, step, { rows, changed });
  for (const { address, ...result } of left) ledger.note(address, result, 0);
  if (left.length > 0) recorder.note({ type: "skip", step: step.id, rows: left });
  const sent = rows.filter((row) => left.every(({ address }) => address !== row));
  if (sent.length === 0) return worstOf(left);
  for (const row of sent) run.begun.add(row);
  const startedMs = timer.nowMs();
  const { results, isSilent, repeated, halt } = await carryOut(carrier, step, sent, past);
  run.repeated += repeated;
  run.silences = isSilent ? run.silences + 1 : 0;
  run.halt ??= halt ?? (run.silences >= SILENCES_MAX ? GONE : undefined);
  for (const [address, result] of results) {
    ledger.note(address, result, timer.nowMs() - startedMs);
  }
  return worstOf(results.values());
}

/** Rows that were sent, or may have been, by a run before this one. */
function toBegun({ applied, open }: PastStep): readonly Address[] {
  return [...applied, ...open];
}

/** The rows that somebody else has changed; what was begun was changed by us. */
async function changedIn(run: Run, rows: readonly Address[]): Promise<ReadonlySet<Address>> {
  if (run.guard === undefined || run.halt !== undefined || run.signal?.aborted) return new Set();
  const changed = await run.guard.changed(run.begun);
  return new Set(rows.filter((row) => changed.has(row) && !run.begun.has(row)));
}

/** The rows that are not sent: their needs are not met, or nothing more is. */
function leaveOut(
  { ledger, signal, halt }: Run,
  step: Step,
  { rows, changed }: { readonly rows: readonly Address[]; readonly changed: ReadonlySet<Address> },
): RowRecord[] {
  const missing = step.needs.find((address) => !ledger.isSound(address));
  const stopped = signal?.aborted ? INTERRUPTED : halt;
  return rows.flatMap((address): RowRecord[] => {
    const need = missing ?? step.rowNeeds?.[address]?.find((one) => !ledger.isSound(one));
    const kept = changed.has(address) ? CHANGED : undefined;
    const result = need === undefined ? (stopped ?? kept) : toSkipped(need);
    return result === undefined ? [] : [{ address, ...result }];
  });
}
