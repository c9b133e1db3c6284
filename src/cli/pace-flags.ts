import { QUOTAS, type Quota } from "../model/plan.ts";
import { parseDuration } from "./duration.ts";
import { UsageError } from "./exit.ts";
import type { FlagSpec, Flags, StatedQuotas } from "./flags.ts";

const shareDefault = 80;

/** Flags that say how fast an app may be called. */
export const paceFlags: readonly FlagSpec[] = [
  {
    flags: "--quota-share <PERCENT>",
    description: "how much of each quota is ours; the rest is left to the app's end users",
    parse: parseShare,
    value: shareDefault,
  },
  {
    flags: "--quota <CLASS=N>",
    key: "quotas",
    description:
      "calls a minute that the app's plan allows: core=10000,standard=20000,import=60, or some of them; the service may say less",
    parse: parseQuotas,
  },
];

/** `--max-duration`. */
export const maxDurationFlag: FlagSpec = {
  flags: "--max-duration <DURATION>",
  key: "maxDurationMs",
  description: "refuse a plan that takes longer at best: 90s, 10m, 1h30m",
  parse: parseMaxDuration,
};

/** The pace that was asked for, as it is written. */
export function paceWords({ quotaShare, quotas }: Flags): readonly string[] {
  const stated = Object.entries(quotas ?? {}).map(([quota, count]) => `${quota}=${count}`);
  const isUsual = quotaShare === undefined || quotaShare === shareDefault;
  return [
    ...(isUsual ? [] : ["--quota-share", `${quotaShare}%`]),
    ...(stated.length === 0 ? [] : ["--quota", stated.join(",")]),
  ];
}

function parseShare(text: string): number {
  const [, digits = ""] = /^(\d{1,3}) ?%?$/.exec(text) ?? [];
  const percent = digits === "" ? 0 : Number(digits);
  if (percent < 1 || percent > 100) {
    throw new UsageError("It must be a whole percentage from 1 to 100, like 80%.");
  }
  return percent;
}

function parseQuotas(text: string, before: unknown): StatedQuotas {
  const quotas: { [quota in Quota]?: number } = {};
  for (const part of text.split(",")) {
    const [, written, digits] = /^([a-z]+)=([1-9]\d{0,8})$/.exec(part.trim()) ?? [];
    const name = QUOTAS.find((quota) => quota === written);
    if (name === undefined || quotas[name] !== undefined) {
      throw new UsageError(
        "It must be core=N, standard=N, import=N or some of them with commas between, in calls a minute.",
      );
    }
    quotas[name] = Number(digits);
  }
  return { ...(before as StatedQuotas | undefined), ...quotas };
}

function parseMaxDuration(text: string): number {
  const ms = parseDuration(text) ?? 0;
  if (ms === 0) {
    throw new UsageError("It must be a time like 90s, 10m or 1h30m.");
  }
  return ms;
}

/** A time as `--max-duration` takes it: `1h30m`. */
export function formatTime(ms: number): string {
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1_000) % 60];
  const part = (count: number, unit: string) => (count < 1 ? "" : `${Math.floor(count)}${unit}`);
  return part(hours, "h") + part(minutes, "m") + part(seconds, "s");
}
