import type { Step } from "../model/plan.ts";
import type { Address } from "../model/resource.ts";
import { ProviderError, type Standing, type Writer } from "../providers/provider.ts";
import type { Timer } from "./timer.ts";

/**
 * When to look at the app after a call without an answer: at once, and a moment later, because lists
 * lag behind and a call may still be under way.
 */
const LOOKS_MS: readonly number[] = [0, 1_000];
/** The service says itself that it is so already; then it is only a matter of time until it shows. */
const LOOKS_LONG_MS: readonly number[] = [0, 500, 1_500, 4_000];
/** With what is looked. */
export interface Looker {
  readonly writer: Writer;
  readonly timer: Timer;
  readonly signal: AbortSignal | undefined;
}

/** What is looked for. */
export interface Missing {
  readonly rows: readonly Address[];
  /** Whether the service says that it is there. */
  readonly isClaimed: boolean;
}

/**
 * Looks at the app for rows of a call as often as it may take until what was done shows. Nothing new is
 * sent once the run is interrupted; what could not be read is not among the answers.
 */
export async function lookFor(
  looker: Looker,
  step: Step,
  { rows, isClaimed }: Missing,
): Promise<ReadonlyMap<Address, Standing>> {
  const { timer, signal } = looker;
  const standings = new Map<Address, Standing>();
  for (const waitMs of isClaimed ? LOOKS_LONG_MS : LOOKS_MS) {
    if (waitMs > 0) await timer.sleep(waitMs, signal);
    const missing = rows.filter((row) => standings.get(row) !== "done");
    if (missing.length === 0 || signal?.aborted === true) break;
    for (const [row, standing] of await look(looker, step, missing)) standings.set(row, standing);
  }
  return standings;
}

async function look(
  { writer, signal }: Looker,
  step: Step,
  rows: readonly Address[],
): Promise<ReadonlyMap<Address, Standing>> {
  try {
    return await writer.look(step.call, rows, signal);
  } catch (error) {
    if (error instanceof ProviderError || signal?.aborted === true) return new Map();
    throw error;
  }
}
