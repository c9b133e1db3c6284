import { importRows, type RowForm, timeOf } from "../import-rows.ts";
import { flagOf, type JsonObject, textOf } from "../json.ts";
import { bar, hasRoom, join } from "../membership.ts";
import { notFound, refused } from "../refusal.ts";
import type { Call } from "../route.ts";
import { check, flag, oneOf, type Rules, text } from "../rules.ts";
import type { Scope, StoredGroup } from "../state.ts";
import { requireUser } from "../user-lifecycle.ts";
import { ensureGroup } from "./import-groups.ts";
import { ensureUser } from "./import-users.ts";

const form: RowForm = {
  name: "members",
  id: "memberId",
  formatCode: "ERR_IMPORT_INVALID_MEMBER_FORMAT",
};

const rules: Rules = {
  guid: text(100, 1),
  uid: text(100, 1),
  scope: oneOf("admin", "moderator", "participant"),
  isBanned: flag,
};

/** `POST /data_import/members`: writes no messages into the groups (inferred). */
export function importMembers(call: Call): JsonObject {
  return importRows(call, form, (row) => importMember(call, row));
}

function importMember(call: Call, row: JsonObject): JsonObject {
  check(row, rules, ["guid", "uid"]);
  const { state } = call;
  const guid = (textOf(row, "guid") ?? "").toLowerCase();
  const uid = (textOf(row, "uid") ?? "").toLowerCase();
  requireMemberId(row, guid, uid);
  ensureUser(call, row["userDetails"], uid);
  ensureGroup(call, row["groupDetails"], guid);
  const group = state.groups.get(guid);
  if (group === undefined) {
    throw notFound("ERR_GUID_NOT_FOUND", `The group with GUID ${guid} does not exist.`);
  }
  requireUser(state, uid);
  const asked = textOf(row, "scope") as Scope | undefined;
  requireNewcomer(group, uid, asked);
  const joinedAt = joinedAtOf(call, row, group);
  if (!hasRoom(state, group, uid)) {
    throw refused("ERR_NO_VACANCY", `The group ${guid} has no room for ${uid}.`);
  }
  const scope = asked ?? "participant";
  if (flagOf(row, "isBanned") === true) bar(state, group, uid, { scope, joinedAt });
  else join(state, group, uid, scope, joinedAt);
  return { guid, uid, scope, joinedAt };
}

function requireMemberId(row: JsonObject, guid: string, uid: string): void {
  const memberId = textOf(row, "memberId")?.toLowerCase();
  if (memberId !== `${guid}_member_${uid}`) {
    throw refused(form.formatCode, `The memberId must be ${guid}_member_${uid}.`);
  }
}

// What is there is never overwritten; a row for the owner fails in any case, for the owner is in.
function requireNewcomer(group: StoredGroup, uid: string, asked: Scope | undefined): void {
  const { guid } = group;
  if (group.banned.has(uid)) {
    throw refused("ERR_BANNED_GROUPMEMBER", `The user ${uid} is banned from ${guid}.`);
  }
  if (uid === group.owner && asked !== undefined && asked !== "admin") {
    throw refused("ERR_GROUP_OWNER_DEMOTE_FORBIDDEN", `The owner ${uid} cannot be demoted.`);
  }
  if (group.members.has(uid)) {
    throw refused("ERR_ALREADY_JOINED", `The user ${uid} has already joined ${guid}.`);
  }
}

function joinedAtOf({ now }: Call, row: JsonObject, { createdAt }: StoredGroup): number {
  const joinedAt = timeOf(row, "joinedAt") ?? now;
  // Documented; which createdAt is meant is not: that of the group is the one that makes sense.
  if (Number.isInteger(joinedAt) && joinedAt >= createdAt && joinedAt <= now) return joinedAt;
  throw refused(
    "ERR_IMPORT_INVALID_JOINEDAT",
    `The joinedAt must be a time from ${createdAt} to ${now}.`,
  );
}
