import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import { type Attributes, type LiveResource, toAddress } from "../../../model/resource.ts";
import { escapeSecrets } from "../../../model/secret.ts";
import { DEFAULT_ROLE } from "../kinds/role.ts";
import { SYSTEM_USER } from "../kinds/user.ts";
import { takeMarks, toTexts } from "../marks.ts";

/*
 * What the API replies, in normal form: only attributes that a manifest can set, nothing empty, ids
 * in lower case, sets sorted, marks and write-only values taken out. Whatever else a reply holds is
 * made by the server and never compared.
 */

/** A role as it was listed. */
export function toLiveRole(row: JsonObject): LiveResource {
  const key = String(row["role"]).toLowerCase();
  const attributes = pick(row, ["name", "description", "metadata", "settings"]);
  const builtin = key === DEFAULT_ROLE ? { builtin: true as const } : {};
  return { ...toResource("role", key, attributes), ...versionOf(row), ...builtin };
}

const USER_NAMES = ["name", "avatar", "link", "statusMessage", "metadata"];

/** A user as it was listed. */
export function toLiveUser(row: JsonObject): LiveResource {
  const key = String(row["uid"]).toLowerCase();
  const attributes = pick(row, USER_NAMES);
  attributes["role"] = String(row["role"] ?? DEFAULT_ROLE).toLowerCase();
  pickTags(row, attributes);
  const live = { ...toResource("user", key, attributes), ...versionOf(row) };
  if (row["deactivatedAt"]) return { ...live, inactive: true };
  return key === SYSTEM_USER ? { ...live, builtin: true } : live;
}

/** A group as it was listed. */
export function toLiveGroup(row: JsonObject): LiveResource {
  const key = String(row["guid"]).toLowerCase();
  const attributes = pick(row, ["name", "type", "icon", "description", "metadata"]);
  if (typeof row["owner"] === "string") attributes["owner"] = row["owner"].toLowerCase();
  pickTags(row, attributes);
  const children = Number(row["membersCount"]);
  return {
    ...toResource("group", key, attributes),
    ...versionOf(row),
    ...(Number.isInteger(children) ? { children } : {}),
  };
}

/** A member of a group as it was listed; `undefined` for the system user, which is no member. */
export function toLiveMembership(guid: string, row: JsonObject): LiveResource | undefined {
  const uid = String(row["uid"]).toLowerCase();
  if (uid === SYSTEM_USER) return undefined;
  return toResource("membership", `${guid}:${uid}`, pick(row, ["scope"]));
}

/** A webhook of the management API; triggers are listed apart, and only for those that are asked. */
export function toVendorWebhook(row: JsonObject, triggers?: readonly string[]): LiveResource {
  const login = typeof row["username"] === "string" ? { username: row["username"] } : {};
  // Replies may leave these out (examples do): then nothing is known, which is not "off".
  const unread = [
    ...["enabled", "retryOnFailure"].filter((name) => row[name] === undefined),
    ...(isUntold(row["useBasicAuth"], row["username"]) ? ["basicAuth"] : []),
    ...(triggers === undefined ? ["triggers"] : []),
  ];
  const attributes = {
    ...pick(row, ["name", "enabled", "retryOnFailure"]),
    ...(row["webhookURL"] === undefined ? {} : { url: row["webhookURL"] }),
    method: "POST",
    ...(row["useBasicAuth"] === true ? { basicAuth: login } : {}),
    ...(triggers === undefined ? {} : { triggers: triggers.toSorted() }),
  };
  return { ...toResource("webhook", String(row["id"]), attributes), ...versionOf(row), unread };
}

/** Whether a reply leaves open which login a webhook has: whether it has one, or whose it is. */
function isUntold(isOn: Json | undefined, username: Json | undefined): boolean {
  return isOn === undefined || (isOn === true && typeof username !== "string");
}

/** A webhook of the Postman collection. */
export function toCollectionWebhook(row: JsonObject): LiveResource {
  const login = isJsonObject(row["authentication"]) ? row["authentication"] : {};
  const { username } = login;
  const attributes = {
    ...pick(row, ["url"]),
    method: row["method"] ?? "POST",
    triggers: toTexts(row["triggers"]).toSorted(),
    ...(login["type"] === "basic" ? { basicAuth: username === undefined ? {} : { username } } : {}),
  };
  const unread = isUntold(login["type"] === "basic", username) ? ["basicAuth"] : [];
  return { ...toResource("webhook", String(row["id"]), attributes), ...versionOf(row), unread };
}

function toResource(kind: string, key: string, attributes: Attributes): LiveResource {
  const escaped = escapeSecrets(attributes) as Attributes;
  const { metadata } = escaped;
  const address = toAddress(kind, key);
  if (metadata === undefined) return { address, kind, key, id: key, ...takeMarks(escaped) };
  const hidden = isJsonObject(metadata) ? metadata["@private"] : undefined;
  if (isJsonObject(metadata) && hidden === undefined) {
    return { address, kind, key, id: key, ...takeMarks(escaped) };
  }
  const { "@private": _, ...open } = isJsonObject(metadata) ? metadata : {};
  const unmarked = takeMarks({ ...escaped, metadata: open });
  const withheld = hidden === undefined ? {} : { withheld: ["metadata.@private"] };
  return { address, kind, key, id: key, ...unmarked, ...withheld };
}

/** When a row was last changed; unix seconds in every example, and only told from one another. */
function versionOf(row: JsonObject): Pick<LiveResource, "version"> {
  const at = row["updatedAt"];
  return typeof at === "number" || typeof at === "string" ? { version: String(at) } : {};
}

function pick(row: JsonObject, names: readonly string[]): { [name: string]: Json } {
  const picked: { [name: string]: Json } = {};
  for (const name of names) {
    const value = row[name];
    if (value !== undefined && value !== null && value !== "") picked[name] = value;
  }
  return picked;
}

function pickTags(row: JsonObject, into: { [name: string]: Json }): void {
  const tags = toTexts(row["tags"]);
  if (tags.length > 0) into["tags"] = tags.sort();
}
