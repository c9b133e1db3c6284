import { isJsonObject, type JsonObject, textOf, withoutEmpties } from "../json.ts";
import { pageOf } from "../page.ts";
import { notFound } from "../refusal.ts";
import { ack, type Call, idParam, param } from "../route.ts";
import { check, flag, objectLike, text } from "../rules.ts";
import type { StoredToken } from "../state.ts";
import { issueToken } from "../tokens.ts";
import { requireUser } from "../user-lifecycle.ts";

/** `POST /users/{uid}/auth_tokens`: the newest one again, unless forced (inferred). */
export function createAuthToken(call: Call): JsonObject {
  const { uid, tokens } = tokensOf(call);
  check(call.body, { force: flag });
  const newest = call.body["force"] === true ? undefined : tokens.at(-1);
  return { data: shownToken(uid, newest ?? issueToken(call, uid)) };
}

/** `GET /users/{uid}/auth_tokens` */
export function listAuthTokens(call: Call): JsonObject {
  const { uid, tokens } = tokensOf(call);
  return pageOf(call, tokens, (token) => shownToken(uid, token));
}

/** `DELETE /users/{uid}/auth_tokens` */
export function flushAuthTokens(call: Call): JsonObject {
  const { uid } = tokensOf(call);
  call.state.tokens.delete(uid);
  return ack(`Cleared Auth Tokens successfully for uid ${uid}.`);
}

/** `GET /users/{uid}/auth_tokens/{authToken}` */
export function getAuthToken(call: Call): JsonObject {
  const { uid, token } = requireToken(call);
  return { data: shownToken(uid, token) };
}

/** `PUT /users/{uid}/auth_tokens/{authToken}` */
export function updateAuthToken(call: Call): JsonObject {
  const { uid, token } = requireToken(call);
  const { body } = call;
  check(body, { platform: text(255), userAgent: text(1000), appInfo: objectLike });
  token.platform = textOf(body, "platform") ?? token.platform;
  token.userAgent = textOf(body, "userAgent") ?? token.userAgent;
  if (isJsonObject(body["appInfo"])) token.appInfo = body["appInfo"];
  return { data: shownToken(uid, token) };
}

/** `DELETE /users/{uid}/auth_tokens/{authToken}` */
export function deleteAuthToken(call: Call): JsonObject {
  const { uid, token, tokens } = requireToken(call);
  call.state.tokens.set(
    uid,
    tokens.filter((kept) => kept !== token),
  );
  return ack(`Auth token of ${uid} has been deleted successfully.`);
}

function tokensOf(call: Call): { uid: string; tokens: readonly StoredToken[] } {
  const { uid } = requireUser(call.state, idParam(call, "uid"));
  return { uid, tokens: call.state.tokens.get(uid) ?? [] };
}

function requireToken(call: Call): {
  uid: string;
  tokens: readonly StoredToken[];
  token: StoredToken;
} {
  const { uid, tokens } = tokensOf(call);
  const token = tokens.find(({ authToken }) => authToken === param(call, "authToken"));
  if (token === undefined) {
    throw notFound("ERR_AUTH_TOKEN_NOT_FOUND", `The user ${uid} has no such auth token.`);
  }
  return { uid, tokens, token };
}

function shownToken(uid: string, token: StoredToken): JsonObject {
  const { authToken, createdAt, platform, userAgent, appInfo } = token;
  return withoutEmpties({ uid, authToken, createdAt, platform, userAgent, appInfo });
}
