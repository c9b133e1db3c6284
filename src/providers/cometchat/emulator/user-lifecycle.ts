import { removeWritings } from "./chat.ts";
import { userNotFound } from "./refusal.ts";
import { defaultRole, type State, type StoredUser } from "./state.ts";

/** The user with a uid, if there is one and it is not deactivated. */
export function activeUser(state: State, uid: string): StoredUser | undefined {
  const user = state.users.get(uid);
  return user?.deactivatedAt === 0 ? user : undefined;
}

/**
 * The user with a uid.
 *
 * @throws ApiRefusal if there is none or it is deactivated (documented: both are "not found").
 */
export function requireUser(state: State, uid: string): StoredUser {
  const user = activeUser(state, uid);
  if (user === undefined) throw userNotFound(uid);
  return user;
}

/** Whether a user owns a group; such users can be neither deactivated nor deleted (inferred). */
export function ownsGroups(state: State, uid: string): boolean {
  return state.groupsOwned.has(uid);
}

/** Deactivates a user: the memberships are kept apart until reactivation. */
export function deactivate(state: State, user: StoredUser, now: number): void {
  state.edits.users += 1;
  user.deactivatedAt = now;
  user.updatedAt = now;
  moveMemberships(state, user.uid, "members", "parked");
}

/**
 * Reactivates a user: memberships come back with their scopes (documented), the role does not
 * (nothing is documented, and the role may be gone by now).
 */
export function reactivate(state: State, user: StoredUser, now: number): void {
  state.edits.users += 1;
  user.deactivatedAt = 0;
  user.updatedAt = now;
  user.role = defaultRole;
  moveMemberships(state, user.uid, "parked", "members");
}

/** Removes a user for good, with memberships, bans, messages, conversations and tokens (documented). */
export function erase(state: State, uid: string): void {
  for (const guid of state.groupsOfUser.get(uid) ?? []) {
    state.groups.get(guid)?.members.delete(uid);
    state.groups.get(guid)?.parked.delete(uid);
  }
  for (const guid of state.groupsBarred.get(uid) ?? []) state.groups.get(guid)?.banned.delete(uid);
  state.groupsOfUser.delete(uid);
  state.groupsBarred.delete(uid);
  removeWritings(state, uid);
  state.tokens.delete(uid);
  if (state.users.delete(uid)) state.edits.users += 1;
}

function moveMemberships(
  state: State,
  uid: string,
  from: "members" | "parked",
  to: "members" | "parked",
): void {
  for (const guid of state.groupsOfUser.get(uid) ?? []) {
    const group = state.groups.get(guid);
    const membership = group?.[from].get(uid);
    if (group === undefined || membership === undefined) continue;
    group[from].delete(uid);
    group[to].set(uid, membership);
  }
}
