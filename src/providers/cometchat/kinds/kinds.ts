import type { KindSpec } from "../../../model/kind.ts";
import { createCollection } from "../dialects/collection.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { createVendor } from "../dialects/vendor.ts";
import { createGroup } from "./group.ts";
import { createMembership } from "./membership.ts";
import { createRole } from "./role.ts";
import { createUser } from "./user.ts";
import { createWebhook } from "./webhook.ts";

/** The dialect of that name, for one app. */
export function toDialect(name: string, appId: string): Dialect {
  return name === "collection" ? createCollection() : createVendor(appId);
}

/** Every kind there is, parents first. */
export function createKinds(dialect: Dialect): readonly KindSpec[] {
  return [
    createRole(dialect),
    createUser(dialect),
    createGroup(dialect),
    createMembership(dialect),
    createWebhook(dialect),
  ];
}
