import { flagOf, type JsonObject, textOf, textsOf, withoutEmpties } from "../json.ts";
import { failedRow, invalidAttribute, notFound, refused } from "../refusal.ts";
import { ack, type Call, param } from "../route.ts";
import { address, check, flag, type Rules, text, textLike, texts } from "../rules.ts";
import type { StoredWebhook } from "../state.ts";
import { isTrigger, triggerDescription } from "../triggers.ts";

/** Webhooks that an app may have (documented). */
export const webhooksMax = 25;

const urlCharactersMax = 255;
const triggersPerCallMax = 100;
const perPageMax = 1000;

const rules: Rules = {
  name: text(50, 1),
  webhookURL: address(urlCharactersMax, /^https:\/\//i),
  useBasicAuth: flag,
  username: textLike(/^[A-Za-z0-9]*$/, 50),
  password: textLike(/^[A-Za-z0-9]*$/, 100),
  enabled: flag,
  retryOnFailure: flag,
};

/**
 * `GET /apps/{appId}/webhooks`; there is no `page` (documented), so the list is not cut to the
 * server's own page size either: nobody could read the rest.
 */
export function listWebhooks(call: Call): JsonObject {
  const key = call.query.text("searchKey")?.toLowerCase() ?? "";
  const size = Math.min(call.query.count("perPage") ?? 100, perPageMax);
  const data = [...call.state.webhooks.values()]
    .filter((webhook) => webhook.legacy === call.legacyWebhooks)
    .filter((webhook) => webhook.name.toLowerCase().startsWith(key))
    .slice(0, size)
    .map(shownWebhook);
  return { data, meta: { pagination: wholePage(data.length, size) } };
}

/** `POST /apps/{appId}/webhooks`; triggers are not part of it (documented by absence). */
export function createWebhook(call: Call): JsonObject {
  const { state, body, now } = call;
  check(body, { id: textLike(/^[A-Za-z0-9]+$/, 50), ...rules }, ["id", "name", "webhookURL"]);
  const id = textOf(body, "id") ?? "";
  if (state.webhooks.has(id)) {
    throw refused("ERR_WEBHOOK_ALREADY_EXISTS", `The webhook with id ${id} already exists.`);
  }
  if (state.webhooks.size >= webhooksMax) {
    throw invalidAttribute("id", `An app may not have more than ${webhooksMax} webhooks.`);
  }
  const webhook: StoredWebhook = {
    id,
    name: "",
    url: "",
    method: "POST",
    enabled: true,
    retryOnFailure: false,
    authType: "none",
    username: "",
    hasPassword: false,
    legacy: call.legacyWebhooks,
    triggers: new Set(),
    createdAt: now,
    updatedAt: now,
  };
  write(body, webhook);
  state.webhooks.set(id, webhook);
  return { data: shownWebhook(webhook) };
}

/** `GET /apps/{appId}/webhooks/{webhookId}` */
export function getWebhook(call: Call): JsonObject {
  return { data: shownWebhook(requireWebhook(call)) };
}

/** `PUT /apps/{appId}/webhooks/{webhookId}` */
export function updateWebhook(call: Call): JsonObject {
  const webhook = requireWebhook(call);
  check(call.body, rules);
  write(call.body, webhook);
  webhook.updatedAt = call.now;
  return { data: shownWebhook(webhook) };
}

/** `DELETE /apps/{appId}/webhooks/{webhookId}` */
export function deleteWebhook(call: Call): JsonObject {
  call.state.webhooks.delete(requireWebhook(call).id);
  return ack("Deleted Webhook successfully.");
}

/** `GET /apps/{appId}/webhooks/{webhookId}/triggers`, whole for the same reason as the webhooks. */
export function listTriggers(call: Call): JsonObject {
  const triggers = [...requireWebhook(call).triggers];
  const data = triggers.map((id) => ({ id, description: triggerDescription(id) }));
  return { data, meta: { pagination: wholePage(data.length, 100) } };
}

/** `POST /apps/{appId}/webhooks/{webhookId}/triggers` */
export function addTriggers(call: Call): JsonObject {
  const webhook = requireWebhook(call);
  const rows = namedTriggers(call).map((id): [string, JsonObject] => {
    const failure = call.nextRow();
    if (failure !== undefined) return [id, failedRow(failure.code, failure.message)];
    if (!isTrigger(id, webhook.legacy)) {
      return [id, failedRow("ERR_TRIGGER_NOT_FOUND", `The trigger ${id} does not exist.`)];
    }
    webhook.triggers.add(id);
    return [id, { success: true, message: "Triggers has been added successfully." }];
  });
  return { data: Object.fromEntries(rows) };
}

/** `DELETE /apps/{appId}/webhooks/{webhookId}/triggers` */
export function removeTriggers(call: Call): JsonObject {
  const webhook = requireWebhook(call);
  for (const id of namedTriggers(call)) webhook.triggers.delete(id);
  return ack("Removed trigger successfully.");
}

/**
 * The webhook a path names, among those of the system the call speaks of; ids keep their case.
 *
 * @throws ApiRefusal if there is none.
 */
export function requireWebhook(call: Call): StoredWebhook {
  const id = param(call, "webhookId");
  const webhook = call.state.webhooks.get(id);
  if (webhook === undefined || webhook.legacy !== call.legacyWebhooks) {
    throw notFound("ERR_WEBHOOK_NOT_FOUND", `The webhook with id ${id} does not exist.`);
  }
  return webhook;
}

function namedTriggers(call: Call): string[] {
  check(call.body, { triggerIds: texts(triggersPerCallMax, 100) }, ["triggerIds"]);
  return textsOf(call.body, "triggerIds") ?? [];
}

function write(body: JsonObject, webhook: StoredWebhook): void {
  webhook.name = textOf(body, "name") ?? webhook.name;
  webhook.url = textOf(body, "webhookURL") ?? webhook.url;
  webhook.username = textOf(body, "username") ?? webhook.username;
  webhook.enabled = flagOf(body, "enabled") ?? webhook.enabled;
  webhook.retryOnFailure = flagOf(body, "retryOnFailure") ?? webhook.retryOnFailure;
  const useBasicAuth = flagOf(body, "useBasicAuth");
  if (useBasicAuth !== undefined) webhook.authType = useBasicAuth ? "basic" : "none";
  const password = textOf(body, "password");
  if (password !== undefined) webhook.hasPassword = password !== "";
}

function shownWebhook(webhook: StoredWebhook): JsonObject {
  return {
    id: webhook.id,
    name: webhook.name,
    webhookURL: webhook.url,
    enabled: webhook.enabled,
    useBasicAuth: webhook.authType === "basic",
    ...withoutEmpties({ username: webhook.username }),
    retryOnFailure: webhook.retryOnFailure,
    createdAt: webhook.createdAt,
    updatedAt: webhook.updatedAt,
  };
}

function wholePage(count: number, size: number): JsonObject {
  return { total: 0, count, per_page: size, current_page: 1, total_pages: 1 };
}
