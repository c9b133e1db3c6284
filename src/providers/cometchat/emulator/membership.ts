import { type Draft, post } from "./chat.ts";
import type { Json, JsonObject } from "./json.ts";
import { shownMessage } from "./message-view.ts";
import { type Details, failedRow, invalid, notFound } from "./refusal.ts";
import type { Call } from "./route.ts";
import {
  addToIndex,
  dropFromIndex,
  type Membership,
  type Scope,
  type State,
  type StoredGroup,
  type StoredMessage,
  systemUid,
} from "./state.ts";
import { activeUser } from "./user-lifecycle.ts";

/** What happened to a member, as action messages call it. */
export type MemberAction = "added" | "kicked" | "scopeChanged" | "banned" | "unbanned";

/** The members that a call names, by the array they are in. */
export type NamedMembers = ReadonlyMap<MemberArray, readonly string[]>;

type MemberArray = "admins" | "moderators" | "participants";

const membersPerCallMax = 25;
const membersPerGroupMax = 100_000;
const groupsPerUserMax = 2_000;

// Highest first: a uid in several arrays counts in the first (documented).
const scopes: ReadonlyMap<MemberArray, Scope> = new Map([
  ["admins", "admin"],
  ["moderators", "moderator"],
  ["participants", "participant"],
]);

/**
 * Reads the member arrays of a body.
 *
 * @param uncounted a uid that does not count towards the 25 of a call.
 * @throws ApiRefusal for arrays that are none, for more than 25 uids over all, and for bans.
 */
export function namedMembers(body: JsonObject, uncounted?: string): NamedMembers {
  const details: Details = {};
  for (const name of [...scopes.keys(), "usersToBan"]) {
    const value = body[name];
    if (value !== undefined && !isArrayOfTexts(value)) {
      details[name] = [`The ${name} must be an array of UIDs.`];
    }
  }
  if (Array.isArray(body["usersToBan"]) && body["usersToBan"].length > 0) {
    details["usersToBan"] = ["Bans while adding are not emulated."];
  }
  if (Object.keys(details).length > 0) throw invalid(details);

  const named = new Map([...scopes.keys()].map((name) => [name, uidsIn(body[name])] as const));
  const counted = [...named.values()].flat().filter((uid) => uid !== uncounted);
  if (counted.length > membersPerCallMax) {
    throw invalid({ members: [`Only ${membersPerCallMax} members can be added in a call.`] });
  }
  return named;
}

/** Adds members row by row; a row that fails leaves the others alone (documented). */
export function addMembers(call: Call, group: StoredGroup, named: NamedMembers): JsonObject {
  const seen = new Set<string>();
  const results: JsonObject = {};
  for (const [name, scope] of scopes) {
    const rows = (named.get(name) ?? []).flatMap((uid): [string, JsonObject][] => {
      if (seen.has(uid)) return [];
      seen.add(uid);
      return [[uid, addMember(call, group, uid, scope)]];
    });
    if (rows.length > 0) results[name] = Object.fromEntries(rows);
  }
  return results;
}

/** Makes a user a member, without a word in the group. */
export function join(
  state: State,
  group: StoredGroup,
  uid: string,
  scope: Scope,
  now: number,
): void {
  group.members.set(uid, { scope, joinedAt: now });
  addToIndex(state.groupsOfUser, uid, group.guid);
}

/** Ends a user's membership, without a word in the group. */
export function leave(state: State, group: StoredGroup, uid: string): void {
  group.members.delete(uid);
  dropFromIndex(state.groupsOfUser, uid, group.guid);
}

/** Whether a group and a user have room for one more membership (documented). */
export function hasRoom(state: State, group: StoredGroup, uid: string): boolean {
  const groups = state.groupsOfUser.get(uid)?.size ?? 0;
  return group.members.size < membersPerGroupMax && groups < groupsPerUserMax;
}

/**
 * The membership of a user.
 *
 * @throws ApiRefusal if the user is no member.
 */
export function requireMember(group: StoredGroup, uid: string): Membership {
  const membership = group.members.get(uid);
  if (membership === undefined) {
    throw notFound("ERR_NOT_A_MEMBER", `The user ${uid} is not a member of ${group.guid}.`);
  }
  return membership;
}

/** Bars a user from a group, with the membership that this ends. */
export function bar(state: State, group: StoredGroup, uid: string, ended: Membership): void {
  leave(state, group, uid);
  group.banned.set(uid, ended);
  addToIndex(state.groupsBarred, uid, group.guid);
}

/** Lifts a ban; that makes nobody a member. */
export function unbar(state: State, group: StoredGroup, uid: string): void {
  group.banned.delete(uid);
  dropFromIndex(state.groupsBarred, uid, group.guid);
}

/**
 * Writes into a group what happened to one of its members, in the vendor's form (documented: it
 * takes a message id); nothing in the collection tells of such messages.
 */
export function announce(
  call: Call,
  action: MemberAction,
  group: StoredGroup,
  uid: string,
): StoredMessage | undefined {
  if (call.world.dialect === "collection") return undefined;
  const draft: Draft = {
    sender: call.actor ?? systemUid,
    receiver: group.guid,
    receiverType: "group",
    category: "action",
    type: "groupMember",
    data: { action, on: uid },
  };
  return post(call.state, draft, call.now);
}

function addMember(call: Call, group: StoredGroup, uid: string, scope: Scope): JsonObject {
  const { state, now } = call;
  const failure = call.nextRow();
  if (failure !== undefined) return failedRow(failure.code, failure.message);
  if (activeUser(state, uid) === undefined) {
    return failedRow("ERR_UID_NOT_FOUND", `The user with UID ${uid} does not exist.`);
  }
  const member = group.members.get(uid);
  if (member !== undefined) return failedMember(group, uid, member.scope, scope);
  if (group.banned.has(uid)) {
    return failedRow("ERR_BANNED_GROUPMEMBER", `The user ${uid} is banned from ${group.guid}.`);
  }
  if (!hasRoom(state, group, uid)) {
    return failedRow("ERR_NO_VACANCY", `The group ${group.guid} has no room for ${uid}.`);
  }
  join(state, group, uid, scope, now);
  const message = announce(call, "added", group, uid);
  return message === undefined
    ? { success: true, message: `The user ${uid} has been added to the group ${group.guid}.` }
    : { success: true, data: shownMessage(call, message) };
}

// A member that is added again keeps its scope: whether adding changes it is not documented.
function failedMember(group: StoredGroup, uid: string, live: Scope, asked: Scope): JsonObject {
  if (live === asked) {
    return failedRow("ERR_SAME_SCOPE", `The user ${uid} already has the scope ${asked}.`);
  }
  if (uid === group.owner && asked !== "admin") {
    return failedRow("ERR_GROUP_OWNER_DEMOTE_FORBIDDEN", `The owner ${uid} cannot be demoted.`);
  }
  return failedRow("ERR_ALREADY_JOINED", `The user ${uid} has already joined ${group.guid}.`);
}

function isArrayOfTexts(value: Json): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function uidsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map((entry) => String(entry).toLowerCase()) : [];
}
