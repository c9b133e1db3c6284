import {
  groupConversationId,
  markOf,
  removeConversation,
  removeMessage,
  userConversationId,
} from "../chat.ts";
import { shownConversation } from "../conversation-view.ts";
import { actingMembership, requireGroup } from "../groups.ts";
import { type JsonObject, textOf, textsOf } from "../json.ts";
import { pageOf } from "../page.ts";
import { invalidAttribute, notFound } from "../refusal.ts";
import { ack, type Call, idParam, param } from "../route.ts";
import { check, flag, tags, text, wholeNumber } from "../rules.ts";
import { type ConversationMark, type StoredConversation, systemUid } from "../state.ts";
import { requireUser } from "../user-lifecycle.ts";
import { conversationRows } from "./conversation-filter.ts";

/** `GET /conversations` */
export function listConversations(call: Call): JsonObject {
  const { query } = call;
  const view = {
    withTags: query.flag("withTags"),
    withOthersTags: query.flag("withUserAndGroupTags"),
  };
  return pageOf(call, conversationRows(call), ({ conversation, viewer }) =>
    shownConversation(call, conversation, viewer, view),
  );
}

/** `GET /conversations/{conversationId}`; the collection's form has no acting user but a type. */
export function getById(call: Call): JsonObject {
  const conversation = requireById(call);
  if (call.world.dialect === "vendor") return single(call, conversation);
  const type = call.query.text("conversationType");
  if (type === undefined) {
    throw invalidAttribute("conversationType", "The conversationType is required.");
  }
  if (type !== conversation.conversationType) throw notAccessible(conversation.conversationId);
  return { data: shownConversation(call, conversation, call.actor, { withTags: false }) };
}

/** `DELETE /conversations/{conversationId}`: for all its users (documented). */
export function removeById(call: Call): JsonObject {
  const { conversationId } = requireById(call);
  removeConversation(call.state, conversationId);
  return ack(`Conversation ${conversationId} has been deleted successfully.`);
}

/** `GET /users/{uid}/conversation` and `GET /groups/{guid}/conversation` */
export function getOwn(call: Call): JsonObject {
  return single(call, requireOwn(call));
}

/** `PUT /users/{uid}/conversation` and `PUT /groups/{guid}/conversation` */
export function tagOwn(call: Call): JsonObject {
  check(call.body, { tags });
  const conversation = requireOwn(call);
  markOf(conversation, actorOf(call)).tags = textsOf(call.body, "tags") ?? [];
  return single(call, conversation);
}

/** `DELETE /users/{uid}/conversation` and `DELETE /groups/{guid}/conversation`: for the acting user. */
export function resetOwn(call: Call): JsonObject {
  check(call.body, { conversationWith: text(100), deleteMessagesPermanently: flag });
  const conversation = requireOwn(call, textOf(call.body, "conversationWith")?.toLowerCase());
  if (call.body["deleteMessagesPermanently"] === true) {
    for (const id of conversation.messageIds) {
      const message = call.state.messages.get(id);
      if (message !== undefined) removeMessage(call.state, message);
    }
  }
  markOf(conversation, actorOf(call)).resetUpTo = call.state.made.messages;
  return ack(`Conversation ${conversation.conversationId} has been reset successfully.`);
}

/** `POST …/conversation/delivered` */
export function markDelivered(call: Call): JsonObject {
  return moveMark(call, "deliveredUpTo", lastOrNamed, "delivered");
}

/** `POST …/conversation/read` */
export function markRead(call: Call): JsonObject {
  return moveMark(call, "readUpTo", lastOrNamed, "read");
}

/** `DELETE …/conversation/read`: from the named message on, else all of it. */
export function markUnread(call: Call): JsonObject {
  return moveMark(call, "readUpTo", (_, named) => Math.max(0, (named ?? 1) - 1), "unread");
}

function lastOrNamed(conversation: StoredConversation, named: number | undefined): number {
  return named ?? conversation.messageIds.at(-1) ?? 0;
}

function moveMark(
  call: Call,
  name: keyof Pick<ConversationMark, "readUpTo" | "deliveredUpTo">,
  target: (conversation: StoredConversation, named: number | undefined) => number,
  verb: string,
): JsonObject {
  check(call.body, { messageId: wholeNumber });
  const { messageId } = call.body;
  const conversation = requireOwn(call);
  const named = messageId === undefined ? undefined : Number(messageId);
  if (named !== undefined && !conversation.messageIds.includes(named)) {
    throw notFound("ERR_MESSAGE_ID_NOT_FOUND", `The message with id ${named} does not exist.`);
  }
  markOf(conversation, actorOf(call))[name] = target(conversation, named);
  // Documented by example: the key differs between users and groups.
  const key = conversation.conversationType === "user" ? "Message" : "message";
  return { data: { success: true, [key]: `Conversation has been marked as ${verb}.` } };
}

function single(call: Call, conversation: StoredConversation): JsonObject {
  // Documented by example: one conversation comes as a list of one.
  return { data: [shownConversation(call, conversation, call.actor, { withTags: true })] };
}

// The route table lets no call without an acting user through to where this is used.
function actorOf(call: Call): string {
  return call.actor ?? systemUid;
}

function requireOwn(call: Call, withUid?: string): StoredConversation {
  if (param(call, "guid") !== "") {
    const group = requireGroup(call);
    actingMembership(call, group);
    return requireConversation(call, groupConversationId(group.guid));
  }
  const { uid } = requireUser(call.state, idParam(call, "uid"));
  return requireConversation(call, userConversationId(uid, withUid ?? actorOf(call)));
}

function requireById(call: Call): StoredConversation {
  const conversation = requireConversation(call, param(call, "conversationId"));
  if (call.actor !== undefined && !isPartOf(call, conversation, call.actor)) {
    throw notAccessible(conversation.conversationId);
  }
  return conversation;
}

function isPartOf(call: Call, conversation: StoredConversation, uid: string): boolean {
  return conversation.conversationType === "user"
    ? conversation.users.includes(uid)
    : call.state.groups.get(conversation.guid)?.members.has(uid) === true;
}

function requireConversation(call: Call, conversationId: string): StoredConversation {
  const conversation = call.state.conversations.get(conversationId);
  if (conversation === undefined) throw notAccessible(conversationId);
  return conversation;
}

function notAccessible(conversationId: string): Error {
  // Documented: this also is the answer before the first message.
  return notFound(
    "ERR_CONVERSATION_NOT_ACCESSIBLE",
    `The conversation ${conversationId} is not accessible.`,
  );
}
