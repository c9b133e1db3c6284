import type { Diagnostic } from "../../../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import type { StepDraft } from "../../../model/kind.ts";
import type { ApiCall, Change } from "../../../model/plan.ts";
import { problem, rootsOf } from "../kinds/change.ts";
import { toTexts } from "../marks.ts";
import { toPath, type WebhookCalls } from "./dialect.ts";
import { TRIGGERS } from "./triggers.ts";

/** Ids the API takes when a webhook is created (documented); existing ones may have more. */
const CREATED_ID = /^[A-Za-z0-9]{1,50}$/;

/** Webhooks of the management API: the object and its triggers are written by calls of their own. */
export function vendorWebhooks(appId: string): WebhookCalls {
  const base = ["apps", appId, "webhooks"];
  const call = (method: ApiCall["method"], tail: readonly string[], body: JsonObject | null) => ({
    call: {
      method,
      host: "management" as const,
      path: toPath([...base, ...tail]),
      body,
      quota: "standard" as const,
    },
  });
  const triggerDrafts = (change: Change): StepDraft[] => {
    const { added, removed } = triggersOf(change);
    const path = [idOf(change), "triggers"];
    return [
      ...(added.length > 0 ? [call("POST", path, { triggerIds: added })] : []),
      ...(removed.length > 0 ? [call("DELETE", path, { triggerIds: removed })] : []),
    ];
  };
  return {
    draft(change) {
      if (change.action === "delete") return [call("DELETE", [idOf(change)], null)];
      const triggers = triggerDrafts(change);
      if (change.action === "create") return [call("POST", [], createBody(change)), ...triggers];
      const body = updateBody(change);
      const isObjectWritten = Object.keys(body).length > 0;
      return [...(isObjectWritten ? [call("PUT", [idOf(change)], body)] : []), ...triggers];
    },
    cost(change) {
      if (change.action === "delete") return [{ calls: 1 }];
      const { added, removed } = triggersOf(change);
      const isObject = [...rootsOf(change)].some((name) => name !== "triggers");
      const object = change.action === "create" || isObject ? 1 : 0;
      return [{ calls: object + (added.length > 0 ? 1 : 0) + (removed.length > 0 ? 1 : 0) }];
    },
    check,
  };
}

function idOf({ live, key }: Change): string {
  return live?.id ?? key;
}

function triggersOf(change: Change): { readonly added: string[]; readonly removed: string[] } {
  const entry = change.attributes.find(({ path }) => path === "triggers");
  const before = toTexts(entry?.before);
  const after = toTexts(entry?.after);
  return {
    added: after.filter((trigger) => !before.includes(trigger)),
    removed: before.filter((trigger) => !after.includes(trigger)),
  };
}

function createBody({ key, planned }: Change): JsonObject {
  const { name = key, url = "", enabled, retryOnFailure, basicAuth } = planned;
  return {
    id: key,
    name,
    webhookURL: url,
    ...(enabled === undefined ? {} : { enabled }),
    ...(retryOnFailure === undefined ? {} : { retryOnFailure }),
    ...(basicAuth === undefined ? {} : authBody(basicAuth, true)),
  };
}

function updateBody(change: Change): JsonObject {
  const names = {
    name: "name",
    url: "webhookURL",
    enabled: "enabled",
    retryOnFailure: "retryOnFailure",
  };
  const changed = rootsOf(change);
  const body: { [name: string]: Json } = {};
  for (const [attribute, name] of Object.entries(names)) {
    if (changed.has(attribute)) body[name] = change.planned[attribute] ?? null;
  }
  if (!changed.has("basicAuth")) return body;
  // The password is sent when the login is switched on, and again only when it is asked for.
  const isNew = change.live?.attributes["basicAuth"] === undefined;
  const isAsked = change.attributes.some(({ path }) => path === "basicAuth.password");
  return { ...body, ...authBody(change.planned["basicAuth"], isNew || isAsked) };
}

function authBody(basicAuth: Json | undefined, withPassword: boolean): JsonObject {
  if (!isJsonObject(basicAuth)) return { useBasicAuth: false };
  const { username, password } = basicAuth;
  return {
    useBasicAuth: true,
    ...(username === undefined ? {} : { username }),
    ...(withPassword && password !== undefined ? { password } : {}),
  };
}

function check(change: Change): Diagnostic[] {
  if (change.action === "delete") return [];
  const found: Diagnostic[] = [];
  if (change.action === "create" && !CREATED_ID.test(change.key)) {
    found.push(
      problem(change, {
        code: "webhook/id",
        summary: `${change.address} cannot be created: its id must be 1 to 50 letters and digits`,
        hint: "The vendor API takes no dash or underscore here; choose another id.",
      }),
    );
  }
  if (change.planned["method"] !== undefined && change.planned["method"] !== "POST") {
    found.push(
      problem(change, {
        code: "dialect/unsupported",
        summary: `${change.address} asks for method ${String(change.planned["method"])}, the vendor dialect has only POST`,
        hint: "Take method out.",
      }),
    );
  }
  const unknown = triggersOf(change).added.filter((trigger) => !TRIGGERS.has(trigger));
  if (unknown.length > 0) {
    found.push(
      problem(change, {
        code: "webhook/trigger",
        summary: `${change.address} names triggers that the vendor API does not have: ${unknown.join(", ")}`,
        hint: "See the list of triggers in docs/manifest.md.",
      }),
    );
  }
  return found;
}
