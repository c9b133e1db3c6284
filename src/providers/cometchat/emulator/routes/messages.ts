import { post, removeMessage } from "../chat.ts";
import { actingMembership } from "../groups.ts";
import { isJsonObject, type JsonObject, textOf, textsOf } from "../json.ts";
import { messageRules, requireContent, requireKind } from "../message-rules.ts";
import { shownMessage } from "../message-view.ts";
import { ApiRefusal, invalidAttribute, notFound, refused } from "../refusal.ts";
import { ack, type Call, param } from "../route.ts";
import { check, flag } from "../rules.ts";
import { type ReceiverType, type StoredMessage, systemUid } from "../state.ts";
import { activeUser, requireUser } from "../user-lifecycle.ts";

interface Receiver {
  readonly type: ReceiverType;
  readonly id: string;
}

/** `POST /messages`; with several receivers, the reply is the first one's message. */
export function sendMessage(call: Call): JsonObject {
  const { body, world } = call;
  check(body, messageRules);
  const sender = senderOf(call);
  const parent = world.dialect === "collection" ? namedParent(call) : undefined;
  const receivers = receiversOf(call);
  for (const receiver of receivers) requireReceiver(call, receiver, sender);
  const sent = receivers.map((receiver) => send(call, sender, receiver, parent));
  const [first] = sent;
  if (first === undefined) throw refused("ERR_EMPTY_RECEIVER", "A receiver is required.");
  return { data: shownMessage(call, first, true) };
}

/** `POST /messages/{id}/thread`: a reply goes where its parent went. */
export function sendReply(call: Call): JsonObject {
  check(call.body, messageRules);
  const parent = requireMessage(call);
  requireThreadable(parent);
  const sender = senderOf(call);
  const receiver = { type: parent.receiverType, id: threadReceiver(parent, sender) };
  const named = textOf(call.body, "receiver")?.toLowerCase();
  if (named !== undefined && named !== receiver.id) {
    throw refused("ERR_WRONG_MESSAGE_THREAD", "The thread belongs to another conversation.");
  }
  requireReceiver(call, receiver, sender);
  return { data: shownMessage(call, send(call, sender, receiver, parent), true) };
}

/** `GET /messages/{id}` */
export function getMessage(call: Call): JsonObject {
  return { data: shownMessage(call, requireMessage(call), true) };
}

/** `PUT /messages/{id}`: the vendor answers with an action that holds the edited message. */
export function updateMessage(call: Call): JsonObject {
  check(call.body, messageRules);
  const message = requireChangeable(call);
  const { body, now } = call;
  const content = isJsonObject(body["data"]) ? body["data"] : {};
  message.data = { ...message.data, ...content };
  const tags = textsOf(body, "tags");
  if (tags !== undefined) message.tags = tags;
  message.editedAt = now;
  message.editedBy = call.actor ?? systemUid;
  message.updatedAt = now;
  return call.world.dialect === "collection"
    ? { data: shownMessage(call, message, true) }
    : { data: shownMessage(call, postAction(call, "edited", message)) };
}

/** `DELETE /messages/{id}`: the row stays unless the deletion is permanent (documented). */
export function deleteMessage(call: Call): JsonObject {
  check(call.body, { permanent: flag });
  const isPermanent = call.body["permanent"] === true;
  const message = requireChangeable(call, isPermanent);
  message.deletedAt = call.now;
  message.deletedBy = call.actor ?? systemUid;
  message.updatedAt = call.now;
  const data =
    call.world.dialect === "vendor"
      ? shownMessage(call, postAction(call, "deleted", message))
      : undefined;
  if (isPermanent) removeMessage(call.state, message);
  return data === undefined
    ? ack(`The message with id ${message.id} has been deleted successfully.`)
    : { data };
}

/**
 * The message a path names.
 *
 * @throws ApiRefusal if there is none.
 */
export function requireMessage(call: Call): StoredMessage {
  return messageWithId(call, param(call, "id"));
}

function messageWithId(call: Call, id: string): StoredMessage {
  const message = /^\d{1,15}$/.test(id) ? call.state.messages.get(Number(id)) : undefined;
  if (message === undefined) {
    throw notFound("ERR_MESSAGE_ID_NOT_FOUND", `The message with id ${id} does not exist.`);
  }
  return message;
}

