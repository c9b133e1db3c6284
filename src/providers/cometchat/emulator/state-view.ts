import type { Json, JsonObject } from "./json.ts";
import type { Dialect } from "./route.ts";
import type { State, StoredConversation, StoredGroup } from "./state.ts";

const redacted = "***";

/** The whole state as data for tests and people: no passwords or tokens, `@private` unreadable. */
export function stateView(state: State, dialect: Dialect): JsonObject {
  return {
    dialect,
    roles: [...state.roles.values()].map((role) => ({ ...role, metadata: masked(role.metadata) })),
    users: [...state.users.values()].map((user) => ({ ...user, metadata: masked(user.metadata) })),
    groups: [...state.groups.values()].map(groupView),
    webhooks: [...state.webhooks.values()].map((webhook) => ({
      ...webhook,
      triggers: [...webhook.triggers],
    })),
    tokens: Object.fromEntries([...state.tokens].map(([uid, tokens]) => [uid, tokens.length])),
    messages: [...state.messages.values()].map((message) => ({ ...message }) as unknown as Json),
    conversations: [...state.conversations.values()].map(conversationView),
    made: { ...state.made },
  };
}

function groupView(group: StoredGroup): JsonObject {
  return {
    ...group,
    metadata: masked(group.metadata),
    members: membersView(group.members),
    parked: membersView(group.parked),
    banned: membersView(group.banned),
  };
}

function membersView(members: StoredGroup["members"]): JsonObject[] {
  return [...members].map(([uid, { scope, joinedAt }]) => ({ uid, scope, joinedAt }));
}

function conversationView(conversation: StoredConversation): JsonObject {
  return {
    ...conversation,
    users: [...conversation.users],
    marks: [...conversation.marks].map(([uid, mark]) => ({ uid, ...mark })),
  };
}

function masked(metadata: JsonObject): JsonObject {
  return Object.hasOwn(metadata, "@private") ? { ...metadata, "@private": redacted } : metadata;
}
