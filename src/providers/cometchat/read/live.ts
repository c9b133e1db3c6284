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

/** A user as it was listed. */
export function toLiveUser(row: JsonObject): LiveResource {
  const key = String(row["uid"]).toLowerCase();
  const names = ["name", "avatar", "link", "statusMessage", "metadata"];
  const role = String(row["role"] ?? DEFAULT_ROLE).toLowerCase();
  const attributes = { ...pick(row, names), role, ...pickTags(row) };
  return {
    ...toResource("user", key, attributes),
    ...versionOf(row),
    ...(row["deactivatedAt"] ? { inactive: true as const } : {}),
    ...(key === SYSTEM_USER ? { builtin: true as const } : {}),
  };
}

/** A group as it was listed. */
export function toLiveGroup(row: JsonObject): LiveResource {
  const key = String(row["guid"]).toLowerCase();
  const attributes = {
    ...pick(row, ["name", "type", "icon", "description", "metadata"]),
    ...(typeof row["owner"] === "string" ? { owner: row["owner"].toLowerCase() } : {}),
    ...pickTags(row),
  };
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
  const { metadata, ...shown } = escapeSecrets(attributes) as Attributes;
  const { "@private": hidden, ...open } = isJsonObject(metadata) ? metadata : {};
  const unmarked = takeMarks(metadata === undefined ? shown : { ...shown, metadata: open });
  const withheld = hidden === undefined ? {} : { withheld: ["metadata.@private"] };
  return { address: toAddress(kind, key), kind, key, id: key, ...unmarked, ...withheld };
}

/** When a row was last changed; unix seconds in every example, and only told from one another. */
function versionOf(row: JsonObject): Pick<LiveResource, "version"> {
  const at = row["updatedAt"];
  return typeof at === "number" || typeof at === "string" ? { version: String(at) } : {};
}

function pick(row: JsonObject, names: readonly string[]): Attributes {
  const values = names.map((name) => [name, row[name] ?? null] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== null && value !== ""));
}

function pickTags(row: JsonObject): Attributes {
  const tags = toTexts(row["tags"]);
  return tags.length === 0 ? {} : { tags: tags.toSorted() };
}
