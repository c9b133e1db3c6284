import type { JsonObject } from "../../../model/json.ts";
import type { Bulk } from "../../../model/kind.ts";
import type { Scope } from "../kinds/scopes.ts";
import { chatCall, type ImportCalls } from "./dialect.ts";

/** Rows that one import takes (documented). */
const ROWS_MAX = 50;

/*
 * What an import has fields for (documented). A create that says more goes out by itself: a
 * description of a group or a status message of a user would get lost without a word.
 */
const USER_FIELDS = new Set(["uid", "name", "avatar", "link", "role", "metadata", "tags"]);
const GROUP_FIELDS = new Set([
  ...["guid", "name", "type", "icon", "password", "owner", "metadata", "tags"],
]);

/** Data import: bodies are maps by the id of each row, which repeats it (documented). */
export const vendorImports: ImportCalls = {
  user: (uid, body) => importOf("users", uid, body, USER_FIELDS),
  group: (guid, body) => importOf("groups", guid, body, GROUP_FIELDS),
  member: memberImport,
};

function importOf(
  what: string,
  id: string,
  body: JsonObject,
  fields: ReadonlySet<string>,
): Bulk | undefined {
  return Object.keys(body).every((name) => fields.has(name)) ? toImport(what, id, body) : undefined;
}

/** What stands between the two ids of a member's id (documented). */
const BETWEEN = "_member_";

/** Of `a_member_b_member_c` nobody can tell whose id it is, and the answer has nothing else. */
function memberImport(guid: string, uid: string, scope: Scope): Bulk | undefined {
  const memberId = `${guid}${BETWEEN}${uid}`;
  const isOfOne = memberId.indexOf(BETWEEN) === memberId.lastIndexOf(BETWEEN);
  return isOfOne ? toImport("members", memberId, { memberId, guid, uid, scope }) : undefined;
}

function toImport(what: string, id: string, row: JsonObject): Bulk {
  const call = chatCall("POST", ["data_import", what], { [what]: { [id]: row } }, "import");
  return { call, rowsMax: ROWS_MAX };
}
