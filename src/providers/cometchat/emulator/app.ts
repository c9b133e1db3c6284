import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Wait } from "./clock.ts";
import { authorise, type Host } from "./credentials.ts";
import { answeredStatus, deliver } from "./faults/deliver.ts";
import type { Fate } from "./faults/fate.ts";
import type { Faults } from "./faults/faults.ts";
import { pastBelow } from "./faults/history.ts";
import type { Reply } from "./faults/injected-reply.ts";
import { everyRow } from "./faults/rows.ts";
import { isJsonObject, type Json, type JsonObject, parsed } from "./json.ts";
import { createListCache } from "./list-cache.ts";
import { createQuery, type Query } from "./query.ts";
import type { Quota, QuotaStanding } from "./quota.ts";
import { ApiRefusal, errorBody, HalfwayRefusal, invalidAttribute, notFound } from "./refusal.ts";
import { loggedHeaders, type RequestLog } from "./request-log.ts";
import { type Call, type Route, secondsOf, type World } from "./route.ts";
import { routeTables } from "./routes/table.ts";
import { systemUid } from "./state.ts";
import { requireUser } from "./user-lifecycle.ts";

/** The socket of a call, where there is one: calls within the process have none. */
export type AppBindings = { Bindings: Partial<HttpBindings> };

/** What the app is built from. */
export interface AppParts {
  readonly world: World;
  readonly quota: Quota;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly latencyMs: number;
  readonly wait: Wait;
  /** Called after every write that went through. */
  readonly onWrite: () => Promise<void>;
}

interface Received {
  readonly host: Host;
  readonly route: Route | undefined;
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly text: string;
  /** What the text says, or nothing if it is empty or no JSON. */
  readonly json: Json | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly standing: QuotaStanding;
  /** Whether the app may have been changed. */
  readonly committed: boolean;
}

/** The version prefix of the chat API. */
export const chatPrefix = "/v3";

const quotaStatus = 429;

/**
 * Builds the app: each call is authorised, counted, answered and logged, in this order, unless a fault
 * answers in its place.
 */
export function createApp(parts: AppParts): Hono<AppBindings> {
  const app = new Hono<AppBindings>();
  const table = routeTables[parts.world.dialect];
  for (const route of table.chat) {
    app.on(route.method, `${chatPrefix}${route.path}`, (c) => respond(parts, c, "chat", route));
  }
  for (const route of table.management) {
    app.on(route.method, route.path, (c) => respond(parts, c, "management", route));
  }
  app.notFound((c) => respond(parts, c, unknownHost(parts.world, c.req.path), undefined));
  app.onError((error) => {
    // A dropped connection reaches callers within the process as the error it is.
    throw error;
  });
  return app;
}

function unknownHost(world: World, path: string): Host {
  if (path === chatPrefix || path.startsWith(`${chatPrefix}/`)) return "chat";
  return world.dialect === "vendor" && path.startsWith("/apps/") ? "management" : "nowhere";
}

async function respond(
  parts: AppParts,
  c: Context<AppBindings>,
  host: Host,
  route: Route | undefined,
): Promise<Response> {
  const { world, faults, log } = parts;
  const received = await receive(c, host, route);
  const { request, text, json } = received;
  const { method } = request;
  const { path } = c.req;
  const batch = route?.batch === true ? json : undefined;
  const fate = faults.fateOf({ method, path, isList: route?.lags === true, batch });
  await pause(parts, fate.delayMs.before);

  const answer = fate.isExecuted ? answerTo(parts, received, fate) : undefined;
  const committed = answer?.committed === true && route?.method !== "GET";
  log.add({
    method,
    path,
    search: new URL(request.url).search,
    text,
    status: answeredStatus(fate.answer, answer?.status ?? 0),
    committed,
    faults: fate.names,
    headers: loggedHeaders(request.headers),
    quota: route?.quota ?? "standard",
  });
  if (committed) await parts.onWrite();
  await pause(parts, parts.latencyMs + fate.delayMs.after);

  const reply = answer === undefined ? undefined : toReply(answer, world.clock.nowMs());
  const outgoing = c.env?.outgoing;
  return deliver(reply, fate.answer, { outgoing, wait: parts.wait, source: sourceOf(host) });
}

