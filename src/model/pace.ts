/** How fast the calls of one quota class may go, and what is waiting because of it. */
export interface ClassPace {
  readonly quota: string;
  /** Calls a minute the class may make, the app's end users included. */
  readonly limit: number;
  /** How many of them we make at most. */
  readonly allowance: number;
  /** After a refusal they are fewer for a while than our share of the limit. */
  readonly slowed?: true;
  /** How many we would make at most if no refusal had slowed us down; left out if none has. */
  readonly unslowed?: number;
  /** How the limit is known: by no word of anybody, from the user, or from the service. */
  readonly source: "assumed" | "stated" | "learnt";
  /** Calls that are not let out yet. */
  readonly waiting: number;
  /** Milliseconds until the quota lets the next of them go; 0 where they wait for something else. */
  readonly waitMs: number;
}

/** How long one call takes, from this to that. */
export interface Latency {
  readonly lowMs: number;
  readonly highMs: number;
}

/** How long the calls of a plan are expected to take, and what that rests on. */
export interface Estimate {
  readonly lowMs: number;
  readonly highMs: number;
  /** The class whose quota has to be waited for the longest, if any has. */
  readonly heldBy?: ClassPace;
  /** Calls under way at once. */
  readonly concurrency: number;
  readonly latency: Latency;
}

/** How many minutes' worth of quota are used up, as far as quotas are known. */
export interface QuotaSplit {
  /** By the calls of the plan. */
  readonly minutes: number;
  /** By the fewest possible calls. */
  readonly fewestMinutes: number;
}

/** A shorter wait is the ordinary spacing of calls, and nobody needs to hear of it. */
const WAIT_MS_MIN = 1_000;

/** The quotas that are waited for long enough to be told, the longest wait first. */
export function waitsIn(paces: readonly ClassPace[]): readonly ClassPace[] {
  return paces
    .filter(({ waiting, waitMs }) => waiting > 0 && waitMs > WAIT_MS_MIN)
    .sort((a, b) => b.waitMs - a.waitMs);
}
