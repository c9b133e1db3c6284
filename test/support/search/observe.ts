import { hookUrl, SCOPE_NAMES, triggersOf } from "./requests.ts";
import {
  ASLEEP,
  AWAKE,
  DEFAULT_ROLE,
  NONE,
  SET,
  type Shape,
  type Sort,
  type State,
  SYSTEM,
  thingsOf,
} from "./shape.ts";
import { toLetter } from "./values.ts";

type Row = { readonly [name: string]: unknown };

/** What an emulated app holds, in letters, and what it calls its webhooks. */
export interface Observed {
  readonly state: State;
  readonly hookIds: (hook: string) => string;
}

/** Reads the emulator's own account of its state. */
export function observe(shape: Shape, snapshot: unknown): Observed {
  const all = snapshot as { readonly [list: string]: readonly Row[] };
  const find = (list: string, name: string, value: string) =>
    all[list]?.find((row) => row[name] === value);
  const hookOf = (id: string) =>
    shape.dialect === "vendor" ? find("webhooks", "id", id) : find("webhooks", "url", hookUrl(id));
  const read: { readonly [sort in Sort]: (id: string) => string } = {
    role: (id) => toRole(shape, find("roles", "role", id)),
    user: (id) => toUser(shape, find("users", "uid", id)),
    group: (id) => toGroup(shape, find("groups", "guid", id)),
    hook: (id) => toHook(shape, hookOf(id)),
  };
  return {
    state: thingsOf(shape).map(({ sort, id }) => read[sort](id)),
    hookIds: (id) => String(hookOf(id)?.["id"] ?? "none"),
  };
}

function attributesOf({ attributes }: Shape, sort: Sort, row: Row): string {
  return attributes[sort]
    .map(({ name }) => toLetter(name, row[name === "webhookURL" ? "url" : name]))
    .join("");
}

function toRole(shape: Shape, row: Row | undefined): string {
  return row === undefined ? "" : attributesOf(shape, "role", row);
}

function toUser(shape: Shape, row: Row | undefined): string {
  if (row === undefined) return "";
  const role = row["role"] === "default" ? DEFAULT_ROLE : String(row["role"]);
  return (row["deactivatedAt"] === 0 ? AWAKE : ASLEEP) + role + attributesOf(shape, "user", row);
}

function toGroup(shape: Shape, row: Row | undefined): string {
  if (row === undefined) return "";
  const members = [...(row["members"] as readonly Row[]), ...(row["parked"] as readonly Row[])];
  const scopes = [...shape.ids.user].map((id) => {
    const member = members.find(({ uid }) => uid === id);
    const found = Object.entries(SCOPE_NAMES).find(([, name]) => name === member?.["scope"]);
    return found?.[0] ?? NONE;
  });
  const owner = row["owner"] === "app_system" ? SYSTEM : String(row["owner"]);
  return owner + attributesOf(shape, "group", row) + scopes.join("");
}

function toHook(shape: Shape, row: Row | undefined): string {
  if (row === undefined) return "";
  const set = row["triggers"] as readonly string[];
  const triggers = [...shape.triggers].map((_, i) => {
    const alone = NONE.repeat(i) + SET;
    const [name = ""] = triggersOf(shape, alone);
    return set.includes(name) ? SET : NONE;
  });
  return attributesOf(shape, "hook", row) + triggers.join("");
}
