import { isJsonObject, type JsonObject } from "../../../model/json.ts";
import { type Glimpse, type LiveResource, toAddress } from "../../../model/resource.ts";
import { DEFAULT_ROLE } from "../kinds/role.ts";
import { SYSTEM_USER } from "../kinds/user.ts";
import { isMarked } from "../marks.ts";
import { toLiveGroup, toLiveRole, toLiveUser } from "./live.ts";

/*
 * Of a million rows nearly all are nobody's business. What decides about that is read without making
 * a resource of each; only where there is a mark, which may be in any of several forms, that is made.
 */

/** What a role's row says before it is taken in. */
export function glimpseRole(row: JsonObject): Glimpse {
  return toGlimpse(toLiveRole(row), []);
}

/** What a user's row says before it is taken in. */
export function glimpseUser(row: JsonObject): Glimpse {
  const key = String(row["uid"]).toLowerCase();
  const role = String(row["role"] ?? DEFAULT_ROLE).toLowerCase();
  return {
    address: toAddress("user", key),
    kind: "user",
    stack: stackOf(row, toLiveUser),
    isInactive: Boolean(row["deactivatedAt"]),
    isBuiltin: key === SYSTEM_USER,
    targets: [toAddress("role", role)],
  };
}

/** What a group's row says before it is taken in. */
export function glimpseGroup(row: JsonObject): Glimpse {
  const { owner } = row;
  return {
    address: toAddress("group", String(row["guid"]).toLowerCase()),
    kind: "group",
    stack: stackOf(row, toLiveGroup),
    isInactive: false,
    isBuiltin: false,
    targets: typeof owner === "string" ? [toAddress("user", owner.toLowerCase())] : [],
  };
}

/** What a resource says that was asked for. */
export function glimpseAsked(live: LiveResource): Glimpse {
  const { role, owner } = live.attributes;
  const targets = [
    ...(typeof role === "string" ? [toAddress("role", role)] : []),
    ...(typeof owner === "string" ? [toAddress("user", owner)] : []),
  ];
  return { ...toGlimpse(live, targets), isAsked: true };
}

/** What a resource that is there in any case says. */
export function toGlimpse(live: LiveResource, targets: Glimpse["targets"]): Glimpse {
  const { address, kind, stack, inactive, builtin } = live;
  return {
    ...{ address, kind, stack, targets },
    isInactive: inactive === true,
    isBuiltin: builtin === true,
  };
}

function stackOf(row: JsonObject, toLive: (row: JsonObject) => LiveResource): string | undefined {
  const { tags, metadata } = row;
  const isPlain = !isMarked(tags, isJsonObject(metadata) ? metadata : undefined);
  return isPlain ? undefined : toLive(row).stack;
}
