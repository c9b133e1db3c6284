import { groupConversationId } from "./chat.ts";
import { type JsonObject, shownMetadata, withoutEmpties } from "./json.ts";
import type { StoredGroup } from "./state.ts";

/** Which of a group's attributes a reply shows, and to whom. */
export interface GroupView {
  readonly withTags: boolean;
  readonly viewer: string | undefined;
}

/** A group as replies show it; the password never (it is absent from every published example). */
export function shownGroup(group: StoredGroup, view: GroupView): JsonObject {
  const shown = withoutEmpties({
    guid: group.guid,
    name: group.name,
    type: group.type,
    icon: group.icon,
    description: group.description,
    metadata: shownMetadata(group.metadata),
    tags: view.withTags ? group.tags : undefined,
    owner: group.owner,
  });
  shown["membersCount"] = group.members.size;
  shown["onlineMembersCount"] = 0;
  shown["conversationId"] = groupConversationId(group.guid);
  shown["createdAt"] = group.createdAt;
  shown["updatedAt"] = group.updatedAt;
  const member = view.viewer === undefined ? undefined : group.members.get(view.viewer);
  shown["hasJoined"] = member !== undefined;
  if (member !== undefined) {
    shown["scope"] = member.scope;
    shown["joinedAt"] = member.joinedAt;
  }
  return shown;
}
