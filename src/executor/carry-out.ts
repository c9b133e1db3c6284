import type { Recorder, RowRecord } from "../model/journal.ts";
import type { JsonObject } from "../model/json.ts";
import type { ApiCall, Step } from "../model/plan.ts";
import type { Address } from "../model/resource.ts";
import { ProviderError, type Writer } from "../providers/provider.ts";
import type { RowResult } from "./ledger.ts";
import { lookFor } from "./look.ts";
import { fillSecrets, type Secrets } from "./secrets.ts";
import type { Timer } from "./timer.ts";
import {
  type About,
  CUT_SHORT,
  DONE,
  INTERRUPTED,
  judge,
  mayBeUnderWay,
  toLeftBehind,
  toResult,
  toUnkept,
} from "./verdict.ts";

/**
 * A call is sent this often at most: once, and again where the app shows that it was not carried out.
 * A service that loses three calls in a row is not one to go on asking.
 */
export const ATTEMPTS_MAX = 3;
/** Waits before a call is sent again double from this, drawn at random below it. */
const BACK_OFF_MS = 500;

/** With what a step is carried out. */
export interface Carrier {
  readonly writer: Writer;
  readonly secrets: Secrets;
  readonly timer: Timer;
  /** A number from 0 to 1. */
  readonly random: () => number;
  readonly recorder: Recorder;
  readonly signal: AbortSignal | undefined;
  /** Changes made without having read what is there: of them no more is asked than that it is there. */
  readonly blind: ReadonlySet<Address>;
}

/** What is known of a step from a run that was cut short. */
export interface PastStep {
  /** Rows that are done. */
  readonly applied: ReadonlySet<Address>;
  /** Rows that were sent, of which nobody knows what came of them. */
  readonly open: ReadonlySet<Address>;
  readonly attempts: number;
}

/** What came of a step. */
export interface Carried {
  readonly results: ReadonlyMap<Address, RowResult>;
  /** Whether the app neither answered nor could be read. */
  readonly isSilent: boolean;
  /** How often its call was sent again. */
  readonly repeated: number;
  /** Why nothing more may be sent, if so. */
  readonly halt?: RowResult | undefined;
}

/** A step on its way. */
interface Course {
  readonly carrier: Carrier;
  readonly step: Step;
  readonly results: Map<Address, RowResult>;
  /** Rows that are to be sent, or looked at. */
  readonly open: Set<Address>;
  /** Rows that were sent, and why it is not known whether they were done. */
  readonly doubts: Map<Address, ProviderError>;
  /** Rows of which a call may still be under way, whatever came of those after it. */
  readonly underWay: Set<Address>;
  attempt: number;
  isSilent: boolean;
  repeated: number;
  halt?: RowResult;
}

/**
 * Sends a step's call for these rows until it is known what came of each of them: done, failed, or
 * unknown where that cannot be found out. A call that may have been carried out is never sent again
 * before the app was read and shows that it was not.
 */
export async function carryOut(
  carrier: Carrier,
  step: Step,
  rows: readonly Address[],
  past?: PastStep,
): Promise<Carried> {
  const course: Course = {
    carrier,
    step,
    results: new Map(),
    open: new Set(rows),
    doubts: new Map(rows.filter((row) => past?.open.has(row)).map((row) => [row, CUT_SHORT])),
    underWay: new Set(),
    attempt: past?.attempts ?? 0,
    isSilent: false,
    repeated: 0,
  };
  // What a run before this one has tried does not count against this one.
  const before = course.attempt;
  if (course.doubts.size > 0) await resolveDoubts(course);
  while (isToBeSent(course, before)) {
    await sendOnce(course);
    if (course.doubts.size > 0) await resolveDoubts(course);
    if (isToBeSent(course, before)) await backOff(course, course.attempt - before);
  }
  for (const row of course.open) settle(course, row, leftOver(course, row));
  return course;
}

function isToBeSent({ carrier, open, attempt }: Course, before: number): boolean {
  return open.size > 0 && carrier.signal?.aborted !== true && attempt - before < ATTEMPTS_MAX;
}

