import type { KindSpec } from "../../../model/kind.ts";
import { chatCall, type Dialect } from "../dialects/dialect.ts";
import { isFreeToMark } from "../marks.ts";
import { type BodyShape, createBody, updateBody, writtenNames } from "./body.ts";
import { checkCarried, checkPrivate, checkRequired } from "./change.ts";
import { plainProtect, takeSecret, toLowerId } from "./declare.ts";
import { reversalOfDelete, reversalOfWrite } from "./reversal.ts";

/** The role every app has (documented): it can be edited, but not created or deleted. */
export const DEFAULT_ROLE = "default";

/** Roles of an app. */
export function createRole(dialect: Dialect): KindSpec {
  const shape: BodyShape = {
    markIn: dialect.markIn["role"],
    unset: ["settings", "description", "metadata"],
  };
  return {
    name: "role",
    section: "roles",
    refersTo: [],
    countMax: 25,
    keyed: ["metadata", "settings"],
    resent: [],
    markable: shape.markIn !== undefined,
    adoptable: ({ attributes }, live) =>
      attributes["metadata"] !== undefined || isFreeToMark(shape.markIn, live),
    toKey: toLowerId,
    isBuiltin: (key) => key === DEFAULT_ROLE,
    declare({ id, attributes }) {
      const split = takeSecret(plainProtect(attributes), "metadata.@private");
      return [{ kind: "role", key: toLowerId(id), path: [], ...split }];
    },
    references: () => [],
    check: (change) => [
      ...checkRequired(change, ["name"]),
      ...checkCarried(change, dialect),
      ...checkPrivate(change, {
        isWritten: writtenNames(change, shape).has("metadata"),
        isLikely: false,
      }),
    ],
    reversal: (change) =>
      change.action === "delete" ? reversalOfDelete(change) : reversalOfWrite(change),
    draft(change) {
      const { action, key, planned } = change;
      if (action === "delete") return [{ call: chatCall("DELETE", ["roles", key], null) }];
      if (action === "create") {
        return [{ call: chatCall("POST", ["roles"], { role: key, ...createBody(change, shape) }) }];
      }
      return [{ call: dialect.updateRole(key, updateBody(change, shape), planned) }];
    },
    cost: () => [{ calls: 1 }],
  };
}
