import type { DialectName } from "./in-process.ts";
import type { ManifestValue } from "./world.ts";

/** Every attribute that a dialect lets a manifest set, on every kind. */
export function everything(dialect: DialectName): ManifestValue {
  const isVendor = dialect === "vendor";
  const only = (entries: object) => (isVendor ? entries : {});
  return {
    version: 1,
    stack: "acme",
    roles: {
      vip: {
        name: "VIP",
        description: "Pays",
        ...only({
          metadata: {
            level: 1,
            colours: ["red"],
            deep: { a: { b: 1 } },
            "@private": { key: "roleCanary" },
          },
          settings: { listUsers: "all", sendMessagesTo: "friendsOnly" },
        }),
      },
    },
    users: {
      Ann: {
        name: "Ann",
        avatar: "https://a.example/ann.png",
        link: "https://a.example/ann",
        role: "vip",
        metadata: { seat: 4, floor: { no: 2 }, "@private": { email: "ann@a.example" } },
        ...only({ statusMessage: "Here", tags: ["red", "green"] }),
      },
      bob: { name: "Bob" },
      cat: { name: "Cat" },
    },
    groups: {
      lobby: {
        name: "Lobby",
        type: "password",
        password: "${LOBBY_PASSWORD}",
        icon: "https://a.example/lobby.png",
        description: "For everyone",
        metadata: { topic: "all", "@private": { key: "groupCanary" } },
        tags: ["open"],
        owner: "ANN",
        members: { mode: "authoritative", moderators: ["bob"], participants: ["cat"] },
      },
    },
    webhooks: {
      audit: {
        url: "https://hooks.example/audit",
        method: "POST",
        triggers: ["message_sent", "group_created"],
        basicAuth: { username: "hook", password: "${HOOK_PASSWORD}" },
        ...only({ name: "Audit", enabled: true, retryOnFailure: true }),
      },
    },
  };
}

/** The same resources with another value for every attribute that can change. */
export function everythingChanged(dialect: DialectName): ManifestValue {
  const isVendor = dialect === "vendor";
  const only = (entries: object) => (isVendor ? entries : {});
  return {
    version: 1,
    stack: "acme",
    roles: {
      vip: {
        name: "Very important",
        description: "Pays more",
        ...only({
          metadata: {
            level: 2,
            colours: ["blue"],
            deep: { a: { b: 2 } },
            "@private": { key: "roleCanary" },
          },
          settings: { listUsers: "friendsOnly", sendMessagesTo: "all" },
        }),
      },
    },
    users: {
      Ann: {
        name: "Ann B.",
        avatar: "https://b.example/ann.png",
        link: "https://b.example/ann",
        role: "default",
        metadata: { seat: 5, floor: { no: 3 }, "@private": { email: "ann@b.example" } },
        ...only({ statusMessage: "Away", tags: ["blue"] }),
      },
      bob: { name: "Bob" },
      cat: { name: "Cat" },
    },
    groups: {
      lobby: {
        name: "The lobby",
        icon: "https://b.example/lobby.png",
        description: "For some",
        metadata: { topic: "some", "@private": { key: "groupCanary" } },
        tags: ["closed"],
        owner: "bob",
        members: { mode: "authoritative", admins: ["cat"], participants: ["ann"] },
        ...only({ type: "private" }),
      },
    },
    webhooks: {
      audit: {
        url: isVendor ? "https://hooks.example/audit2" : "https://hooks.example/audit",
        triggers: ["message_edited", "group_created"],
        basicAuth: { username: "hook2", password: "${HOOK_PASSWORD}" },
        ...only({ name: "Audit 2", enabled: false, retryOnFailure: false }),
        ...(isVendor ? {} : { method: "GET" }),
      },
    },
  };
}

/** The same resources with everything cleared that `null` clears. */
export function everythingCleared(dialect: DialectName): ManifestValue {
  const isVendor = dialect === "vendor";
  const only = (entries: object) => (isVendor ? entries : {});
  return {
    version: 1,
    stack: "acme",
    roles: { vip: { description: null, ...only({ metadata: null, settings: null }) } },
    users: {
      Ann: {
        avatar: null,
        link: null,
        role: null,
        metadata: null,
        ...only({ statusMessage: null, tags: null }),
      },
      bob: {},
      cat: {},
    },
    groups: {
      lobby: { icon: null, description: null, metadata: null, tags: null, owner: "bob" },
    },
    webhooks: {
      audit: {
        url: isVendor ? "https://hooks.example/audit2" : "https://hooks.example/audit",
        triggers: null,
        basicAuth: null,
      },
    },
  };
}

/** What the manifests above take from the environment. */
export const SECRETS = { LOBBY_PASSWORD: "Lobby5ecret", HOOK_PASSWORD: "Hook5ecret" };

/** 10 roles, 400 users, 40 groups and 100 memberships. */
export function manyObjects(): ManifestValue {
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  const entries = <T>(count: number, entry: (index: number) => readonly [string, T]) =>
    Object.fromEntries(range(count).map(entry));
  // 20 groups of 5 members each, 20 of none.
  const members = (group: number) =>
    group < 20 ? { participants: range(5).map((i) => `user-${group * 5 + i}`) } : {};
  return {
    version: 1,
    stack: "many",
    roles: entries(10, (i) => [`role-${i}`, { name: `Role ${i}` }]),
    users: entries(400, (i) => [`user-${i}`, { name: `User ${i}`, role: `role-${i % 10}` }]),
    groups: entries(40, (i) => [`group-${i}`, { name: `Group ${i}`, members: members(i) }]),
  };
}
