import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import type { ApiCall } from "../../model/plan.ts";
import { type Address, keyIn } from "../../model/resource.ts";
import { ProviderError, type Writer } from "../provider.ts";
import type { Api } from "./api.ts";
import { splitMembership } from "./kinds/membership.ts";
import { SCOPE_LISTS } from "./kinds/scopes.ts";
import { type ApiError, errorOf, type Hide } from "./reply.ts";

/** Rows that failed because what they ask for is already so (seen in clients). */
const ALREADY_DONE = new Set(["ERR_SAME_SCOPE", "ERR_ALREADY_JOINED"]);

/** Sends calls and reads what came of each of their rows: a success may hold failed rows. */
export function createWriter(api: Api): Writer {
  return {
    trim(step, left) {
      const gone = new Set([...left].map(rowKey));
      return { ...step.call, body: withoutRows(step.call.body, gone) };
    },
    async send(call, changes, signal) {
      const reply = await api.send(call, signal).catch(toDone);
      const failed = failedRows(call, reply["data"] ?? null, api.hide);
      const rows = new Map<Address, ProviderError>();
      for (const address of changes) {
        const error = failed.get(WHOLE) ?? failed.get(rowKeyIn(call, address));
        if (error !== undefined && !ALREADY_DONE.has(error.code)) {
          rows.set(address, toRowError(call, error));
        }
      }
      return rows;
    },
  };
}

/** What replies and batch bodies call the resource at an address: the uid. */
function rowKey(address: Address): string {
  const key = keyIn(address);
  return address.startsWith("membership/") ? splitMembership(key).uid : key;
}

/** What the reply to this call says of an address is under this key; calls with members name only them. */
function rowKeyIn(call: ApiCall, address: Address): string {
  const isAboutMembers = call.path.startsWith("/groups");
  return isAboutMembers && !address.startsWith("membership/") ? ABSENT : rowKey(address);
}

/** No key of a reply. */
const ABSENT = " ";

/** A call that is refused because it would change nothing has nothing left to do. */
function toDone(error: unknown): JsonObject {
  if (error instanceof ProviderError && ALREADY_DONE.has(error.code)) return {};
  throw error;
}

/** The lists of a batch's body; every other list belongs to the resource that is written. */
const BATCH_LISTS = new Set([
  "uidsToDeactivate",
  "uidsToActivate",
  ...SCOPE_LISTS.map(([, list]) => list),
]);

function withoutRows(body: JsonObject | null, gone: ReadonlySet<string>): JsonObject | null {
  if (body === null) return null;
  const entries = Object.entries(body).map(([name, value]): readonly [string, Json] => {
    if (!Array.isArray(value) || !BATCH_LISTS.has(name)) return [name, value];
    return [name, value.filter((item) => typeof item !== "string" || !gone.has(item))];
  });
  return Object.fromEntries(entries.filter(([, value]) => !isEmptyList(value)));
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The failed rows of a reply by uid; those of a webhook's triggers belong to it as a whole. */
function failedRows(call: ApiCall, data: Json, hide: Hide): ReadonlyMap<string, ApiError> {
  if (!isJsonObject(data)) return new Map();
  if (call.path.endsWith("/triggers")) {
    const [first] = failuresIn([data], hide).values();
    return new Map(first === undefined ? [] : [[WHOLE, first]]);
  }
  if (call.method === "POST" && call.path.endsWith("/members")) {
    return failuresIn(listsOf(data), hide);
  }
  if (call.method === "POST" && call.path === "/groups")
    return failuresIn(listsOf(data["members"]), hide);
  const missing = data["notFound"];
  return new Map(
    (Array.isArray(missing) ? missing : []).map((uid) => [
      String(uid).toLowerCase(),
      { code: "ERR_UID_NOT_FOUND", message: `The service did not find ${String(uid)}.` },
    ]),
  );
}

/** The key of a failure that belongs to the call's only resource. */
const WHOLE = "";

/** Members are reported list by list: `admins`, `moderators`, `participants`. */
function listsOf(members: Json | undefined): readonly Json[] {
  return isJsonObject(members) ? Object.values(members) : [];
}

function failuresIn(lists: readonly Json[], hide: Hide): ReadonlyMap<string, ApiError> {
  const rows = lists.flatMap((list) => (isJsonObject(list) ? Object.entries(list) : []));
  return new Map(
    rows
      .filter(([, row]) => isJsonObject(row) && row["success"] === false)
      .map(([uid, row]) => [uid.toLowerCase(), errorOf(row, hide) ?? UNTOLD]),
  );
}

const UNTOLD: ApiError = { code: "ERR_UNKNOWN", message: "" };

function toRowError(call: ApiCall, error: ApiError): ProviderError {
  return new ProviderError({
    kind: error.code.endsWith("_NOT_FOUND") ? "not-found" : "rejected",
    code: error.code,
    message: `${call.method} ${call.path} did not do it: ${error.code}`,
    reason: error.message || undefined,
  });
}
