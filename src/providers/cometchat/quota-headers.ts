import type { QuotaReading } from "../http/rate-limiter.ts";
import type { HttpReply } from "../http/transport.ts";

type Headers = HttpReply["headers"];

/** A refusal that asks for no wait at all would be followed by the next one at once. */
const WAIT_MS_MIN = 1_000;
/**
 * Quotas are counted by the minute (documented), so a wait of hours or years is a mistake. Asking
 * once more after this long costs one refused call.
 */
const WAIT_MS_MAX = 300_000;
/** A window lasts a minute, and whole seconds may be rounded against each other. */
const WINDOW_MS_MAX = 62_000;

/** What a reply's headers say about quotas, in either documented spelling. */
export function quotaReadingOf(reply: HttpReply, wallMs: () => number): QuotaReading {
  const { headers } = reply;
  const limit = toNumber(headers["x-ratelimit-limit"] ?? headers["x-rate-limit"]);
  const remaining = toNumber(headers["x-ratelimit-remaining"] ?? headers["x-rate-limit-remaining"]);
  const isRefused = reply.status === 429;
  const endsInMs = isRefused ? waitMs(headers, wallMs) : windowMs(headers);
  return { limit, remaining, isRefused, endsInMs };
}

/** The longest wait that a refusal asks for. */
function waitMs(headers: Headers, wallMs: () => number): number | undefined {
  const nowMs = dateOf(headers) ?? wallMs();
  const seconds = toNumber(headers["retry-after"]);
  const date = seconds === undefined ? toDate(headers["retry-after"]) : undefined;
  const waits = [
    ...(seconds === undefined ? [] : [seconds * 1_000]),
    ...(date === undefined ? [] : [date - nowMs]),
    ...[resetOf(headers)].flatMap((resetMs) => (resetMs === undefined ? [] : [resetMs - nowMs])),
  ].filter((ms) => ms >= 0);
  if (waits.length === 0) return undefined;
  return Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, ...waits));
}

/** One page lists the reset without saying that it comes with refusals only (documented). */
function windowMs(headers: Headers): number | undefined {
  const nowMs = dateOf(headers);
  const resetMs = resetOf(headers);
  // Without the service's own date two clocks would be compared that may be minutes apart.
  if (nowMs === undefined || resetMs === undefined) return undefined;
  const leftMs = resetMs - nowMs;
  return leftMs >= 0 && leftMs <= WINDOW_MS_MAX ? leftMs : undefined;
}

/** A unix time (documented), in seconds. */
function resetOf(headers: Headers): number | undefined {
  const seconds = toNumber(headers["x-ratelimit-reset"] ?? headers["x-rate-limit-reset"]);
  return seconds === undefined ? undefined : seconds * 1_000;
}

function dateOf(headers: Headers): number | undefined {
  return toDate(headers["date"]);
}

function toDate(text: string | undefined): number | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function toNumber(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
