import type { Diagnostic } from "../../model/diagnostic.ts";
import { isJsonObject, type JsonObject } from "../../model/json.ts";
import { type Clock, createGate, systemClock } from "../http/gate.ts";
import { RateLimiter } from "../http/rate-limiter.ts";
import type { Transport } from "../http/transport.ts";
import { type ConnectOptions, ProviderError, type Session } from "../provider.ts";
import { type Hosts, openApi, type ReadApi } from "./api.ts";
import { toManifest } from "./export.ts";
import { createKinds, toDialect } from "./kinds/kinds.ts";
import { createReader } from "./read/reader.ts";
import { createWriter } from "./writer.ts";

/** Calls a minute until the service says otherwise (documented for paid plans, of imports for all). */
const QUOTAS_ASSUMED = { core: 10_000, standard: 20_000, import: 60 };
/** End users import nothing. */
const UNSHARED = new Set(["import"]);
/** No plan of the service has a higher core quota than standard quota; the free one has 500 of each (documented). */
const CAPPED_BY = { core: "standard" };
/** The part of the quota we use; the rest is left to the app's end users, who share it. */
const QUOTA_SHARE = 0.8;
const MANAGEMENT_URL = "https://apimgmt.cometchat.io";
/** Selects current webhooks; without it the management API serves legacy ones (documented). */
const WEBHOOK_VERSION = "2";

/** What a connection needs besides its options, injected for tests. */
export interface Surroundings {
  readonly transport: Transport;
  readonly random?: () => number;
  readonly clock?: Clock;
  /** The time of day in milliseconds since 1970. */
  readonly wallMs?: () => number;
  /** Closes what the transport has open. */
  readonly close?: () => void;
}

/** Connects to an app over a transport and settles the dialect. */
export async function connectOver(
  options: ConnectOptions,
  surroundings: Surroundings,
): Promise<Session> {
  const { transport, random = Math.random, clock = systemClock, wallMs = Date.now } = surroundings;
  const { close = () => {} } = surroundings;
  const closing = new AbortController();
  const { quotas = {}, quotaShare = QUOTA_SHARE, concurrency } = options;
  const limiter = new RateLimiter({
    assumed: QUOTAS_ASSUMED,
    stated: quotas,
    share: quotaShare,
    unshared: UNSHARED,
    cappedBy: CAPPED_BY,
    concurrency,
  });
  const gate = createGate(limiter, clock);
  const { reading, api } = openApi({
    hosts: toHosts(options),
    transport,
    gate,
    nowMs: () => clock.nowMs(),
    wallMs,
    timeoutMs: options.timeoutMs,
    closing: closing.signal,
    random,
    closed: toClosed(options),
  });
  const { name, probe } = await settle(options, reading);
  if (name === "vendor" && options.managed.has("webhook")) requireManagement(options);
  const dialect = toDialect(name, options.appId);
  const reader = createReader({ api: reading, dialect, appId: options.appId, probe });
  return {
    target: { name: "cometchat", appId: options.appId, region: options.region, dialect: name },
    kinds: createKinds(dialect),
    reader,
    writer: createWriter(api, reader),
    closed:
      name === "vendor" && !hasManagement(options)
        ? new Map([["webhook", WEBHOOKS_CLOSED]])
        : new Map(),
    counts: () => api.counts(),
    pace: () => gate.queues(),
    close: () => {
      closing.abort();
      close();
    },
    toManifest: (live, { stack }) => toManifest(live, { target: options, dialect, stack }),
  };
}

/** The chat host of an app, with the version path. */
export function addressOf({
  appId,
  region,
  baseUrl,
}: Pick<ConnectOptions, "appId" | "region" | "baseUrl">): string {
  return trimSlash(baseUrl ?? `https://${appId}.api-${region}.cometchat.io/v3`);
}

function toHosts(options: ConnectOptions): Hosts {
  const { apiKey, managementKey, managementSecret } = options;
  const chat = { baseUrl: addressOf(options), headers: { apikey: apiKey } };
  const managementUrl =
    options.managementUrl ?? (options.baseUrl === undefined ? MANAGEMENT_URL : undefined);
  if (managementUrl === undefined || !managementKey || !managementSecret) return { chat };
  const headers = {
    key: managementKey,
    secret: managementSecret,
    "x-webhook-version": WEBHOOK_VERSION,
  };
  return { chat, management: { baseUrl: trimSlash(managementUrl), headers } };
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

const WEBHOOKS_CLOSED: Diagnostic = {
  severity: "warning",
  code: "read/webhooks",
  summary: "webhooks are left out: there are no management credentials to read them with",
  hint: "Set COMETCHAT_MANAGEMENT_KEY and COMETCHAT_MANAGEMENT_SECRET to include them.",
};

function hasManagement(options: ConnectOptions): boolean {
  return toHosts(options).management !== undefined;
}

function requireManagement(options: ConnectOptions): void {
  if (!hasManagement(options)) throw toClosed(options);
}

function toClosed(options: ConnectOptions): ProviderError {
  const hasKeys = Boolean(options.managementKey && options.managementSecret);
  return hasKeys
    ? new ProviderError({
        kind: "configuration",
        code: "MANAGEMENT_URL_MISSING",
        message: "COMETCHAT_MANAGEMENT_URL is not set, and the chat base URL is not the app's own",
        reason: "Webhooks live on a host of their own; a test must never reach the real one.",
        hint: "Set COMETCHAT_MANAGEMENT_URL to the management API that belongs to this base URL.",
      })
    : new ProviderError({
        kind: "configuration",
        code: "MANAGEMENT_KEYS_MISSING",
        message: "COMETCHAT_MANAGEMENT_KEY and COMETCHAT_MANAGEMENT_SECRET are not both set",
        reason:
          "Webhooks are written through the management API, which has credentials of its own.",
        hint: "Set both (the vendor issues them for multi-tenancy plans), or take webhooks out.",
      });
}

interface Settled {
  readonly name: string;
  readonly probe?: JsonObject;
}

/** Asks the chat host for webhooks: the collection has them there, the vendor's API does not. */
async function settle(options: ConnectOptions, api: ReadApi): Promise<Settled> {
  if (options.dialect !== "auto") return { name: options.dialect };
  try {
    const probe = await api.get("chat", "/webhooks", {}, options.signal);
    if (Array.isArray(probe["data"]) && probe["data"].every(isJsonObject)) {
      return { name: "collection", probe };
    }
    throw toUnsettled("answered with something that is not a list");
  } catch (error) {
    if (error instanceof ProviderError && error.kind === "not-found") return { name: "vendor" };
    if (error instanceof ProviderError && error.kind === "rejected") {
      throw toUnsettled(`answered ${error.status} ${error.code}`);
    }
    throw error;
  }
}

function toUnsettled(what: string): ProviderError {
  return new ProviderError({
    kind: "configuration",
    code: "DIALECT_UNSETTLED",
    message: `The dialect cannot be told: GET /webhooks ${what}`,
    reason: "A list means the collection dialect, a 404 means the vendor dialect.",
    hint: "Say which it is: --dialect vendor or --dialect collection.",
  });
}
