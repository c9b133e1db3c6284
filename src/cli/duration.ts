import { UsageError } from "./exit.ts";

const forms = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** Milliseconds in a duration like `90s`, `10m` or `1h30m`; `undefined` for what is none. */
export function parseDuration(text: string): number | undefined {
  const [, hours, minutes, seconds] = forms.exec(text) ?? [];
  // A number without a unit is none: one reader in two would take it for milliseconds.
  if (hours === undefined && minutes === undefined && seconds === undefined) {
    return undefined;
  }
  return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1_000;
}

/** Reads a flag's duration into milliseconds; the bounds are durations themselves, and allowed. */
export function durationWithin(min: string, max: string): (text: string) => number {
  const minMs = parseDuration(min) ?? 0;
  const maxMs = parseDuration(max) ?? 0;
  return (text) => {
    const ms = parseDuration(text);
    if (ms === undefined || ms < minMs || ms > maxMs) {
      throw new UsageError(`It must be a time from ${min} to ${max}, like 30s or 2m.`);
    }
    return ms;
  };
}
