import type { JsonObject } from "./json.ts";
import {
  addToIndex,
  type ConversationMark,
  type ReceiverType,
  type State,
  type StoredConversation,
  type StoredMessage,
  systemUid,
} from "./state.ts";

/** What a new message is made from. */
export interface Draft {
  readonly sender: string;
  readonly receiver: string;
  readonly receiverType: ReceiverType;
  readonly category: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly muid?: string | undefined;
  readonly parentId?: number | undefined;
  readonly tags?: string[] | undefined;
}

/** The id of the conversation between two users: their uids in order (documented by example). */
export function userConversationId(uid: string, otherUid: string): string {
  return uid < otherUid ? `${uid}_user_${otherUid}` : `${otherUid}_user_${uid}`;
}

/** The id of the conversation in a group (documented by example). */
export function groupConversationId(guid: string): string {
  return `group_${guid}`;
}

/** Stores a message, and its conversation if it is the first one. */
export function post(state: State, draft: Draft, now: number): StoredMessage {
  const conversation = conversationFor(state, draft, now);
  state.made.messages += 1;
  const { muid, parentId, tags } = draft;
  const message: StoredMessage = {
    id: state.made.messages,
    conversationId: conversation.conversationId,
    sender: draft.sender,
    receiver: draft.receiver,
    receiverType: draft.receiverType,
    category: draft.category,
    type: draft.type,
    data: draft.data,
    sentAt: now,
    updatedAt: now,
    ...(muid === undefined ? {} : { muid }),
    ...(parentId === undefined ? {} : { parentId }),
    ...(tags === undefined ? {} : { tags }),
  };
  keepMessage(state, message);
  conversation.messageIds.push(message.id);
  // Imported messages may be older than what is there.
  conversation.updatedAt = Math.max(conversation.updatedAt, now);
  if (draft.sender !== systemUid) {
    addToIndex(state.conversationsOfUser, draft.sender, conversation.conversationId);
  }
  return message;
}

/** Puts a message where messages are kept, and nowhere else. */
export function keepMessage(state: State, message: StoredMessage): void {
  state.messages.set(message.id, message);
  const { muid } = message;
  if (muid !== undefined) state.muids.set(muid, (state.muids.get(muid) ?? 0) + 1);
}

/** What a user did to a conversation so far. */
export function markOf(conversation: StoredConversation, uid: string): ConversationMark {
  const known = conversation.marks.get(uid);
  if (known !== undefined) return known;
  const mark: ConversationMark = { readUpTo: 0, deliveredUpTo: 0, resetUpTo: 0, tags: [] };
  conversation.marks.set(uid, mark);
  return mark;
}

/** Removes a message for good. */
export function removeMessage(state: State, message: StoredMessage): void {
  dropMessage(state, message.id);
  const conversation = state.conversations.get(message.conversationId);
  if (conversation === undefined) return;
  conversation.messageIds = conversation.messageIds.filter((id) => id !== message.id);
}

/** Removes a conversation with its messages for good. */
export function removeConversation(state: State, conversationId: string): void {
  const conversation = state.conversations.get(conversationId);
  if (conversation === undefined) return;
  for (const id of conversation.messageIds) dropMessage(state, id);
  state.conversations.delete(conversationId);
}

/** Removes what a user wrote, and the conversations the user had with others. */
export function removeWritings(state: State, uid: string): void {
  for (const conversationId of state.conversationsOfUser.get(uid) ?? []) {
    const conversation = state.conversations.get(conversationId);
    if (conversation?.conversationType === "user") removeConversation(state, conversationId);
    else if (conversation !== undefined) removeWritingsIn(state, conversation, uid);
  }
  state.conversationsOfUser.delete(uid);
}

function removeWritingsIn(state: State, conversation: StoredConversation, uid: string): void {
  const isOwn = (id: number): boolean => state.messages.get(id)?.sender === uid;
  for (const id of conversation.messageIds.filter(isOwn)) dropMessage(state, id);
  conversation.messageIds = conversation.messageIds.filter((id) => state.messages.has(id));
  conversation.marks.delete(uid);
}

function dropMessage(state: State, id: number): void {
  const muid = state.messages.get(id)?.muid;
  state.messages.delete(id);
  if (muid === undefined) return;
  const left = (state.muids.get(muid) ?? 0) - 1;
  if (left > 0) state.muids.set(muid, left);
  else state.muids.delete(muid);
}

function conversationFor(state: State, draft: Draft, now: number): StoredConversation {
  const toUser = draft.receiverType === "user";
  const conversationId = toUser
    ? userConversationId(draft.sender, draft.receiver)
    : groupConversationId(draft.receiver);
  const known = state.conversations.get(conversationId);
  if (known !== undefined) return known;
  const conversation: StoredConversation = {
    conversationId,
    conversationType: draft.receiverType,
    users: toUser ? [draft.sender, draft.receiver].sort() : [],
    guid: toUser ? "" : draft.receiver,
    createdAt: now,
    updatedAt: now,
    messageIds: [],
    marks: new Map(),
  };
  state.conversations.set(conversationId, conversation);
  for (const uid of conversation.users) {
    if (uid !== systemUid) addToIndex(state.conversationsOfUser, uid, conversationId);
  }
  return conversation;
}