async function receive(
  c: Context<AppBindings>,
  host: Host,
  route: Route | undefined,
): Promise<Received> {
  const request = c.req.raw;
  const { method } = request;
  const query = createQuery(new URL(request.url).searchParams);
  const text = method === "GET" || method === "HEAD" ? "" : await request.text();
  return { host, route, request, params: c.req.param(), query, text, json: parsed(text) };
}

async function pause({ wait }: AppParts, ms: number): Promise<void> {
  if (ms > 0) await wait(ms);
}

function answerTo(parts: AppParts, received: Received, fate: Fate): Answer {
  const { host, route, request } = received;
  const quotaClass = route?.quota ?? "standard";
  let standing: QuotaStanding | undefined;
  try {
    authorise(request.headers, host);
    standing = parts.quota.take(quotaClass);
    if (standing.refused) {
      throw new ApiRefusal(quotaStatus, "ERR_TOO_MANY_REQUESTS", "Too many requests.");
    }
    if (route === undefined) {
      throw notFound("ERR_API_NOT_FOUND", "The requested API endpoint does not exist.");
    }
    const call = toCall(parts.world, received, route);
    const body = route.reply(stricken(parts, call, fate));
    return { status: 200, body, standing, committed: true };
  } catch (error) {
    const refusal = error instanceof ApiRefusal ? error : brokenDown(error);
    return {
      status: refusal.status,
      body: errorBody(refusal, sourceOf(host)),
      standing: standing ?? parts.quota.peek(quotaClass),
      committed: error instanceof HalfwayRefusal,
    };
  }
}

/** The call as its fate has it: with rows that fail, or as it would have been made a while ago. */
function stricken({ faults, world }: AppParts, call: Call, { lagMs, nextRow }: Fate): Call {
  if (lagMs === undefined) return { ...call, nextRow };
  const state = pastBelow(faults.past(lagMs), call.state, call.params);
  // The cache has the lists of the present.
  return { ...call, state, world: { ...world, lists: createListCache() } };
}

function sourceOf(host: Host): string {
  return host === "management" ? "management-api" : "chat-api";
}

function toCall(world: World, received: Received, route: Route): Call {
  const { request, params, query, text, json } = received;
  const { state } = world;
  if (route.bodyBytesMax !== undefined && Buffer.byteLength(text) > route.bodyBytesMax) {
    throw invalidAttribute("body", `The body may not be greater than ${route.bodyBytesMax} bytes.`);
  }
  return {
    world,
    state,
    now: secondsOf(world.clock),
    params,
    query,
    body: requireBody(text, json),
    actor: route.actor === undefined ? undefined : actorOf(received, route, world),
    legacyWebhooks: world.dialect === "vendor" && request.headers.get("x-webhook-version") !== "2",
    nextRow: everyRow,
  };
}

function actorOf(received: Received, route: Route, world: World): string | undefined {
  const named = received.request.headers.get("onbehalfof")?.toLowerCase() ?? "";
  if (named === "" && route.actor === "required") {
    throw invalidAttribute("onBehalfOf", "The onBehalfOf header is required.");
  }
  if (named === "") return undefined;
  if (named === systemUid && route.actor === "optional") return undefined;
  return requireUser(world.state, named).uid;
}

function requireBody(text: string, json: Json | undefined): JsonObject {
  if (text === "") return {};
  if (!isJsonObject(json)) throw invalidAttribute("body", "The body must be a JSON object.");
  return json;
}

function brokenDown(error: unknown): ApiRefusal {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ApiRefusal(500, "ERR_EXCEPTION", `The emulator failed: ${reason}`);
}

function toReply({ status, body, standing }: Answer, nowMs: number): Reply {
  return { status, headers: headersOf(status, standing, nowMs), text: JSON.stringify(body) };
}

function headersOf(status: number, standing: QuotaStanding, nowMs: number): Record<string, string> {
  const limit = String(standing.limit);
  const remaining = String(standing.remaining);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    // Two pages of the documentation spell these headers differently.
    "x-rate-limit": limit,
    "x-rate-limit-remaining": remaining,
    "x-ratelimit-limit": limit,
    "x-ratelimit-remaining": remaining,
  };
  if (status !== quotaStatus) return headers;
  const reset = String(Math.ceil(standing.resetMs / 1000));
  headers["retry-after"] = String(Math.max(1, Math.ceil((standing.resetMs - nowMs) / 1000)));
  headers["x-rate-limit-reset"] = reset;
  headers["x-ratelimit-reset"] = reset;
  return headers;
}
