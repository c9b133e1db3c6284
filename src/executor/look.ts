import type { Step } from "../model/plan.ts";
import type { Address } from "../model/resource.ts";
import { ProviderError, type Standing, type Writer } from "../providers/provider.ts";
import type { Timer } from "./timer.ts";

/**
 * When to look at the app after a call without an answer: at once, and a moment later, because lists
 * lag behind and a call may still be under way.
 */
const LOOKS_MS: readonly number[] = [0, 1_000];
/**
 * Looks after these, where the service says itself that it is so already, or another row of the same
 * call shows: then it is only a matter of time until this one does.
 */
const LOOKS_LATE_MS: readonly number[] = [1_500, 4_000];

/** With what is looked. */
export interface Looker {
  readonly writer: Writer;
  readonly timer: Timer;
  readonly signal: AbortSignal | undefined;
  /** Resources of which no more is asked than that they are there. */
  readonly blind: ReadonlySet<Address>;
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
  const missing = () => rows.filter((row) => standings.get(row) !== "done");
  for (const [index, waitMs] of [...LOOKS_MS, ...LOOKS_LATE_MS].entries()) {
    const isLate = index >= LOOKS_MS.length;
    if (isLate && !isClaimed && missing().length === rows.length) break;
    if (waitMs > 0) await timer.sleep(waitMs, signal);
    if (missing().length === 0 || signal?.aborted === true) break;
    for (const [row, standing] of await look(looker, step, missing())) standings.set(row, standing);
  }
  return standings;
}

async function look(
  { writer, signal, blind }: Looker,
  step: Step,
  rows: readonly Address[],
): Promise<ReadonlyMap<Address, Standing>> {
  try {
    const standings = await writer.look(step.call, rows, signal);
    return new Map(
      [...standings].map(([row, standing]) => {
        const isThere = standing === "different" && blind.has(row);
        return [row, isThere ? "done" : standing];
      }),
    );
  } catch (error) {
    if (error instanceof ProviderError || signal?.aborted === true) return new Map();
    throw error;
  }
}
