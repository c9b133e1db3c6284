import { isJsonObject, type JsonObject } from "../../model/json.ts";
import type { HttpReply, TransportError } from "../http/transport.ts";
import { ProviderError, type ProviderErrorKind } from "../provider.ts";
import { adviceOn } from "./advice.ts";
import { type Advice, redirectOf, silenceOf } from "./wire-advice.ts";

/** What the API says about a failure, in a reply or in one row of it. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
}

/** Takes secrets out of what the service says. */
export type Hide = (text: string) => string;

/** The error an object carries under `error`, if it carries one. */
export function errorOf(value: unknown, hide: Hide): ApiError | undefined {
  const error = isJsonObject(value) ? value["error"] : undefined;
  if (!isJsonObject(error)) return undefined;
  const details = isJsonObject(error["details"]) ? Object.values(error["details"]).flat() : [];
  const message = [error["message"], ...details].filter((text) => typeof text === "string");
  return { code: codeOf(error["code"]), message: hide(message.join(" ")) };
}

/** Codes are words in capitals (seen, without exception); anything else might be anything. */
function codeOf(code: unknown): string {
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{0,79}$/.test(code) ? code : "ERR_UNKNOWN";
}

/** The JSON of a reply, or `undefined` when it is none. */
export function jsonOf(reply: HttpReply): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(reply.text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The error of a reply that is not a success. */
export function toReplyError(what: string, reply: HttpReply, hide: Hide): ProviderError {
  const redirect = redirectOf(reply);
  if (redirect !== undefined) return toRedirect(what, reply.status, redirect);
  const error = errorOf(jsonOf(reply), hide);
  const kind = kindOf(reply.status, error?.code);
  const said = error === undefined ? describeBody(reply) : error.code;
  const detail = adviceFor(what, kind, error?.code);
  return new ProviderError({
    kind,
    code: error?.code ?? `HTTP_${reply.status}`,
    status: reply.status,
    message: `${what} answered ${reply.status} ${said}`.trimEnd(),
    reason: detail.reason ?? (error?.message || undefined),
    hint: detail.hint ?? (what.startsWith("GET ") ? undefined : adviceOn(kind, error?.code ?? "")),
  });
}

function toRedirect(
  what: string,
  status: number,
  { said, ...advice }: Advice & { readonly said: string },
) {
  const message = `${what} answered ${status}, ${said}`;
  return new ProviderError({
    kind: "unreadable",
    code: `HTTP_${status}`,
    status,
    message,
    ...advice,
  });
}

/** Management calls have credentials of their own, and a wrong base URL looks like a missing route. */
function adviceFor(what: string, kind: ProviderErrorKind, code: string | undefined): Advice {
  const isManagement = /^[A-Z]+ \/apps\//.test(what);
  if (kind === "credentials" && isManagement) return MANAGEMENT_CREDENTIALS;
  if (code === "ERR_API_NOT_FOUND") return UNKNOWN_ROUTE;
  return ADVICE[kind];
}

const MANAGEMENT_CREDENTIALS: Advice = {
  reason: "The management API does not accept the credentials in the environment.",
  hint: "COMETCHAT_MANAGEMENT_KEY and COMETCHAT_MANAGEMENT_SECRET must hold the pair the vendor issued; COMETCHAT_MANAGEMENT_URL, if set, its host.",
};

const UNKNOWN_ROUTE: Advice = {
  reason: "The host does not know this call: another dialect of the API, or not its base URL.",
  hint: "Check --base-url or COMETCHAT_BASE_URL, which ends in the version, like https://APP.api-us.cometchat.io/v3, and --dialect.",
};

/** The error of a success whose body cannot be read. */
export function toUnreadable(what: string, reply: HttpReply): ProviderError {
  return new ProviderError({
    kind: "unreadable",
    code: "UNREADABLE_REPLY",
    status: reply.status,
    message: `${what} answered ${reply.status} with ${describeBody(reply)}`,
    ...ADVICE.unreadable,
  });
}

/** The error of an exchange that brought no reply. */
export function toSilence(
  what: string,
  error: TransportError,
  { isWrite, host }: { readonly isWrite: boolean; readonly host: string },
): ProviderError {
  const isUnknown = isWrite && error.isSent;
  const kind = isUnknown ? "unknown-outcome" : "unreachable";
  const about = { isUnknown, host };
  const { said, ...advice } = { ...ADVICE[kind], ...silenceOf(error, about) };
  const message = `${what} ${said}`;
  return new ProviderError({ kind, code: error.code, message, ...advice });
}

/** The error of a call that was not made, because the run was interrupted first. */
export function toInterrupted(what: string): ProviderError {
  const message = `${what} was not sent: the run was interrupted`;
  return new ProviderError({ kind: "interrupted", code: "INTERRUPTED", message });
}

function kindOf(status: number, code: string | undefined): ProviderErrorKind {
  if (status === 401 || code?.startsWith("AUTH_ERR")) return "credentials";
  if (status === 404) return "not-found";
  if (status === 429) return "throttled";
  if (status >= 500) return "unreachable";
  return status >= 400 ? "rejected" : "unreadable";
}

function describeBody(reply: HttpReply): string {
  if (reply.text.trim() === "") return "an empty body";
  return /^\s*</.test(reply.text) ? "HTML instead of JSON" : "something that is not JSON";
}

/** What is said of each kind of failure. */
export const ADVICE: { readonly [kind in ProviderErrorKind]: Advice } = {
  credentials: {
    reason: "The app does not accept the key in the environment, or the key may not do this.",
    hint: "Dashboard → your app → API & Auth Keys → REST API Key (fullAccess). COMETCHAT_API_KEY must hold it, for this app and region.",
  },
  unreachable: {
    reason: "The host cannot be reached, or it fails.",
    hint: "Check the network, COMETCHAT_APP_ID and COMETCHAT_REGION, or the base URL if you gave one; then run again.",
  },
  unreadable: {
    reason: "This is not how the CometChat API answers; perhaps it is another host, or a proxy.",
    hint: "Check --base-url or COMETCHAT_BASE_URL: it ends in the version, like https://APP.api-us.cometchat.io/v3.",
  },
  throttled: {
    hint: "The app's quota is used up; run again later, or with a lower --quota-share.",
  },
  "unknown-outcome": {
    reason: "The call was sent, so it may have been carried out.",
    hint: "cometform apply --resume finds out what came of it and finishes; plan shows what is still missing.",
  },
  "not-found": {},
  rejected: {},
  "already-so": {},
  configuration: {},
  interrupted: {},
};
