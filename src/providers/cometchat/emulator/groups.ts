import { groupConversationId, removeConversation } from "./chat.ts";
import { ApiRefusal, notFound } from "./refusal.ts";
import { type Call, idParam } from "./route.ts";
import {
  addToIndex,
  dropFromIndex,
  type Membership,
  type StoredGroup,
  systemUid,
} from "./state.ts";

/**
 * The group a path names.
 *
 * @throws ApiRefusal if there is none.
 */
export function requireGroup(call: Call): StoredGroup {
  const guid = idParam(call, "guid");
  const group = call.state.groups.get(guid);
  if (group === undefined) {
    throw notFound("ERR_GUID_NOT_FOUND", `The group with GUID ${guid} does not exist.`);
  }
  return group;
}

/**
 * The membership of the acting user, or nothing where the app itself acts.
 *
 * @throws ApiRefusal if the acting user is no member (seen).
 */
export function actingMembership(call: Call, group: StoredGroup): Membership | undefined {
  if (call.actor === undefined) return undefined;
  const membership = group.members.get(call.actor);
  if (membership === undefined) {
    throw new ApiRefusal(
      401,
      "ERR_GROUP_NOT_JOINED",
      `The user ${call.actor} has not joined the group ${group.guid}.`,
    );
  }
  return membership;
}

/**
 * Makes sure that the acting user, if there is one, may change a group or its members: moderators
 * may change the group and participants, admins everything (documented).
 *
 * @throws ApiRefusal if not.
 */
export function requireClearance(
  call: Call,
  group: StoredGroup,
  needed: "admin" | "moderator",
): void {
  const membership = actingMembership(call, group);
  if (membership === undefined || membership.scope === "admin") return;
  if (needed === "moderator" && membership.scope === "moderator") return;
  const code = needed === "admin" ? "ERR_GROUP_NO_ADMIN_SCOPE" : "ERR_GROUP_NO_MODERATOR_SCOPE";
  throw new ApiRefusal(403, code, `Only a ${needed} of ${group.guid} may do this.`);
}

/** Gives a group its first or its next owner; nobody's scope changes. */
export function setOwner(call: Call, group: StoredGroup, owner: string): void {
  const { groupsOwned } = call.state;
  dropFromIndex(groupsOwned, group.owner, group.guid);
  group.owner = owner;
  if (owner !== systemUid) addToIndex(groupsOwned, owner, group.guid);
}

/** Removes a group for good, with its members and messages (documented). */
export function removeGroup(call: Call, group: StoredGroup): void {
  const { state } = call;
  for (const uid of [...group.members.keys(), ...group.parked.keys()]) {
    dropFromIndex(state.groupsOfUser, uid, group.guid);
  }
  for (const uid of group.banned.keys()) dropFromIndex(state.groupsBarred, uid, group.guid);
  dropFromIndex(state.groupsOwned, group.owner, group.guid);
  removeConversation(state, groupConversationId(group.guid));
  state.groups.delete(group.guid);
}
