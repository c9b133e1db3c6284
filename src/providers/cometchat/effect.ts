import { isEqual } from "../../model/equal.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import type { ApiCall } from "../../model/plan.ts";
import { type Address, keyIn, kindIn, type LiveResource } from "../../model/resource.ts";
import { isSecret, secretsIn } from "../../model/secret.ts";
import type { Standing } from "../provider.ts";
import { isImport, toSingle } from "./import-rows.ts";
import { splitMembership } from "./kinds/membership.ts";
import { SCOPE_LISTS } from "./kinds/scopes.ts";
import { toTexts } from "./marks.ts";
import {
  toCollectionWebhook,
  toLiveGroup,
  toLiveRole,
  toLiveUser,
  toVendorWebhook,
} from "./read/live.ts";

/**
 * Whether a resource is as a call would leave it. It is told from the call alone, because a change may
 * take several calls and the plan knows only how it ends.
 */
export function standingOf(
  call: ApiCall,
  address: Address,
  live: LiveResource | undefined,
): Standing {
  if (isImport(call)) return standingOf(toSingle(call, address), address, live);
  const kind = kindIn(address);
  if (kind === "membership") return memberStanding(call, address, live);
  if (kind === "user" && isSwitch(call)) return toStanding(isSwitched(call, live));
  if (call.path.endsWith("/triggers")) return toStanding(hasTriggers(call, live));
  if (call.method === "DELETE") return toStanding(live === undefined);
  // The service would make a second one, under another id.
  if (live === undefined) return makesId(call) ? "untold" : "undone";
  const standing = live.inactive === true ? "undone" : compare(call, kind, live);
  return standing === "undone" && call.method === "POST" ? "different" : standing;
}

function toStanding(isDone: boolean): Standing {
  return isDone ? "done" : "undone";
}

/** Whether a call creates something under an id of the service's own. */
function makesId({ method, host, path }: ApiCall): boolean {
  return method === "POST" && host === "chat" && path === "/webhooks";
}

/** A member is as asked when it has the scope that the call gives it, or is gone if it takes it out. */
function memberStanding(call: ApiCall, address: Address, live: LiveResource | undefined): Standing {
  if (call.method === "DELETE") return toStanding(live === undefined);
  if (live === undefined) return "undone";
  const { uid } = splitMembership(keyIn(address));
  const lists = call.path === "/groups" ? call.body?.["members"] : call.body;
  const listed = SCOPE_LISTS.find(
    ([, list]) => isJsonObject(lists) && toTexts(lists[list]).includes(uid),
  );
  const scope = call.body?.["scope"] ?? listed?.[0];
  if (live.attributes["scope"] === scope) return "done";
  return call.method === "POST" ? "different" : "undone";
}

/** Calls that switch users off and on again, in bulk or one by one. */
function isSwitch({ path, body }: ApiCall): boolean {
  const isBulk = body?.["uidsToDeactivate"] !== undefined || body?.["uidsToActivate"] !== undefined;
  return isBulk || path.endsWith("/reactivate") || body?.["permanent"] === false;
}

function isSwitched({ method }: ApiCall, live: LiveResource | undefined): boolean {
  const isActive = live !== undefined && live.inactive !== true;
  return method === "DELETE" ? !isActive : isActive;
}

function hasTriggers({ method, body }: ApiCall, live: LiveResource | undefined): boolean {
  const asked = toTexts(body?.["triggerIds"]);
  const set = new Set(toTexts(live?.attributes["triggers"]));
  return asked.every((trigger) => set.has(trigger) === (method === "POST"));
}

/** Rows of these kinds, in normal form. */
const NORMAL: { readonly [kind: string]: (row: JsonObject, call: ApiCall) => LiveResource } = {
  role: toLiveRole,
  user: toLiveUser,
  group: toLiveGroup,
  webhook: (row, { host }) =>
    host === "management" ? toVendorWebhook(row) : toCollectionWebhook(row),
};

/** Attributes by the names under which bodies carry them, where they differ. */
const ATTRIBUTES: { readonly [name: string]: string } = {
  webhookURL: "url",
  useBasicAuth: "basicAuth",
  username: "basicAuth",
  authentication: "basicAuth",
};

/** What a body holds besides attributes. */
const NO_ATTRIBUTES = new Set(["uid", "guid", "id", "unset", "members"]);

/** Compares what the body writes with what is there, in the form in which replies are compared. */
function compare(call: ApiCall, kind: string, live: LiveResource): Standing {
  const body = call.body ?? {};
  const normal = NORMAL[kind];
  if (normal === undefined) return "untold";
  const asked = normal(body, call);
  const named = Object.keys(body).filter((name) => !NO_ATTRIBUTES.has(name) && isShown(body[name]));
  // The id of a role is called as what users have of it.
  const written = kind === "role" ? named.filter((name) => name !== "role") : named;
  const names = [
    ...new Set([...written.map((name) => ATTRIBUTES[name] ?? name), ...toTexts(body["unset"])]),
  ];
  const compared = names.filter((name) => live.unread?.includes(name) !== true);
  if (names.length > 0 && compared.length === 0) return "untold";
  // Of what writes nothing that shows, a create is done when there is one, and no more can be said.
  if (names.length === 0) return call.method === "POST" ? "done" : "untold";
  if (!compared.every((name) => isSame(asked, live, name))) return "undone";
  // It may have been so before, but for what does not show.
  return call.method === "PUT" && secretsIn(body).length > 0 ? "untold" : "done";
}

/** Whether a value can be read back at all. */
function isShown(value: Json | undefined): boolean {
  return !isSecret(value);
}

function isSame(asked: LiveResource, live: LiveResource, name: string): boolean {
  return (
    isEqual(asked.attributes[name], live.attributes[name]) &&
    isEqual(asked.reserved?.[name], live.reserved?.[name])
  );
}
