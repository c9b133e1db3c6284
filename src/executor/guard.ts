import type { Address } from "../model/resource.ts";
import { ProviderError } from "../providers/provider.ts";
import type { Timer } from "./timer.ts";

/**
 * What was seen longer ago may have been changed by somebody else, and is looked at again before it is
 * overwritten. Two runs that write the same within so short a time have read the same, too.
 */
const AGE_MS_MAX = 2_000;
/** No more than a fifth of the time is spent on looking. */
const LOOK_SHARE_MAX = 0.2;

/** Tells what somebody else has changed while a plan is executed. */
export interface Guard {
  /**
   * Resources that are not as the plan saw them, of those that were not begun.
   *
   * @throws nothing: what cannot be looked at counts as unchanged.
   */
  changed(begun: ReadonlySet<Address>): Promise<ReadonlySet<Address>>;
}

/** What a guard looks with. */
export interface GuardInput {
  readonly timer: Timer;
  /** How long ago the app was read, in milliseconds, when the run begins. */
  readonly ageMs: number;
  readonly signal: AbortSignal | undefined;
  /** Looks which resources are not as the plan saw them, of those that were not begun. */
  find(begun: ReadonlySet<Address>): Promise<readonly Address[]>;
}

/** A guard that looks again when what it knows has grown old, once for all who ask at that time. */
export function createGuard({ timer, ageMs, signal, find }: GuardInput): Guard {
  const changed = new Set<Address>();
  let dueMs = timer.nowMs() - ageMs + AGE_MS_MAX;
  let looking: Promise<void> | undefined;
  const look = async (begun: ReadonlySet<Address>): Promise<void> => {
    const startedMs = timer.nowMs();
    try {
      for (const address of await find(begun)) changed.add(address);
    } catch (error) {
      // Who interrupts the run does not need to know: nothing is sent any more.
      if (!(error instanceof ProviderError) && signal?.aborted !== true) throw error;
    } finally {
      const nowMs = timer.nowMs();
      dueMs = nowMs + Math.max(AGE_MS_MAX, (nowMs - startedMs) / LOOK_SHARE_MAX);
      looking = undefined;
    }
  };
  return {
    async changed(begun) {
      if (timer.nowMs() > dueMs || looking !== undefined) {
        looking ??= look(new Set(begun));
        await looking;
      }
      return changed;
    },
  };
}
