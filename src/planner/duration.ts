import type { ClassPace, Estimate, Latency } from "../model/pace.ts";
import { type Plan, QUOTAS, type Quota, type Step, type StepId } from "../model/plan.ts";

/** Quotas are counted by the minute (documented). */
const WINDOW_MS = 60_000;

/** What an estimate is made from, beside the plan. */
export interface Assumption {
  readonly pace: readonly ClassPace[];
  readonly concurrency: number;
  readonly latency: Latency;
}

/**
 * Estimates how long the calls of a plan take. The low end has every class in parallel, in windows
 * that begin with its first call; the high end has one class after the other, the calls that planning
 * made in the same window, and the longest chain of steps on top. Reads after the apply are in neither.
 */
export function estimate(
  { steps, reads }: Pick<Plan, "steps" | "reads">,
  { pace, concurrency, latency }: Assumption,
): Estimate {
  const { lowMs, highMs } = latency;
  const count = (quota: Quota) => steps.filter(({ call }) => call.quota === quota).length;
  const classes = QUOTAS.map((quota) => {
    const known = pace.find((one) => one.quota === quota);
    const allowance = known?.allowance ?? Number.POSITIVE_INFINITY;
    const calls = count(quota);
    // Reads are counted as standard (documented), also those that planning made a moment ago.
    const earlier = calls > 0 && quota === "standard" ? reads.calls : 0;
    const low = spend({ calls, allowance, concurrency, callMs: lowMs });
    const high = spend({ calls: calls + earlier, allowance, concurrency, callMs: highMs });
    return { known, low, high };
  });
  const chain = longestChain(steps);
  const together = Math.ceil(steps.length / concurrency) * lowMs;
  const [slowest] = classes.toSorted((a, b) => b.high.heldMs - a.high.heldMs);
  const isHeld = slowest !== undefined && slowest.high.heldMs > 0;
  return {
    lowMs: Math.max(together, chain * lowMs, ...classes.map(({ low }) => low.ms)),
    highMs: classes.reduce((sum, { high }) => sum + high.ms, chain * highMs),
    ...(isHeld && slowest.known !== undefined ? { heldBy: slowest.known } : {}),
    concurrency,
    latency,
  };
}

interface Expense {
  readonly calls: number;
  readonly allowance: number;
  readonly concurrency: number;
  readonly callMs: number;
}

/** Whole windows that are waited for, and the calls of the last one. */
function spend({ calls, allowance, concurrency, callMs }: Expense) {
  const windows = Math.max(0, Math.ceil(calls / allowance) - 1);
  const last = windows === 0 ? calls : calls - windows * allowance;
  const workMs = (count: number) => Math.ceil(count / concurrency) * callMs;
  // A window begins when its first call arrives, and how it ended is known a reply later.
  const windowMs = Math.max(WINDOW_MS + callMs, windows === 0 ? 0 : workMs(allowance));
  const heldMs = windows * windowMs;
  return { heldMs, ms: heldMs + workMs(last) };
}

/** How many steps the longest chain has in which each waits for the one before. */
function longestChain(steps: readonly Step[]): number {
  const { waits, followers } = toGraph(steps);
  const depths = new Map<StepId, number>();
  const ready = steps.flatMap(({ id }) => (waits.get(id) === 0 ? [id] : []));
  let longest = 0;
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    const depth = (depths.get(id) ?? 0) + 1;
    longest = Math.max(longest, depth);
    for (const next of followers.get(id) ?? []) {
      depths.set(next, Math.max(depths.get(next) ?? 0, depth));
      const left = (waits.get(next) ?? 0) - 1;
      waits.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return longest;
}

/** For how many steps each one waits, and which wait for it. */
function toGraph(steps: readonly Step[]) {
  const waits = new Map<StepId, number>();
  const followers = new Map<StepId, StepId[]>(steps.map(({ id }) => [id, []]));
  for (const { id, dependsOn, after } of steps) {
    const before = new Set([...dependsOn, ...after]);
    waits.set(id, before.size);
    for (const one of before) followers.get(one)?.push(id);
  }
  return { waits, followers };
}
