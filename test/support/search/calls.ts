import {
  type Attribute,
  DEFAULT_ROLE,
  NONE,
  SCOPES,
  SET,
  type Shape,
  type Sort,
  SYSTEM,
  UNNAMED,
} from "./shape.ts";

type Named = { readonly id: string };
type Attributed = Named & { readonly attributes: string };
type User = Attributed & { readonly role: string };
type Group = Attributed & { readonly owner: string };
type Triggered = Named & { readonly triggers: string };
type Member = Named & { readonly user: string };
type Users = { readonly users: string };

/** What each call carries. */
interface Contents {
  readonly "create-role": Attributed;
  readonly "update-role": Attributed;
  readonly "delete-role": Named;
  readonly "create-user": User;
  readonly "update-user": User;
  readonly "delete-user": Named;
  readonly deactivate: Users;
  readonly reactivate: Users;
  readonly "create-group": Group & { readonly rows: string };
  readonly "update-group": Group;
  readonly "delete-group": Named;
  readonly "add-members": Named & { readonly rows: string };
  readonly "change-scope": Member & { readonly scope: string };
  readonly kick: Member;
  readonly "create-hook": Attributed & Triggered;
  readonly "update-hook": Attributed & Triggered;
  readonly "delete-hook": Named;
  readonly "add-triggers": Triggered;
  readonly "remove-triggers": Triggered;
  readonly import: { readonly rows: readonly ImportRow[] };
}

/** What an import makes, row by row: all of one sort. */
export type ImportRow = CallOf<"create-user" | "create-group" | "add-members">;

/** What a call can do. */
export type Operation = keyof Contents;

/** A call that does one of these. */
export type CallOf<Op extends Operation> = {
  [Each in Op]: { readonly op: Each } & Contents[Each];
}[Op];

/**
 * A write call. `attributes` has a letter for each attribute of the shape, `rows` one for each user,
 * `triggers` one for each trigger; `users` are those that are named.
 */
export type Call = CallOf<Operation>;

/** Calls about a group and its members. */
export type GroupCall = CallOf<
  "create-group" | "update-group" | "delete-group" | "add-members" | "change-scope" | "kick"
>;

/** Calls about a webhook. */
export type HookCall = CallOf<
  "create-hook" | "update-hook" | "delete-hook" | "add-triggers" | "remove-triggers"
>;

/** Every call of the dialect with every combination of what it can carry. */
export function allCalls(shape: Shape): readonly Call[] {
  const single = [
    ...[...roleCalls(shape), ...userCalls(shape)],
    ...[...groupCalls(shape), ...hookCalls(shape)],
  ];
  return [...single, ...importCalls(shape, single)];
}

/** Every import of rows that could also be made one by one, at least two of them. */
function importCalls(shape: Shape, single: readonly Call[]): Call[] {
  const none = nobody(shape);
  const isImported = (call: Call): call is ImportRow =>
    call.op === "create-user" ||
    (call.op === "create-group" && call.rows === none) ||
    (call.op === "add-members" && countRows(call.rows) === 1);
  const rows = single.filter(isImported);
  return (["create-user", "create-group", "add-members"] as const).flatMap((op) => {
    const sites = new Map<string, ImportRow[]>();
    for (const row of rows.filter((one) => one.op === op)) {
      const site = row.op === "add-members" ? `${row.id} ${row.rows.search(/[^-]/)}` : row.id;
      sites.set(site, [...(sites.get(site) ?? []), row]);
    }
    return selections([...sites.values()], shape.importMax).flatMap((some) =>
      some.length > 1 ? [{ op: "import" as const, rows: some }] : [],
    );
  });
}

/** At most one of each list and at most so many in all, in every way. */
function selections<T>(lists: readonly (readonly T[])[], countMax: number): T[][] {
  const found: T[][] = [[]];
  for (const list of lists) {
    const open = found.filter(({ length }) => length < countMax);
    found.push(...open.flatMap((some) => list.map((one) => [...some, one])));
  }
  return found;
}

function roleCalls(shape: Shape): Call[] {
  const all = named(updates(shape, "role"));
  // The collection's update repeats what its create requires.
  const update = shape.dialect === "vendor" ? all : all.filter(namesRequired(shape, "role"));
  return [...shape.ids.role].flatMap((id): Call[] => [
    ...creations(shape, "role").map((attributes) => ({
      op: "create-role" as const,
      id,
      attributes,
    })),
    ...update.map((attributes) => ({ op: "update-role" as const, id, attributes })),
    { op: "delete-role", id },
  ]);
}