async function sendOnce(course: Course): Promise<void> {
  const { carrier, step, open } = course;
  const sent = [...open];
  const call = callFor(course);
  if (call === undefined) {
    const rows = sent.map((address) => ({ address, ...toLeftBehind(course.doubts.has(address)) }));
    for (const { address, ...result } of rows) settle(course, address, result);
    carrier.recorder.note({ type: "skip", step: step.id, rows });
    return;
  }
  course.repeated += course.doubts.size > 0 ? 1 : 0;
  course.attempt += 1;
  const { attempt } = course;
  const intent = { type: "intent", step: step.id, attempt, addresses: sent } as const;
  const refusal = await carrier.recorder.intend(intent).catch(toUnkept);
  if (refusal !== undefined) {
    course.halt = refusal;
    for (const row of sent) settle(course, row, refusal);
    return;
  }
  const startedMs = carrier.timer.nowMs();
  const answers = await ask(course, call, sent);
  course.isSilent = sent.every((row) => answers(row)?.kind === "unreachable");
  const rows = sent.map((row): RowRecord => take(course, row, answers(row)));
  const durationMs = Math.round(carrier.timer.nowMs() - startedMs);
  carrier.recorder.note({ type: "outcome", step: step.id, attempt, by: "reply", rows, durationMs });
}

/** The call for the rows that are open. */
function callFor({ carrier, step, open }: Course): ApiCall | undefined {
  const left = step.changes.filter((row) => !open.has(row));
  return left.length === 0 ? step.call : carrier.writer.trim(step, new Set(left));
}

async function ask(
  { carrier }: Course,
  call: ApiCall,
  sent: readonly Address[],
): Promise<(row: Address) => ProviderError | undefined> {
  const body = call.body === null ? null : fillSecrets(call.body, carrier.secrets);
  try {
    const request = { ...call, body: body as JsonObject | null };
    const failed = await carrier.writer.send(request, sent, carrier.signal);
    return (row) => failed.get(row);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return () => error;
  }
}

/** Notes what the answer says of a row: done, failed, or yet to be found out. */
function take(course: Course, address: Address, error: ProviderError | undefined): RowRecord {
  const { doubts } = course;
  if (error === undefined) {
    settle(course, address, DONE);
    return { address, ...DONE };
  }
  const about = aboutOf(course);
  const doubt = doubts.get(address);
  if (error.kind === "interrupted") {
    if (doubt !== undefined) return { address, ...toResult(doubt, about) };
    settle(course, address, INTERRUPTED);
    return { address, ...INTERRUPTED };
  }
  const result = toResult(error, about);
  if (mayBeUnderWay(error)) course.underWay.add(address);
  // What is refused now may have been done by the call before, or in part by each.
  if (isDoubtful(error) || doubt !== undefined) doubts.set(address, error);
  else settle(course, address, result);
  return { address, ...toSaid(course, address, result) };
}

/** Whether the answer leaves open how things are: there was none, or it claims something. */
function isDoubtful({ kind }: ProviderError): boolean {
  return kind === "unknown-outcome" || kind === "already-so";
}

function settle(course: Course, row: Address, result: RowResult): void {
  const { results, open, doubts } = course;
  results.set(row, toSaid(course, row, result));
  open.delete(row);
  doubts.delete(row);
}

/** What may be said of a row: as long as one of its calls may still be under way it has not failed. */
function toSaid({ underWay }: Course, row: Address, result: RowResult): RowResult {
  const mayCome = result.status === "failed" && underWay.has(row);
  return mayCome ? { ...result, status: "unknown" } : result;
}

/** Looks at the app for what became of the rows in doubt, until it shows that they are done. */
async function resolveDoubts(course: Course): Promise<void> {
  const { carrier, step, attempt, doubts } = course;
  const startedMs = carrier.timer.nowMs();
  const before = [...doubts];
  const isClaimed = before.some(([, error]) => error.kind === "already-so");
  const rowsInDoubt = before.map(([row]) => row);
  const standings = await lookFor(carrier, step, { rows: rowsInDoubt, isClaimed });
  course.isSilent = standings.size === 0 && carrier.signal?.aborted !== true;
  const about = aboutOf(course);
  const rows = before.map(([address, error]): RowRecord => {
    const standing = standings.get(address);
    const result = judge(error, standing, about);
    const isOpen = standing === "undone" && error.kind === "unknown-outcome";
    if (!isOpen) settle(course, address, result);
    return { address, ...toSaid(course, address, result) };
  });
  const durationMs = Math.round(carrier.timer.nowMs() - startedMs);
  carrier.recorder.note({
    type: "outcome",
    step: step.id,
    attempt,
    by: "reading",
    rows,
    durationMs,
  });
}

async function backOff({ carrier }: Course, tries: number): Promise<void> {
  const { random, signal, timer } = carrier;
  await timer.sleep(random() * BACK_OFF_MS * 2 ** (tries - 1), signal);
}

/** What to say of a row that is still open when nothing more is sent: the app shows that it is not done. */
function leftOver(course: Course, row: Address): RowResult {
  const doubt = course.doubts.get(row);
  if (doubt === undefined) return INTERRUPTED;
  return judge(doubt, "undone", aboutOf(course));
}

function aboutOf({ step, carrier }: Course): About {
  return { body: step.call.body, secrets: carrier.secrets };
}
