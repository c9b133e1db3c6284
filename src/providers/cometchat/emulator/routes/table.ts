import type { Dialect, Route } from "../route.ts";
import { bodyBytesMax } from "../rules.ts";
import * as tokens from "./auth-tokens.ts";
import * as bans from "./bans.ts";
import * as conversations from "./conversations.ts";
import * as groups from "./groups.ts";
import { importRoutes } from "./import-table.ts";
import * as members from "./members.ts";
import * as lists from "./message-list.ts";
import * as messages from "./messages.ts";
import * as reactions from "./reactions.ts";
import * as roles from "./roles.ts";
import * as userLists from "./user-lists.ts";
import * as users from "./users.ts";
import * as hooks from "./webhooks-collection.ts";
import * as managed from "./webhooks-vendor.ts";

/** The operations of a dialect, by the host that serves them; whatever is not here is refused. */
export interface RouteTable {
  /** Below the version prefix, with the `apikey` header. */
  readonly chat: readonly Route[];
  /** With the `key` and `secret` headers. */
  readonly management: readonly Route[];
}

const optional = "optional";
const required = "required";

// Which calls are core: creating and deleting users, creating groups, adding and removing members,
// logging in (documented); all else is standard.
const core = "core";
const lags = true;
const batch = true;

const shared: readonly Route[] = [
  { method: "GET", path: "/users", lags, reply: userLists.listUsers },
  { method: "POST", path: "/users", quota: core, bodyBytesMax, reply: users.createUser },
  { method: "GET", path: "/users/:uid", actor: optional, reply: users.getUser },
  { method: "PUT", path: "/users/:uid", bodyBytesMax, reply: users.updateUser },
  { method: "DELETE", path: "/users/:uid", quota: core, reply: users.deleteUser },

  { method: "GET", path: "/users/:uid/auth_tokens", reply: tokens.listAuthTokens },
  { method: "POST", path: "/users/:uid/auth_tokens", quota: core, reply: tokens.createAuthToken },
  { method: "DELETE", path: "/users/:uid/auth_tokens", reply: tokens.flushAuthTokens },
  { method: "GET", path: "/users/:uid/auth_tokens/:authToken", reply: tokens.getAuthToken },
  { method: "DELETE", path: "/users/:uid/auth_tokens/:authToken", reply: tokens.deleteAuthToken },

  { method: "GET", path: "/groups", actor: optional, lags, reply: groups.listGroups },
  {
    method: "POST",
    path: "/groups",
    quota: core,
    actor: optional,
    bodyBytesMax,
    batch,
    reply: groups.createGroup,
  },
  { method: "GET", path: "/groups/:guid", actor: optional, reply: groups.getGroup },
  {
    method: "PUT",
    path: "/groups/:guid",
    actor: optional,
    bodyBytesMax,
    reply: groups.updateGroup,
  },
  { method: "DELETE", path: "/groups/:guid", actor: optional, reply: groups.deleteGroup },

  { method: "GET", path: "/groups/:guid/members", lags, reply: members.listMembers },
  {
    method: "POST",
    path: "/groups/:guid/members",
    quota: core,
    actor: optional,
    batch,
    reply: members.postMembers,
  },
  {
    method: "DELETE",
    path: "/groups/:guid/members/:uid",
    quota: core,
    actor: optional,
    reply: members.kickMember,
  },

  { method: "GET", path: "/roles", lags, reply: roles.listRoles },
  { method: "POST", path: "/roles", reply: roles.createRole },
  { method: "GET", path: "/roles/:role", reply: roles.getRole },
  { method: "PUT", path: "/roles/:role", reply: roles.updateRole },
  { method: "DELETE", path: "/roles/:role", reply: roles.deleteRole },

  { method: "GET", path: "/messages", actor: optional, reply: lists.listMessages },
  { method: "POST", path: "/messages", actor: optional, reply: messages.sendMessage },
  { method: "GET", path: "/messages/:id", actor: optional, reply: messages.getMessage },
  { method: "PUT", path: "/messages/:id", actor: optional, reply: messages.updateMessage },
  { method: "DELETE", path: "/messages/:id", actor: optional, reply: messages.deleteMessage },

  {
    method: "GET",
    path: "/conversations",
    actor: optional,
    reply: conversations.listConversations,
  },
];

const banned = "/groups/:guid/bannedusers/:uid";

