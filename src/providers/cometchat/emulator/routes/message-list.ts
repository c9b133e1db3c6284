import { groupConversationId, userConversationId } from "../chat.ts";
import { cursorPage } from "../cursor-page.ts";
import { actingMembership, requireGroup } from "../groups.ts";
import type { JsonObject } from "../json.ts";
import { messageFilter } from "../message-filter.ts";
import { shownMessage } from "../message-view.ts";
import { pageOf } from "../page.ts";
import { type Call, idParam } from "../route.ts";
import type { StoredMessage } from "../state.ts";
import { requireUser } from "../user-lifecycle.ts";
import { requireMessage } from "./messages.ts";

/** `GET /messages`: by cursor in the vendor's form, by page in the collection's. */
export function listMessages(call: Call): JsonObject {
  const messages = [...call.state.messages.values()].filter(messageFilter(call));
  return call.world.dialect === "vendor" ? byCursor(call, messages) : byPage(call, messages);
}

/** `GET /users/{uid}/messages`: with the acting user, or with anybody where the app itself acts. */
export function listUserMessages(call: Call): JsonObject {
  const { state, actor, query } = call;
  const { uid } = requireUser(state, idParam(call, "uid"));
  const conversations =
    actor === undefined
      ? [...(state.conversationsOfUser.get(uid) ?? [])]
      : [userConversationId(actor, uid)];
  const messages = messagesIn(call, conversations)
    .filter((message) => message.receiverType === "user")
    .sort((a, b) => a.id - b.id);
  // Documented by example: with perPage this list has pages.
  return query.text("perPage") === undefined ? byCursor(call, messages) : byPage(call, messages);
}

/** `GET /groups/{guid}/messages` */
export function listGroupMessages(call: Call): JsonObject {
  const group = requireGroup(call);
  actingMembership(call, group);
  return byCursor(call, messagesIn(call, [groupConversationId(group.guid)]));
}

/** `GET /messages/{id}/thread` */
export function listReplies(call: Call): JsonObject {
  const parent = requireMessage(call);
  const messages = messagesIn(call, [parent.conversationId]);
  return byPage(
    call,
    messages.filter((message) => message.parentId === parent.id),
  );
}

function byCursor(call: Call, messages: readonly StoredMessage[]): JsonObject {
  return cursorPage(
    call,
    messages,
    (message) => shown(call, message),
    (message) => message.sentAt,
  );
}

function byPage(call: Call, messages: readonly StoredMessage[]): JsonObject {
  return pageOf(call, messages, (message) => shown(call, message));
}

function shown(call: Call, message: StoredMessage): JsonObject {
  const withTags = call.world.dialect === "collection" || call.query.flag("withTags");
  return shownMessage(call, message, withTags);
}

function messagesIn(call: Call, conversationIds: readonly string[]): StoredMessage[] {
  const { state } = call;
  return conversationIds
    .flatMap((id) => state.conversations.get(id)?.messageIds ?? [])
    .flatMap((id) => state.messages.get(id) ?? [])
    .filter(messageFilter(call));
}
