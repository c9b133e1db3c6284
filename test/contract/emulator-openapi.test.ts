import { expect, test } from "vitest";
import type { Dialect } from "../../src/providers/cometchat/emulator/index.ts";
import { type Send, subject } from "../support/emulator-client.ts";
import { type OpenApi, readOpenApi } from "../support/openapi.ts";

/** What a tour found: the operations it used and everything that differs from the document. */
interface Findings {
  readonly used: Set<string>;
  readonly problems: string[];
}

const notEmulated = new Set([
  ...["Friends", "Blocked users", "Blocked Users", "Banned Users"],
  ...["Restrict features", "RBAC", "API keys"],
]);

// Bots cannot be made, so there is nothing to send their messages.
const notEmulatedIds = new Set(["sendBotMessage"]);

// Published examples show a role without settings with an empty array, against the schema.
const knownInVendor = [
  "GET /roles: reply/data/0/settings must be object",
  "POST /roles: reply/data/settings must be object",
  "GET /roles/vip: reply/data/settings must be object",
  "PUT /roles/vip: reply/data/settings must be object",
];

// The companion declares no errors at all, and a text for each uid where the emulator tells success
// and failure apart.
const knownInCollection = [
  "POST /users: reply 400 is not declared",
  "GET /users/nobody: reply 404 is not declared",
  "POST /groups/g/members: reply/data/participants must be string",
];

const image = "https://example.com/i.png";
const ann = { onBehalfOf: "ann" };

/** Sends calls and holds each of them, and its reply, against the document. */
function checked(dialect: Dialect, api: OpenApi, findings: Findings): Send {
  const { send } = subject({ dialect, sample: true });
  return async (line, body, headers) => {
    const reply = await send(line, body, headers);
    const [method = "", target = ""] = line.split(" ");
    const [path = "", query = ""] = target.split("?");
    const operation = api.find(method, path);
    if (operation === undefined) {
      findings.problems.push(`${line} is not in the document`);
      return reply;
    }
    if (reply.status === 200) findings.used.add(operation.id);
    const call = { query: new URLSearchParams(query), body };
    const problems = api.problems(operation, call, reply);
    findings.problems.push(...problems.map((problem) => `${line}: ${problem}`));
    return reply;
  };
}

async function tour(
  dialect: Dialect,
  name: string,
  visit: (send: Send) => Promise<void>,
): Promise<{ unused: string[]; problems: string[] } | undefined> {
  const api = readOpenApi(name);
  if (api === undefined) return undefined;
  const findings: Findings = { used: new Set(), problems: [] };
  await visit(checked(dialect, api, findings));
  const expected = api.operations.filter(
    ({ id, form, tags }) =>
      form !== "postman" && !notEmulatedIds.has(id) && !tags.some((tag) => notEmulated.has(tag)),
  );
  const unused = expected.map(({ id }) => id).filter((id) => !findings.used.has(id));
  return { unused, problems: findings.problems };
}

async function visitPeople(send: Send, isVendor: boolean): Promise<void> {
  const metadata = { "@private": { email: "a@example.com" }, k: {} };
  await send("GET /roles");
  await send("POST /roles", { role: "vip", name: "VIP", description: "d" });
  await send("GET /roles/vip");
  await send("PUT /roles/vip", { role: "vip", name: "V" });
  const user = { uid: "ann", name: "Ann", role: "vip", avatar: image, link: image, metadata };
  await send("POST /users", { ...user, withAuthToken: true });
  await send("POST /users", { uid: "ann", name: "Ann" });
  await send("POST /users", { uid: "bob", name: "Bob" });
  await send("PUT /users/bob", { name: "Bobby" });
  await send("GET /users?page=1&perPage=2");
  await send("GET /users/ann", undefined, isVendor ? ann : {});
  await send("GET /users/nobody");
  const { data } = await send("POST /users/ann/auth_tokens", { force: true });
  const { authToken } = data as { authToken: string };
  await send("GET /users/ann/auth_tokens");
  await send(`GET /users/ann/auth_tokens/${authToken}`);
  if (isVendor) {
    const appInfo = { version: "1" };
    await send(`PUT /users/ann/auth_tokens/${authToken}`, { platform: "ios", appInfo });
  }
  await send(`DELETE /users/ann/auth_tokens/${authToken}`);
  await send("DELETE /users/ann/auth_tokens");
}

