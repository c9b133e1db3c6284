import type { JsonObject } from "../../model/json.ts";
import type { ApiCall, Quota } from "../../model/plan.ts";
import { unlessRepeating } from "../../model/secret.ts";
import type { Gate } from "../http/gate.ts";
import {
  type HttpReply,
  type HttpRequest,
  readOnly,
  type Transport,
  TransportError,
} from "../http/transport.ts";
import { type CallCounts, ProviderError } from "../provider.ts";
import {
  type Hide,
  jsonOf,
  quotaReadingOf,
  toInterrupted,
  toReplyError,
  toSilence,
  toUnreadable,
} from "./reply.ts";

/** After this long without an answer a host counts as unreachable. */
const GIVE_UP_MS = 15_000;
/** A write may take longer: giving up on one leaves its outcome unknown. */
const WRITE_MS_MAX = 30_000;
/** Waits between attempts double from this … */
const BACK_OFF_MS_MIN = 250;
/** … up to this, and each is drawn at random below it, so that many clients do not come back at once. */
const BACK_OFF_MS_MAX = 4_000;
/** A call refused this often for its quota will not get through. */
const REFUSALS_MAX = 20;

/** Which host a call goes to, with the headers that open it. */
export interface Hosts {
  readonly chat: { readonly baseUrl: string; readonly headers: Headers };
  /** Left out when there are no management credentials, or no address to use them at. */
  readonly management?: { readonly baseUrl: string; readonly headers: Headers };
}

type Headers = { readonly [name: string]: string };

/** What the API is reached with. */
export interface ApiOptions {
  readonly hosts: Hosts;
  readonly transport: Transport;
  readonly gate: Gate;
  readonly nowMs: () => number;
  /** A number from 0 to 1, for back-off. */
  readonly random: () => number;
  /** Why management calls cannot be made, where `hosts` has no management host. */
  readonly closed: ProviderError;
}

/** The reading half of the API of one app: quotas kept, failures told apart. */
export interface ReadApi {
  /** Reads; repeated until there is an answer or 15 s have gone by. */
  get(
    host: ApiCall["host"],
    path: string,
    query: Headers,
    signal?: AbortSignal,
  ): Promise<JsonObject>;
  counts(): CallCounts & { readonly reads: number };
}

/** The whole API of one app. */
export interface Api extends ReadApi {
  /** Writes; repeated only where it is certain that nothing was done. */
  send(call: ApiCall, signal?: AbortSignal): Promise<JsonObject>;
  /** A text of the service's, unless it repeats the credentials it was sent. */
  hide(text: string): string;
}

type Counts = { -readonly [name in keyof ReturnType<ReadApi["counts"]>]: number };

/**
 * Opens the API of one app twice over: a half that can only read, whose transport takes nothing else
 * either, and the whole. They share quotas and counts.
 */
export function openApi(options: ApiOptions): { readonly reading: ReadApi; readonly api: Api } {
  const counts: Counts = { sent: 0, retried: 0, throttled: 0, reads: 0 };
  const { get, counts: count } = createApi(
    { ...options, transport: readOnly(options.transport) },
    counts,
  );
  return { reading: { get, counts: count }, api: createApi(options, counts) };
}

function createApi(options: ApiOptions, counts: Counts): Api {
  const credentials = credentialsIn(options.hosts);
  const hide = (text: string) => unlessRepeating(text, credentials);
  const exchange = async (request: HttpRequest, quota: Quota): Promise<HttpReply> => {
    await options.gate.enter(quota, request.signal);
    let reply: HttpReply | undefined;
    try {
      counts.sent += 1;
      if (request.method === "GET") counts.reads += 1;
      reply = await options.transport(isWrite(request) ? uninterrupted(request) : request);
      if (reply.status === 429) counts.throttled += 1;
      return reply;
    } finally {
      options.gate.leave(quota, reply === undefined ? {} : quotaReadingOf(reply));
    }
  };

  const persistent: Persistence = {
    hide,
    ask: (request, quota) =>
      exchange(request, quota).catch((error: unknown) => {
        if (error instanceof TransportError && !request.signal?.aborted) return error;
        throw error;
      }),
    nowMs: options.nowMs,
    pause: (failures, signal) => {
      const waitMs = options.random() * backOffMs(failures);
      return options.gate.sleep(waitMs, signal);
    },
    onRepeat: () => {
      counts.retried += 1;
    },
  };

  const request = (
    method: HttpRequest["method"],
    host: ApiCall["host"],
    path: string,
    body: JsonObject | null,
    signal: AbortSignal | undefined,
  ): HttpRequest => {
    const target = options.hosts[host];
    if (target === undefined) throw options.closed;
    const json = body === null ? {} : { body: JSON.stringify(body) };
    const type: Headers = body === null ? {} : { "content-type": "application/json" };
    return {
      method,
      url: `${target.baseUrl}${path}`,
      timeoutMs: method === "GET" ? GIVE_UP_MS : WRITE_MS_MAX,
      headers: { accept: "application/json", ...type, ...target.headers },
      ...json,
      ...(signal === undefined ? {} : { signal }),
    };
  };

  return {
    get(host, path, query, signal) {
      const search = new URLSearchParams(query).toString();
      const full = search === "" ? path : `${path}?${search}`;
      const read = request("GET", host, full, null, signal);
      return persist(persistent, read, "standard", `GET ${full}`);
    },
    send(call, signal) {
      const { method, host, path, body, quota } = call;
      const what = `${method} ${path}`;
      const write = request(method, host, path, body, signal);
      return persist(persistent, write, quota, what).catch((error: unknown) => {
        throw signal?.aborted && !(error instanceof ProviderError) ? toInterrupted(what) : error;
      });
    },
    hide,
    counts: () => ({ ...counts }),
  };
}

