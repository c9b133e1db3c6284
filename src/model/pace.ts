/** How fast calls of one quota may go out, and what waits for it. */
export interface ClassPace {
  readonly quota: string;
  /** Calls a minute that the service allows. */
  readonly limit: number;
  /** How much of that is ours. */
  readonly allowance: number;
  readonly source: "assumed" | "stated" | "learnt";
  /** Calls that are queued. */
  readonly waiting: number;
  /** Until the next of them may go; 0 if none waits. */
  readonly waitMs: number;
}

/** A shorter wait is the ordinary spacing of calls, and nobody needs to hear of it. */
const WAIT_MS_MIN = 1_000;

/** The quotas that are waited for long enough to be told, the longest wait first. */
export function waitsIn(paces: readonly ClassPace[]): readonly ClassPace[] {
  return paces
    .filter(({ waiting, waitMs }) => waiting > 0 && waitMs > WAIT_MS_MIN)
    .sort((a, b) => b.waitMs - a.waitMs);
}
