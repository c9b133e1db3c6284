import { requireClearance, requireGroup } from "../groups.ts";
import { type JsonObject, textOf } from "../json.ts";
import { addMembers, announce, leave, namedMembers, requireMember } from "../membership.ts";
import { pageOf } from "../page.ts";
import { invalidAttribute, refused } from "../refusal.ts";
import { ack, type Call, idParam } from "../route.ts";
import { check, oneOf, text } from "../rules.ts";
import type { Membership, Scope, StoredGroup, StoredUser } from "../state.ts";
import { shownUser } from "../user-view.ts";

const scope = oneOf("admin", "moderator", "participant");

interface Member {
  readonly user: StoredUser;
  readonly membership: Membership;
}

/** `GET /groups/{guid}/members` */
export function listMembers(call: Call): JsonObject {
  const group = requireGroup(call);
  const { query, world } = call;
  const scopes = query.list("scopes");
  const nobodyIsOnline = world.dialect === "vendor" && query.text("status") === "available";
  const members = world.lists.rows(`members/${group.guid}?${query.filterKey()}`, () =>
    nobodyIsOnline ? [] : membersOf(call, group, scopes),
  );
  return pageOf(
    call,
    members,
    ({ user, membership }) => ({
      ...shownUser(user, { withMetadata: true }),
      scope: membership.scope,
      joinedAt: membership.joinedAt,
    }),
    ({ user }) => user.updatedAt,
  );
}

/** `POST /groups/{guid}/members` */
export function postMembers(call: Call): JsonObject {
  const group = requireGroup(call);
  requireClearance(call, group, "moderator");
  const named = namedMembers(call.body);
  if ([...named.values()].every((uids) => uids.length === 0)) {
    throw invalidAttribute("participants", "At least one UID is required.");
  }
  return { data: addMembers(call, group, named) };
}

/** `PUT /groups/{guid}/members/{uid}`, the vendor's form. */
export function changeScope(call: Call): JsonObject {
  const group = requireGroup(call);
  requireClearance(call, group, "admin");
  check(call.body, { scope });
  const uid = idParam(call, "uid");
  // Documented: participant is the default.
  const asked = (textOf(call.body, "scope") ?? "participant") as Scope;
  const { joinedAt } = writeScope(call, group, uid, asked);
  return { data: { guid: group.guid, uid, scope: asked, joinedAt } };
}

/** `PUT /groups/{guid}/members`, the collection's form. */
export function changeScopeOfNamed(call: Call): JsonObject {
  const group = requireGroup(call);
  requireClearance(call, group, "admin");
  check(call.body, { uid: text(100, 1), scope }, ["uid", "scope"]);
  const uid = (textOf(call.body, "uid") ?? "").toLowerCase();
  const asked = textOf(call.body, "scope") as Scope;
  writeScope(call, group, uid, asked);
  return ack(`The scope of ${uid} in the group ${group.guid} has been changed to ${asked}.`);
}

/** `DELETE /groups/{guid}/members/{uid}` */
export function kickMember(call: Call): JsonObject {
  const group = requireGroup(call);
  requireClearance(call, group, "moderator");
  const uid = idParam(call, "uid");
  requireMember(group, uid);
  if (uid === group.owner) {
    throw refused("ERR_MEMBER_DELETE_FAILED", `The owner ${uid} cannot be kicked.`);
  }
  leave(call.state, group, uid);
  announce(call, "kicked", group, uid);
  return ack(`The member with ${uid} has been kicked from the Group with ${group.guid}.`);
}

function membersOf(call: Call, group: StoredGroup, scopes: readonly string[]): Member[] {
  const members: Member[] = [];
  for (const [uid, membership] of group.members) {
    const user = call.state.users.get(uid);
    const isWanted = scopes.length === 0 || scopes.includes(membership.scope);
    if (user !== undefined && isWanted) members.push({ user, membership });
  }
  return members;
}

function writeScope(call: Call, group: StoredGroup, uid: string, asked: Scope): Membership {
  const membership = requireMember(group, uid);
  if (membership.scope === asked) {
    throw refused("ERR_SAME_SCOPE", `The user ${uid} already has the scope ${asked}.`);
  }
  if (uid === group.owner && asked !== "admin") {
    throw refused("ERR_GROUP_OWNER_DEMOTE_FORBIDDEN", `The owner ${uid} cannot be demoted.`);
  }
  membership.scope = asked;
  announce(call, "scopeChanged", group, uid);
  return membership;
}
