import type { JsonObject } from "../../../model/json.ts";
import type { KindSpec, Ride, StepDraft } from "../../../model/kind.ts";
import type { Change } from "../../../model/plan.ts";
import { chatCall, type Dialect } from "../dialects/dialect.ts";
import { bulkCost, givenBulk } from "./bulk.ts";
import { toLowerId } from "./declare.ts";
import { BODY_BYTES_MAX } from "./limits.ts";
import { listOf, type Scope } from "./scopes.ts";

/** Members that one call can add, over all its lists (documented). */
const MEMBERS_PER_CALL_MAX = 25;

/** The group and the user of a membership's key. */
export function splitMembership(key: string): { readonly guid: string; readonly uid: string } {
  const colon = key.indexOf(":");
  return { guid: key.slice(0, colon), uid: key.slice(colon + 1) };
}

/** Memberships: a user in a group with a scope. They are declared inside their group. */
export function createMembership(dialect: Dialect): KindSpec {
  const ride = (guid: string): { readonly rides?: Ride } =>
    dialect.membersInCreate ? { rides: toRide(guid) } : {};
  return {
    name: "membership",
    refersTo: ["group", "user"],
    parent: "group",
    keyed: [],
    resent: [],
    markable: false,
    adoptable: () => false,
    toKey: toLowerId,
    parentOf: (key) => `group/${splitMembership(key).guid}`,
    keyPrefix: (parent) => `${parent.slice("group/".length)}:`,
    keyBetween: (parent, user) => `${parent.slice("group/".length)}:${user.slice("user/".length)}`,
    references(_, key) {
      const { guid, uid } = splitMembership(key);
      return [
        { attribute: "group", address: `group/${guid}`, cascades: true },
        // One user that could not be created must not keep a group from its other members.
        { attribute: "member", address: `user/${uid}`, cascades: true, wait: "ended" },
      ];
    },
    check: () => [],
    reversal: () => "reversible",
    draft(change) {
      const { guid, uid } = splitMembership(change.key);
      if (change.action === "delete") {
        return [{ call: chatCall("DELETE", ["groups", guid, "members", uid], null, "core") }];
      }
      const scope = scopeOf(change);
      if (change.action === "update") return [{ call: dialect.changeScope(guid, uid, scope) }];
      const bulk = dialect.imports?.member(guid, uid, scope);
      return [{ ...addition(guid, uid, scope), ...ride(guid), ...givenBulk(bulk) }];
    },
    cost(change) {
      if (change.action !== "create") return [{ calls: 1 }];
      const { guid, uid } = splitMembership(change.key);
      const bulk = dialect.imports?.member(guid, uid, scopeOf(change));
      const rowsMax = MEMBERS_PER_CALL_MAX;
      const pool = { pool: `members/${guid}`, rowsMax, ...bulkCost("members", bulk) };
      if (!dialect.membersInCreate) return [pool];
      return [{ ...pool, ride: toRide(guid), load: toLoad(scopeOf(change), uid) }];
    },
  };
}

function addition(guid: string, uid: string, scope: Scope): StepDraft {
  return {
    call: chatCall("POST", ["groups", guid, "members"], toLoad(scope, uid), "core"),
    rowsMax: MEMBERS_PER_CALL_MAX,
  };
}

function toLoad(scope: Scope, uid: string): JsonObject {
  return { [listOf(scope)]: [uid] };
}

function toRide(guid: string): Ride {
  const [rowsMax, bytesMax] = [MEMBERS_PER_CALL_MAX, BODY_BYTES_MAX];
  return { on: `group/${guid}`, under: "members", rowsMax, bytesMax };
}

function scopeOf({ planned }: Change): Scope {
  const scope = planned["scope"];
  return scope === "admin" || scope === "moderator" ? scope : "participant";
}
