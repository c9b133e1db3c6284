import type { Call, CallOf } from "./calls.ts";
import { applyToGroup } from "./group-model.ts";
import { applyToHook } from "./hook-model.ts";
import {
  ASLEEP,
  AWAKE,
  cellOf,
  DEFAULT_ROLE,
  initial,
  NONE,
  placeOf,
  ROLE_AT,
  type Shape,
  type State,
  tailAt,
  UNKNOWN_ROLE,
  UNNAMED,
  USER_ATTRIBUTES_AT,
  withCell,
  withLetter,
  written,
} from "./shape.ts";

/**
 * What a call makes of an app: its next state, or `undefined` where the service refuses the whole
 * call. A row that is refused leaves the other rows of its call alone.
 *
 * The rules are those of docs/emulator.md. Where the service's behaviour is not documented, the one
 * that helps a client least is taken, because a plan must work in that case, too.
 */
export function applyCall(shape: Shape, state: State, call: Call): State | undefined {
  switch (call.op) {
    case "create-role":
    case "update-role":
    case "delete-role":
      return applyToRole(shape, state, call);
    case "create-user":
      return createUser(shape, state, call);
    case "update-user":
      return updateUser(shape, state, call);
    case "delete-user":
      return deleteUser(shape, state, call.id);
    case "deactivate":
      return deactivate(shape, state, call.users);
    case "reactivate":
      return reactivate(shape, state, call.users);
    case "create-hook":
    case "update-hook":
    case "delete-hook":
    case "add-triggers":
    case "remove-triggers":
      return applyToHook(shape, state, call);
    case "import":
      // Rows are refused one by one; one that is there is left as it is.
      return call.rows.reduce((last, row) => applyCall(shape, last, row) ?? last, state);
    default:
      return applyToGroup(shape, state, call);
  }
}

function applyToRole(
  shape: Shape,
  state: State,
  call: CallOf<"create-role" | "update-role" | "delete-role">,
): State | undefined {
  const place = placeOf(shape, "role", call.id);
  const role = state[place] ?? "";
  if (call.op === "create-role") {
    if (role !== "" || countRoles(shape, state) >= shape.rolesMax) return undefined;
    return withCell(state, place, initial(shape, "role", call.attributes));
  }
  if (role === "") return undefined;
  if (call.op === "update-role") return withCell(state, place, written(role, call.attributes));
  return isHeld(shape, state, call.id) ? undefined : withCell(state, place, "");
}

function countRoles(shape: Shape, state: State): number {
  return [...shape.ids.role].filter((id) => cellOf(shape, state, "role", id) !== "").length;
}

/** A deactivated user holds nothing: its role is lost with the reactivation. */
function isHeld(shape: Shape, state: State, role: string): boolean {
  return [...shape.ids.user].some((id) => {
    const user = cellOf(shape, state, "user", id);
    return user[0] === AWAKE && user[ROLE_AT] === role;
  });
}

function isRole(shape: Shape, state: State, role: string): boolean {
  if (role === UNNAMED || role === DEFAULT_ROLE) return true;
  return cellOf(shape, state, "role", role) !== "";
}

function createUser(shape: Shape, state: State, call: CallOf<"create-user">): State | undefined {
  const { id, role, attributes } = call;
  const place = placeOf(shape, "user", id);
  const before = state[place] ?? "";
  // The collection lists no deactivated users: there such a one counts as absent and is replaced.
  const isFree = before === "" || (shape.dialect === "collection" && before[0] === ASLEEP);
  if (!isFree || !isRole(shape, state, role)) return undefined;
  const first = role === UNNAMED ? DEFAULT_ROLE : role;
  const user = AWAKE + first + initial(shape, "user", attributes);
  return withCell(before === "" ? state : withoutMember(shape, state, id), place, user);
}

function updateUser(shape: Shape, state: State, call: CallOf<"update-user">): State | undefined {
  const place = placeOf(shape, "user", call.id);
  const user = state[place] ?? "";
  if (user[0] !== AWAKE || !isRole(shape, state, call.role)) return undefined;
  return withCell(state, place, written(user, UNNAMED + call.role + call.attributes));
}

/** For good: memberships go along. */
function deleteUser(shape: Shape, state: State, id: string): State | undefined {
  const place = placeOf(shape, "user", id);
  if ((state[place] ?? "") === "" || ownsAny(shape, state, id)) return undefined;
  return withCell(withoutMember(shape, state, id), place, "");
}

/** Memberships stay where they are: they sleep with their user, and come back with it. */
function deactivate(shape: Shape, state: State, users: string): State | undefined {
  if (shape.dialect === "vendor") {
    if (users.length > shape.rowsMax) return undefined;
    return [...users].reduce((last, id) => sendToSleep(shape, last, id) ?? last, state);
  }
  return sendToSleep(shape, state, users);
}

function sendToSleep(shape: Shape, state: State, id: string): State | undefined {
  const place = placeOf(shape, "user", id);
  const user = state[place] ?? "";
  if (user[0] !== AWAKE || ownsAny(shape, state, id)) return undefined;
  return withCell(state, place, ASLEEP + user.slice(ROLE_AT));
}

function reactivate(shape: Shape, state: State, users: string): State | undefined {
  if (shape.dialect === "collection") {
    return cellOf(shape, state, "user", users) === "" ? undefined : awaken(shape, state, users);
  }
  if (users.length > shape.rowsMax) return undefined;
  return [...users].reduce((last, id) => awaken(shape, last, id), state);
}

/** Which role a user comes back with is not documented, so nobody may count on it. */
function awaken(shape: Shape, state: State, id: string): State {
  const place = placeOf(shape, "user", id);
  const user = state[place] ?? "";
  if (user[0] !== ASLEEP) return state;
  return withCell(state, place, AWAKE + UNKNOWN_ROLE + user.slice(USER_ATTRIBUTES_AT));
}

/** What becomes of the groups of an owner who goes is not documented: the service may refuse. */
function ownsAny(shape: Shape, state: State, user: string): boolean {
  return [...shape.ids.group].some((id) => cellOf(shape, state, "group", id)[0] === user);
}

function withoutMember(shape: Shape, state: State, user: string): State {
  const at = tailAt(shape, "group") + shape.ids.user.indexOf(user);
  return [...shape.ids.group].reduce((last, id) => {
    const place = placeOf(shape, "group", id);
    const group = last[place] ?? "";
    return group === "" ? last : withCell(last, place, withLetter(group, at, NONE));
  }, state);
}
