/** One HTTP exchange as plain data; credentials are in `headers` and in no error. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** How long the whole exchange may take. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What came back, whatever its status. Header names are in lower case. */
export interface HttpReply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | undefined };
  readonly text: string;
}

/** Sends one request and takes its reply; throws `TransportError` when there is none. */
export type Transport = (request: HttpRequest) => Promise<HttpReply>;

/** A transport that refuses to send anything that could change something. */
export function readOnly(transport: Transport): Transport {
  return async (request) => {
    if (request.method !== "GET") throw new Error(`a ${request.method} was to be sent by a reader`);
    return transport(request);
  };
}

/** That an exchange brought no reply. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  /** The system's code, e.g. `ECONNREFUSED`, `ETIMEDOUT`, or one of ours: `REPLY_TOO_LARGE`. */
  readonly code: string;
  /** Whether the request may have reached the service. */
  readonly isSent: boolean;
  /** Whether the same request would fail the same way a moment later. */
  readonly isLasting: boolean;

  constructor(code: string, isSent: boolean, isLasting = false) {
    super(`no reply (${code})`);
    this.code = code;
    this.isSent = isSent;
    this.isLasting = isLasting;
  }
}

/** Whether a code says that the host's certificate is not trusted (OpenSSL's and Node's names). */
export function isUntrusted(code: string): boolean {
  return /CERT|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH/.test(code);
}
