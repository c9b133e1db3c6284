import type { Call } from "./calls.ts";
import { AWAKE, placeOf, type Shape, type State, tailAt, thingsOf } from "./shape.ts";

/** In a goal: any letter will do. */
export const ANY = "*";

/** What each thing has to be in the end, in letters; "" for what must be gone. */
export type Goal = readonly string[];

/** Whether a thing is as it has to be. */
export function fits(cell: string, wanted: string): boolean {
  if (cell.length !== wanted.length) return false;
  for (let i = 0; i < cell.length; i += 1) {
    if (cell[i] !== wanted[i] && wanted[i] !== ANY) return false;
  }
  return true;
}

/** Whether everything is as it has to be. */
export function isReached(state: State, goal: Goal): boolean {
  return state.every((cell, place) => fits(cell, goal[place] ?? ""));
}

/**
 * Whether a call is one that may be made on the way: what is kept is never deleted, and never
 * deactivated. What is not there in the end may be.
 */
export function isAllowed(shape: Shape, goal: Goal, call: Call): boolean {
  const wanted = (sort: "role" | "user" | "group" | "hook", id: string) =>
    goal[placeOf(shape, sort, id)] ?? "";
  switch (call.op) {
    case "delete-role":
      return wanted("role", call.id) === "";
    case "delete-user":
      return wanted("user", call.id) === "";
    case "delete-group":
      return wanted("group", call.id) === "";
    case "delete-hook":
      return wanted("hook", call.id) === "";
    case "deactivate":
      return [...call.users].every((user) => wanted("user", user)[0] !== AWAKE);
    default:
      return true;
  }
}

/**
 * Counts what is wrong with a thing in a way that no call can mend two at a time: `whole` by calls
 * for this thing alone, `shared` by rows of a call for several users.
 *
 *   - a role, a user's role and attributes, the attributes of a group, its members, and a webhook
 *     are each written by calls that write nothing else of these;
 *   - only creating or deleting a group writes both its attributes and its members, so of a group
 *     that is not there, or must go, one is counted;
 *   - the vendor's webhooks have calls for the object and calls for the triggers, but for its delete;
 *   - who is awake is written for as many users as fit into a call;
 *   - where there are imports, users and groups that are not there, and members, are written for as
 *     many of them as fit into one;
 *   - who goes or sleeps in the end may leave groups by that, so its memberships count for nothing.
 */
export function countWrong(shape: Shape, goal: Goal): (place: number, cell: string) => Wrong {
  const things = thingsOf(shape);
  const known = things.map(() => new Map<string, Wrong>());
  const stays = [...shape.ids.user].map((id) => goal[placeOf(shape, "user", id)]?.[0] === AWAKE);
  return (place, cell) => {
    const before = known[place]?.get(cell);
    if (before !== undefined) return before;
    const wanted = goal[place] ?? "";
    const sort = things[place]?.sort ?? "role";
    const wrong = wrongOf({ shape, sort, stays }, cell, wanted);
    known[place]?.set(cell, wrong);
    return wrong;
  };
}

/** How much is wrong with a thing. */
export interface Wrong {
  readonly whole: number;
  readonly shared: number;
}

const RIGHT: Wrong = { whole: 0, shared: 0 };
const ONCE: Wrong = { whole: 1, shared: 0 };
const SHARED: Wrong = { whole: 0, shared: 1 };

interface Frame {
  readonly shape: Shape;
  readonly sort: "role" | "user" | "group" | "hook";
  readonly stays: readonly boolean[];
}

function wrongOf(frame: Frame, cell: string, wanted: string): Wrong {
  if (cell === wanted) return RIGHT;
  const isImportable = frame.sort === "user" || frame.sort === "group";
  if (cell === "" && isImportable && frame.shape.importMax > 0) return SHARED;
  if (cell === "" || wanted === "" || frame.sort === "role") return ONCE;
  if (frame.sort === "user") return wrongUser(cell, wanted);
  const tail = tailAt(frame.shape, frame.sort);
  const head = fits(cell.slice(0, tail), wanted.slice(0, tail)) ? 0 : 1;
  const rest = isTailRight(frame, cell.slice(tail), wanted.slice(tail)) ? 0 : 1;
  const isOneCall = frame.sort === "hook" && frame.shape.dialect === "collection";
  if (frame.sort === "group" && frame.shape.importMax > 0) return { whole: head, shared: rest };
  return { whole: isOneCall ? Math.max(head, rest) : head + rest, shared: 0 };
}

function wrongUser(cell: string, wanted: string): Wrong {
  return {
    whole: fits(cell.slice(1), wanted.slice(1)) ? 0 : 1,
    shared: cell[0] === wanted[0] ? 0 : 1,
  };
}

function isTailRight({ sort, stays }: Frame, tail: string, wanted: string): boolean {
  if (sort === "hook") return tail === wanted;
  return stays.every((isThere, i) => !isThere || tail[i] === wanted[i]);
}