/** Headers by which the service knows who calls. */
const CREDENTIALS = ["apikey", "key", "secret"];

function credentialsIn({ chat, management }: Hosts): string[] {
  const headers = [...Object.entries(chat.headers), ...Object.entries(management?.headers ?? {})];
  return headers.filter(([name]) => CREDENTIALS.includes(name)).map(([, value]) => value);
}

interface Persistence {
  readonly hide: Hide;
  ask(request: HttpRequest, quota: Quota): Promise<Answer>;
  nowMs(): number;
  pause(failures: number, signal: AbortSignal | undefined): Promise<void>;
  onRepeat(): void;
}

/** Asks until there is an answer that asking again would not change. */
async function persist(
  { ask, nowMs, pause, onRepeat, hide }: Persistence,
  request: HttpRequest,
  quota: Quota,
  what: string,
): Promise<JsonObject> {
  const isWriting = isWrite(request);
  const startedMs = nowMs();
  let refusals = 0;
  let failures = 0;
  for (;;) {
    const answer = await ask(inTime(request, nowMs() - startedMs), quota);
    const verdict = judge(answer, isWriting);
    if (verdict === "done") return readBody(what, answer as HttpReply, isWriting);
    if (verdict === "failed") throw toError(what, answer, { isWrite: isWriting, hide });
    if (verdict === "refused") refusals += 1;
    else failures += 1;
    const isLate = failures > 0 && nowMs() - startedMs + backOffMs(failures) > GIVE_UP_MS;
    if (isLate || refusals > REFUSALS_MAX)
      throw toError(what, answer, { isWrite: isWriting, hide });
    onRepeat();
    // A refusal has closed the gate for as long as the service asked; no further pause is needed.
    if (verdict === "repeatable") await pause(failures, request.signal);
  }
}

function isWrite({ method }: HttpRequest): boolean {
  return method !== "GET";
}

/** A read that is tried again has only what is left of its time. */
function inTime(request: HttpRequest, spentMs: number): HttpRequest {
  return isWrite(request) ? request : { ...request, timeoutMs: Math.max(1, GIVE_UP_MS - spentMs) };
}

/** A write that is on its way is let finish: what came of it must be known. */
function uninterrupted({ signal: _, ...request }: HttpRequest): HttpRequest {
  return request;
}

function backOffMs(failures: number): number {
  return Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** failures);
}

type Answer = HttpReply | TransportError;

/** What to make of an answer: a read can always be repeated, a write only if it never left. */
function judge(answer: Answer, isWrite: boolean): "done" | "refused" | "repeatable" | "failed" {
  if (answer instanceof TransportError) {
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
  if (body === undefined) throw toUnreadable(what, reply);
  return body;
}

interface Circumstances {
  readonly isWrite: boolean;
  readonly hide: Hide;
}

function toError(what: string, reply: Answer, { isWrite, hide }: Circumstances): ProviderError {
  if (reply instanceof TransportError) return toSilence(what, reply, isWrite);
  const error = toReplyError(what, reply, hide);
  if (!isWrite || reply.status < 500) return error;
  const { code, status, message } = error;
  const reason = "The service failed while it worked on the call, which may have been carried out.";
  const hint = "Run plan: it shows what is still missing.";
  return new ProviderError({ kind: "unknown-outcome", code, status, message, reason, hint });
}
