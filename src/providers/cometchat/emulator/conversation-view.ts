import type { Json, JsonObject } from "./json.ts";
import { withoutEmpties } from "./json.ts";
import { shownGroupEntity, shownMessage, shownUserEntity } from "./message-view.ts";
import type { Call } from "./route.ts";
import { type State, type StoredConversation, systemUid } from "./state.ts";

/** A conversation as replies show it to one of its users, or to nobody in particular. */
export function shownConversation(
  call: Call,
  conversation: StoredConversation,
  viewer: string | undefined,
  view: { readonly withTags: boolean; readonly withOthersTags?: boolean },
): JsonObject {
  const { state, world } = call;
  const last = state.messages.get(conversation.messageIds.at(-1) ?? 0);
  const unread = unreadCount(state, conversation, viewer);
  return {
    conversationId: conversation.conversationId,
    conversationType: conversation.conversationType,
    // Documented by example as a text; the collection's companion has a number.
    unreadMessageCount: world.dialect === "vendor" ? String(unread) : unread,
    createdAt: conversation.createdAt,
    updatedAt: conversation.updatedAt,
    ...withoutEmpties({
      lastMessage: last === undefined ? undefined : shownMessage(call, last),
      conversationWith: shownOther(state, conversation, viewer, view.withOthersTags === true),
      tags:
        view.withTags && viewer !== undefined ? conversation.marks.get(viewer)?.tags : undefined,
    }),
  };
}

/** How many messages of others a user has not read yet. */
export function unreadCount(
  state: State,
  conversation: StoredConversation,
  viewer: string | undefined,
): number {
  if (viewer === undefined) return 0;
  const readUpTo = conversation.marks.get(viewer)?.readUpTo ?? 0;
  return conversation.messageIds.filter((id) => {
    const message = state.messages.get(id);
    return id > readUpTo && message?.category !== "action" && message?.sender !== viewer;
  }).length;
}

/** The id of the other side of a conversation, as one of its users sees it. */
export function otherSide(conversation: StoredConversation, viewer: string | undefined): string {
  if (conversation.conversationType === "group") return conversation.guid;
  return conversation.users.find((uid) => uid !== viewer) ?? viewer ?? systemUid;
}

/** The tags of the user or group on the other side. */
export function othersTags(
  state: State,
  conversation: StoredConversation,
  viewer: string,
): readonly string[] {
  const other = otherSide(conversation, viewer);
  const holder =
    conversation.conversationType === "group" ? state.groups.get(other) : state.users.get(other);
  return holder?.tags ?? [];
}

function shownOther(
  state: State,
  conversation: StoredConversation,
  viewer: string | undefined,
  withTags: boolean,
): Json | undefined {
  if (viewer === undefined) return undefined;
  const other = otherSide(conversation, viewer);
  const shown =
    conversation.conversationType === "group"
      ? shownGroupEntity(state, other)
      : shownUserEntity(state, other);
  if (!withTags) return shown;
  return { ...shown, ...withoutEmpties({ tags: [...othersTags(state, conversation, viewer)] }) };
}
