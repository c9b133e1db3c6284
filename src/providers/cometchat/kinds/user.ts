import type { Json } from "../../../model/json.ts";
import type { Cost, KindSpec, StepDraft } from "../../../model/kind.ts";
import type { Change } from "../../../model/plan.ts";
import { chatCall, type Dialect } from "../dialects/dialect.ts";
import { isFreeToMark } from "../marks.ts";
import { type BodyShape, createBody, updateBody, writtenNames } from "./body.ts";
import { bulkCost, givenBulk } from "./bulk.ts";
import { checkCarried, checkPrivate, checkRequired } from "./change.ts";
import { lowerAttribute, plainProtect, sortTags, takeSecret, toLowerId } from "./declare.ts";
import { checkSizes } from "./limits.ts";
import { oncePerChange } from "./once.ts";
import { reversalOfWrite } from "./reversal.ts";
import { DEFAULT_ROLE } from "./role.ts";

/** The user that acts when nobody else does (seen): it always exists and is never managed. */
export const SYSTEM_USER = "app_system";

/** Users of an app. */
export function createUser(dialect: Dialect): KindSpec {
  const shape: BodyShape = {
    markIn: dialect.markIn["user"],
    unset: ["avatar", "link", "metadata"],
  };
  const draftOf = oncePerChange((change) => draft(change, dialect, shape));
  return {
    name: "user",
    section: "users",
    refersTo: ["role"],
    tellsHolders: Object.keys(dialect.holderQuery["user"] ?? {}),
    keyed: ["metadata"],
    resent: ["role"],
    markable: true,
    adoptable: ({ attributes }, live) =>
      attributes["metadata"] !== undefined || isFreeToMark(shape.markIn, live),
    toKey: toLowerId,
    declare({ id, attributes }) {
      const role: Json | undefined =
        attributes["role"] === null ? DEFAULT_ROLE : attributes["role"];
      const open = plainProtect(attributes);
      const plain = sortTags(role === undefined ? open : { ...open, role });
      const split = takeSecret(lowerAttribute(plain, "role"), "metadata.@private");
      return [{ kind: "user", key: toLowerId(id), path: [], ...split }];
    },
    references({ role }) {
      if (typeof role !== "string" || role === DEFAULT_ROLE) return [];
      return [{ attribute: "role", address: `role/${role}` }];
    },
    check(change) {
      if (change.action === "delete") return [];
      const calls = draftOf(change).map(({ call }) => call);
      return [
        ...checkRequired(change, ["name"]),
        ...checkCarried(change, dialect),
        ...checkSizes(change, calls),
        ...checkPrivate(change, {
          isWritten: writtenNames(change, shape).has("metadata"),
          isLikely: true,
        }),
      ];
    },
    reversal(change) {
      if (change.action !== "delete") return reversalOfWrite(change);
      return change.soft === true ? dialect.deactivation : "irreversible";
    },
    draft: draftOf,
    cost(change) {
      if (change.action === "create") {
        return [{ calls: 1, ...bulkCost("users", draftOf(change)[0]?.bulk) }];
      }
      if (change.action === "delete" && change.soft === true) {
        return [toCost("deactivate", dialect.deactivateUser(change.key))];
      }
      if (change.action !== "reactivate") return [{ calls: 1 }];
      const isWritten = writtenNames(change, shape).size > 0;
      const row = toCost("reactivate", dialect.reactivateUser(change.key));
      return isWritten ? [row, { calls: 1 }] : [row];
    },
  };
}

/** A row where the dialect has a bulk call, else a call. */
function toCost(pool: string, { rowsMax }: StepDraft): Cost {
  return rowsMax === undefined ? { calls: 1 } : { pool, rowsMax };
}

function draft(change: Change, dialect: Dialect, shape: BodyShape): StepDraft[] {
  const { action, key } = change;
  if (action === "delete") {
    if (change.soft === true) return [dialect.deactivateUser(key)];
    return [{ call: chatCall("DELETE", ["users", key], { permanent: true }, "core") }];
  }
  if (action === "create") {
    const body = { uid: key, ...createBody(change, shape) };
    const call = chatCall("POST", ["users"], body, "core");
    return [{ call, ...givenBulk(dialect.imports?.user(key, body)) }];
  }
  const body = updateBody(change, shape);
  const isWritten = Object.keys(body).length > 0;
  const update = isWritten ? [{ call: chatCall("PUT", ["users", key], body) }] : [];
  return action === "reactivate" ? [dialect.reactivateUser(key), ...update] : update;
}
