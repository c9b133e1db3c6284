import type { Estimate } from "../model/pace.ts";
import { formatCount } from "./layout.ts";

/** A span of time between two, rounded outwards: `20 to 40 s`, `1 to 2 min`, `30 s to 2 min`. */
export function formatSpan({ lowMs, highMs }: Pick<Estimate, "lowMs" | "highMs">): string {
  const isShort = highMs <= 90_000;
  const low = toRounded(lowMs, Math.floor, isShort);
  const high = toRounded(highMs, Math.ceil, isShort);
  if (low.unit !== high.unit) {
    return `${low.count} ${low.unit} to ${high.count} ${high.unit}`;
  }
  return `${low.count === high.count ? "" : `${low.count} to `}${high.count} ${high.unit}`;
}

/** What an estimate rests on: `at 8,000 core calls a minute (80 % of 10,000, assumed), …`. */
export function formatAssumption({ heldBy, concurrency, latency }: Estimate): string {
  const calls = `${latency.lowMs} to ${latency.highMs} ms a call`;
  if (heldBy === undefined) {
    return `with ${formatCount(concurrency)} ${concurrency === 1 ? "call" : "calls"} at once, ${calls}`;
  }
  const { quota, allowance, limit, source, slowed } = heldBy;
  const part = Math.round((100 * allowance) / limit);
  const rate = `${formatCount(allowance)} ${quota} calls a minute`;
  const basis = slowed ? "after a refusal" : `${part} % of ${formatCount(limit)}, ${source}`;
  return `at ${rate} (${basis}), ${calls}`;
}

interface Rounded {
  readonly count: number;
  readonly unit: string;
}

function toRounded(ms: number, round: (value: number) => number, isShort: boolean): Rounded {
  if (isShort || ms < 60_000) {
    return { count: round(ms / 1_000), unit: "s" };
  }
  return ms <= 7_200_000
    ? { count: round(ms / 60_000), unit: "min" }
    : { count: round(ms / 360_000) / 10, unit: "h" };
}
