import pLimit from "p-limit";
import type { JsonObject } from "../model/json.ts";
import type { PlanChange, Step, StepId } from "../model/plan.ts";
import type { ExecutionEvent, Outcome } from "../model/report.ts";
import type { Address } from "../model/resource.ts";
import { ProviderError, type Writer } from "../providers/provider.ts";
import { createLedger, type Ledger, type RowResult } from "./ledger.ts";
import { fillSecrets, redact, type Secrets } from "./secrets.ts";

/** What is executed, and how. */
export interface ExecuteInput {
  readonly steps: readonly Step[];
  readonly changes: readonly PlanChange[];
  readonly secrets: Secrets;
  readonly writer: Writer;
  /** Calls in flight at once. */
  readonly concurrency: number;
  readonly nowMs: () => number;
  /** When aborted no further call is made; those in flight end by themselves. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ExecutionEvent) => void) | undefined;
}

/**
 * Sends the steps' calls when what they wait for has ended, and says what came of each change. It
 * decides nothing: a step whose needs were not met is skipped, and so on to what needs that one.
 */
export async function execute(input: ExecuteInput): Promise<readonly Outcome[]> {
  const limit = pLimit(input.concurrency);
  const ledger = createLedger(input.changes);
  const waits = new Map<StepId, number>();
  const followers = new Map<StepId, Step[]>(input.steps.map(({ id }) => [id, []]));
  for (const step of input.steps) {
    const before = new Set([...step.dependsOn, ...step.after]);
    waits.set(step.id, before.size);
    for (const id of before) followers.get(id)?.push(step);
  }
  let done = 0;
  const start = async (step: Step): Promise<void> => {
    const status = await limit(() => run(input, ledger, step));
    done += 1;
    input.onEvent?.({ type: "ended", step: step.id, status, done, total: input.steps.length });
    const ready = (followers.get(step.id) ?? []).filter((follower) => {
      const left = (waits.get(follower.id) ?? 0) - 1;
      waits.set(follower.id, left);
      return left === 0;
    });
    await Promise.all(ready.map(start));
  };
  await Promise.all(input.steps.filter(({ id }) => waits.get(id) === 0).map(start));
  return ledger.outcomes();
}

async function run(input: ExecuteInput, ledger: Ledger, step: Step): Promise<Outcome["status"]> {
  const startedMs = input.nowMs();
  const missing = step.needs.find((address) => !ledger.isSound(address));
  const left = new Map<Address, RowResult>();
  for (const address of step.changes) {
    const need = missing ?? step.rowNeeds?.[address]?.find((one) => !ledger.isSound(one));
    if (need !== undefined) left.set(address, toSkipped(need));
    else if (input.signal?.aborted) left.set(address, INTERRUPTED);
  }
  for (const [address, result] of left) ledger.note(address, result, 0);
  const sent = step.changes.filter((address) => !left.has(address));
  if (sent.length === 0) return "skipped";
  input.onEvent?.({ type: "started", step: step.id, addresses: sent });
  const results = await send(input, step, sent, new Set(left.keys()));
  const durationMs = input.nowMs() - startedMs;
  for (const address of sent) ledger.note(address, results(address), durationMs);
  return results(sent[0] ?? "").status;
}

async function send(
  { writer, secrets, signal }: ExecuteInput,
  step: Step,
  sent: readonly Address[],
  left: ReadonlySet<Address>,
): Promise<(address: Address) => RowResult> {
  const call = left.size === 0 ? step.call : writer.trim(step, left);
  const body = call.body === null ? null : (fillSecrets(call.body, secrets) as JsonObject);
  const hide = (text: string) => redact(text, call.body, secrets);
  try {
    const failed = await writer.send({ ...call, body }, sent, signal);
    return (address) => {
      const error = failed.get(address);
      return error === undefined ? { status: "applied" } : toFailed(error, hide);
    };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const result = error.kind === "interrupted" ? INTERRUPTED : toFailed(error, hide);
    return () => result;
  }
}

function toFailed(error: ProviderError, hide: (text: string) => string): RowResult {
  const status = error.kind === "unknown-outcome" ? "unknown" : "failed";
  const parts = [error.message, error.reason, error.hint].filter((part) => part !== undefined);
  const message = parts.map((part) => hide(part).replace(/\.$/, "")).join(". ");
  return { status, error: { code: error.code, message } };
}

function toSkipped(need: Address): RowResult {
  return { status: "skipped", error: { code: "NEED_NOT_MET", message: `needs ${need}` } };
}

const INTERRUPTED: RowResult = {
  status: "skipped",
  error: { code: "INTERRUPTED", message: "the run was interrupted before this call" },
};
