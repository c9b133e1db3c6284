import { setMaxListeners } from "node:events";
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import got, { type Agents, type Got } from "got";
import { requireSafe } from "./destination.ts";
import { type Progress, toTransportError } from "./failure.ts";
import type { HttpReply, HttpRequest, Transport } from "./transport.ts";
import { createTunnels, type Tunnels } from "./tunnels.ts";

/** A connection that is not there after this long will not come: LANs take 1 ms, continents 300. */
const CONNECT_MS_MAX = 5_000;

/**
 * A page has at most 1,000 rows (documented), a row at most 10 KB when it is written (documented), and
 * escapes make three times of it at most. What is longer is no reply of the API's.
 */
const REPLY_BYTES_MAX = 32 * 1_024 * 1_024;

/** What a transport is opened with. */
export interface TransportOptions {
  /** How many requests are under way at once: so many connections to a host are opened and kept. */
  readonly concurrency: number;
  /** The URL of the proxy by which an https URL is reached, where there is one. */
  readonly proxyFor?: ((url: string) => string | undefined) | undefined;
}

/** A transport with connections of its own. */
export interface OpenTransport {
  readonly send: Transport;
  /** Closes all connections; what is under way fails. */
  close(): void;
}

/**
 * Sends requests over the network, connections kept alive; no retries, no redirects, and no keys in
 * the clear to another machine.
 */
export function createTransport({ concurrency, proxyFor }: TransportOptions): OpenTransport {
  const settings = { keepAlive: true, maxSockets: concurrency, maxFreeSockets: concurrency };
  const direct = { http: new HttpAgent(settings), https: new HttpsAgent(settings) };
  const tunnels = createTunnels(settings);
  // What every request has in common is checked once: that is a part of what each of them costs.
  const client = got.extend({
    responseType: "text",
    throwHttpErrors: false,
    followRedirect: false,
    retry: { limit: 0 },
    timeout: { lookup: CONNECT_MS_MAX, connect: CONNECT_MS_MAX },
    agent: direct,
  });
  const send: Transport = async (request) => {
    requireSafe(request.url);
    // Outside of what is caught: a proxy that cannot be used is told as such, and by whom it was named.
    const proxy = proxyFor?.(request.url);
    const agent =
      proxy === undefined ? {} : { agent: { ...direct, https: tunnels.through(proxy) } as Agents };
    const progress: Progress = { hasSocket: false, isTooLarge: false, refusedBy: undefined };
    try {
      return await exchange(client, { ...request, ...agent }, { progress, tunnels });
    } catch (error) {
      throw toTransportError(error, progress);
    }
  };
  return {
    send,
    close: () => {
      direct.http.destroy();
      direct.https.destroy();
      tunnels.close();
    },
  };
}

/** What a request is watched for, and with. */
interface Watched {
  readonly progress: Progress;
  readonly tunnels: Tunnels;
}

async function exchange(
  client: Got,
  request: HttpRequest & { readonly agent?: Agents },
  watched: Watched,
): Promise<HttpReply> {
  const { method, url, headers, body, signal, timeoutMs, agent } = request;
  // As many requests listen to it as are under way, which is no leak.
  if (signal !== undefined) setMaxListeners(0, signal);
  const sending = client(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
    ...(agent === undefined ? {} : { agent }),
    timeout: { request: timeoutMs },
    responseType: "text",
  });
  const cutOff = () => {
    watched.progress.isTooLarge = true;
    sending.cancel();
  };
  sending.on("request", (message: ClientRequest) => watch(message, watched, cutOff));
  // Counted as it is read, and after decompression: a small reply may unfold to a large one.
  sending.on("downloadProgress", ({ transferred }) => {
    if (transferred > REPLY_BYTES_MAX) cutOff();
  });
  const response = await sending;
  const replyHeaders = Object.entries(response.headers).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return {
    status: response.statusCode,
    headers: Object.fromEntries(replyHeaders),
    text: response.body,
  };
}

/** Notes how far a request gets, and ends it where its reply says beforehand that it is too large. */
function watch(request: ClientRequest, { progress, tunnels }: Watched, cutOff: () => void): void {
  // One that waits for a tunnel cannot be ended otherwise: it would wait on, past its time.
  const destroy = request.destroy.bind(request);
  request.destroy = (error) => {
    tunnels.abandon(request, error);
    return destroy(error);
  };
  progress.hasSocket = request.socket !== null;
  request.once("socket", () => {
    progress.hasSocket = true;
  });
  request.once("response", ({ headers }: IncomingMessage) => {
    if (Number(headers["content-length"]) > REPLY_BYTES_MAX) cutOff();
  });
  // Of a proxy. Its refusal would be taken for the service's reply to the request.
  request.once("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => {
    if (statusCode === 200) return;
    progress.refusedBy = statusCode;
    request.destroy();
  });
}
