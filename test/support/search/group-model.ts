import { type CallOf, countRows, type GroupCall } from "./calls.ts";
import {
  AWAKE,
  cellOf,
  initial,
  NONE,
  placeOf,
  type Shape,
  type State,
  SYSTEM,
  tailAt,
  UNNAMED,
  withCell,
  withLetter,
  written,
} from "./shape.ts";

/** What a call makes of a group and its members. */
export function applyToGroup(shape: Shape, state: State, call: GroupCall): State | undefined {
  const place = placeOf(shape, "group", call.id);
  const group = state[place] ?? "";
  if (call.op === "create-group") {
    const created = group === "" ? create(shape, state, call) : undefined;
    return created === undefined ? undefined : withCell(state, place, created);
  }
  if (group === "") return undefined;
  const next = changed(shape, state, group, call);
  return next === undefined ? undefined : withCell(state, place, next);
}

function changed(
  shape: Shape,
  state: State,
  group: string,
  call: Exclude<GroupCall, CallOf<"create-group">>,
): string | undefined {
  switch (call.op) {
    case "delete-group":
      return "";
    case "update-group":
      return update(shape, state, group, call);
    case "add-members": {
      const count = countRows(call.rows);
      if (count === 0 || count > shape.rowsMax) return undefined;
      return add(shape, state, group, call.rows);
    }
    default:
      return changeMember(shape, state, group, call);
  }
}

/** The owner becomes an admin without a row, and does not count among them. */
function create(shape: Shape, state: State, call: CallOf<"create-group">): string | undefined {
  const owner = call.owner === UNNAMED ? SYSTEM : call.owner;
  if (!mayOwn(shape, state, owner)) return undefined;
  const at = shape.ids.user.indexOf(owner);
  const rows = at < 0 ? call.rows : withLetter(call.rows, at, NONE);
  if (countRows(rows) > shape.rowsMax) return undefined;
  const members = NONE.repeat(shape.ids.user.length);
  const group = owner + initial(shape, "group", call.attributes) + members;
  const joined = at < 0 ? group : withLetter(group, tailAt(shape, "group") + at, "a");
  return add(shape, state, joined, rows);
}

function mayOwn(shape: Shape, state: State, owner: string): boolean {
  return owner === SYSTEM || cellOf(shape, state, "user", owner)[0] === AWAKE;
}

/**
 * Whether a new owner has to be a member is not documented, so it has to be one here, and nobody's
 * scope changes. `ownerJoins` says what a kinder service might do.
 */
function update(
  shape: Shape,
  state: State,
  group: string,
  { owner, attributes }: CallOf<"update-group">,
): string | undefined {
  const next = written(group, owner + attributes);
  if (owner === UNNAMED || owner === SYSTEM) return next;
  if (!mayOwn(shape, state, owner)) return undefined;
  const at = tailAt(shape, "group") + shape.ids.user.indexOf(owner);
  if (shape.ownerJoins) return withLetter(next, at, "a");
  return group[at] === NONE ? undefined : next;
}

/**
 * Rows for users that are not there are refused, each for itself. That adding a member again changes
 * its scope is seen by some and documented by nobody, so it keeps its scope. `addChangesScope` says
 * what a kinder service might do.
 */
function add(shape: Shape, state: State, group: string, rows: string): string {
  const tail = tailAt(shape, "group");
  let letters = group;
  for (let i = 0; i < rows.length; i += 1) {
    const scope = rows[i] ?? NONE;
    if (scope === NONE || !isAwake(shape, state, i)) continue;
    const isFree = letters[tail + i] === NONE;
    const isOwner = shape.ids.user[i] === group[0];
    if (isFree || (shape.addChangesScope && !isOwner)) {
      letters = withLetter(letters, tail + i, scope);
    }
  }
  return letters;
}

function isAwake(shape: Shape, state: State, index: number): boolean {
  const user = shape.ids.user[index];
  return user !== undefined && cellOf(shape, state, "user", user)[0] === AWAKE;
}

function changeMember(
  shape: Shape,
  state: State,
  group: string,
  call: CallOf<"change-scope" | "kick">,
): string | undefined {
  const index = shape.ids.user.indexOf(call.user);
  const at = tailAt(shape, "group") + index;
  // A deactivated user's membership is there, but cannot be spoken of.
  if (group[at] === NONE || !isAwake(shape, state, index)) return undefined;
  const isOwner = group[0] === call.user;
  if (call.op === "kick") return isOwner ? undefined : withLetter(group, at, NONE);
  if (group[at] === call.scope || (isOwner && call.scope !== "a")) return undefined;
  return withLetter(group, at, call.scope);
}
