import { isJsonObject, type JsonObject, textOf } from "./json.ts";
import { refused } from "./refusal.ts";
import { objectLike, type Rules, tags, text } from "./rules.ts";

/** What kind of message a body describes. */
export interface MessageKind {
  readonly category: string;
  readonly type: string;
}

/** The rules of bodies that send or edit a message; content has rules of its own. */
export const messageRules: Rules = {
  receiver: text(100),
  receiverType: text(20),
  category: text(100),
  type: text(100),
  data: objectLike,
  muid: text(100),
  multipleReceivers: objectLike,
  tags,
  onBehalfOf: text(100),
};

const mediaTypes: ReadonlySet<string> = new Set(["image", "file", "audio", "video"]);
const contentBytesMax = 10 * 1024;

/**
 * The kind of message a body describes; `message` and `text` by default (documented).
 *
 * @throws ApiRefusal for kinds that cannot be sent.
 */
export function requireKind(body: JsonObject): MessageKind {
  const category = textOf(body, "category") ?? "message";
  const type = textOf(body, "type") ?? "text";
  if (category !== "message" && category !== "custom") {
    throw refused("ERR_INVALID_MESSAGE_CATEGORY", "The category must be message or custom.");
  }
  if (type === "") throw refused("ERR_EMPTY_MESSAGE_TYPE", "The type is required.");
  if (category === "message" && type !== "text" && !mediaTypes.has(type)) {
    throw refused("ERR_INVALID_MESSAGE_TYPE", `The type ${type} is for custom messages only.`);
  }
  return { category, type };
}

/**
 * The content of a message of a kind.
 *
 * @throws ApiRefusal if it lacks what its kind needs, or is too large.
 */
export function requireContent(body: JsonObject, kind: MessageKind): JsonObject {
  const content = isJsonObject(body["data"]) ? body["data"] : {};
  if (Buffer.byteLength(JSON.stringify(content)) > contentBytesMax) {
    throw refused("ERR_INVALID_MESSAGE_DATA", `The data may not exceed ${contentBytesMax} bytes.`);
  }
  if (kind.category === "custom") {
    if (!isJsonObject(content["customData"])) {
      throw refused("ERR_EMPTY_CUSTOM_DATA", "Custom messages need data.customData.");
    }
    return content;
  }
  if (kind.type === "text" && (textOf(content, "text") ?? "").trim() === "") {
    throw refused("ERR_EMPTY_MESSAGE_TEXT", "Text messages need data.text.");
  }
  if (kind.type !== "text" && !Array.isArray(content["attachments"])) {
    throw refused("ERR_EMPTY_MESSAGE_FILE", "Media messages need data.attachments.");
  }
  return content;
}
