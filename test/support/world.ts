import fc from "fast-check";
import type { DialectName } from "./in-process.ts";

/** A manifest as a plain value. */
export type ManifestValue = { readonly [name: string]: unknown };

/** A request that brings a live app into its state before the test. */
export interface Seed {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

/** An app as it is found, and what a manifest asks of it. */
export interface World {
  readonly dialect: DialectName;
  readonly seeds: readonly Seed[];
  readonly manifest: ManifestValue;
  /** Decides the order in which ready steps are sent. */
  readonly order: number;
}

const ROLES = ["vip", "staff", "guest"];
const UIDS = ["ann", "bob", "cat", "dan", "eve", "fay"];
const GUIDS = ["lobby", "den", "attic"];
const HOOKS = ["audit", "mirror"];
const TAGS = ["red", "green", "blue"];
const TRIGGERS = ["message_sent", "message_edited", "group_created"];
const TEXTS = ["One", "Two", "Three, and more"];
const URLS = ["https://a.example/1", "https://b.example/2"];

const text = fc.constantFrom(...TEXTS);
const url = fc.constantFrom(...URLS);
const mark = fc.oneof(
  { weight: 12, arbitrary: fc.constant(undefined) },
  { weight: 12, arbitrary: fc.constant("acme") },
  { weight: 1, arbitrary: fc.constant("other") },
);
const metadata = fc.dictionary(
  fc.constantFrom("seat", "floor", "empty"),
  fc.constantFrom<unknown>(1, "x", {}, [], [1, {}], { deep: { a: [] } }, false),
  { maxKeys: 3 },
);

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> {
  return fc.oneof(value, value, fc.constant(null), fc.constant(undefined));
}

function prune(value: { readonly [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

const tags = fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 });
const settings = fc.record({ listUsers: fc.constantFrom("all", "friendsOnly") });

// ---- what is live ----------------------------------------------------------------------------

interface LiveUser {
  readonly uid: string;
  readonly isOff: boolean;
  readonly body: { readonly [name: string]: unknown };
}

const liveRoles = fc
  .subarray(ROLES)
  .chain((ids) =>
    fc.tuple(
      ...ids.map((role) =>
        fc
          .record({ name: text, description: maybe(text), metadata: maybe(metadata), mark })
          .map((one) => ({ role, ...one })),
      ),
    ),
  );

const liveUsers = (roles: readonly string[]) =>
  fc.subarray(UIDS).chain((ids) =>
    fc.tuple(
      ...ids.map((uid) =>
        fc
          .record({
            name: text,
            avatar: maybe(url),
            role: fc.constantFrom(undefined, ...roles),
            statusMessage: maybe(text),
            metadata: maybe(metadata),
            tags: maybe(tags),
            mark,
            isOff: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
          })
          .map(({ isOff, ...body }): LiveUser => ({ uid, isOff, body })),
      ),
    ),
  );

const liveGroups = (uids: readonly string[]) =>
  fc.subarray(GUIDS).chain((ids) =>
    fc.tuple(
      ...ids.map((guid) =>
        fc.record({
          guid: fc.constant(guid),
          name: text,
          type: fc.constantFrom("public", "private"),
          description: maybe(text),
          metadata: maybe(metadata),
          tags: maybe(tags),
          owner: fc.constantFrom(undefined, ...uids),
          members: fc.dictionary(fc.constantFrom("", ...uids), fc.constantFrom(...SCOPES)),
          mark,
        }),
      ),
    ),
  );

const SCOPES = ["admins", "moderators", "participants"];

const liveHooks = fc.subarray(HOOKS).chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record({
        id: fc.constant(id),
        enabled: maybe(fc.boolean()),
        triggers: fc.subarray(TRIGGERS),
      }),
    ),
  ),
);

