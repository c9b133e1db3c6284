import { setTimeout as delay } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { authorise, type Host } from "./credentials.ts";
import { isJsonObject, type Json, type JsonObject, parsed } from "./json.ts";
import { createQuery, type Query } from "./query.ts";
import type { Quota, QuotaStanding } from "./quota.ts";
import { ApiRefusal, errorBody, invalidAttribute, notFound } from "./refusal.ts";
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
  readonly latencyMs: number;
  /** Called after every write that went through. */
  readonly onWrite: () => void;
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
}

/** The version prefix of the chat API. */
export const chatPrefix = "/v3";

const quotaStatus = 429;

/** Builds the app: each call is authorised, counted, answered and logged, in this order. */
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
  const request = c.req.raw;
  const { method } = request;
  const { search, searchParams } = new URL(request.url);
  const query = createQuery(searchParams);
  const text = method === "GET" || method === "HEAD" ? "" : await request.text();
  const json = parsed(text);
  const received = { host, route, request, params: c.req.param(), query, text, json };
  const quotaClass = route?.quota ?? "standard";

  const { answer, standing } = answerTo(parts, received);
  const { status } = answer;
  parts.log.add({
    method,
    path: c.req.path,
    search,
    text,
    status,
    headers: loggedHeaders(request.headers),
    quota: quotaClass,
  });
  if (method !== "GET" && status === 200) parts.onWrite();
  if (parts.latencyMs > 0) await delay(parts.latencyMs);
  return new Response(JSON.stringify(answer.body), {
    status,
    headers: headersOf(status, standing, parts.world.clock.nowMs()),
  });
}

function answerTo(
  parts: AppParts,
  received: Received,
): { answer: Answer; standing: QuotaStanding } {
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
    const body = route.reply(toCall(parts.world, received, route));
    return { answer: { status: 200, body }, standing };
  } catch (error) {
    const refusal = error instanceof ApiRefusal ? error : brokenDown(error);
    const body = errorBody(refusal, host === "management" ? "management-api" : "chat-api");
    return {
      answer: { status: refusal.status, body },
      standing: standing ?? parts.quota.peek(quotaClass),
    };
  }
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
