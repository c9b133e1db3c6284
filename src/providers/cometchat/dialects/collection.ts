import { collectionWebhooks } from "./collection-webhooks.ts";
import { chatCall, type Dialect } from "./dialect.ts";

/** The API as the Postman collection and its OpenAPI companion describe it. */
export function createCollection(): Dialect {
  return {
    name: "collection",
    pageSize: 100,
    listQuery: { user: {}, group: {} },
    // It searches names, too; the OpenAPI companion knows no parameter that would keep it to uids.
    searchUser: (uid) => ({ searchKey: uid }),
    tagFilter: {},
    holderQuery: {},
    markIn: { user: "metadata", group: "tags" },
    uncarried: {
      role: ["metadata", "settings", "protect"],
      user: ["statusMessage", "tags"],
      webhook: ["enabled", "retryOnFailure"],
    },
    dropped: { webhook: ["name"] },
    fixed: { group: ["type", "password"] },
    membersInCreate: false,
    makesWebhookIds: true,
    // The request schema of an update is that of a create: id and name are required.
    updateRole: (role, body, planned) =>
      chatCall("PUT", ["roles", role], { role, name: planned["name"] ?? role, ...body }),
    deactivateUser: (uid) => ({
      call: chatCall("DELETE", ["users", uid], { permanent: false }, "core"),
    }),
    reactivateUser: (uid) => ({ call: chatCall("PUT", ["users", uid, "reactivate"], null) }),
    // Deactivated users are not listed, so that a later plan takes them for absent.
    deactivation: "lossy",
    changeScope: (guid, uid, scope) => chatCall("PUT", ["groups", guid, "members"], { uid, scope }),
    webhook: collectionWebhooks,
  };
}