function withMark(
  dialect: DialectName,
  kind: "role" | "user" | "group",
  { mark: stack, ...body }: { readonly [name: string]: unknown },
): { [name: string]: unknown } {
  if (typeof stack !== "string") return prune(body);
  const inTags = kind === "group" || (kind === "user" && dialect === "vendor");
  if (inTags) {
    return prune({ ...body, tags: [...((body["tags"] as string[]) ?? []), `cometform:${stack}`] });
  }
  const own = (body["metadata"] ?? {}) as object;
  return prune({ ...body, metadata: { ...own, cometform: { stack } } });
}

function hookSeeds(dialect: DialectName, hooks: readonly HookLive[]): Seed[] {
  return hooks.flatMap(({ id, enabled, triggers }): Seed[] => {
    const target = `https://hooks.example/${id}`;
    if (dialect === "collection") {
      return [{ method: "POST", path: "/webhooks", body: { url: target, triggers } }];
    }
    const path = "/apps/emulator/webhooks";
    const body = prune({ id, name: id, webhookURL: target, enabled });
    const add = { method: "POST" as const, path: `${path}/${id}/triggers` };
    return [
      { method: "POST", path, body },
      ...(triggers.length > 0 ? [{ ...add, body: { triggerIds: triggers } }] : []),
    ];
  });
}

interface HookLive {
  readonly id: string;
  readonly enabled: boolean | undefined;
  readonly triggers: readonly string[];
}

const live = (dialect: DialectName): fc.Arbitrary<Seed[]> =>
  liveRoles.chain((roles) =>
    liveUsers(roles.map(({ role }) => role)).chain((users) =>
      fc
        .record({ groups: liveGroups(users.map(({ uid }) => uid)), hooks: liveHooks })
        .map(({ groups, hooks }) => [
          ...roles.map((role): Seed => {
            const body = withMark(dialect, "role", role);
            return { method: "POST", path: "/roles", body };
          }),
          ...users.map(({ uid, body }): Seed => {
            const marked = withMark(dialect, "user", { uid, ...body });
            return { method: "POST", path: "/users", body: marked };
          }),
          ...groups.flatMap(({ members, owner, ...group }): Seed[] => {
            const body = withMark(dialect, "group", { ...group, owner });
            const rows = Object.entries(members).filter(([uid]) => uid !== "" && uid !== owner);
            const path = `/groups/${group.guid}/members`;
            const seed: Seed = { method: "POST", path: "/groups", body };
            const add: Seed = { method: "POST", path, body: toLists(rows) };
            return rows.length === 0 ? [seed] : [seed, add];
          }),
          ...users
            .filter(({ uid, isOff }) => isOff && groups.every(({ owner }) => owner !== uid))
            .map(({ uid }): Seed => {
              return { method: "DELETE", path: `/users/${uid}`, body: { permanent: false } };
            }),
          ...hookSeeds(dialect, hooks),
        ]),
    ),
  );

function toLists(rows: readonly (readonly [string, string])[]): { [list: string]: string[] } {
  const lists: { [list: string]: string[] } = {};
  for (const [uid, list] of rows) lists[list] = [...(lists[list] ?? []), uid];
  return lists;
}

// ---- what is asked for -----------------------------------------------------------------------

const asked = fc.oneof(
  { weight: 40, arbitrary: text },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
const askedMetadata = orNull(
  fc.dictionary(
    fc.constantFrom("seat", "floor", "empty"),
    fc.constantFrom<unknown>(1, 2, "x", {}, [], null, { deep: { a: [] } }),
    { maxKeys: 3 },
  ),
);

/** The ids of a section, or that there is no such section. */
function section(ids: readonly string[]): fc.Arbitrary<readonly string[] | undefined> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.subarray([...ids]) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** Mostly something that will be there, now and then anything. */
function pick(likely: readonly string[], any: readonly string[]): fc.Arbitrary<string> {
  if (likely.length === 0) return fc.constantFrom(...any);
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...likely) },
    { weight: 1, arbitrary: fc.constantFrom(...any) },
  );
}

function entries(
  ids: readonly string[] | undefined,
  entry: fc.Arbitrary<{ readonly [name: string]: unknown }>,
): fc.Arbitrary<{ [id: string]: unknown } | undefined> {
  if (ids === undefined) return fc.constant(undefined);
  return fc
    .tuple(...ids.map(() => entry))
    .map((made) => Object.fromEntries(ids.map((id, i) => [id, prune(made[i] ?? {})])));
}