async function visitGroups(send: Send, isVendor: boolean): Promise<void> {
  const group = { guid: "g", name: "G", type: "password", password: "p", owner: "ann" };
  await send("POST /groups", { ...group, icon: image, description: "d", tags: ["x"] });
  await send("GET /groups?page=1&perPage=10&searchKey=g");
  await send("GET /groups/g");
  await send("PUT /groups/g", { name: "H", metadata: { k: 1 }, tags: [] });
  if (isVendor) await send("POST /groups/g/members", { participants: ["bob", "nobody"] });
  await send("GET /groups/g/members?page=1&perPage=1&scopes=admin");
}

async function visitMessages(send: Send): Promise<void> {
  const hello = { receiver: "bob", receiverType: "user", category: "message", type: "text" };
  await send("POST /messages", { ...hello, data: { text: "hi" }, tags: ["t"] }, ann);
  await send("POST /messages", { ...hello, data: { text: "ho" } }, ann);
}

async function visitImport(send: Send): Promise<void> {
  const user = {
    uid: "cal",
    name: "Cal",
    role: "default",
    avatar: image,
    link: image,
    tags: ["x"],
  };
  const times = { createdAt: 1_600_000_000, lastActiveAt: 1_600_000_001 };
  const users = { cal: { ...user, ...times, metadata: { k: 1 } }, ann: { uid: "ann", name: "A" } };
  await send("POST /data_import/users", { users });
  const group = { guid: "h", name: "H", type: "password", password: "p", icon: image };
  const groupOwnerDetails = { uid: "dan", name: "Dan" };
  const groups = { h: { ...group, owner: "dan", createdAt: 1_600_000_000, groupOwnerDetails } };
  await send("POST /data_import/groups", { groups });
  const member = { memberId: "h_member_cal", guid: "h", uid: "cal", scope: "moderator" };
  const joinedAt = 1_600_000_002;
  await send("POST /data_import/members", { members: { h_member_cal: { ...member, joinedAt } } });
  const message = { muid: "m", sender: "cal", receiverType: "group", receiver: "h" };
  const messages = { m: { ...message, sentAt: 1_600_000_003, data: { text: "hi" } } };
  await send("POST /data_import/messages", { messages });
}

async function visitVendor(send: Send): Promise<void> {
  const legacy = { "x-webhook-version": "" };
  await visitPeople(send, true);
  await send("PUT /roles/vip", {
    settings: { listUsers: "all" },
    metadata: {},
    unset: ["metadata"],
  });
  await send("PUT /users/ann", { statusMessage: "hi", tags: ["x"], unset: ["link"] });
  await send("GET /users?withTags=true&withDeactivated=true&searchKey=a&searchIn=uid&role=vip");
  await send("DELETE /users", { uidsToDeactivate: ["bob"] });
  await send("PUT /users", { uidsToActivate: ["bob"] });
  await visitGroups(send, true);
  await send("GET /groups?withTags=true&tags=x&types=public,password&sortBy=name", undefined, ann);
  await send("PUT /groups/g/members/bob", { scope: "moderator" });
  await send("PUT /groups/g/members/bob", { scope: "moderator" });

  await send("POST /groups/g/bannedusers/bob", undefined, ann);
  await send("GET /groups/g/bannedusers?page=1&perPage=10");
  await send("DELETE /groups/g/bannedusers/bob");
  await send("POST /groups/g/members", { participants: ["bob"] });

  await visitImport(send);
  await visitMessages(send);
  const { data } = await send("GET /messages?limit=1&category=message&withTags=true");
  const [{ id }] = data as [{ id: string }];
  await send(`GET /messages/${id}`, undefined, ann);
  await send(`PUT /messages/${id}`, { data: { text: "hey" } }, ann);
  await send(`POST /messages/${id}/thread`, { data: { text: "reply" } }, { onBehalfOf: "bob" });
  await send(`GET /messages/${id}/thread?page=1`);
  await send("GET /users/ann/messages?perPage=2");
  await send("GET /users/ann/messages?limit=2&affix=append&id=0");
  await send("GET /groups/g/messages");
  const reaction = `/messages/${id}/reactions/ok`;
  await send(`POST ${reaction}`, undefined, ann);
  await send(`GET /messages/${id}/reactions`);
  await send(`GET ${reaction}`);
  await send(`DELETE ${reaction}`, undefined, ann);

  await send("GET /conversations?withTags=true&page=1");
  for (const path of ["/users/bob/conversation", "/groups/g/conversation"]) {
    await send(`GET ${path}`, undefined, ann);
    await send(`PUT ${path}`, { tags: ["x"] }, ann);
    await send(`POST ${path}/delivered`, undefined, ann);
    await send(`POST ${path}/read`, undefined, ann);
    await send(`DELETE ${path}/read`, undefined, ann);
    await send(`DELETE ${path}`, undefined, ann);
  }
  await send("GET /conversations/ann_user_bob", undefined, ann);
  await send(`DELETE /messages/${id}`, { permanent: true });
  await send("DELETE /conversations/ann_user_bob", undefined, ann);
  await send("DELETE /groups/g/members/bob");

  const hook = { name: "W", webhookURL: "https://a.example", useBasicAuth: true, username: "u" };
  await send("POST /apps/x/webhooks", { id: "w", ...hook, password: "p", enabled: true });
  await send("GET /apps/x/webhooks?perPage=1000");
  await send("GET /apps/x/webhooks", undefined, legacy);
  await send("GET /apps/x/webhooks/w");
  await send("PUT /apps/x/webhooks/w", { retryOnFailure: true });
  await send("POST /apps/x/webhooks/w/triggers", {
    triggerIds: ["message_sent", "before_message"],
  });
  await send("GET /apps/x/webhooks/w/triggers");
  await send("DELETE /apps/x/webhooks/w/triggers", { triggerIds: ["message_sent"] });
  await send("DELETE /apps/x/webhooks/w");
  await send("DELETE /groups/g");
  await send("DELETE /users/ann", { permanent: true });
  await send("DELETE /users/bob");
  await send("DELETE /roles/vip");
  await send("DELETE /roles/default");
}

