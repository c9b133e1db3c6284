import type { ProviderErrorKind } from "../provider.ts";

/*
 * What people can do when a call is refused while a plan is executed. That the codes exist is documented
 * unless it says otherwise; what lies behind them is often inferred, so the advice names what to look at.
 */

const GONE = "was deleted while we worked";
const AGAIN = "then run apply again";
const MEANWHILE =
  "Somebody else has created it meanwhile. Run apply again: it is adopted, or compared if it is ours.";
const OWNER =
  "The owner of a group stays in it as an admin. Name another owner in the manifest first, then run apply again.";
const PLAN_LIMIT =
  "The app's subscription does not allow this: raise it on the dashboard, or take it out of the manifest; then run apply again.";
const SERVICE =
  "The service gives no reason. Run apply again; if it stays like this, ask the service's support with this code.";

const BY_CODE: { readonly [code: string]: string } = {
  ERR_UID_NOT_FOUND: `The app has no such user: it was deleted while we worked, is switched off, or could not be created. Declare it or take it out of the manifest, ${AGAIN}.`,
  ERR_GUID_NOT_FOUND: `The group ${GONE}. Run apply again: it is created if it is declared.`,
  ERR_ROLE_NOT_FOUND: `The role ${GONE}: declare it under roles or name another one, ${AGAIN}.`,
  ERR_WEBHOOK_NOT_FOUND: `The webhook ${GONE}. Run apply again: it is created as declared.`,
  ERR_TRIGGER_NOT_FOUND: `The service does not know one of the webhook's triggers: compare them with its documentation, ${AGAIN}.`,
  ERR_NOT_A_MEMBER: "Whoever it was has left the group. Run apply again: it plans what is left.",
  ERR_UID_ALREADY_EXISTS: MEANWHILE,
  ERR_GUID_ALREADY_EXISTS: MEANWHILE,
  // Seen as a client's guess; the code of a duplicate role is not documented.
  ERR_ROLE_ALREADY_EXISTS: MEANWHILE,
  ERR_WEBHOOK_ALREADY_EXISTS: MEANWHILE,
  ERR_NO_VACANCY: `The group is full. Take somebody out of it, or raise what the subscription allows, ${AGAIN}.`,
  ERR_BANNED_GROUPMEMBER: `The user is banned from the group: unban it on the dashboard, or take it out of the group's members, ${AGAIN}.`,
  // Seen in a client.
  ERR_GROUP_OWNER_DEMOTE_FORBIDDEN: OWNER,
  ERR_MEMBER_DELETE_FAILED: OWNER,
  ERR_MEMBER_SCOPE_CHANGE_FAILED: OWNER,
  ERR_EMPTY_GROUP_PASS: `A group of type password needs one: give it a password by a variable, ${AGAIN}.`,
  ERR_INVALID_UID: `An id has letters, digits, _ and - only: choose another one in the manifest, ${AGAIN}.`,
  ERR_INVALID_METADATA: `The service does not take this metadata: make it smaller or plainer, ${AGAIN}.`,
  ERR_ROLE_DELETE_DENIED:
    "The role default always exists: declare it, or leave it out of what is pruned.",
  ERR_ROLE_DELETE_FAILED: `The role may still be some user's: give these users another one, ${AGAIN}.`,
  ERR_UID_DELETE_FAILED: `The user may still own a group: hand that over to somebody, ${AGAIN}.`,
  ERR_GROUP_DELETE_FAILED: SERVICE,
  ERR_PLAN_RESTRICTION: PLAN_LIMIT,
  ERR_PLAN_QUOTA_RESTRICTION: PLAN_LIMIT,
  ERR_SUBSCRIPTION_EXPIRED: PLAN_LIMIT,
  // Seen where a validation failed, an unknown role among others.
  ERR_BAD_REQUEST: `The service does not take these values. Its message says which; correct them in the manifest, ${AGAIN}.`,
  ERR_PERMISSION_DENIED: `The key may not do this: it must be a REST API Key with full access, ${AGAIN}.`,
};

const BY_KIND: { readonly [kind in ProviderErrorKind]?: string } = {
  "not-found": `What the call is about ${GONE}. Run plan: it shows how things are now.`,
  rejected: `The service refuses it. Compare what is declared with its message, ${AGAIN}.`,
  "already-so":
    "The service says that it is so already, and the app does not show it. Run plan in a minute: it shows whether anything is missing.",
};

/** What to do about a write that was refused, in sentences; `undefined` where its kind says enough. */
export function adviceOn(kind: ProviderErrorKind, code: string): string | undefined {
  const isAboutCall = kind === "rejected" || kind === "not-found" || kind === "already-so";
  return isAboutCall ? (BY_CODE[code] ?? BY_KIND[kind]) : undefined;
}
