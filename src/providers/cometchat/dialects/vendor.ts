import { chatCall, type Dialect } from "./dialect.ts";
import { vendorImports } from "./vendor-imports.ts";
import { vendorWebhooks } from "./vendor-webhooks.ts";

/** Users a bulk call to deactivate or reactivate takes (documented). */
const USERS_PER_CALL_MAX = 25;

/** The API as the vendor publishes it. */
export function createVendor(appId: string): Dialect {
  return {
    name: "vendor",
    // The documented maximum; the server may give less and says so.
    pageSize: 1000,
    listQuery: {
      user: { withTags: "true", withDeactivated: "true" },
      group: { withTags: "true" },
    },
    searchUser: (uid) => ({ searchKey: uid, searchIn: "uid" }),
    tagFilter: { user: "tags", group: "tags" },
    holderQuery: { user: { role: (role) => ({ withTags: "true", role }) } },
    markIn: { user: "tags", group: "tags", role: "metadata" },
    uncarried: {},
    dropped: {},
    fixed: {},
    membersInCreate: true,
    makesWebhookIds: false,
    updateRole: (role, body) => chatCall("PUT", ["roles", role], body),
    deactivateUser: (uid) => ({
      call: chatCall("DELETE", ["users"], { uidsToDeactivate: [uid] }, "core"),
      rowsMax: USERS_PER_CALL_MAX,
    }),
    reactivateUser: (uid) => ({
      call: chatCall("PUT", ["users"], { uidsToActivate: [uid] }),
      rowsMax: USERS_PER_CALL_MAX,
    }),
    deactivation: "reversible",
    changeScope: (guid, uid, scope) => chatCall("PUT", ["groups", guid, "members", uid], { scope }),
    webhook: vendorWebhooks(appId),
    imports: vendorImports,
  };
}
