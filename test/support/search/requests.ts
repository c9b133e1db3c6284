import { type Call, type CallOf, type GroupCall, type HookCall, nobody } from "./calls.ts";
import {
  ASLEEP,
  AWAKE,
  DEFAULT_ROLE,
  GROUP_ATTRIBUTES_AT,
  NONE,
  ROLE_AT,
  SET,
  type Shape,
  type Sort,
  type State,
  SYSTEM,
  tailAt,
  thingsOf,
  UNNAMED,
  USER_ATTRIBUTES_AT,
  withLetter,
} from "./shape.ts";
import { toValue } from "./values.ts";

/** A call as it goes to the service. */
export interface Request {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

/** What the collection's service calls a webhook. */
export type HookIds = (hook: string) => string;

/** The names of the API's lists of members, by scope. */
const LISTS: { readonly [scope: string]: string } = {
  a: "admins",
  m: "moderators",
  p: "participants",
};

/** Scopes by letter. */
export const SCOPE_NAMES: { readonly [scope: string]: string } = {
  a: "admin",
  m: "moderator",
  p: "participant",
};

/** The request that a call is. */
export function toRequest(shape: Shape, call: Call, hookIds: HookIds): Request {
  switch (call.op) {
    case "create-role":
    case "update-role": {
      const body = { ...bodyOf(shape, "role", call.attributes), ...roleName(shape, call) };
      return write(call.op === "create-role", "/roles", call.id, body);
    }
    case "create-user":
    case "update-user": {
      const role = call.role === UNNAMED ? {} : { role: roleId(call.role) };
      const isNew = call.op === "create-user";
      const body = { ...(isNew ? { uid: call.id } : {}), ...role };
      const attributes = bodyOf(shape, "user", call.attributes);
      return write(isNew, "/users", call.id, { ...body, ...attributes });
    }
    case "delete-user":
      return { method: "DELETE", path: `/users/${call.id}`, body: { permanent: true } };
    case "deactivate":
    case "reactivate":
      return switching(shape, call);
    case "delete-role":
      return { method: "DELETE", path: `/roles/${call.id}` };
    case "create-hook":
    case "update-hook":
    case "delete-hook":
    case "add-triggers":
    case "remove-triggers":
      return toHookRequest(shape, call, hookIds);
    case "import":
      throw new Error("worlds are raised one by one");
    default:
      return toGroupRequest(shape, call);
  }
}

function write(isNew: boolean, path: string, id: string, body: unknown): Request {
  return isNew ? { method: "POST", path, body } : { method: "PUT", path: `${path}/${id}`, body };
}

/** The collection's update repeats the id. */
function roleName({ dialect }: Shape, { op, id }: Call & { readonly id: string }): object {
  return op === "create-role" || dialect === "collection" ? { role: id } : {};
}

/** A role's id in the API. */
export function roleId(role: string): string {
  return role === DEFAULT_ROLE ? "default" : role;
}

/** An owner's uid in the API. */
export function ownerId(owner: string): string {
  return owner === SYSTEM ? "app_system" : owner;
}

function bodyOf({ attributes }: Shape, sort: Sort, letters: string): { [name: string]: unknown } {
  const body: { [name: string]: unknown } = {};
  const unset: string[] = [];
  attributes[sort].forEach(({ name }, i) => {
    const letter = letters[i] ?? UNNAMED;
    if (letter === UNNAMED) return;
    if (letter !== NONE) body[name] = toValue(name, letter);
    else if (name === "tags") body[name] = [];
    else unset.push(name);
  });
  return unset.length === 0 ? body : { ...body, unset };
}

function switching(
  { dialect }: Shape,
  { op, users }: CallOf<"deactivate" | "reactivate">,
): Request {
  const isOff = op === "deactivate";
  if (dialect === "collection") {
    const path = `/users/${users}`;
    if (isOff) return { method: "DELETE", path, body: { permanent: false } };
    return { method: "PUT", path: `${path}/reactivate` };
  }
  const body = { [isOff ? "uidsToDeactivate" : "uidsToActivate"]: [...users] };
  return { method: isOff ? "DELETE" : "PUT", path: "/users", body };
}

function toGroupRequest(shape: Shape, call: GroupCall): Request {
  const path = `/groups/${call.id}`;
  switch (call.op) {
    case "create-group":
    case "update-group": {
      const owner = call.owner === UNNAMED ? {} : { owner: ownerId(call.owner) };
      const body = { ...bodyOf(shape, "group", call.attributes), ...owner };
      if (call.op === "update-group") return { method: "PUT", path, body };
      const members = call.rows === nobody(shape) ? {} : { members: listsOf(shape, call.rows) };
      const whole = { guid: call.id, type: "public", ...body, ...members };
      return { method: "POST", path: "/groups", body: whole };
    }
    case "delete-group":
      return { method: "DELETE", path };
    case "add-members":
      return { method: "POST", path: `${path}/members`, body: listsOf(shape, call.rows) };
    case "kick":
      return { method: "DELETE", path: `${path}/members/${call.user}` };
    default: {
      const scope = SCOPE_NAMES[call.scope];
      return shape.dialect === "vendor"
        ? { method: "PUT", path: `${path}/members/${call.user}`, body: { scope } }
        : { method: "PUT", path: `${path}/members`, body: { uid: call.user, scope } };
    }
  }
}

/** Members by the list of their scope. */
export function listsOf({ ids }: Shape, rows: string): { [list: string]: string[] } {
  const lists: { [list: string]: string[] } = {};
  [...rows].forEach((scope, i) => {
    const list = LISTS[scope];
    const user = ids.user[i];
    if (list === undefined || user === undefined) return;
    lists[list] = [...(lists[list] ?? []), user];
  });
  return lists;
}

/** The triggers that letters stand for. */
export function triggersOf({ triggers }: Shape, letters: string): string[] {
  const names: { readonly [letter: string]: string } = {
    x: "message_sent",
    y: "message_edited",
    z: "group_created",
  };
  return [...triggers].filter((_, i) => letters[i] === SET).map((one) => names[one] ?? one);
}

/** Where the collection's webhooks point, by which they are known. */
export function hookUrl(hook: string): string {
  return `https://hooks.example/${hook}`;
}

function toHookRequest(shape: Shape, call: HookCall, hookIds: HookIds): Request {
  const isVendor = shape.dialect === "vendor";
  const hooks = isVendor ? "/apps/emulator/webhooks" : "/webhooks";
  const path = `${hooks}/${isVendor ? call.id : hookIds(call.id)}`;
  if (call.op === "delete-hook") return { method: "DELETE", path };
  const triggers = triggersOf(shape, call.triggers);
  if (call.op === "create-hook" || call.op === "update-hook") {
    const isNew = call.op === "create-hook";
    const named = isVendor
      ? { ...(isNew ? { id: call.id, name: call.id } : {}) }
      : { url: hookUrl(call.id), triggers };
    const body = { ...named, ...bodyOf(shape, "hook", call.attributes) };
    return isNew ? { method: "POST", path: hooks, body } : { method: "PUT", path, body };
  }
  const method = call.op === "add-triggers" ? "POST" : "DELETE";
  const body = isVendor ? { triggerIds: triggers } : { triggers };
  return { method, path: `${path}/triggers`, body };
}

/** Calls that bring an empty app into a state. */
export function callsTo(shape: Shape, state: State): Call[] {
  const things = thingsOf(shape).map((thing, place) => ({ ...thing, cell: state[place] ?? "" }));
  const calls = things.flatMap(({ sort, id, cell }) =>
    cell === "" ? [] : making(shape, sort, id, cell),
  );
  const sleepers = things.filter(({ sort, cell }) => sort === "user" && cell[0] === ASLEEP);
  return [...calls, ...sleepers.map(({ id }): Call => ({ op: "deactivate", users: id }))];
}

function making(shape: Shape, sort: Sort, id: string, cell: string): Call[] {
  if (sort === "role") return [{ op: "create-role", id, attributes: named(cell) }];
  if (sort === "user") {
    const attributes = named(cell.slice(USER_ATTRIBUTES_AT));
    const role = cell[0] === AWAKE || cell[0] === ASLEEP ? (cell[ROLE_AT] ?? UNNAMED) : UNNAMED;
    return [{ op: "create-user", id, role, attributes }];
  }
  const tail = tailAt(shape, sort);
  const rest = cell.slice(tail);
  if (sort === "hook") {
    const attributes = named(cell.slice(0, tail));
    const triggers = shape.dialect === "vendor" ? "" : rest;
    const isApart = shape.dialect === "vendor" && rest.includes(SET);
    return [
      { op: "create-hook", id, attributes, triggers },
      ...(isApart ? [{ op: "add-triggers" as const, id, triggers: rest }] : []),
    ];
  }
  const none = nobody(shape);
  const attributes = named(cell.slice(GROUP_ATTRIBUTES_AT, tail));
  const owner = cell[0] ?? SYSTEM;
  // By an update, so that an owner can have any scope.
  const owned = withLetter(UNNAMED.repeat(tail), 0, owner).slice(GROUP_ATTRIBUTES_AT);
  return [
    { op: "create-group", id, owner: UNNAMED, attributes, rows: none },
    ...(rest === none ? [] : [{ op: "add-members" as const, id, rows: rest }]),
    ...(owner === SYSTEM ? [] : [{ op: "update-group" as const, id, owner, attributes: owned }]),
  ];
}

/** Attributes of something that is made: what it has no value for is not named. */
function named(letters: string): string {
  return letters.replaceAll(NONE, UNNAMED);
}
