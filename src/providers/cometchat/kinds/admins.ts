import type { Diagnostic } from "../../../model/diagnostic.ts";
import type { Family, FamilyState } from "../../../model/kind.ts";
import { SYSTEM_USER } from "./user.ts";

/**
 * Refuses to leave a group without anybody who could manage it: an owner who is active, the system
 * user included, or an admin.
 */
export function guardAdmins({ address, before, after }: Family): Diagnostic[] {
  if (hasKeeper(after)) return [];
  if (!hasKeeper(before)) {
    return [
      {
        severity: "warning",
        code: "group/no-admin",
        summary: `${address} has neither an active owner nor an admin`,
        hint: "Give it an owner, or an admin among its members.",
        address,
      },
    ];
  }
  return [
    {
      severity: "error",
      code: "group/last-admin",
      summary: `${address} would be left without an owner or an admin`,
      detail: "Nobody in the app could manage it any more.",
      hint: `Declare an owner for ${address}, or keep an admin among its members.`,
      address,
    },
  ];
}

function hasKeeper({ attributes, children, isActive }: FamilyState): boolean {
  const { owner } = attributes;
  const isOwned = typeof owner === "string" && (owner === SYSTEM_USER || isActive(`user/${owner}`));
  return isOwned || children.some(({ scope }) => scope === "admin");
}
