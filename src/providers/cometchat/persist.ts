import type { JsonObject } from "../../model/json.ts";
import type { Quota } from "../../model/plan.ts";
import { type HttpReply, type HttpRequest, TransportError } from "../http/transport.ts";
import { ProviderError } from "../provider.ts";
import { ADVICE, type Hide, jsonOf, toReplyError, toSilence, toUnreadable } from "./reply.ts";

/** After this long without an answer a host counts as unreachable, unless the user is more patient. */
export const GIVE_UP_MS = 15_000;
/** Waits between attempts double from this … */
const BACK_OFF_MS_MIN = 250;
/** … up to this, and each is drawn at random below it, so that many clients do not come back at once. */
const BACK_OFF_MS_MAX = 4_000;
/** A call refused this often for its quota will not get through. */
const REFUSALS_MAX = 20;

/** What asking again is done with. */
export interface Persistence {
  readonly hide: Hide;
  /** How long a host may be without an answer. */
  readonly giveUpMs: number;
  ask(request: HttpRequest, quota: Quota): Promise<Asked>;
  nowMs(): number;
  pause(failures: number, signal: AbortSignal | undefined): Promise<void>;
  onRepeat(): void;
}

/** Asks until there is an answer that asking again would not change. */
export async function persist(
  { ask, nowMs, pause, onRepeat, hide, giveUpMs }: Persistence,
  request: HttpRequest,
  quota: Quota,
  what: string,
): Promise<JsonObject> {
  const isWriting = isWrite(request);
  const circumstances = { isWrite: isWriting, hide, host: new URL(request.url).host };
  let silentMs = 0;
  let refusals = 0;
  let failures = 0;
  for (;;) {
    const { answer, tookMs } = await ask(inTime(request, giveUpMs - silentMs), quota);
    const verdict = judge(answer, isWriting);
    if (verdict === "done") return readBody(what, answer as HttpReply, isWriting);
    if (verdict === "failed") throw toError(what, answer, circumstances);
    if (verdict === "refused") {
      refusals += 1;
      failures = 0;
      silentMs = 0;
    } else {
      failures += 1;
      silentMs += tookMs;
    }
    const isLate = failures > 0 && silentMs + backOffMs(failures) > giveUpMs;
    if (isLate || refusals > REFUSALS_MAX) throw toError(what, answer, circumstances);
    onRepeat();
    // A refusal has closed the gate for as long as the service asked; no further pause is needed.
    if (verdict === "repeatable") {
      const pausedMs = nowMs();
      await pause(failures, request.signal);
      silentMs += nowMs() - pausedMs;
    }
  }
}

/** Whether a request may change something. */
export function isWrite({ method }: HttpRequest): boolean {
  return method !== "GET";
}

/** A read that is tried again has only what is left of its time. */
function inTime(request: HttpRequest, leftMs: number): HttpRequest {
  return isWrite(request) ? request : { ...request, timeoutMs: Math.max(1, leftMs) };
}

/** The longest pause after this many failures. */
export function backOffMs(failures: number): number {
  return Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** failures);
}

type Answer = HttpReply | TransportError;

/** An answer, and how long it took on the wire: time in which a quota let nothing out is not silence. */
export interface Asked {
  readonly answer: Answer;
  readonly tookMs: number;
}

/** What to make of an answer: a read can always be repeated, a write only if it never left. */
function judge(answer: Answer, isWrite: boolean): "done" | "refused" | "repeatable" | "failed" {
  if (answer instanceof TransportError) {
    if (answer.isLasting) return "failed";
    return isWrite && answer.isSent ? "failed" : "repeatable";
  }
  if (answer.status >= 200 && answer.status < 300) return "done";
  if (answer.status === 429) return "refused";
  return !isWrite && answer.status >= 500 ? "repeatable" : "failed";
}

/** Clients have seen writes answered 204, so an empty answer to a write is a success. */
function readBody(what: string, reply: HttpReply, isWrite: boolean): JsonObject {
  if (isWrite && reply.text.trim() === "") return {};
  const body = jsonOf(reply);
  if (body !== undefined) return body;
  const error = toUnreadable(what, reply);
  throw isWrite
    ? toUnknown(error, "The service took the call, and what it answered is no answer.")
    : error;
}

interface Circumstances {
  readonly isWrite: boolean;
  readonly hide: Hide;
  readonly host: string;
}

function toError(what: string, reply: Answer, circumstances: Circumstances): ProviderError {
  const { isWrite, hide } = circumstances;
  if (reply instanceof TransportError) return toSilence(what, reply, circumstances);
  const error = toReplyError(what, reply, hide);
  if (!isWrite || !(reply.status >= 500 || reply.status === REQUEST_TIMEOUT)) return error;
  return toUnknown(
    error,
    "The service failed while it worked on the call, which may have been carried out.",
  );
}

/** Proxies answer this when they have waited long enough, whatever has become of the call. */
const REQUEST_TIMEOUT = 408;

/** The error of a write of which nobody knows what came of it. */
function toUnknown({ code, status, message }: ProviderError, reason: string): ProviderError {
  const hint = ADVICE["unknown-outcome"].hint;
  return new ProviderError({ kind: "unknown-outcome", code, status, message, reason, hint });
}
