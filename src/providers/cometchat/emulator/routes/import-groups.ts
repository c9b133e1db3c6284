import { shownGroup } from "../group-view.ts";
import { importRows, parentDetails, type RowForm, taken, time, timeOf } from "../import-rows.ts";
import { type Json, type JsonObject, textOf } from "../json.ts";
import type { Call } from "../route.ts";
import { check } from "../rules.ts";
import { type StoredGroup, systemUid } from "../state.ts";
import { declaredOwner, newGroup, placeGroup } from "./groups.ts";
import { ensureUser } from "./import-users.ts";

const form: RowForm = { name: "groups", id: "guid", formatCode: "ERR_IMPORT_INVALID_GROUP_FORMAT" };

// No description (documented).
const attributes = ["guid", "name", "type", "icon", "password", "owner", "metadata", "tags"];

/** `POST /data_import/groups` */
export function importGroups(call: Call): JsonObject {
  return importRows(call, form, (row) => {
    const group = importGroup(call, row);
    return shownGroup(group, { withTags: true, viewer: group.owner });
  });
}

/**
 * Creates the group that a row names from the details it carries, unless it is there (documented).
 *
 * @throws ApiRefusal for details that are not of that group, or that no group can have.
 */
export function ensureGroup(call: Call, details: Json | undefined, guid: string): void {
  const row = call.state.groups.has(guid) ? undefined : parentDetails(details, form, guid);
  if (row !== undefined) importGroup(call, row);
}

function importGroup(call: Call, row: JsonObject): StoredGroup {
  check(row, { createdAt: time });
  const rowCall = { ...call, body: taken(row, attributes) };
  const group = newGroup(rowCall, timeOf(row, "createdAt") ?? call.now);
  const named = textOf(row, "owner")?.toLowerCase();
  if (named !== undefined) ensureUser(call, row["groupOwnerDetails"], named);
  placeGroup(rowCall, group, declaredOwner(rowCall) ?? systemUid);
  return group;
}
