import fc from "fast-check";
import type { DialectName } from "../in-process.ts";
import { type Marks, marks, withMarks } from "./marks.ts";
import {
  GUIDS,
  HOOKS,
  maybe,
  ROLES,
  rarely,
  SCOPES,
  TRIGGERS,
  tags,
  text,
  toLists,
  UIDS,
  url,
  withoutGaps,
} from "./words.ts";

/** A request that brings a live app into its state before the test. */
export interface Seed {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

interface LiveUser {
  readonly uid: string;
  readonly isOff: boolean;
  readonly body: { readonly marks: Marks; readonly [name: string]: unknown };
}

interface LiveHook {
  readonly id: string;
  readonly enabled: boolean | undefined;
  readonly triggers: readonly string[];
}

const metadata = fc.dictionary(
  fc.constantFrom("seat", "floor", "empty"),
  fc.constantFrom<unknown>(1, "x", {}, [], [1, {}], { deep: { a: [] } }, false),
  { maxKeys: 3 },
);

const roles = fc
  .subarray([...ROLES])
  .chain((ids) =>
    fc.tuple(
      ...ids.map((role) =>
        fc
          .record({ name: text, description: maybe(text), metadata: maybe(metadata), marks })
          .map((one) => ({ role, ...one })),
      ),
    ),
  );

const usersWith = (roleIds: readonly string[]) =>
  fc.subarray([...UIDS]).chain((ids) =>
    fc.tuple(
      ...ids.map((uid) =>
        fc
          .record({
            name: text,
            avatar: maybe(url),
            role: fc.constantFrom(undefined, ...roleIds),
            statusMessage: maybe(text),
            metadata: maybe(metadata),
            tags: maybe(tags),
            marks,
            isOff: rarely(6),
          })
          .map(({ isOff, ...body }): LiveUser => ({ uid, isOff, body })),
      ),
    ),
  );

const groupsWith = (uids: readonly string[]) =>
  fc.subarray([...GUIDS]).chain((ids) =>
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
          marks,
        }),
      ),
    ),
  );

const hooks: fc.Arbitrary<LiveHook[]> = fc.subarray([...HOOKS]).chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record({
        id: fc.constant(id),
        enabled: maybe(fc.boolean()),
        triggers: fc.subarray([...TRIGGERS]),
      }),
    ),
  ),
);

function hookSeeds(dialect: DialectName, { id, enabled, triggers }: LiveHook): Seed[] {
  const target = `https://hooks.example/${id}`;
  if (dialect === "collection") {
    return [{ method: "POST", path: "/webhooks", body: { url: target, triggers } }];
  }
  const path = "/apps/emulator/webhooks";
  const body = withoutGaps({ id, name: id, webhookURL: target, enabled });
  const add = { method: "POST" as const, path: `${path}/${id}/triggers` };
  return [
    { method: "POST", path, body },
    ...(triggers.length > 0 ? [{ ...add, body: { triggerIds: triggers } }] : []),
  ];
}

/** What makes a random app in a dialect. */
export const live = (dialect: DialectName): fc.Arbitrary<Seed[]> =>
  roles.chain((someRoles) =>
    usersWith(someRoles.map(({ role }) => role)).chain((users) =>
      fc
        .record({ groups: groupsWith(users.map(({ uid }) => uid)), hooks })
        .map(({ groups, hooks: someHooks }) => [
          ...someRoles.map((role): Seed => {
            const body = withMarks(dialect, "role", role);
            return { method: "POST", path: "/roles", body };
          }),
          ...users.map(({ uid, body }): Seed => {
            const marked = withMarks(dialect, "user", { uid, ...body });
            return { method: "POST", path: "/users", body: marked };
          }),
          ...groups.flatMap(({ members, owner, ...group }): Seed[] => {
            const body = withMarks(dialect, "group", { ...group, owner });
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
          ...someHooks.flatMap((hook) => hookSeeds(dialect, hook)),
        ]),
    ),
  );
