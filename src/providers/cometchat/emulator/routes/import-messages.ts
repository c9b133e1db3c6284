import { post } from "../chat.ts";
import { importRows, type RowForm, time, timeOf } from "../import-rows.ts";
import { isJsonObject, type JsonObject, textOf, textsOf } from "../json.ts";
import { messageRules, requireContent, requireKind } from "../message-rules.ts";
import { shownMessage } from "../message-view.ts";
import { ApiRefusal, HalfwayRefusal, invalidAttribute, refused } from "../refusal.ts";
import type { Call } from "../route.ts";
import { check, oneOf, type Rules, text } from "../rules.ts";
import type { ReceiverType } from "../state.ts";
import { activeUser, requireUser } from "../user-lifecycle.ts";
import { ensureGroup } from "./import-groups.ts";
import { ensureUser } from "./import-users.ts";

const form: RowForm = {
  name: "messages",
  id: "muid",
  formatCode: "ERR_IMPORT_INVALID_MESSAGE_FORMAT",
};

const rules: Rules = {
  ...messageRules,
  muid: text(100, 1),
  sender: text(100, 1),
  receiver: text(100, 1),
  receiverType: oneOf("user", "group"),
  sentAt: time,
  deliveredAt: time,
  readAt: time,
};

const required = ["muid", "sender", "receiverType", "receiver", "sentAt"];

/** `POST /data_import/messages`: ids in the order of the rows, whatever their times. */
export function importMessages(call: Call): JsonObject {
  return importRows(call, form, (row) => importMessage(call, row));
}

function importMessage(call: Call, row: JsonObject): JsonObject {
  check(row, rules, required);
  const { state } = call;
  const muid = textOf(row, "muid") ?? "";
  if (state.muids.has(muid)) {
    throw refused("ERR_IMPORT_MUID_ALREADY_EXISTS", `A message has the muid ${muid} already.`);
  }
  const kind = requireKind(row);
  const data = contentOf(row, kind);
  const sender = (textOf(row, "sender") ?? "").toLowerCase();
  ensureUser(call, row["senderUserDetails"], sender);
  ensureMentioned(call, row);
  requireUser(state, sender);
  const message = post(
    state,
    { sender, ...receiverOf(call, row), ...kind, data, muid, tags: textsOf(row, "tags") },
    timeOf(row, "sentAt") ?? call.now,
  );
  return shownMessage(call, message, true);
}

/** Seen: a text message without text breaks down the call, after the rows before it were stored. */
function contentOf(row: JsonObject, kind: ReturnType<typeof requireKind>): JsonObject {
  try {
    return requireContent(row, kind);
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code !== "ERR_EMPTY_MESSAGE_TEXT") throw error;
    throw new HalfwayRefusal(500, "ERR_EXCEPTION", "Something went wrong.");
  }
}

function receiverOf(
  call: Call,
  row: JsonObject,
): { readonly receiver: string; readonly receiverType: ReceiverType } {
  const { state } = call;
  const receiver = (textOf(row, "receiver") ?? "").toLowerCase();
  if (textOf(row, "receiverType") === "user") {
    ensureUser(call, row["receiverUserDetails"], receiver);
    if (activeUser(state, receiver) === undefined) {
      throw invalidAttribute("receiver", `The user with UID ${receiver} does not exist.`);
    }
    return { receiver, receiverType: "user" };
  }
  ensureGroup(call, groupDetails(row), receiver);
  if (!state.groups.has(receiver)) {
    throw invalidAttribute("receiver", `The group with GUID ${receiver} does not exist.`);
  }
  return { receiver, receiverType: "group" };
}

// Documented: messages have the details of the group's owner beside those of the group.
function groupDetails(row: JsonObject): JsonObject[string] | undefined {
  const details = row["receiverGroupDetails"];
  const groupOwnerDetails = row["receiverGroupOwnerDetails"];
  return isJsonObject(details) && groupOwnerDetails !== undefined
    ? { groupOwnerDetails, ...details }
    : details;
}

function ensureMentioned(call: Call, row: JsonObject): void {
  const details = row["mentionedUserDetails"];
  if (!isJsonObject(details)) return;
  for (const [uid, mentioned] of Object.entries(details)) {
    ensureUser(call, mentioned, uid.toLowerCase());
  }
}
