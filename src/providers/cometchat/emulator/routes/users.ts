import { type JsonObject, metadataOf, textOf, textsOf } from "../json.ts";
import { ApiRefusal, invalidAttribute, refused } from "../refusal.ts";
import { ack, type Call, type Dialect, idParam } from "../route.ts";
import {
  address,
  check,
  flag,
  metadata,
  type Rules,
  storedId,
  tags,
  text,
  textsOutOf,
} from "../rules.ts";
import { defaultRole, type StoredUser, systemUid } from "../state.ts";
import { issueToken } from "../tokens.ts";
import { deactivate, erase, ownsGroups, reactivate, requireUser } from "../user-lifecycle.ts";
import { shownSystemUser, shownUser } from "../user-view.ts";

const collectionRules: Rules = {
  uid: text(Number.POSITIVE_INFINITY, 1),
  name: text(100, 1),
  avatar: address(3000),
  link: address(3000),
  role: text(100, 1),
  metadata,
  withAuthToken: flag,
  unset: textsOutOf("avatar", "link", "metadata"),
};

const rules: Readonly<Record<Dialect, Rules>> = {
  vendor: { ...collectionRules, statusMessage: text(Number.POSITIVE_INFINITY), tags },
  collection: collectionRules,
};

/** What only an import can say of a new user. */
export type UserTimes = Partial<Pick<StoredUser, "createdAt" | "deactivatedAt" | "lastActiveAt">>;

/** `POST /users` */
export function createUser(call: Call): JsonObject {
  const user = storeUser(call);
  const shown = shownUser(user, { withTags: true, withMetadata: true });
  if (call.body["withAuthToken"] === true) {
    shown["authToken"] = issueToken(call, user.uid).authToken;
  }
  return { data: shown };
}

/**
 * Stores the user that a body describes, under the rules of `POST /users`.
 *
 * @throws ApiRefusal if the body breaks them, or the uid is taken.
 */
export function storeUser(call: Call, times: UserTimes = {}): StoredUser {
  const { state, body, now, world } = call;
  check(body, rules[world.dialect], ["uid", "name"]);
  const uid = requireFreeUid(call);
  requireRole(call);
  erase(state, uid);
  const user: StoredUser = {
    uid,
    name: "",
    avatar: "",
    link: "",
    role: defaultRole,
    statusMessage: "",
    metadata: {},
    tags: [],
    createdAt: now,
    updatedAt: now,
    deactivatedAt: 0,
    ...times,
  };
  write(call, user);
  state.users.set(uid, user);
  state.uids.add(uid);
  return user;
}

/** `GET /users/{uid}`: without tags and metadata, as its published example. */
export function getUser(call: Call): JsonObject {
  const uid = idParam(call, "uid");
  if (uid === systemUid) return { data: shownSystemUser };
  return { data: shownUser(requireUser(call.state, uid), { viewer: call.actor }) };
}

/** `PUT /users/{uid}` */
export function updateUser(call: Call): JsonObject {
  const user = requireOrdinaryUser(call, "ERR_BAD_REQUEST", "updated");
  check(call.body, rules[call.world.dialect]);
  requireRole(call);
  write(call, user);
  call.state.edits.users += 1;
  user.updatedAt = call.now;
  return { data: shownUser(user, { withTags: true, withMetadata: true }) };
}

/** `DELETE /users/{uid}`: for good with `permanent: true`, else a deactivation. */
export function deleteUser(call: Call): JsonObject {
  const { state, body, now, world } = call;
  check(body, { permanent: flag });
  const isPermanent = body["permanent"] === true;
  const user = userToDelete(call, isPermanent);
  const { uid } = user;
  requireNoGroups(call, uid);
  if (isPermanent) {
    erase(state, uid);
    return ack(`User with ${uid} has been deleted successfully.`);
  }
  deactivate(state, user, now);
  return world.dialect === "collection"
    ? ack(`User with ${uid} has been deactivated successfully.`)
    : { data: { deactivatedUids: [uid] } };
}

/** `PUT /users/{uid}/deactivate`, in the collection only. */
export function deactivateUser(call: Call): JsonObject {
  const user = requireOrdinaryUser(call, "ERR_UID_DELETE_FAILED", "deactivated");
  requireNoGroups(call, user.uid);
  deactivate(call.state, user, call.now);
  return { data: shownUser(user) };
}

/** `PUT /users/{uid}/reactivate`, in the collection only. */
export function reactivateUser(call: Call): JsonObject {
  const uid = idParam(call, "uid");
  const user = call.state.users.get(uid) ?? requireUser(call.state, uid);
  if (user.deactivatedAt !== 0) reactivate(call.state, user, call.now);
  return { data: shownUser(user) };
}

function requireFreeUid(call: Call): string {
  const { state, body, world } = call;
  const uid = storedId(textOf(body, "uid") ?? "");
  if (uid === undefined) {
    throw new ApiRefusal(400, "ERR_INVALID_UID", "The uid may only have a-z, 0-9, - and _.", {
      uid: ["The uid format is invalid."],
    });
  }
  const holder = state.users.get(uid);
  // In the collection a deactivated user counts as absent: nothing there can list or restore it.
  const isFree =
    holder === undefined || (world.dialect === "collection" && holder.deactivatedAt !== 0);
  if (uid === systemUid || !isFree) {
    throw refused("ERR_UID_ALREADY_EXISTS", `The user with UID ${uid} already exists.`);
  }
  return uid;
}

function requireOrdinaryUser(call: Call, code: string, verb: string): StoredUser {
  const uid = idParam(call, "uid");
  if (uid === systemUid) throw refused(code, `The user ${uid} cannot be ${verb}.`);
  return requireUser(call.state, uid);
}

// A deactivated user is "not found" for everything but this (inferred).
function userToDelete(call: Call, isPermanent: boolean): StoredUser {
  const stored = isPermanent ? call.state.users.get(idParam(call, "uid")) : undefined;
  return stored ?? requireOrdinaryUser(call, "ERR_UID_DELETE_FAILED", "deleted");
}

function requireNoGroups(call: Call, uid: string): void {
  // What becomes of the groups of a deleted owner is not documented; the emulator refuses.
  if (ownsGroups(call.state, uid)) {
    throw refused("ERR_UID_DELETE_FAILED", `The user ${uid} owns groups.`);
  }
}

function requireRole(call: Call): void {
  const role = textOf(call.body, "role");
  if (role !== undefined && !call.state.roles.has(role.toLowerCase())) {
    throw invalidAttribute("role", "The selected role is invalid.");
  }
}

function write(call: Call, user: StoredUser): void {
  const { body } = call;
  const isVendor = call.world.dialect === "vendor";
  user.name = textOf(body, "name") ?? user.name;
  user.avatar = textOf(body, "avatar") ?? user.avatar;
  user.link = textOf(body, "link") ?? user.link;
  user.role = textOf(body, "role")?.toLowerCase() ?? user.role;
  user.metadata = metadataOf(body, user.metadata);
  if (isVendor) {
    user.statusMessage = textOf(body, "statusMessage") ?? user.statusMessage;
    user.tags = textsOf(body, "tags") ?? user.tags;
  }
  const unset = textsOf(body, "unset") ?? [];
  if (unset.includes("avatar")) user.avatar = "";
  if (unset.includes("link")) user.link = "";
  if (unset.includes("metadata")) user.metadata = {};
}
