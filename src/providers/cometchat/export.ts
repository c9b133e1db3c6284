import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import type { LiveGraph, LiveResource } from "../../model/resource.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { splitMembership } from "./kinds/membership.ts";
import { SCOPE_LISTS } from "./kinds/scopes.ts";
import { SYSTEM_USER } from "./kinds/user.ts";

interface ExportOptions {
  readonly target: { readonly appId: string; readonly region: string };
  readonly dialect: Dialect;
  readonly stack: string | undefined;
}

/**
 * A manifest that describes what was read, in canonical order. What cannot be read back is left out,
 * so that applying it changes nothing: passwords, private metadata, and what is switched off.
 */
export function toManifest(live: LiveGraph, { target, dialect, stack }: ExportOptions): JsonObject {
  const active = [...live.resources.values()].filter(({ inactive }) => inactive !== true);
  const ofKind = (kind: string) =>
    active.filter((one) => one.kind === kind).sort((a, b) => (a.key < b.key ? -1 : 1));
  const section = (kind: string, toEntry: (one: LiveResource) => JsonObject) =>
    Object.fromEntries(ofKind(kind).map((one) => [one.key, toEntry(one)]));
  const members = membersByGroup(ofKind("membership"));
  const hasWebhooks = live.evidence.has("webhook");
  return {
    version: 1,
    ...(stack === undefined ? {} : { stack }),
    provider: {
      name: "cometchat",
      appId: target.appId,
      region: target.region,
      dialect: dialect.name,
    },
    roles: section("role", (role) => toPlain(role, dialect)),
    users: section("user", (user) => toPlain(user, dialect)),
    groups: section("group", (group) => toGroup(group, members, dialect)),
    ...(hasWebhooks ? { webhooks: section("webhook", toWebhook) } : {}),
  };
}

/** Attributes that the dialect shows but cannot write are left out: nobody could keep them. */
function toPlain({ kind, attributes }: LiveResource, { uncarried }: Dialect): JsonObject {
  const entries = Object.entries(attributes).filter(
    ([name, value]) => !uncarried[kind]?.includes(name) && !isEmpty(value),
  );
  return Object.fromEntries(entries);
}

/** An empty object comes as a list from this API, and says nothing either way. */
function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

type Members = ReadonlyMap<string, readonly LiveResource[]>;

function membersByGroup(memberships: readonly LiveResource[]): Members {
  const groups = new Map<string, LiveResource[]>();
  for (const membership of memberships) {
    const { guid } = splitMembership(membership.key);
    const known = groups.get(guid);
    if (known === undefined) groups.set(guid, [membership]);
    else known.push(membership);
  }
  return groups;
}

function toGroup(group: LiveResource, members: Members, dialect: Dialect): JsonObject {
  const { key } = group;
  const { owner, ...own } = toPlain(group, dialect);
  const inGroup = (members.get(key) ?? []).map((one) => ({
    uid: splitMembership(one.key).uid,
    scope: one.attributes["scope"],
  }));
  const lists = SCOPE_LISTS.map(([scope, list]) => {
    const uids = inGroup.filter((one) => one.scope === scope && one.uid !== owner);
    return [list, uids.map(({ uid }) => uid)] as const;
  });
  const hasOwner = owner !== undefined && owner !== SYSTEM_USER;
  return {
    ...own,
    ...(hasOwner ? { owner } : {}),
    members: Object.fromEntries(lists.filter(([, uids]) => uids.length > 0)),
  };
}

/** The password cannot be read back, and a login without one would not be valid. */
function toWebhook({ attributes }: LiveResource): JsonObject {
  const { basicAuth: _, ...shown } = attributes;
  return shown;
}