// Documented: without the header the app itself is the sender. A body attribute counts in the
// collection's form only.
function senderOf(call: Call): string {
  if (call.actor !== undefined) return call.actor;
  const named = textOf(call.body, "onBehalfOf")?.toLowerCase();
  if (call.world.dialect === "vendor" || named === undefined) return systemUid;
  return requireUser(call.state, named).uid;
}

function receiversOf(call: Call): Receiver[] {
  const several = call.body["multipleReceivers"];
  if (isJsonObject(several)) {
    const uids = textsOf(several, "uids") ?? [];
    const guids = textsOf(several, "guids") ?? [];
    return [
      ...uids.map((uid): Receiver => ({ type: "user", id: uid.toLowerCase() })),
      ...guids.map((guid): Receiver => ({ type: "group", id: guid.toLowerCase() })),
    ];
  }
  const id = textOf(call.body, "receiver")?.toLowerCase() ?? "";
  const type = textOf(call.body, "receiverType");
  if (id === "") throw refused("ERR_EMPTY_RECEIVER", "A receiver is required.");
  if (type !== "user" && type !== "group") {
    throw refused("ERR_INVALID_RECEIVER_TYPE", "The receiverType must be user or group.");
  }
  return [{ type, id }];
}

function requireReceiver(call: Call, receiver: Receiver, sender: string): void {
  const { state } = call;
  if (receiver.type === "user") {
    if (activeUser(state, receiver.id) === undefined) {
      throw invalidAttribute("receiver", `The user with UID ${receiver.id} does not exist.`);
    }
    return;
  }
  const group = state.groups.get(receiver.id);
  if (group === undefined) {
    throw invalidAttribute("receiver", `The group with GUID ${receiver.id} does not exist.`);
  }
  if (sender !== systemUid) actingMembership({ ...call, actor: sender }, group);
}

function send(
  call: Call,
  sender: string,
  receiver: Receiver,
  parent: StoredMessage | undefined,
): StoredMessage {
  const { body, state, now } = call;
  const kind = requireKind(body);
  return post(
    state,
    {
      sender,
      receiver: receiver.id,
      receiverType: receiver.type,
      ...kind,
      data: requireContent(body, kind),
      muid: textOf(body, "muid"),
      parentId: parent?.id,
      tags: textsOf(body, "tags"),
    },
    now,
  );
}

function namedParent(call: Call): StoredMessage | undefined {
  const id = call.body["parentMessageId"];
  if (id === undefined) return undefined;
  const parent = messageWithId(call, String(id));
  requireThreadable(parent);
  return parent;
}

function requireThreadable(parent: StoredMessage): void {
  if (parent.parentId !== undefined) {
    throw refused("ERR_MESSAGE_THREAD_NESTING", "A reply cannot have replies.");
  }
}

function threadReceiver(parent: StoredMessage, sender: string): string {
  if (parent.receiverType === "group" || parent.receiver !== sender) return parent.receiver;
  return parent.sender;
}

function requireChangeable(call: Call, alsoDeleted = false): StoredMessage {
  const message = requireMessage(call);
  if (message.deletedAt !== undefined && !alsoDeleted) {
    throw notFound("ERR_MESSAGE_ID_NOT_FOUND", `The message ${message.id} has been deleted.`);
  }
  if (message.category === "action") {
    throw refused("ERR_MESSAGE_ACTION_NOT_ALLOWED", "Action messages cannot be changed.");
  }
  if (call.actor !== undefined && call.actor !== message.sender) {
    throw new ApiRefusal(403, "ERR_MESSAGE_NOT_A_SENDER", "Only the sender may do this.");
  }
  return message;
}

function postAction(call: Call, action: string, message: StoredMessage): StoredMessage {
  return post(
    call.state,
    {
      sender: message.sender,
      receiver: message.receiver,
      receiverType: message.receiverType,
      category: "action",
      type: "message",
      data: { action, onMessage: message.id },
    },
    call.now,
  );
}
