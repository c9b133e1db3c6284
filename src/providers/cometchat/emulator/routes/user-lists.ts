import { type JsonObject, textsOf } from "../json.ts";
import { createLiveRows, type LiveRows } from "../list-cache.ts";
import { pageOf } from "../page.ts";
import type { Call } from "../route.ts";
import { check, texts } from "../rules.ts";
import type { StoredUser } from "../state.ts";
import { activeUser, deactivate, ownsGroups, reactivate } from "../user-lifecycle.ts";
import { shownUser } from "../user-view.ts";

const uidsPerCallMax = 25;

/** `GET /users` */
export function listUsers(call: Call): JsonObject {
  const view = { withMetadata: true, withTags: call.query.flag("withTags") };
  return pageOf(
    call,
    userRows(call),
    (user) => shownUser(user, view),
    (user) => user.updatedAt,
  );
}

/** `DELETE /users`: deactivates up to 25 users, in the vendor's form only. */
export function deactivateUsers(call: Call): JsonObject {
  const { state, now } = call;
  const deactivatedUids: string[] = [];
  const alreadyDeactivatedUids: string[] = [];
  const notFound: string[] = [];
  for (const uid of namedUids(call, "uidsToDeactivate")) {
    const user = activeUser(state, uid);
    if (call.nextRow() !== undefined) {
      // The reply has no place for a failure, so the uid lands among those that were not found.
      notFound.push(uid);
    } else if (user === undefined) {
      (state.users.has(uid) ? alreadyDeactivatedUids : notFound).push(uid);
    } else if (ownsGroups(state, uid)) {
      // The reply has no place for a refusal (nothing is documented).
      notFound.push(uid);
    } else {
      deactivate(state, user, now);
      deactivatedUids.push(uid);
    }
  }
  return { data: { deactivatedUids, alreadyDeactivatedUids, notFound } };
}

/** `PUT /users`: reactivates up to 25 users, in the vendor's form only. */
export function reactivateUsers(call: Call): JsonObject {
  const { state, now } = call;
  const reactivatedUids: string[] = [];
  const nonDeactivatedUids: string[] = [];
  for (const uid of namedUids(call, "uidsToActivate")) {
    const user = state.users.get(uid);
    if (call.nextRow() !== undefined || user === undefined || user.deactivatedAt === 0) {
      nonDeactivatedUids.push(uid);
    } else {
      reactivate(state, user, now);
      reactivatedUids.push(uid);
    }
  }
  return { data: { reactivatedUids, nonDeactivatedUids } };
}

function userRows(call: Call): readonly StoredUser[] | LiveRows<StoredUser> {
  const { query, state, world } = call;
  const isWanted = world.dialect === "vendor" ? vendorFilter(call) : collectionFilter(call);
  const key = `users?${query.filterKey()}`;
  const beginning = query.text("searchKey")?.toLowerCase() ?? "";
  const searchIn = query.list("searchIn");
  if (world.dialect === "vendor" && beginning !== "" && searchIn.join() === "uid") {
    return world.lists.rows(key, () =>
      state.uids
        .startingWith(beginning, () => state.users.keys())
        .flatMap((uid) => state.users.get(uid) ?? [])
        .filter(isWanted),
    );
  }
  return world.lists.live(key, state.edits.users, () => createLiveRows(state.users, isWanted));
}

function namedUids(call: Call, name: string): ReadonlySet<string> {
  check(call.body, { [name]: texts(uidsPerCallMax, 100) }, [name]);
  return new Set((textsOf(call.body, name) ?? []).map((uid) => uid.toLowerCase()));
}

function vendorFilter(call: Call): (user: StoredUser) => boolean {
  const { query } = call;
  const roles = [...query.list("roles"), ...query.list("role")].map((role) => role.toLowerCase());
  const tags = query.list("tags");
  const searchIn = query.list("searchIn");
  const isFound = search(call, searchIn.length === 0 ? ["uid", "name"] : searchIn);
  const onlyDeactivated = query.flag("onlyDeactivated");
  const withDeactivated = onlyDeactivated || query.flag("withDeactivated");
  const nobodyIsOnline = query.text("status") === "available";
  return (user) =>
    !nobodyIsOnline &&
    (user.deactivatedAt === 0 ? !onlyDeactivated : withDeactivated) &&
    (roles.length === 0 || roles.includes(user.role)) &&
    (tags.length === 0 || tags.some((tag) => user.tags.includes(tag))) &&
    isFound(user);
}

function collectionFilter(call: Call): (user: StoredUser) => boolean {
  const isFound = search(call, ["uid", "name"]);
  const nobodyIsOnline = call.query.text("status") === "online";
  return (user) => !nobodyIsOnline && user.deactivatedAt === 0 && isFound(user);
}

function search(call: Call, searchIn: readonly string[]): (user: StoredUser) => boolean {
  const key = call.query.text("searchKey")?.toLowerCase() ?? "";
  if (key === "") return () => true;
  const inUid = searchIn.includes("uid");
  const inName = searchIn.includes("name");
  return (user) =>
    (inUid && user.uid.startsWith(key)) || (inName && user.name.toLowerCase().startsWith(key));
}
