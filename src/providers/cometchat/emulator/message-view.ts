import type { Json, JsonObject } from "./json.ts";
import { withoutEmpties } from "./json.ts";
import type { Call, Dialect } from "./route.ts";
import { type State, type StoredMessage, type StoredReaction, systemUid } from "./state.ts";
import { shownSystemUser, shownUser } from "./user-view.ts";

/** A message id as replies spell it: digits in a text (documented), a number in the collection. */
export function shownMessageId(dialect: Dialect, id: number): Json {
  return dialect === "vendor" ? String(id) : id;
}

/** A message as replies show it. */
export function shownMessage(call: Call, message: StoredMessage, withTags = false): JsonObject {
  const { dialect } = call.world;
  const { parentId } = message;
  return {
    id: shownMessageId(dialect, message.id),
    ...withoutEmpties({
      muid: message.muid,
      parentId: parentId === undefined ? undefined : shownMessageId(dialect, parentId),
      conversationId: message.conversationId,
      sender: message.sender,
      receiver: message.receiver,
      receiverType: message.receiverType,
      category: message.category,
      type: message.type,
      tags: withTags ? message.tags : undefined,
    }),
    data: shownMessageContent(call, message),
    sentAt: message.sentAt,
    updatedAt: message.updatedAt,
    ...withoutEmpties({
      editedAt: message.editedAt,
      editedBy: message.editedBy,
      deletedAt: message.deletedAt,
      deletedBy: message.deletedBy,
    }),
  };
}

/** A user as messages and conversations embed it, also one that is gone. */
export function shownUserEntity(state: State, uid: string): JsonObject {
  if (uid === systemUid) return shownSystemUser;
  const user = state.users.get(uid);
  return user === undefined ? { uid } : shownUser(user);
}

/** A group as messages and conversations embed it. */
export function shownGroupEntity(state: State, guid: string): JsonObject {
  const group = state.groups.get(guid);
  if (group === undefined) return { guid };
  return withoutEmpties({
    guid,
    name: group.name,
    type: group.type,
    icon: group.icon,
    owner: group.owner,
    membersCount: group.members.size,
  });
}

/** The reactions to a message, counted, as one user sees them. */
export function shownReactions(
  reactions: readonly StoredReaction[],
  viewer: string | undefined,
): JsonObject[] {
  const byReaction = new Map<string, StoredReaction[]>();
  for (const reaction of reactions) {
    byReaction.set(reaction.reaction, [...(byReaction.get(reaction.reaction) ?? []), reaction]);
  }
  return [...byReaction].map(([reaction, given]) => ({
    reaction,
    count: given.length,
    reactedByMe: viewer !== undefined && given.some(({ uid }) => uid === viewer),
  }));
}

function shownMessageContent(call: Call, message: StoredMessage): JsonObject {
  const { state } = call;
  if (message.category === "action") return shownAction(call, message);
  const entities: JsonObject = {
    sender: { entityType: "user", entity: shownUserEntity(state, message.sender) },
    receiver: shownReceiver(state, message),
  };
  const reactions = message.reactions ?? [];
  const content = message.deletedAt === undefined ? message.data : {};
  return reactions.length === 0
    ? { ...content, entities }
    : { ...content, entities, reactions: shownReactions(reactions, call.actor) };
}

function shownAction(call: Call, message: StoredMessage): JsonObject {
  const { state } = call;
  const { action, on, onMessage } = message.data;
  const target = typeof onMessage === "number" ? state.messages.get(onMessage) : undefined;
  const entities: JsonObject = {
    by: { entityType: "user", entity: shownUserEntity(state, message.sender) },
    for: shownReceiver(state, message),
  };
  if (target !== undefined) {
    entities["on"] = { entityType: "message", entity: shownMessage(call, target, true) };
  } else if (typeof on === "string") {
    entities["on"] = { entityType: "user", entity: shownUserEntity(state, on) };
  }
  return { action: action ?? "", entities };
}

function shownReceiver(state: State, message: StoredMessage): JsonObject {
  return message.receiverType === "user"
    ? { entityType: "user", entity: shownUserEntity(state, message.receiver) }
    : { entityType: "group", entity: shownGroupEntity(state, message.receiver) };
}
