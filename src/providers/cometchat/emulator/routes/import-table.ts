import type { Route } from "../route.ts";
import { importGroups } from "./import-groups.ts";
import { importMembers } from "./import-members.ts";
import { importMessages } from "./import-messages.ts";
import { importUsers } from "./import-users.ts";

// Documented: imports have a quota of their own.
const shared = { method: "POST", quota: "import", batch: true } as const;

/** The operations of the data import, which only the vendor's form has. */
export const importRoutes: readonly Route[] = [
  { ...shared, path: "/data_import/users", reply: importUsers },
  { ...shared, path: "/data_import/groups", reply: importGroups },
  { ...shared, path: "/data_import/members", reply: importMembers },
  { ...shared, path: "/data_import/messages", reply: importMessages },
];
