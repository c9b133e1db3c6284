import { isJsonObject, type JsonObject, textOf, textsOf, withoutEmpties } from "../json.ts";
import { invalidAttribute } from "../refusal.ts";
import { ack, type Call } from "../route.ts";
import { address, check, objectLike, oneOf, type Rules, text, texts } from "../rules.ts";
import type { StoredWebhook } from "../state.ts";
import { requireWebhook, webhooksMax } from "./webhooks-vendor.ts";

// The limits are the vendor's: the collection and its companion name none.
const triggers = texts(100, 100);

const rules: Rules = {
  url: address(255, /^https:\/\//i),
  method: oneOf("POST", "GET"),
  triggers,
  authentication: objectLike,
};

const authenticationRules: Rules = {
  type: oneOf("basic", "none"),
  username: text(50),
  password: text(100),
};

/** `GET /webhooks`: all of them, without meta. */
export function listWebhooks(call: Call): JsonObject {
  const webhooks = [...call.state.webhooks.values()].filter(({ legacy }) => !legacy);
  return { data: webhooks.map(shownWebhook) };
}

/** `POST /webhooks` */
export function createWebhook(call: Call): JsonObject {
  const { state, now } = call;
  checkBody(call);
  if (state.webhooks.size >= webhooksMax) {
    throw invalidAttribute("url", `An app may not have more than ${webhooksMax} webhooks.`);
  }
  state.made.webhooks += 1;
  const webhook: StoredWebhook = {
    id: `webhook-${state.made.webhooks}`,
    name: "",
    url: "",
    method: "POST",
    enabled: true,
    retryOnFailure: false,
    authType: "",
    username: "",
    hasPassword: false,
    legacy: call.legacyWebhooks,
    triggers: new Set(),
    createdAt: now,
    updatedAt: now,
  };
  write(call.body, webhook);
  state.webhooks.set(webhook.id, webhook);
  return { data: shownWebhook(webhook) };
}

/** `GET /webhooks/{webhookId}` */
export function getWebhook(call: Call): JsonObject {
  return { data: shownWebhook(requireWebhook(call)) };
}

/** `PUT /webhooks/{webhookId}`: url and triggers are required and replaced, the rest if given. */
export function updateWebhook(call: Call): JsonObject {
  const webhook = requireWebhook(call);
  checkBody(call);
  write(call.body, webhook);
  webhook.updatedAt = call.now;
  return { data: shownWebhook(webhook) };
}

/** `DELETE /webhooks/{webhookId}` */
export function deleteWebhook(call: Call): JsonObject {
  const { id } = requireWebhook(call);
  call.state.webhooks.delete(id);
  return ack(`Webhook ${id} has been deleted successfully.`);
}

/** `GET /webhooks/{webhookId}/triggers` */
export function listTriggers(call: Call): JsonObject {
  return { data: [...requireWebhook(call).triggers] };
}

/** `POST /webhooks/{webhookId}/triggers`: any text is a trigger, nothing lists the valid ones. */
export function addTriggers(call: Call): JsonObject {
  const webhook = requireWebhook(call);
  for (const trigger of namedTriggers(call)) webhook.triggers.add(trigger);
  return ack("Triggers have been added successfully.");
}

/** `DELETE /webhooks/{webhookId}/triggers` */
export function removeTriggers(call: Call): JsonObject {
  const webhook = requireWebhook(call);
  for (const trigger of namedTriggers(call)) webhook.triggers.delete(trigger);
  return ack("Triggers have been removed successfully.");
}

function checkBody(call: Call): void {
  check(call.body, rules, ["url", "triggers"]);
  const { authentication } = call.body;
  if (isJsonObject(authentication)) check(authentication, authenticationRules);
}

function namedTriggers(call: Call): string[] {
  check(call.body, { triggers }, ["triggers"]);
  return textsOf(call.body, "triggers") ?? [];
}

function write(body: JsonObject, webhook: StoredWebhook): void {
  webhook.url = textOf(body, "url") ?? webhook.url;
  webhook.method = textOf(body, "method") ?? webhook.method;
  webhook.triggers.clear();
  for (const trigger of textsOf(body, "triggers") ?? []) webhook.triggers.add(trigger);
  if (body["authentication"] === undefined) return;
  const authentication = isJsonObject(body["authentication"]) ? body["authentication"] : {};
  webhook.authType = textOf(authentication, "type") === "basic" ? "basic" : "none";
  webhook.username = textOf(authentication, "username") ?? "";
  webhook.hasPassword = (textOf(authentication, "password") ?? "") !== "";
}

function shownWebhook(webhook: StoredWebhook): JsonObject {
  const { id, url, method, authType, username } = webhook;
  const shown: JsonObject = { id, url, method, triggers: [...webhook.triggers] };
  if (authType !== "") {
    shown["authentication"] = { type: authType, ...withoutEmpties({ username }) };
  }
  return { ...shown, status: "active" };
}
