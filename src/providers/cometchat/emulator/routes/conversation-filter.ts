import { otherSide, othersTags, unreadCount } from "../conversation-view.ts";
import type { Call } from "../route.ts";
import type { StoredConversation } from "../state.ts";
import { activeUser } from "../user-lifecycle.ts";

/** A conversation as one of its users has it; in the collection's form as nobody in particular. */
export interface ConversationRow {
  readonly conversation: StoredConversation;
  readonly viewer: string | undefined;
}

/** The conversations that a list call selects, in its order. */
export function conversationRows(call: Call): ConversationRow[] {
  const { actor, world, state } = call;
  const conversations = [...state.conversations.values()].filter(typeFilter(call));
  const rows = conversations
    .flatMap((conversation): ConversationRow[] =>
      actor === undefined && world.dialect === "collection"
        ? [{ conversation, viewer: undefined }]
        : viewersOf(call, conversation).map((viewer) => ({ conversation, viewer })),
    )
    .filter(rowFilter(call));
  return rows.sort(byViewerAndTime);
}

function typeFilter(call: Call): (conversation: StoredConversation) => boolean {
  const type = call.query.text("conversationType");
  return ({ conversationType }) => type === undefined || conversationType === type;
}

function viewersOf(call: Call, conversation: StoredConversation): string[] {
  const { actor, state } = call;
  const uids =
    conversation.conversationType === "user"
      ? conversation.users.filter((uid) => activeUser(state, uid) !== undefined)
      : [...(state.groups.get(conversation.guid)?.members.keys() ?? [])];
  return actor === undefined ? uids : uids.filter((uid) => uid === actor);
}

function rowFilter(call: Call): (row: ConversationRow) => boolean {
  const { query, state, world } = call;
  if (world.dialect === "collection") return () => true;
  const key = query.text("searchKey")?.toLowerCase() ?? "";
  const tags = query.list("tags");
  const userTags = query.list("userTags");
  const groupTags = query.list("groupTags");
  const onlyUnread = query.flag("unread");

  const hasOthersTag = (conversation: StoredConversation, viewer: string): boolean => {
    const wanted = conversation.conversationType === "user" ? userTags : groupTags;
    return overlaps(wanted, othersTags(state, conversation, viewer));
  };

  return ({ conversation, viewer }) =>
    viewer !== undefined &&
    otherSide(conversation, viewer).startsWith(key) &&
    overlaps(tags, conversation.marks.get(viewer)?.tags ?? []) &&
    hasOthersTag(conversation, viewer) &&
    (!onlyUnread || unreadCount(state, conversation, viewer) > 0);
}

function overlaps(wanted: readonly string[], live: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((tag) => live.includes(tag));
}

// Documented: by uid, then by time, where the app itself asks.
function byViewerAndTime(a: ConversationRow, b: ConversationRow): number {
  if (a.viewer !== b.viewer) return (a.viewer ?? "") < (b.viewer ?? "") ? -1 : 1;
  return b.conversation.updatedAt - a.conversation.updatedAt;
}
