import { cursorPage } from "../cursor-page.ts";
import { type JsonObject, withoutEmpties } from "../json.ts";
import { shownMessage, shownUserEntity } from "../message-view.ts";
import { invalidAttribute } from "../refusal.ts";
import { ack, type Call, param } from "../route.ts";
import { type StoredMessage, type StoredReaction, systemUid } from "../state.ts";
import { requireMessage } from "./messages.ts";

const reactionCharactersMax = 45;
const reactionsMax = 25;

/** `GET /messages/{id}/reactions` and `GET /messages/{id}/reactions/{reaction}` */
export function list(call: Call): JsonObject {
  const message = requireMessage(call);
  const wanted = param(call, "reaction");
  const reactions = (message.reactions ?? []).filter(
    ({ reaction }) => wanted === "" || reaction === wanted,
  );
  return cursorPage(
    call,
    reactions,
    (reaction) => shownReaction(call, message, reaction),
    ({ reactedAt }) => reactedAt,
  );
}

/** `POST /messages/{id}/reactions/{reaction}`; the same reaction again changes nothing (inferred). */
export function add(call: Call): JsonObject {
  const message = requireMessage(call);
  const reaction = requireReaction(call);
  const uid = call.actor ?? systemUid;
  const given = message.reactions ?? [];
  if (!given.some((other) => other.uid === uid && other.reaction === reaction)) {
    const distinct = new Set([...given.map((other) => other.reaction), reaction]);
    if (distinct.size > reactionsMax) {
      throw invalidAttribute("reaction", `A message has at most ${reactionsMax} reactions.`);
    }
    call.state.made.reactions += 1;
    const id = call.state.made.reactions;
    message.reactions = [...given, { id, reaction, uid, reactedAt: call.now }];
  }
  return replyTo(call, message, "The reaction has been added successfully.");
}

/** `DELETE /messages/{id}/reactions/{reaction}`; one that is not there is no error (inferred). */
export function remove(call: Call): JsonObject {
  const message = requireMessage(call);
  const reaction = requireReaction(call);
  const uid = call.actor ?? systemUid;
  message.reactions = (message.reactions ?? []).filter(
    (other) => other.uid !== uid || other.reaction !== reaction,
  );
  return replyTo(call, message, "The reaction has been removed successfully.");
}

function requireReaction(call: Call): string {
  const reaction = param(call, "reaction");
  if ([...reaction].length > reactionCharactersMax) {
    throw invalidAttribute(
      "reaction",
      `The reaction may not be greater than ${reactionCharactersMax} characters.`,
    );
  }
  return reaction;
}

function replyTo(call: Call, message: StoredMessage, text: string): JsonObject {
  if (call.world.dialect === "collection") return ack(text);
  return { data: shownMessage(call, message, true) };
}

function shownReaction(call: Call, message: StoredMessage, reaction: StoredReaction): JsonObject {
  return withoutEmpties({
    id: String(reaction.id),
    messageId: String(message.id),
    reaction: reaction.reaction,
    uid: reaction.uid,
    reactedAt: reaction.reactedAt,
    reactedBy: shownUserEntity(call.state, reaction.uid),
  });
}
