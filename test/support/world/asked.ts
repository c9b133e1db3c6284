import fc from "fast-check";
import type { DialectName } from "../in-process.ts";
import { policy } from "./policy.ts";
import {
  GUIDS,
  HOOKS,
  maybe,
  orNull,
  ROLES,
  SCOPES,
  TRIGGERS,
  tags,
  text,
  toLists,
  UIDS,
  url,
  withoutGaps,
} from "./words.ts";

/** A manifest as a plain value. */
export type ManifestValue = { readonly [name: string]: unknown };

const name = fc.oneof(
  { weight: 40, arbitrary: text },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
const metadata = orNull(
  fc.dictionary(
    fc.constantFrom("seat", "floor", "empty"),
    fc.constantFrom<unknown>(1, 2, "x", {}, [], null, { deep: { a: [] } }),
    { maxKeys: 3 },
  ),
);
const settings = fc.record({ listUsers: fc.constantFrom("all", "friendsOnly") });
const protect = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constantFrom(true, false, null) },
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
    .map((made) => Object.fromEntries(ids.map((id, i) => [id, withoutGaps(made[i] ?? {})])));
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
    .map(({ mode, lists }) => withoutGaps({ mode, ...lists }));

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
    name,
    description: orNull(text),
    metadata: inVendor(metadata),
    settings: inVendor(orNull(settings)),
    protect: inVendor(protect),
  });
  const user = fc.record({
    name,
    avatar: orNull(url),
    role: fc.oneof(fc.constantFrom(undefined, null, "default"), pick(ids.roles ?? [], ROLES)),
    statusMessage: inVendor(orNull(text)),
    metadata,
    tags: inVendor(orNull(tags)),
    protect,
  });
  const group = fc.record({
    name,
    type: inVendor(fc.constantFrom(undefined, "public", "private")),
    description: orNull(text),
    metadata,
    tags: orNull(tags),
    owner: fc.oneof(fc.constantFrom(undefined, "app_system"), pick(ids.users ?? [], UIDS)),
    members: maybe(membersOf(ids.users ?? [])),
    protect,
  });
  const hook = fc.record({
    enabled: inVendor(maybe(fc.boolean())),
    triggers: orNull(fc.subarray([...TRIGGERS])),
  });
  return fc
    .record({
      roles: entries(ids.roles, role),
      users: entries(ids.users, user),
      groups: entries(ids.groups, group),
      webhooks: entries(ids.hooks, hook).map((made) => made && withUrls(made)),
    })
    .map(withoutGaps);
}

function withUrls(hooks: { [id: string]: unknown }): { [id: string]: unknown } {
  const pairs = Object.entries(hooks).map(([id, hook]) => {
    return [id, { url: `https://hooks.example/${id}`, ...(hook as object) }] as const;
  });
  return Object.fromEntries(pairs);
}

/** Addresses that a stack could have marked and the manifest does not declare. */
function forgettable(ids: Declared): string[] {
  const free = (kind: string, all: readonly string[], declared: readonly string[] = []) =>
    all.filter((id) => !declared.includes(id)).map((id) => `${kind}/${id}`);
  return [
    ...free("role", ROLES, ids.roles),
    ...free("user", UIDS, ids.users),
    ...free("group", GUIDS, ids.groups),
  ];
}

const head = (ids: Declared) =>
  fc
    .record({
      version: fc.constant(1),
      stack: fc.constantFrom(undefined, "acme", "acme", "acme"),
      policy,
      forget: fc.oneof(
        { weight: 3, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.subarray(forgettable(ids)) },
      ),
    })
    .map(withoutGaps);

/** A random manifest for an app of a dialect. */
export const asked = (dialect: DialectName): fc.Arbitrary<ManifestValue> =>
  fc
    .record({
      roles: section(ROLES),
      users: section(UIDS),
      groups: section(GUIDS),
      hooks: section(HOOKS),
    })
    .chain((ids) => fc.tuple(head(ids), sections(dialect, ids)))
    .map(([top, body]) => ({ ...top, ...body }));
