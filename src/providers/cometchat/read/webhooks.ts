import type { Diagnostic } from "../../../model/diagnostic.ts";
import type { JsonObject } from "../../../model/json.ts";
import {
  type Address,
  type DesiredGraph,
  type LiveResource,
  type ReadEvidence,
  toAddress,
} from "../../../model/resource.ts";
import type { ReadApi } from "../api.ts";
import { toPath } from "../dialects/dialect.ts";
import { isCut, pageSizeOf, rowsOf } from "./listing.ts";
import { toCollectionWebhook, toVendorWebhook } from "./live.ts";

/** An app has no more webhooks than this (documented), so a listing of as many is whole. */
const WEBHOOKS_MAX = 25;

/** What was read of webhooks. */
export interface WebhooksRead {
  readonly resources: readonly LiveResource[];
  readonly evidence: ReadEvidence;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads webhooks from the management API, with the triggers of those that are asked for. */
export async function readVendorWebhooks(
  api: ReadApi,
  appId: string,
  isAsked: (id: string) => boolean,
  signal?: AbortSignal,
): Promise<WebhooksRead> {
  const base = ["apps", appId, "webhooks"];
  // The listing has no page parameter: it is one page, and only `perPage` makes it longer.
  const reply = await api.get("management", toPath(base), { perPage: "1000" }, signal);
  const rows = rowsOf(reply, toPath(base));
  const resources = await Promise.all(
    rows.map(async (row) => {
      const id = String(row["id"]);
      if (!isAsked(id)) return toVendorWebhook(row);
      const path = toPath([...base, id, "triggers"]);
      const listed = await api.get("management", path, {}, signal);
      return toVendorWebhook(row, triggersOf(listed, path));
    }),
  );
  const calls = 1 + rows.filter((row) => isAsked(String(row["id"]))).length;
  return { resources, evidence: toEvidence(reply, rows, calls), diagnostics: [] };
}

/** Triggers come as objects with an id. */
function triggersOf(reply: JsonObject, path: string): string[] {
  return rowsOf(reply, path).map((row) => String(row["id"]));
}

/** Whether a listing without pages is whole. */
function toEvidence(reply: JsonObject, rows: readonly JsonObject[], calls: number): ReadEvidence {
  const objects = new Set(rows.map((row) => String(row["id"]))).size;
  const isFull = rows.length === pageSizeOf(reply) && objects < WEBHOOKS_MAX;
  // A row that comes twice may have come in the place of another one.
  const complete = !isFull && objects === rows.length && !isCut(reply, rows);
  return { collection: "webhook", calls, objects, complete };
}

/**
 * Webhooks as the Postman collection lists them, under the ids the manifest gives them. The service
 * makes its own ids, so a declared webhook is matched by id, else by url.
 */
export function toCollectionWebhooks(reply: JsonObject, desired: DesiredGraph): WebhooksRead {
  const rows = rowsOf(reply, "/webhooks");
  const live = rows.map(toCollectionWebhook);
  const declared = [...desired.resources.values()].filter(({ kind }) => kind === "webhook");
  const keys = new Map(declared.map(({ id, key }) => [id ?? key, key] as const));
  const byId = new Set(keys.keys());
  const unmatched = declared.filter(({ id, key }) => live.every((one) => one.id !== (id ?? key)));
  const diagnostics: Diagnostic[] = [];
  for (const { key, attributes, address } of unmatched) {
    const { url } = attributes;
    const matches = live.filter(
      (webhook) => webhook.attributes["url"] === url && !byId.has(webhook.id),
    );
    const rivals = unmatched.filter((other) => other.attributes["url"] === url);
    if (matches.length > 1)
      diagnostics.push(toAmbiguous(address, matches.map(({ id }) => id).sort()));
    else if (rivals.length > 1)
      diagnostics.push(
        toRivals(address, rivals.map((rival) => rival.address).sort()[0] ?? address),
      );
    else if (matches[0] !== undefined) keys.set(matches[0].id, key);
  }
  const resources = live.map((webhook) => {
    const key = keys.get(webhook.id) ?? webhook.id;
    return { ...webhook, key, address: toAddress("webhook", key) };
  });
  return { resources, evidence: toEvidence(reply, rows, 1), diagnostics };
}

function toAmbiguous(address: Address, ids: readonly string[]): Diagnostic {
  return {
    severity: "error",
    code: "webhook/ambiguous",
    summary: `${address} cannot be told apart: its url belongs to ${ids.join(" and ")}`,
    detail: "This dialect gives webhooks ids of its own, so a declared one is matched by its url.",
    hint: `Name the one you mean by its id (${ids[0]}), or delete the other in the app.`,
    address,
  };
}

function toRivals(address: Address, first: Address): Diagnostic {
  return {
    severity: "error",
    code: "webhook/ambiguous",
    summary: `${address} has the same url as ${address === first ? "another webhook" : first}`,
    detail: "This dialect gives webhooks ids of its own, so a declared one is matched by its url.",
    hint: "Give each webhook a url of its own.",
    address,
  };
}
