import assert from "node:assert/strict";
import { keepMessage } from "./chat.ts";
import { isJsonObject } from "./json.ts";
import {
  addToIndex,
  type ConversationMark,
  defaultRole,
  emptyState,
  type Membership,
  type State,
  type StoredConversation,
  type StoredGroup,
  type StoredMessage,
  type StoredRole,
  type StoredToken,
  type StoredUser,
  type StoredWebhook,
  systemUid,
} from "./state.ts";

type PackedGroup = Omit<StoredGroup, "members" | "parked" | "banned"> & {
  readonly members: [string, Membership][];
  readonly parked: [string, Membership][];
  /** Missing in files from before there were bans. */
  readonly banned?: [string, Membership][];
};

type PackedWebhook = Omit<StoredWebhook, "triggers"> & { readonly triggers: string[] };

type PackedConversation = Omit<StoredConversation, "marks"> & {
  readonly marks: [string, ConversationMark][];
};

/** The state as plain data; what can be worked out from the rest is left out. */
export interface PackedState {
  readonly roles: StoredRole[];
  readonly users: StoredUser[];
  readonly groups: PackedGroup[];
  readonly webhooks: PackedWebhook[];
  readonly tokens: [string, StoredToken[]][];
  readonly messages: StoredMessage[];
  readonly conversations: PackedConversation[];
  readonly made: State["made"];
}

/** Turns the state into plain data. */
export function packState(state: State): PackedState {
  return {
    roles: [...state.roles.values()],
    users: [...state.users.values()],
    groups: [...state.groups.values()].map((group) => ({
      ...group,
      members: [...group.members],
      parked: [...group.parked],
      banned: [...group.banned],
    })),
    webhooks: [...state.webhooks.values()].map((webhook) => ({
      ...webhook,
      triggers: [...webhook.triggers],
    })),
    tokens: [...state.tokens],
    messages: [...state.messages.values()],
    conversations: [...state.conversations.values()].map((conversation) => ({
      ...conversation,
      marks: [...conversation.marks],
    })),
    made: state.made,
  };
}

/**
 * Turns plain data back into the state, indexes included.
 *
 * @throws Error if the data does not have the form of a state.
 */
export function unpackState(content: unknown): State {
  const packed = requireForm(content);
  const state = emptyState(0);
  for (const role of packed.roles) state.roles.set(role.role, role);
  for (const user of packed.users) state.users.set(user.uid, user);
  for (const group of packed.groups) addGroup(state, group);
  for (const webhook of packed.webhooks) {
    state.webhooks.set(webhook.id, { ...webhook, triggers: new Set(webhook.triggers) });
  }
  for (const [uid, tokens] of packed.tokens) state.tokens.set(uid, tokens);
  for (const message of packed.messages) keepMessage(state, message);
  for (const conversation of packed.conversations) addConversation(state, conversation);
  Object.assign(state.made, packed.made);
  return state;
}

function addGroup(state: State, packed: PackedGroup): void {
  const group = {
    ...packed,
    members: new Map(packed.members),
    parked: new Map(packed.parked),
    banned: new Map(packed.banned ?? []),
  };
  state.groups.set(group.guid, group);
  if (group.owner !== systemUid) addToIndex(state.groupsOwned, group.owner, group.guid);
  for (const uid of [...group.members.keys(), ...group.parked.keys()]) {
    addToIndex(state.groupsOfUser, uid, group.guid);
  }
  for (const uid of group.banned.keys()) addToIndex(state.groupsBarred, uid, group.guid);
}

function addConversation(state: State, packed: PackedConversation): void {
  const { conversationId } = packed;
  state.conversations.set(conversationId, { ...packed, marks: new Map(packed.marks) });
  const senders = packed.messageIds.map((id) => state.messages.get(id)?.sender ?? systemUid);
  for (const uid of new Set([...packed.users, ...senders])) {
    if (uid !== systemUid) addToIndex(state.conversationsOfUser, uid, conversationId);
  }
}

function requireForm(content: unknown): PackedState {
  assert(isJsonObject(content), "no state");
  const { roles, users, groups, webhooks, tokens, messages, conversations, made } = content;
  requireRows(roles, "role", ["name", "createdAt", "metadata"]);
  requireRows(users, "uid", ["name", "role", "createdAt", "metadata", "tags"]);
  requireRows(groups, "guid", ["name", "type", "owner", "members", "parked", "metadata"]);
  requireRows(webhooks, "id", ["url", "triggers", "createdAt"]);
  requireRows(messages, "id", ["conversationId", "sender", "data"]);
  requireRows(conversations, "conversationId", ["users", "messageIds", "marks"]);
  assert(Array.isArray(tokens) && tokens.every(Array.isArray), "tokens");
  assert(isJsonObject(made) && typeof made["messages"] === "number", "made");
  const isDefault = (role: unknown): boolean => isJsonObject(role) && role["role"] === defaultRole;
  assert(Array.isArray(roles) && roles.some(isDefault), "no default role");
  // The form was checked above as far as the emulator could stumble over it.
  return content as unknown as PackedState;
}

function requireRows(rows: unknown, id: string, names: readonly string[]): void {
  assert(Array.isArray(rows), `no list of rows with ${id}`);
  for (const row of rows) {
    assert(isJsonObject(row) && row[id] !== undefined, `a row without ${id}`);
    for (const name of names) assert(row[name] !== undefined, `a row without ${name}`);
  }
}
