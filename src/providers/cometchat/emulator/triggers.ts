// Documented ids, and a few that were only seen in use.
const triggers: ReadonlySet<string> = new Set([
  ...["message_sent", "message_edited", "message_deleted"],
  ...["message_delivery_receipt", "message_read_receipt"],
  ...["message_delivered_to_all", "message_read_by_all"],
  ...["message_reaction_added", "message_reaction_removed"],
  ...["message_pinned", "message_unpinned", "conversation_pinned", "conversation_unpinned"],
  ...["user_mentioned", "user_blocked", "user_unblocked", "user_connection_status_changed"],
  ...["group_created", "group_updated", "group_deleted", "group_owner_transferred"],
  ...["group_member_added", "group_member_removed", "group_member_joined", "group_member_left"],
  ...["group_member_kicked", "group_member_banned", "group_member_unbanned"],
  "group_member_scope_changed",
  ...["call_initiated", "call_started", "call_ended", "call_participant_joined"],
  ...["call_participant_left", "call_busy", "call_cancelled", "call_rejected", "call_unanswered"],
  ...["meeting_started", "meeting_ended", "meeting_participant_joined"],
  ...["meeting_participant_left", "recording_generated", "transcription_generated"],
  ...["after_campaign_completed", "after_campaign_failed", "after_notification_created"],
  ...["after_feed_item_sent", "after_feed_item_delivered", "after_feed_item_read"],
  ...["after_feed_item_interacted", "after_push_notification_sent"],
  ...["after_push_notification_delivered", "after_push_notification_clicked"],
  ...["moderation_engine_approved", "moderation_engine_blocked", "moderation_engine_failed"],
  "moderation_manual_approved",
]);

const legacyTriggers: ReadonlySet<string> = new Set([
  "before_message",
  "after_message",
  "message_delivery_receipt",
  "message_read_receipt",
  "user_connection_status_change",
  "after_connection_status_changed",
]);

/** Whether a trigger can be set on a webhook of the current or the older system. */
export function isTrigger(id: string, legacy: boolean): boolean {
  return (legacy ? legacyTriggers : triggers).has(id);
}

/** A trigger's description as the list of triggers has it. */
export function triggerDescription(id: string): string {
  return `Fires on ${id.replaceAll("_", " ")}.`;
}
