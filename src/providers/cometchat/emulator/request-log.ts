import { isJsonObject, type Json, type JsonObject, parsed } from "./json.ts";
import { createQuery } from "./query.ts";
import type { QuotaClass } from "./quota.ts";

/** One request, as the log tells it: credentials and secrets are redacted. */
export interface LogEntry {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  /** Nothing where there was no body, or none that is JSON. */
  readonly body: Json;
  /** 0 where the connection was dropped without an answer. */
  readonly status: number;
  /** Whether it was a write that the app carried out, whatever was answered. */
  readonly committed: boolean;
  /** What the emulator was told to get wrong; left out where nothing was. */
  readonly faults?: readonly string[];
  /** Only those that matter to the API and hold no credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly quota: QuotaClass;
}

/** A request as it is remembered; it is made readable only when somebody asks. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly text: string;
  readonly status: number;
  readonly committed: boolean;
  readonly faults: readonly string[];
  readonly headers: LoggedHeaders;
  readonly quota: QuotaClass;
}

/** The headers that matter to the API and hold no credentials, as far as they are there. */
export type LoggedHeaders = readonly (readonly [name: string, value: string])[];

/** Remembers requests in order, the oldest giving way beyond a bound. */
export interface RequestLog {
  add(request: LoggedRequest): void;
  entries(): LogEntry[];
  clear(): void;
}

const entriesMax = 200_000;
const redacted = "***";
const secretNames: ReadonlySet<string> = new Set(["password", "@private", "authToken"]);
const headerNames = ["content-type", "onBehalfOf", "x-webhook-version"] as const;

/** Creates an empty log. */
export function createRequestLog(): RequestLog {
  let requests: LoggedRequest[] = [];
  let added = 0;
  return {
    add(request) {
      requests[added % entriesMax] = request;
      added += 1;
    },
    entries() {
      const oldest = added > entriesMax ? added % entriesMax : 0;
      return [...requests.slice(oldest), ...requests.slice(0, oldest)].map(toEntry);
    },
    clear() {
      requests = [];
      added = 0;
    },
  };
}

/** A copy in which the values below secret attributes are unreadable, at any depth. */
export function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, nested]): [string, Json] => [
      name,
      secretNames.has(name) ? unreadable(nested) : withoutSecrets(nested),
    ]),
  ) satisfies JsonObject;
}

// The shape of a secret value is kept, so that a logged body still fits its schema.
function unreadable(value: Json): Json {
  if (Array.isArray(value)) return value.map(unreadable);
  if (!isJsonObject(value)) return redacted;
  return Object.fromEntries(
    Object.entries(value).map(([name, nested]) => [name, unreadable(nested)]),
  );
}

/** The headers of a request that the log keeps. */
export function loggedHeaders(headers: Headers): LoggedHeaders {
  return headerNames.flatMap((name): [string, string][] => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
}

function toEntry(request: LoggedRequest): LogEntry {
  return {
    method: request.method,
    path: request.path.replace(/(\/auth_tokens\/)[^/]+/, `$1${redacted}`),
    query: createQuery(new URLSearchParams(request.search)).all(),
    body: withoutSecrets(parsed(request.text) ?? null),
    status: request.status,
    committed: request.committed,
    ...(request.faults.length === 0 ? {} : { faults: [...request.faults] }),
    headers: Object.fromEntries(request.headers),
    quota: request.quota,
  };
}
