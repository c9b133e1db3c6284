import { userConversationId } from "./chat.ts";
import { type JsonObject, shownMetadata, withoutEmpties } from "./json.ts";
import { defaultRole, type StoredUser, systemUid } from "./state.ts";

/** Which of a user's attributes a reply shows, and to whom. */
export interface UserView {
  readonly withTags?: boolean;
  readonly withMetadata?: boolean;
  readonly viewer?: string | undefined;
}

/** A user as replies show it. */
export function shownUser(user: StoredUser, view: UserView = {}): JsonObject {
  const shown = withoutEmpties({
    uid: user.uid,
    name: user.name,
    avatar: user.avatar,
    link: user.link,
    role: user.role,
    statusMessage: user.statusMessage,
    metadata: view.withMetadata === true ? shownMetadata(user.metadata) : undefined,
    tags: view.withTags === true ? user.tags : undefined,
  });
  shown["status"] = "offline";
  shown["createdAt"] = user.createdAt;
  shown["updatedAt"] = user.updatedAt;
  if (user.lastActiveAt !== undefined) shown["lastActiveAt"] = user.lastActiveAt;
  if (user.deactivatedAt !== 0) shown["deactivatedAt"] = user.deactivatedAt;
  if (view.viewer !== undefined) {
    shown["hasBlockedMe"] = false;
    shown["blockedByMe"] = false;
    shown["conversationId"] = userConversationId(view.viewer, user.uid);
  }
  return shown;
}

/** The user that stands for the app itself. */
export const shownSystemUser: JsonObject = {
  uid: systemUid,
  name: "System",
  role: defaultRole,
  status: "offline",
};
