import { importRows, parentDetails, type RowForm, taken, time, timeOf } from "../import-rows.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Call } from "../route.ts";
import { check, type Rules } from "../rules.ts";
import type { StoredUser } from "../state.ts";
import { shownUser } from "../user-view.ts";
import { storeUser } from "./users.ts";

const form: RowForm = { name: "users", id: "uid", formatCode: "ERR_IMPORT_INVALID_USER_FORMAT" };

const attributes = ["uid", "name", "avatar", "link", "role", "metadata", "tags"];

const timeRules: Rules = { createdAt: time, lastActiveAt: time, deactivatedAt: time };

/** `POST /data_import/users` */
export function importUsers(call: Call): JsonObject {
  return importRows(call, form, (row) =>
    shownUser(importUser(call, row), { withTags: true, withMetadata: true }),
  );
}

/**
 * Creates the user that a row names from the details it carries, unless it is there (documented).
 *
 * @throws ApiRefusal for details that are not of that user, or that no user can have.
 */
export function ensureUser(call: Call, details: Json | undefined, uid: string): void {
  const row = call.state.users.has(uid) ? undefined : parentDetails(details, form, uid);
  if (row !== undefined) importUser(call, row);
}

function importUser(call: Call, row: JsonObject): StoredUser {
  check(row, timeRules);
  const lastActiveAt = timeOf(row, "lastActiveAt");
  return storeUser(
    { ...call, body: taken(row, attributes) },
    {
      createdAt: timeOf(row, "createdAt") ?? call.now,
      deactivatedAt: timeOf(row, "deactivatedAt") ?? 0,
      ...(lastActiveAt === undefined ? {} : { lastActiveAt }),
    },
  );
}