const vendorOnly: readonly Route[] = [
  { method: "PUT", path: "/users", batch, reply: userLists.reactivateUsers },
  { method: "DELETE", path: "/users", quota: core, batch, reply: userLists.deactivateUsers },
  { method: "PUT", path: "/users/:uid/auth_tokens/:authToken", reply: tokens.updateAuthToken },
  {
    method: "PUT",
    path: "/groups/:guid/members/:uid",
    actor: optional,
    reply: members.changeScope,
  },

  { method: "GET", path: "/groups/:guid/bannedusers", lags, reply: bans.listBanned },
  { method: "POST", path: banned, actor: optional, reply: bans.banMember },
  { method: "DELETE", path: banned, actor: optional, reply: bans.unbanMember },

  ...importRoutes,

  { method: "GET", path: "/users/:uid/messages", actor: optional, reply: lists.listUserMessages },
  {
    method: "GET",
    path: "/groups/:guid/messages",
    actor: optional,
    reply: lists.listGroupMessages,
  },
  { method: "POST", path: "/messages/:id/thread", actor: required, reply: messages.sendReply },
  { method: "GET", path: "/messages/:id/thread", actor: optional, reply: lists.listReplies },

  { method: "GET", path: "/messages/:id/reactions", actor: optional, reply: reactions.list },
  {
    method: "GET",
    path: "/messages/:id/reactions/:reaction",
    actor: optional,
    reply: reactions.list,
  },
  {
    method: "POST",
    path: "/messages/:id/reactions/:reaction",
    actor: required,
    reply: reactions.add,
  },
  {
    method: "DELETE",
    path: "/messages/:id/reactions/:reaction",
    actor: required,
    reply: reactions.remove,
  },

  ...conversationRoutes("/users/:uid/conversation"),
  ...conversationRoutes("/groups/:guid/conversation"),
  {
    method: "GET",
    path: "/conversations/:conversationId",
    actor: required,
    reply: conversations.getById,
  },
  {
    method: "DELETE",
    path: "/conversations/:conversationId",
    actor: required,
    reply: conversations.removeById,
  },
];

const collectionOnly: readonly Route[] = [
  { method: "PUT", path: "/users/:uid/deactivate", reply: users.deactivateUser },
  { method: "PUT", path: "/users/:uid/reactivate", reply: users.reactivateUser },
  {
    method: "PUT",
    path: "/groups/:guid/members",
    actor: optional,
    reply: members.changeScopeOfNamed,
  },
  {
    method: "POST",
    path: "/messages/:id/reactions/:reaction",
    actor: optional,
    reply: reactions.add,
  },
  {
    method: "DELETE",
    path: "/messages/:id/reactions/:reaction",
    actor: optional,
    reply: reactions.remove,
  },
  {
    method: "GET",
    path: "/conversations/:conversationId",
    actor: optional,
    reply: conversations.getById,
  },

  { method: "GET", path: "/webhooks", lags, reply: hooks.listWebhooks },
  { method: "POST", path: "/webhooks", reply: hooks.createWebhook },
  { method: "GET", path: "/webhooks/:webhookId", reply: hooks.getWebhook },
  { method: "PUT", path: "/webhooks/:webhookId", reply: hooks.updateWebhook },
  { method: "DELETE", path: "/webhooks/:webhookId", reply: hooks.deleteWebhook },
  { method: "GET", path: "/webhooks/:webhookId/triggers", lags, reply: hooks.listTriggers },
  { method: "POST", path: "/webhooks/:webhookId/triggers", reply: hooks.addTriggers },
  { method: "DELETE", path: "/webhooks/:webhookId/triggers", reply: hooks.removeTriggers },
];

const webhooks = "/apps/:appId/webhooks";
const webhook = `${webhooks}/:webhookId`;

const vendorManagement: readonly Route[] = [
  { method: "GET", path: webhooks, lags, reply: managed.listWebhooks },
  { method: "POST", path: webhooks, reply: managed.createWebhook },
  { method: "GET", path: webhook, reply: managed.getWebhook },
  { method: "PUT", path: webhook, reply: managed.updateWebhook },
  { method: "DELETE", path: webhook, reply: managed.deleteWebhook },
  { method: "GET", path: `${webhook}/triggers`, lags, reply: managed.listTriggers },
  { method: "POST", path: `${webhook}/triggers`, batch, reply: managed.addTriggers },
  { method: "DELETE", path: `${webhook}/triggers`, reply: managed.removeTriggers },
];

/** Every operation the emulator serves, by dialect. */
export const routeTables: Readonly<Record<Dialect, RouteTable>> = {
  vendor: { chat: [...shared, ...vendorOnly], management: vendorManagement },
  collection: { chat: [...shared, ...collectionOnly], management: [] },
};

function conversationRoutes(path: string): Route[] {
  return [
    { method: "GET", path, actor: required, reply: conversations.getOwn },
    { method: "PUT", path, actor: required, reply: conversations.tagOwn },
    { method: "DELETE", path, actor: required, reply: conversations.resetOwn },
    {
      method: "POST",
      path: `${path}/delivered`,
      actor: required,
      reply: conversations.markDelivered,
    },
    { method: "POST", path: `${path}/read`, actor: required, reply: conversations.markRead },
    { method: "DELETE", path: `${path}/read`, actor: required, reply: conversations.markUnread },
  ];
}
