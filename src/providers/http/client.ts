import { setMaxListeners } from "node:events";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import got, { RequestError, TimeoutError } from "got";
import { type HttpReply, type HttpRequest, type Transport, TransportError } from "./transport.ts";

/** A connection that is not there after this long will not come: LANs take 1 ms, continents 300. */
const CONNECT_MS_MAX = 5_000;

/** Codes of failures that happen before a request is on its way. */
const UNSENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Sends requests over the network, connections kept alive; no retries, no redirects. */
export function createTransport(): Transport {
  const agent = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  };
  return async (request) => {
    try {
      return await exchange(request, agent);
    } catch (error) {
      throw toTransportError(error);
    }
  };
}

async function exchange(
  request: HttpRequest,
  agent: { readonly http: HttpAgent; readonly https: HttpsAgent },
): Promise<HttpReply> {
  const { method, url, headers, body, signal, timeoutMs } = request;
  // As many requests listen to it as are under way, which is no leak.
  if (signal !== undefined) setMaxListeners(0, signal);
  const response = await got(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
    responseType: "text",
    throwHttpErrors: false,
    followRedirect: false,
    retry: { limit: 0 },
    timeout: { lookup: CONNECT_MS_MAX, connect: CONNECT_MS_MAX, request: timeoutMs },
    agent,
  });
  const replyHeaders = Object.entries(response.headers).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return {
    status: response.statusCode,
    headers: Object.fromEntries(replyHeaders),
    text: response.body,
  };
}

/** The original error is dropped: it holds the request, and that holds the keys. */
function toTransportError(error: unknown): TransportError {
  if (error instanceof TimeoutError) {
    return new TransportError("ETIMEDOUT", !["connect", "lookup"].includes(error.event));
  }
  if (error instanceof RequestError) {
    return new TransportError(error.code, !UNSENT.has(error.code));
  }
  return new TransportError("EUNKNOWN", true);
}
