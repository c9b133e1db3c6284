/** The scope of a group member, as the API spells it. */
export type Scope = "admin" | "moderator" | "participant";

/** Scopes, and the lists by which members of each are declared, added and reported. */
export const SCOPE_LISTS: readonly (readonly [scope: Scope, list: string])[] = [
  ["admin", "admins"],
  ["moderator", "moderators"],
  ["participant", "participants"],
];

/** The list that members of a scope are in. */
export function listOf(scope: Scope): string {
  return SCOPE_LISTS.find(([name]) => name === scope)?.[1] ?? "participants";
}
