import fc from "fast-check";
import { maybe, withoutGaps } from "./words.ts";

const pruneMode = maybe(fc.constantFrom("none", "none", "owned", "all"));

/** Patterns of all sorts: one address, some, a kind, members of a group and of a user. */
const patterns: readonly string[] = [
  "user/ann",
  "user/BOB",
  "group/den",
  "role/vip",
  "webhook/audit",
  "user/*a*",
  "group/*",
  "*/*t",
  "roles",
  "users",
  "membership/Lobby:ANN",
  "membership/den:*",
  "membership/*:bob",
  "membership/*",
];

const limit = fc.constantFrom<unknown>(0, 1, 2, "0%", "33.4%", "50%", "100%");

const limitsOf = (sections: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...sections), limit, { maxKeys: 2 });

const budgets = fc
  .record({
    delete: maybe(limitsOf(["roles", "users", "groups", "webhooks"])),
    update: maybe(limitsOf(["roles", "users", "groups", "webhooks", "memberships"])),
    remove: maybe(limit),
  })
  .map(withoutGaps);

/** A random policy. */
export const policy: fc.Arbitrary<{ [name: string]: unknown }> = fc
  .record({
    prune: fc
      .record({ roles: pruneMode, users: pruneMode, groups: pruneMode, webhooks: pruneMode })
      .map(withoutGaps),
    members: maybe(fc.constantFrom("additive", "authoritative")),
    delete: maybe(fc.record({ users: fc.constantFrom("deactivate", "permanent") })),
    protect: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...patterns), { maxLength: 2 }) },
    ),
    budgets: maybe(budgets),
  })
  .map(withoutGaps);
