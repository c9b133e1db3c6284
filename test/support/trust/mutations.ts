import fc from "fast-check";
import type { AppState } from "../bound.ts";
import { call, type TestApp } from "../in-process.ts";

/** What somebody else does to an app between a plan and its apply. */
export interface Mutation {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** What is different afterwards. */
  readonly address: string;
}

type Thing = { readonly [name: string]: unknown };

/** Everything that could happen to one address, on what there is; nothing where nothing could. */
export function mutationsOf(app: TestApp, state: AppState, address: string): Mutation[] {
  const slash = address.indexOf("/");
  const [kind, key] = [address.slice(0, slash), address.slice(slash + 1)];
  const made = { role: ofRole, user: ofUser, group: ofGroup, membership: ofMembership }[kind];
  const found = made === undefined ? ofWebhook(app, state, key) : made(app, state, key);
  return found.map((one) => ({ ...one, address }));
}

type Made = Omit<Mutation, "address">;

function put(path: string, body: unknown): Made {
  return { method: "PUT", path, body };
}

function ofRole({ dialect }: TestApp, { roles, users }: AppState, id: string): Made[] {
  const role = roles[id];
  const path = `/roles/${id}`;
  if (role === undefined) {
    return [{ method: "POST", path: "/roles", body: { role: id, name: "New here" } }];
  }
  const required = dialect === "collection" ? { role: id, name: role["name"] } : {};
  const isHeld = Object.values(users).some((user) => user["role"] === id && user["isOff"] !== true);
  const isFree = id !== "default" && !isHeld;
  return [
    put(path, { ...required, name: `${String(role["name"])}!` }),
    put(path, { ...required, description: `${String(role["description"])}!` }),
    ...(dialect === "vendor" ? [put(path, { metadata: withMark(role, "third") })] : []),
    ...(isFree ? [{ method: "DELETE" as const, path }] : []),
  ];
}

function withMark({ metadata }: Thing, stack: string): Thing {
  return { ...(metadata as Thing), cometform: { stack } };
}

function ofUser({ dialect }: TestApp, { users, groups }: AppState, uid: string): Made[] {
  const user = users[uid];
  const path = `/users/${uid}`;
  const isOff = user?.["isOff"] === true;
  if (user === undefined || (isOff && dialect === "collection")) {
    return [{ method: "POST", path: "/users", body: { uid, name: "New here" } }];
  }
  if (isOff) return [put("/users", { uidsToActivate: [uid] })];
  const isOwner = Object.values(groups).some(({ owner }) => owner === uid);
  const tags = user["tags"] as readonly string[];
  return [
    put(path, { name: `${String(user["name"])}!` }),
    put(path, { metadata: { ...(user["metadata"] as Thing), seen: "x" } }),
    ...(user["role"] === "default" ? [] : [put(path, { role: "default" })]),
    ...(dialect === "vendor"
      ? [
          put(path, { tags: [...tags, "violet"] }),
          put(path, { tags: [...tags, "cometform:third"] }),
          put(path, { statusMessage: `${String(user["statusMessage"])}!` }),
        ]
      : [put(path, { metadata: withMark(user, "third") })]),
    ...(isOwner
      ? []
      : [
          { method: "DELETE" as const, path, body: { permanent: true } },
          { method: "DELETE" as const, path, body: { permanent: false } },
        ]),
  ];
}

function ofGroup(_: TestApp, { groups, users, members }: AppState, guid: string): Made[] {
  const group = groups[guid];
  const path = `/groups/${guid}`;
  if (group === undefined) {
    const body = { guid, name: "New here", type: "public" };
    return [{ method: "POST", path: "/groups", body }];
  }
  const tags = group["tags"] as readonly string[];
  const heirs = Object.keys(members[guid] ?? {}).filter(
    (uid) => uid !== group["owner"] && users[uid] !== undefined,
  );
  return [
    put(path, { name: `${String(group["name"])}!` }),
    put(path, { metadata: { ...(group["metadata"] as Thing), seen: "x" } }),
    put(path, { tags: [...tags, "cometform:third"] }),
    put(path, { tags: tags.includes("violet") ? [] : [...tags, "violet"] }),
    ...heirs.slice(0, 1).map((owner) => put(path, { owner })),
    { method: "DELETE", path },
  ];
}

const LISTS: { readonly [scope: string]: string } = {
  admin: "admins",
  moderator: "moderators",
  participant: "participants",
};

function ofMembership({ dialect }: TestApp, state: AppState, key: string): Made[] {
  const [guid = "", uid = ""] = key.split(":");
  const { [guid]: group } = state.groups;
  const user = state.users[uid];
  if (group === undefined || user === undefined || user["isOff"] === true) return [];
  const path = `/groups/${guid}/members`;
  const scope = state.members[guid]?.[uid];
  if (scope === undefined) return [{ method: "POST", path, body: { participants: [uid] } }];
  if (group["owner"] === uid) return [];
  const others = Object.keys(LISTS).filter((other) => other !== scope);
  return [
    { method: "DELETE", path: `${path}/${uid}` },
    ...others.map((other) =>
      dialect === "vendor"
        ? put(`${path}/${uid}`, { scope: other })
        : put(path, { uid, scope: other }),
    ),
  ];
}

function ofWebhook({ dialect }: TestApp, { webhooks }: AppState, id: string): Made[] {
  if (dialect === "collection") return ofCollectionWebhook(webhooks, id);
  const base = "/apps/emulator/webhooks";
  const webhook = webhooks[id];
  if (webhook === undefined) {
    const body = { id, name: id, webhookURL: "https://elsewhere.example/" };
    return [{ method: "POST", path: base, body }];
  }
  const path = `${base}/${id}`;
  const triggers = (webhook["triggers"] ?? []) as readonly string[];
  return [
    put(path, { webhookURL: "https://elsewhere.example/" }),
    put(path, { enabled: webhook["enabled"] !== true }),
    { method: "POST", path: `${path}/triggers`, body: { triggerIds: ["user_blocked"] } },
    ...(triggers.length > 0
      ? [{ method: "DELETE" as const, path: `${path}/triggers`, body: { triggerIds: triggers } }]
      : []),
    { method: "DELETE", path },
  ];
}

/** Found by the url, since the service makes ids of its own. */
function ofCollectionWebhook(webhooks: AppState["webhooks"], id: string): Made[] {
  const url = `https://hooks.example/${id}`;
  const [found] = Object.values(webhooks).filter(
    (webhook) => webhook["id"] === id || webhook["url"] === url,
  );
  if (found === undefined) {
    return [{ method: "POST", path: "/webhooks", body: { url, triggers: [] } }];
  }
  const path = `/webhooks/${String(found["id"])}`;
  const body = { url: found["url"], triggers: ["user_blocked"] };
  return [put(path, body), { method: "DELETE", path }];
}

/** One of them. */
export function anyOf<T>(all: readonly T[], random: () => number): T | undefined {
  return all[Math.floor(random() * all.length)];
}

/** Does it. */
export async function mutate(app: TestApp, { method, path, body }: Mutation): Promise<void> {
  await call(app, method, path, body);
}

/** Decides which mutation is made. */
export const whim: fc.Arbitrary<number> = fc.integer({ min: 1, max: 2 ** 31 - 1 });
