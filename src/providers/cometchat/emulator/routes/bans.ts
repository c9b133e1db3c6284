import { requireClearance, requireGroup } from "../groups.ts";
import type { JsonObject } from "../json.ts";
import { announce, bar, requireMember, unbar } from "../membership.ts";
import { pageOf } from "../page.ts";
import { notFound, refused } from "../refusal.ts";
import { ack, type Call, idParam } from "../route.ts";
import type { StoredGroup } from "../state.ts";
import { activeUser } from "../user-lifecycle.ts";
import { shownUser } from "../user-view.ts";

/** `GET /groups/{guid}/bannedusers`: with the scopes that the bans ended. */
export function listBanned(call: Call): JsonObject {
  const group = requireGroup(call);
  const rows = call.world.lists.rows(`bans/${group.guid}?${call.query.filterKey()}`, () =>
    [...group.banned].flatMap(([uid, ended]) => {
      const user = activeUser(call.state, uid);
      return user === undefined ? [] : [{ user, ended }];
    }),
  );
  return pageOf(
    call,
    rows,
    ({ user, ended: { scope, joinedAt } }) => ({
      ...shownUser(user, { withMetadata: true }),
      scope,
      isBanned: true,
      joinedAt,
    }),
    ({ user }) => user.updatedAt,
  );
}

/** `POST /groups/{guid}/bannedusers/{uid}` */
export function banMember(call: Call): JsonObject {
  const group = requireGroup(call);
  requireClearance(call, group, "moderator");
  const uid = idParam(call, "uid");
  if (isBanned(call, group, uid)) {
    throw refused("ERR_ALREADY_BANNED", `The user ${uid} is already banned from ${group.guid}.`);
  }
  const membership = requireMember(group, uid);
  if (uid === group.owner) {
    throw refused("ERR_MEMBER_BAN_FAILED", `The owner ${uid} cannot be banned.`);
  }
  bar(call.state, group, uid, membership);
  announce(call, "banned", group, uid);
  return bannedText(group, uid);
}

/** `DELETE /groups/{guid}/bannedusers/{uid}`: the user may be added again, and is not (documented). */
export function unbanMember(call: Call): JsonObject {
  const group = requireGroup(call);
  requireClearance(call, group, "moderator");
  const uid = idParam(call, "uid");
  if (!isBanned(call, group, uid)) {
    throw notFound("ERR_NOT_A_BANNED_USER", `The user ${uid} is not banned from ${group.guid}.`);
  }
  unbar(call.state, group, uid);
  announce(call, "unbanned", group, uid);
  return bannedText(group, uid);
}

// A deactivated user counts as absent here as well.
function isBanned({ state }: Call, group: StoredGroup, uid: string): boolean {
  return group.banned.has(uid) && activeUser(state, uid) !== undefined;
}

// Documented by example: lifting a ban is acknowledged in the words of the ban.
function bannedText(group: StoredGroup, uid: string): JsonObject {
  return ack(`The user with uid ${uid} has been banned from the Group with ${group.guid}.`);
}
