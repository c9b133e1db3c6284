import type { JsonObject } from "../../model/json.ts";
import type { ApiCall, Quota } from "../../model/plan.ts";
import { unlessRepeating } from "../../model/secret.ts";
import type { Gate } from "../http/gate.ts";
import type { QuotaReading } from "../http/rate-limiter.ts";
import { type HttpRequest, readOnly, type Transport, TransportError } from "../http/transport.ts";
import { type CallCounts, ProviderError } from "../provider.ts";
import {
  type Asked,
  backOffMs,
  GIVE_UP_MS,
  isWrite,
  type Persistence,
  persist,
} from "./persist.ts";
import { quotaReadingOf } from "./quota-headers.ts";
import { toInterrupted } from "./reply.ts";

/** A write may take longer: giving up on one leaves its outcome unknown. */
const WRITE_MS_MAX = 30_000;

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
  /** How long one call may take, if the user says so. */
  readonly timeoutMs?: number | undefined;
  /** The time of day, for what the service dates. */
  readonly wallMs: () => number;
  /** A number from 0 to 1, for back-off. */
  readonly random: () => number;
  /** Aborts when nobody waits for an answer any more; what is being read is then given up. */
  readonly closing?: AbortSignal | undefined;
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
  const exchange = async (request: HttpRequest, quota: Quota): Promise<Asked> => {
    const leave = await options.gate.enter(quota, request.signal);
    const startedMs = options.nowMs();
    let reading: QuotaReading = {};
    try {
      counts.sent += 1;
      if (request.method === "GET") counts.reads += 1;
      const answer = await answerTo(options.transport, request);
      if (!(answer instanceof TransportError)) reading = quotaReadingOf(answer, options.wallMs);
      if ("status" in answer && answer.status === 429) counts.throttled += 1;
      return { answer, tookMs: options.nowMs() - startedMs };
    } finally {
      leave(reading);
    }
  };

  const persistent: Persistence = {
    hide,
    giveUpMs: options.timeoutMs ?? GIVE_UP_MS,
    ask: exchange,
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
      timeoutMs: options.timeoutMs ?? (method === "GET" ? GIVE_UP_MS : WRITE_MS_MAX),
      headers: { accept: "application/json", ...type, ...target.headers },
      ...json,
      ...(signal === undefined ? {} : { signal }),
    };
  };

  const joined = toJoined(options.closing);
  return {
    get(host, path, query, signal) {
      const search = new URLSearchParams(query).toString();
      const full = search === "" ? path : `${path}?${search}`;
      const read = request("GET", host, full, null, joined(signal));
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

/** Signals that abort as well when another one does; each is made once, however many calls have it. */
function toJoined(
  closing: AbortSignal | undefined,
): (signal: AbortSignal | undefined) => AbortSignal | undefined {
  const known = new WeakMap<AbortSignal, AbortSignal>();
  return (signal) => {
    if (signal === undefined || closing === undefined) return signal ?? closing;
    const joined = known.get(signal) ?? AbortSignal.any([signal, closing]);
    known.set(signal, joined);
    return joined;
  };
}

/** Headers by which the service knows who calls. */
const CREDENTIALS = ["apikey", "key", "secret"];

function credentialsIn({ chat, management }: Hosts): string[] {
  const headers = [...Object.entries(chat.headers), ...Object.entries(management?.headers ?? {})];
  return headers.filter(([name]) => CREDENTIALS.includes(name)).map(([, value]) => value);
}

/** What came of a request, which may be that nothing came. */
async function answerTo(transport: Transport, request: HttpRequest): Promise<Asked["answer"]> {
  try {
    return await transport(isWrite(request) ? uninterrupted(request) : request);
  } catch (error) {
    // Of a write that is on its way it has to be known, interruption or not, what came of it.
    const isOver = request.signal?.aborted === true && !isWrite(request);
    if (error instanceof TransportError && !isOver) return error;
    throw error;
  }
}

/** A write that is on its way is let finish: what came of it must be known. */
function uninterrupted({ signal: _, ...request }: HttpRequest): HttpRequest {
  return request;
}