const membersOf = (uids: readonly string[]) =>
  fc
    .record({
      mode: maybe(fc.constantFrom("additive", "authoritative")),
      lists: fc
        .uniqueArray(fc.tuple(pick(uids, UIDS), fc.constantFrom(...SCOPES)), {
          selector: ([uid]) => uid,
          maxLength: uids.length === 0 ? 0 : 6,
        })
        .map(toLists),
    })
    .map(({ mode, lists }) => prune({ mode, ...lists }));

interface Declared {
  readonly roles: readonly string[] | undefined;
  readonly users: readonly string[] | undefined;
  readonly groups: readonly string[] | undefined;
  readonly hooks: readonly string[] | undefined;
}

function sections(dialect: DialectName, ids: Declared): fc.Arbitrary<ManifestValue> {
  const isVendor = dialect === "vendor";
  const inVendor = <T>(value: fc.Arbitrary<T>) => (isVendor ? value : fc.constant(undefined));
  const role = fc.record({
    name: asked,
    description: orNull(text),
    metadata: inVendor(askedMetadata),
    settings: inVendor(orNull(settings)),
  });
  const user = fc.record({
    name: asked,
    avatar: orNull(url),
    role: fc.oneof(fc.constantFrom(undefined, null, "default"), pick(ids.roles ?? [], ROLES)),
    statusMessage: inVendor(orNull(text)),
    metadata: askedMetadata,
    tags: inVendor(orNull(tags)),
  });
  const group = fc.record({
    name: asked,
    type: inVendor(fc.constantFrom(undefined, "public", "private")),
    description: orNull(text),
    metadata: askedMetadata,
    tags: orNull(tags),
    owner: fc.oneof(fc.constantFrom(undefined, "app_system"), pick(ids.users ?? [], UIDS)),
    members: maybe(membersOf(ids.users ?? [])),
  });
  const hook = fc.record({
    enabled: inVendor(maybe(fc.boolean())),
    triggers: orNull(fc.subarray(TRIGGERS)),
  });
  return fc
    .record({
      roles: entries(ids.roles, role),
      users: entries(ids.users, user),
      groups: entries(ids.groups, group),
      webhooks: entries(ids.hooks, hook).map((made) => made && withUrls(made)),
    })
    .map(prune);
}

function withUrls(hooks: { [id: string]: unknown }): { [id: string]: unknown } {
  const pairs = Object.entries(hooks).map(([id, hook]) => {
    return [id, { url: `https://hooks.example/${id}`, ...(hook as object) }] as const;
  });
  return Object.fromEntries(pairs);
}

const pruneMode = maybe(fc.constantFrom("none", "none", "owned", "all"));

const head = fc
  .record({
    version: fc.constant(1),
    stack: fc.constantFrom(undefined, "acme", "acme"),
    policy: fc
      .record({
        prune: fc
          .record({ roles: pruneMode, users: pruneMode, groups: pruneMode, webhooks: pruneMode })
          .map(prune),
        members: maybe(fc.constantFrom("additive", "authoritative")),
        delete: maybe(fc.record({ users: fc.constantFrom("deactivate", "permanent") })),
      })
      .map(prune),
  })
  .map(prune);

const desired = (dialect: DialectName): fc.Arbitrary<ManifestValue> =>
  fc
    .record({
      roles: section(ROLES),
      users: section(UIDS),
      groups: section(GUIDS),
      hooks: section(HOOKS),
    })
    .chain((ids) => fc.tuple(head, sections(dialect, ids)))
    .map(([top, body]) => ({ ...top, ...body }));

/** A random app and a random manifest for it. */
export const world: fc.Arbitrary<World> = fc
  .constantFrom<DialectName>("vendor", "collection")
  .chain((dialect) =>
    fc.record({
      dialect: fc.constant(dialect),
      seeds: live(dialect),
      manifest: desired(dialect),
      order: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    }),
  );
