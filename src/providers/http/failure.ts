import { RequestError, TimeoutError } from "got";
import { isUntrusted, TransportError } from "./transport.ts";

/** What is known of an exchange besides the error it ended with. */
export interface Progress {
  /** Whether the request has been given a connection, be it one that is not open yet. */
  hasSocket: boolean;
  /** Whether the reply was cut off for its size. */
  isTooLarge: boolean;
  /** What the proxy answered instead of letting the request through: a status. */
  refusedBy: number | undefined;
}

/** Codes of failures that happen before a request is on its way. */
const UNSENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** What a failed exchange comes to; the original error is dropped: it holds the request, and that the keys. */
export function toTransportError(error: unknown, progress: Progress): TransportError {
  if (progress.isTooLarge) return new TransportError("REPLY_TOO_LARGE", true, true);
  if (progress.refusedBy !== undefined) return toRefusal(progress.refusedBy);
  if (error instanceof TimeoutError) {
    const isSent = progress.hasSocket && !["connect", "lookup"].includes(error.event);
    return new TransportError("ETIMEDOUT", isSent);
  }
  if (!(error instanceof RequestError)) return new TransportError("EUNKNOWN", true);
  // The certificate is looked at before anything of the request is sent.
  if (isUntrusted(error.code)) return new TransportError(error.code, false, true);
  return new TransportError(error.code, progress.hasSocket && !UNSENT.has(error.code));
}

/** A proxy that fails may recover; one that refuses, or does not answer like a proxy, will not. */
function toRefusal(status: number): TransportError {
  const code =
    Number.isInteger(status) && status >= 100 && status <= 599
      ? `PROXY_${status}`
      : "PROXY_UNREADABLE";
  return new TransportError(code, false, !(status >= 500 && status <= 599));
}
