/** A manifest before and after a change of every sort. */
export interface BigChange {
  readonly before: object;
  readonly after: object;
}

/** Whatever is asked for is allowed, but for the loss of all there is. */
const policy = {
  delete: { users: "permanent" },
  members: "authoritative",
  budgets: {
    delete: { roles: 50, users: 50, groups: 50, webhooks: 50 },
    update: { roles: 50, users: 50, groups: 50, webhooks: 50, memberships: 50 },
    remove: 50,
  },
};

/** A change of more than sixty calls in the vendor's dialect: of every kind, action and order. */
export const bigChange: BigChange = {
  before: {
    ...toManifest(24),
    roles: { chief: { name: "Chief" }, guest: { name: "Guest" }, clerk: { name: "Clerk" } },
    groups: Object.fromEntries([...range(1, 6)].map((n) => [`room-${n}`, room(n, "user-1")])),
    webhooks: {
      audit: {
        url: "https://acme.example/audit",
        triggers: ["message_sent", "user_blocked"],
      },
      old: { url: "https://acme.example/old", triggers: ["message_sent"] },
    },
  },
  after: {
    ...toManifest(0),
    policy,
    roles: { chief: { name: "Chief", description: "Leads" }, pilot: { name: "Pilot" } },
    users: {
      ...Object.fromEntries(
        [...range(1, 12)].map((n) => [
          `user-${n}`,
          { name: n % 2 === 0 ? `User ${n}` : `Renamed ${n}`, metadata: { seat: n } },
        ]),
      ),
      ...Object.fromEntries(
        [...range(13, 20)].map((n) => [`user-${n}`, { name: `User ${n}`, role: "chief" }]),
      ),
      ...Object.fromEntries(
        [...range(25, 32)].map((n) => [`user-${n}`, { name: `User ${n}`, role: "pilot" }]),
      ),
    },
    groups: {
      ...Object.fromEntries(
        [...range(1, 3)].map((n) => [
          `room-${n}`,
          {
            ...room(n, "user-2"),
            name: `Hall ${n}`,
            members: { admins: ["user-3"], participants: people(4, 10).concat(people(25, 32)) },
          },
        ]),
      ),
      "room-4": { ...room(4, "user-1"), members: { participants: people(4, 20) } },
      ...Object.fromEntries(
        [...range(7, 9)].map((n) => [
          `room-${n}`,
          { ...room(n, "user-25"), members: { participants: people(1, 3).concat(people(26, 32)) } },
        ]),
      ),
    },
    webhooks: {
      audit: {
        url: "https://acme.example/audit-2",
        triggers: ["message_sent", "group_deleted"],
      },
      fresh: { url: "https://acme.example/fresh", triggers: ["message_sent", "user_blocked"] },
    },
  },
};

/** A smaller one in the collection's dialect, where the service makes the ids of webhooks. */
export const smallChange: BigChange = {
  before: {
    ...toManifest(5),
    roles: { chief: { name: "Chief" } },
    groups: { "room-1": { ...room(1, "user-1"), members: { participants: people(2, 3) } } },
    webhooks: { audit: { url: "https://acme.example/audit", triggers: ["message_sent"] } },
  },
  after: {
    ...toManifest(0),
    policy,
    roles: { chief: { name: "First chief" } },
    users: Object.fromEntries(
      [1, 2, 3, 6, 7].map((n) => [`user-${n}`, { name: `Renamed ${n}`, role: "chief" }]),
    ),
    groups: {
      "room-1": { ...room(1, "user-2"), members: { admins: ["user-6"] } },
      "room-2": { ...room(2, "user-6"), members: { participants: people(1, 3) } },
    },
    webhooks: { audit: { url: "https://acme.example/audit", triggers: ["user_blocked"] } },
  },
};

/** One of eight calls for more than a hundred changes: four imports, and what goes out beside them. */
export const bulkChange: BigChange = {
  before: {
    ...toManifest(12),
    groups: Object.fromEntries([...range(1, 8)].map((n) => [`room-${n}`, room(n, "user-1")])),
  },
  after: {
    ...toManifest(0),
    policy,
    roles: { pilot: { name: "Pilot" } },
    users: {
      ...Object.fromEntries([...range(2, 12)].map((n) => [`user-${n}`, { name: `User ${n}` }])),
      "user-1": { name: "Renamed 1" },
      ...Object.fromEntries(
        [...range(13, 72)].map((n) => [
          `user-${n}`,
          { name: `User ${n}`, ...(n % 2 === 0 ? { role: "pilot" } : { metadata: { seat: n } }) },
        ]),
      ),
      "user-73": { name: "User 73", statusMessage: "No import has a field for this" },
    },
    groups: {
      ...Object.fromEntries(
        [...range(1, 8)].map((n) => [
          `room-${n}`,
          {
            ...room(n, "user-1"),
            members: {
              admins: ["user-2", "user-13"],
              moderators: ["user-3"],
              participants: people(4, 12),
            },
          },
        ]),
      ),
      ...Object.fromEntries(
        [...range(9, 20)].map((n) => [
          `room-${n}`,
          { name: `Room ${n}`, owner: `user-${n + 40}`, members: { participants: people(n, n) } },
        ]),
      ),
      "room-21": { ...room(21, "user-14"), description: "No import has a field for this" },
    },
  },
};

function toManifest(users: number): { version: 1; stack: string; users: object } {
  const named = [...range(1, users)].map((n) => [`user-${n}`, { name: `User ${n}` }]);
  return { version: 1, stack: "acme", users: Object.fromEntries(named) };
}

function room(n: number, owner: string): object {
  const members = { admins: ["user-2"], moderators: ["user-3"], participants: people(4, 11) };
  return { name: `Room ${n}`, type: n % 2 === 0 ? "public" : "private", owner, members };
}

function people(first: number, last: number): string[] {
  return [...range(first, last)].map((n) => `user-${n}`);
}

function* range(first: number, last: number): Iterable<number> {
  for (let n = first; n <= last; n += 1) yield n;
}
