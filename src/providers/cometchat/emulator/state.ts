import { createIdIndex, type IdIndex } from "./id-index.ts";
import type { JsonObject } from "./json.ts";

/** What a member may do in a group. */
export type Scope = "admin" | "moderator" | "participant";

/** Who can see and join a group. */
export type GroupType = "public" | "private" | "password";

/** What is on the other side of a message. */
export type ReceiverType = "user" | "group";

// Throughout: an empty text, array or object means "not set"; times are unix seconds, 0 for never.

/** A role, as kept. */
export interface StoredRole {
  readonly role: string;
  name: string;
  description: string;
  metadata: JsonObject;
  settings: JsonObject;
  permissions: string[];
  readonly createdAt: number;
  updatedAt: number;
}

/** A user, as kept. */
export interface StoredUser {
  readonly uid: string;
  name: string;
  avatar: string;
  link: string;
  role: string;
  statusMessage: string;
  metadata: JsonObject;
  tags: string[];
  readonly createdAt: number;
  updatedAt: number;
  deactivatedAt: number;
  /** Only where an import said so: presence is not emulated. */
  readonly lastActiveAt?: number;
}

/** One member of one group, as kept. */
export interface Membership {
  scope: Scope;
  readonly joinedAt: number;
}

/** A group, as kept. */
export interface StoredGroup {
  readonly guid: string;
  name: string;
  type: GroupType;
  /** The password itself is of no use here, so it is not kept. */
  hasPassword: boolean;
  icon: string;
  description: string;
  metadata: JsonObject;
  tags: string[];
  owner: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly members: Map<string, Membership>;
  /** Memberships of deactivated users, which reactivation restores (documented). */
  readonly parked: Map<string, Membership>;
  /** The memberships that bans ended: who is here is no member, and cannot be added (documented). */
  readonly banned: Map<string, Membership>;
}

/** A webhook, as kept; `legacy` ones belong to calls without a version header. */
export interface StoredWebhook {
  readonly id: string;
  name: string;
  url: string;
  method: string;
  enabled: boolean;
  retryOnFailure: boolean;
  /** Kept only to be shown again; nothing is ever delivered. */
  authType: "basic" | "none" | "";
  username: string;
  hasPassword: boolean;
  readonly legacy: boolean;
  readonly triggers: Set<string>;
  readonly createdAt: number;
  updatedAt: number;
}

/** An auth token, as kept. */
export interface StoredToken {
  readonly authToken: string;
  readonly createdAt: number;
  platform: string;
  userAgent: string;
  appInfo: JsonObject;
}

/** A reaction to a message, as kept. */
export interface StoredReaction {
  readonly id: number;
  readonly reaction: string;
  readonly uid: string;
  readonly reactedAt: number;
}

/** A message, as kept. */
export interface StoredMessage {
  readonly id: number;
  readonly conversationId: string;
  readonly sender: string;
  readonly receiver: string;
  readonly receiverType: ReceiverType;
  readonly category: string;
  readonly type: string;
  data: JsonObject;
  readonly sentAt: number;
  updatedAt: number;
  readonly muid?: string;
  readonly parentId?: number;
  tags?: string[];
  editedAt?: number;
  editedBy?: string;
  deletedAt?: number;
  deletedBy?: string;
  reactions?: StoredReaction[];
}

/** What one user did to a conversation: message ids up to which, and tags. */
export interface ConversationMark {
  readUpTo: number;
  deliveredUpTo: number;
  resetUpTo: number;
  tags: string[];
}

/** A conversation, as kept; it comes into being with its first message (documented). */
export interface StoredConversation {
  readonly conversationId: string;
  readonly conversationType: ReceiverType;
  /** The two users, or nobody for a group. */
  readonly users: readonly string[];
  readonly guid: string;
  readonly createdAt: number;
  updatedAt: number;
  messageIds: number[];
  readonly marks: Map<string, ConversationMark>;
}

/** Everything one app has, in order of creation. */
export interface State {
  readonly roles: Map<string, StoredRole>;
  readonly users: Map<string, StoredUser>;
  readonly groups: Map<string, StoredGroup>;
  readonly webhooks: Map<string, StoredWebhook>;
  readonly tokens: Map<string, StoredToken[]>;
  readonly messages: Map<number, StoredMessage>;
  readonly conversations: Map<string, StoredConversation>;
  /** How many of each have been made, also those that are gone: the next id is one more. */
  readonly made: { messages: number; webhooks: number; reactions: number };
  /**
   * Indexes: groups a user is a member of, is banned from and owns, conversations a user wrote in, and
   * how many messages have a muid.
   */
  readonly groupsOfUser: Map<string, Set<string>>;
  readonly groupsBarred: Map<string, Set<string>>;
  readonly groupsOwned: Map<string, Set<string>>;
  readonly conversationsOfUser: Map<string, Set<string>>;
  readonly muids: Map<string, number>;
  readonly uids: IdIndex;
  /** How often a user that was there was changed or removed. */
  readonly edits: { users: number };
}

/** The id of the role that every app has (documented). */
export const defaultRole = "default";

/** The uid of the user that acts where no other is named (documented by example). */
export const systemUid = "app_system";

/** The state of an app with nothing but what every app has. */
export function emptyState(now: number): State {
  const role: StoredRole = {
    role: defaultRole,
    name: "Default",
    description: "",
    metadata: {},
    settings: {},
    permissions: [],
    createdAt: now,
    updatedAt: now,
  };
  return {
    roles: new Map([[defaultRole, role]]),
    users: new Map(),
    groups: new Map(),
    webhooks: new Map(),
    tokens: new Map(),
    messages: new Map(),
    conversations: new Map(),
    made: { messages: 0, webhooks: 0, reactions: 0 },
    groupsOfUser: new Map(),
    groupsBarred: new Map(),
    groupsOwned: new Map(),
    conversationsOfUser: new Map(),
    muids: new Map(),
    uids: createIdIndex(),
    edits: { users: 0 },
  };
}

/** Adds to an index of sets. */
export function addToIndex(index: Map<string, Set<string>>, key: string, value: string): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, new Set([value]));
  else values.add(value);
}

/** Takes from an index of sets. */
export function dropFromIndex(index: Map<string, Set<string>>, key: string, value: string): void {
  const values = index.get(key);
  values?.delete(value);
  if (values?.size === 0) index.delete(key);
}