function userCalls(shape: Shape): Call[] {
  const roles = [UNNAMED, DEFAULT_ROLE, ...shape.ids.role];
  const perCall = shape.dialect === "vendor" ? shape.rowsMax : 1;
  return [
    ...[...shape.ids.user].flatMap((id): Call[] => [
      ...roles.flatMap((role) =>
        creations(shape, "user").map((attributes) => ({
          ...{ op: "create-user" as const, id, role, attributes },
        })),
      ),
      ...roles.flatMap((role) =>
        updates(shape, "user")
          .filter((attributes) => isNamed(role + attributes))
          .map((attributes) => ({ op: "update-user" as const, id, role, attributes })),
      ),
      { op: "delete-user", id },
    ]),
    ...subsets(shape.ids.user, perCall).flatMap((users): Call[] => [
      { op: "deactivate", users },
      { op: "reactivate", users },
    ]),
  ];
}

function groupCalls(shape: Shape): Call[] {
  const rows = assignments(shape.ids.user.length, shape.rowsMax);
  const first = shape.dialect === "vendor" ? [nobody(shape), ...rows] : [nobody(shape)];
  const owners = [UNNAMED, SYSTEM, ...shape.ids.user];
  return [...shape.ids.group].flatMap((id): Call[] => [
    ...owners
      .filter((owner) => owner !== SYSTEM)
      .flatMap((owner) =>
        creations(shape, "group").flatMap((attributes) =>
          first.map((some) => ({
            ...{ op: "create-group" as const, id, owner, attributes, rows: some },
          })),
        ),
      ),
    ...owners.flatMap((owner) =>
      updates(shape, "group")
        .filter((attributes) => isNamed(owner + attributes))
        .map((attributes) => ({ op: "update-group" as const, id, owner, attributes })),
    ),
    { op: "delete-group", id },
    ...rows.map((some) => ({ op: "add-members" as const, id, rows: some })),
    ...[...shape.ids.user].flatMap((user): Call[] => [
      ...[...SCOPES].map((scope) => ({ op: "change-scope" as const, id, user, scope })),
      { op: "kick", id, user },
    ]),
  ]);
}

function hookCalls(shape: Shape): Call[] {
  const some = combinations([...shape.triggers].map(() => [NONE, SET]));
  // Only the collection has them in the object; the vendor's calls for the object ignore them.
  const inline = shape.dialect === "vendor" ? [""] : some;
  const update =
    shape.dialect === "vendor" ? named(updates(shape, "hook")) : updates(shape, "hook");
  return [...shape.ids.hook].flatMap((id): Call[] => [
    ...creations(shape, "hook").flatMap((attributes) =>
      inline.map((triggers) => ({ op: "create-hook" as const, id, attributes, triggers })),
    ),
    ...update.flatMap((attributes) =>
      inline.map((triggers) => ({ op: "update-hook" as const, id, attributes, triggers })),
    ),
    { op: "delete-hook", id },
    ...some.filter(isAnySet).flatMap((triggers): Call[] => [
      { op: "add-triggers", id, triggers },
      { op: "remove-triggers", id, triggers },
    ]),
  ]);
}

/** The rows that name nobody. */
export function nobody({ ids }: Shape): string {
  return NONE.repeat(ids.user.length);
}

function creations({ attributes }: Shape, sort: Sort): string[] {
  return combinations(
    attributes[sort].map(({ letters, initial }) => [
      ...(initial === undefined ? [] : [UNNAMED]),
      ...letters,
    ]),
  );
}

function updates({ attributes }: Shape, sort: Sort): string[] {
  return combinations(attributes[sort].map(updated));
}

function updated({ letters, isClearable }: Attribute): string[] {
  return [UNNAMED, ...(isClearable ? [NONE] : []), ...letters];
}

function namesRequired({ attributes }: Shape, sort: Sort): (letters: string) => boolean {
  return (letters) =>
    attributes[sort].every(
      ({ initial }, index) => initial !== undefined || letters[index] !== UNNAMED,
    );
}

function named(attributes: readonly string[]): string[] {
  return attributes.filter(isNamed);
}

function isNamed(letters: string): boolean {
  return [...letters].some((letter) => letter !== UNNAMED);
}

function isAnySet(letters: string): boolean {
  return [...letters].some((letter) => letter !== NONE);
}

/** One letter of each list, in every way. */
function combinations(choices: readonly (readonly string[])[]): string[] {
  return choices.reduce<string[]>(
    (texts, letters) => texts.flatMap((text) => letters.map((letter) => text + letter)),
    [""],
  );
}

/** Some of the letters, at least one and at most so many, in every way. */
function subsets(letters: string, countMax: number): string[] {
  const all = combinations([...letters].map((letter) => ["", letter]));
  return all.filter((some) => some.length > 0 && some.length <= countMax);
}

/** A scope for some of the users, at least one and at most so many, in every way. */
function assignments(count: number, countMax: number): string[] {
  const all = combinations(Array.from({ length: count }, () => [NONE, ...SCOPES]));
  return all.filter((rows) => isAnySet(rows) && countRows(rows) <= countMax);
}

/** How many rows name somebody. */
export function countRows(rows: string): number {
  let count = 0;
  for (const letter of rows) if (letter !== NONE) count += 1;
  return count;
}
