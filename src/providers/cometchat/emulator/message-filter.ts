import { textOf } from "./json.ts";
import type { Call } from "./route.ts";
import type { State, StoredMessage } from "./state.ts";

type Test = (message: StoredMessage) => boolean;

const urlPattern = /https?:\/\//i;

// What each parameter of a message list asks for; a filter is in force when its parameter is there.
const byText: Readonly<Record<string, (value: string) => Test>> = {
  searchKey: (value) => (message) =>
    contentText(message).toLowerCase().includes(value.toLowerCase()),
  receiverType: (value) => (message) => message.receiverType === value,
  category: (value) => (message) => message.category === value,
  type: (value) => (message) => message.type === value,
  sender: (value) => (message) => message.sender === value.toLowerCase(),
  conversationId: (value) => (message) => message.conversationId === value,
  fromTimestamp: (value) => (message) => message.sentAt >= Number(value),
};

const byList: Readonly<Record<string, (values: readonly string[]) => Test>> = {
  categories: (values) => (message) => values.includes(message.category),
  types: (values) => (message) => values.includes(message.type),
  tags: (values) => (message) => (message.tags ?? []).some((tag) => values.includes(tag)),
  attachmentTypes: (values) => (message) => values.includes(message.type),
  mentionedUids: (values) => (message) => values.some((uid) => mentions(message, uid)),
};

const byFlag: Readonly<Record<string, Test>> = {
  hideDeleted: (message) => message.deletedAt === undefined,
  onlyDeleted: (message) => message.deletedAt !== undefined,
  hideReplies: (message) => message.parentId === undefined,
  hasAttachments: (message) => Array.isArray(message.data["attachments"]),
  hasLinks: (message) => urlPattern.test(contentText(message)),
  hasMentions: (message) => contentText(message).includes("<@uid:"),
  hasReactions: (message) => (message.reactions ?? []).length > 0,
};

/** The filter that a message list call asks for. */
export function messageFilter(call: Call): Test {
  const { query } = call;
  const tests: Test[] = [];
  for (const [name, toTest] of Object.entries(byText)) {
    const value = query.text(name);
    if (value !== undefined && value !== "") tests.push(toTest(value));
  }
  for (const [name, toTest] of Object.entries(byList)) {
    const values = query.list(name);
    if (values.length > 0) tests.push(toTest(values));
  }
  for (const [name, test] of Object.entries(byFlag)) {
    if (query.flag(name)) tests.push(test);
  }
  // Documented: toTimestamp means nothing without fromTimestamp.
  const until = query.text("toTimestamp");
  if (until !== undefined && query.text("fromTimestamp") !== undefined) {
    tests.push((message) => message.sentAt <= Number(until));
  }
  return allOf([...tests, ...actorTests(call)]);
}

function actorTests(call: Call): Test[] {
  const { actor, query, state } = call;
  if (actor === undefined) return [];
  const tests: Test[] = [(message) => isVisible(state, message, actor)];
  if (query.flag("unread")) tests.push(isBeyond(state, actor, "readUpTo"));
  if (query.flag("undelivered")) tests.push(isBeyond(state, actor, "deliveredUpTo"));
  if (query.flag("myMentionsOnly")) tests.push((message) => mentions(message, actor));
  return tests;
}

function isVisible(state: State, message: StoredMessage, actor: string): boolean {
  const mark = state.conversations.get(message.conversationId)?.marks.get(actor);
  if (message.id <= (mark?.resetUpTo ?? 0)) return false;
  if (message.receiverType === "user") {
    return message.sender === actor || message.receiver === actor;
  }
  return state.groups.get(message.receiver)?.members.has(actor) === true;
}

function isBeyond(state: State, actor: string, mark: "readUpTo" | "deliveredUpTo"): Test {
  return (message) => {
    const marks = state.conversations.get(message.conversationId)?.marks.get(actor);
    return message.sender !== actor && message.id > (marks?.[mark] ?? 0);
  };
}

function allOf(tests: readonly Test[]): Test {
  return (message) => tests.every((test) => test(message));
}

function contentText(message: StoredMessage): string {
  return textOf(message.data, "text") ?? "";
}

function mentions(message: StoredMessage, uid: string): boolean {
  return contentText(message).includes(`<@uid:${uid}>`);
}
