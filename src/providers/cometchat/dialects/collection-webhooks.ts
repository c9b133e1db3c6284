import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import type { Change } from "../../../model/plan.ts";
import { rootsOf } from "../kinds/change.ts";
import { chatCall, type WebhookCalls } from "./dialect.ts";

/** Webhooks of the Postman collection: one object on the chat host, triggers inline. */
export const collectionWebhooks: WebhookCalls = {
  draft(change) {
    const id = change.live?.id ?? change.key;
    if (change.action === "delete") return [{ call: chatCall("DELETE", ["webhooks", id], null) }];
    const body = toBody(change);
    if (change.action === "create") return [{ call: chatCall("POST", ["webhooks"], body) }];
    return [{ call: chatCall("PUT", ["webhooks", id], body) }];
  },
  cost: () => [{ calls: 1 }],
  check: () => [],
};

/** An update repeats what a create requires: url and triggers. */
function toBody(change: Change): JsonObject {
  const { url = "", triggers = [], method } = change.planned;
  const changed = rootsOf(change);
  return {
    url,
    triggers,
    ...(method === undefined ? {} : { method }),
    ...(changed.has("basicAuth") ? { authentication: toLogin(change.planned["basicAuth"]) } : {}),
  };
}

/** The login is one object and written as a whole, so the password goes with it every time. */
function toLogin(basicAuth: Json | undefined): JsonObject {
  if (!isJsonObject(basicAuth)) return { type: "none" };
  return { type: "basic", ...basicAuth };
}