async function visitCollection(send: Send): Promise<void> {
  await visitPeople(send, false);
  await send("PUT /users/bob/deactivate");
  await send("PUT /users/bob/reactivate");
  await visitGroups(send, false);
  await send("POST /groups/g/members", { participants: ["bob"], moderators: [], admins: [] });
  await send("PUT /groups/g/members", { uid: "bob", scope: "moderator" });
  await visitMessages(send);
  await send("GET /messages?page=1&perPage=25&receiverType=user");
  await send("GET /messages/1");
  await send("PUT /messages/1", { data: { text: "hey" } });
  await send("POST /messages/1/reactions/ok");
  await send("DELETE /messages/1/reactions/ok");
  await send("GET /conversations?conversationType=user");
  await send("GET /conversations/ann_user_bob?conversationType=user");
  await send("DELETE /messages/1");
  await send("DELETE /groups/g/members/bob");
  const hook = { url: "https://a.example", method: "POST", triggers: ["message_sent"] };
  await send("POST /webhooks", { ...hook, authentication: { type: "basic", username: "u" } });
  await send("GET /webhooks");
  await send("GET /webhooks/webhook-1");
  await send("PUT /webhooks/webhook-1", hook);
  await send("POST /webhooks/webhook-1/triggers", { triggers: ["x"] });
  await send("GET /webhooks/webhook-1/triggers");
  await send("DELETE /webhooks/webhook-1/triggers", { triggers: ["x"] });
  await send("DELETE /webhooks/webhook-1");
  await send("DELETE /groups/g");
  await send("DELETE /users/ann", { permanent: true });
  await send("DELETE /roles/vip");
}

test("a tour through all operations of the vendor's form agrees with its reference, where that is at hand", async (ctx) => {
  const findings = await tour("vendor", "cometchat-openapi.json", visitVendor);
  if (findings === undefined) ctx.skip("the reference document is not beside the repository");
  expect(findings).toEqual({ unused: [], problems: knownInVendor });
});

test("a tour through all operations of the collection's form agrees with its companion, where that is at hand", async (ctx) => {
  const findings = await tour("collection", "collection-openapi.yml", visitCollection);
  if (findings === undefined) ctx.skip("the companion document is not beside the repository");
  expect(findings).toEqual({ unused: [], problems: knownInCollection });
});
