import type { Clock, IdSource } from "./clock.ts";
import type { NextRow } from "./faults/rows.ts";
import type { JsonObject } from "./json.ts";
import type { ListCache } from "./list-cache.ts";
import type { Query } from "./query.ts";
import type { QuotaClass } from "./quota.ts";
import type { State } from "./state.ts";

/** Which of the two published forms of the API is served. */
export type Dialect = "vendor" | "collection";

/** What routes work on. */
export interface World {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** The largest page the server gives, whatever is asked for. */
  readonly pageMax: number;
  readonly lists: ListCache;
  /** Replaced as a whole by a reset. */
  state: State;
}

/** One call, read and authorised. */
export interface Call {
  readonly world: World;
  readonly state: State;
  /** Unix seconds. */
  readonly now: number;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: JsonObject;
  /** The user on whose behalf the call is made: exists, is active, in lower case. */
  readonly actor: string | undefined;
  /** Whether the call speaks of the webhooks of the older system: it has no version header. */
  readonly legacyWebhooks: boolean;
  /** To be asked before each row of a batch. */
  readonly nextRow: NextRow;
}

/** One operation of a dialect. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Without the version prefix; parameters as `:name`. */
  readonly path: string;
  /** `standard` if left out. */
  readonly quota?: QuotaClass;
  /** Whether the `onBehalfOf` header counts; ignored if left out. */
  readonly actor?: "optional" | "required";
  /** Whether the reply is a list that a fault can make lag behind. */
  readonly lags?: true;
  /** Whether the body names rows that fail or succeed one by one. */
  readonly batch?: true;
  /** Bytes the body may have; unlimited if left out. */
  readonly bodyBytesMax?: number;
  /** The body of the reply, whose status is 200. */
  readonly reply: (call: Call) => JsonObject;
}

/** Unix seconds of a clock. */
export function secondsOf(clock: Clock): number {
  return Math.floor(clock.nowMs() / 1000);
}

/** A path parameter; the route table guarantees that it is there. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}

/** A path parameter that is an id: matched in lower case (inferred). */
export function idParam(call: Call, name: string): string {
  return param(call, name).toLowerCase();
}

/** An acknowledgement. */
export function ack(message: string): JsonObject {
  return { data: { success: true, message } };
}
