import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import type { ApiCall } from "../../model/plan.ts";
import {
  type Address,
  type DesiredGraph,
  keyIn,
  kindIn,
  NOTHING_DESIRED,
} from "../../model/resource.ts";
import { ProviderError, type Reader, type Standing, type Writer } from "../provider.ts";
import { adviceOn } from "./advice.ts";
import type { Api } from "./api.ts";
import { standingOf } from "./effect.ts";
import { importIds, importKey, isImport, withoutImported } from "./import-rows.ts";
import { splitMembership } from "./kinds/membership.ts";
import { SCOPE_LISTS } from "./kinds/scopes.ts";
import { ADVICE, type ApiError, errorOf, type Hide } from "./reply.ts";

/** What is refused because it is already so (documented, and seen in clients). */
const ALREADY_SO = /^ERR_(?:SAME_SCOPE|ALREADY_JOINED|UID_NOT_DEACTIVATED|.*_ALREADY_EXISTS)$/;
/** What a delete is refused with when there is nothing to delete (documented). */
const NOT_THERE = /^ERR_(?:NOT_A_MEMBER|.*_NOT_FOUND)$/;

/** Sends calls and reads what came of each of their rows: a success may hold failed rows. */
export function createWriter(api: Api, reader: Pick<Reader, "find">): Writer {
  return {
    trim(step, left) {
      // Who is to join a new group rides in the call that creates it, and in no other.
      if (isCreateGroup(step.call) && [...left].some((address) => kindIn(address) === "group")) {
        return undefined;
      }
      if (isImport(step.call)) {
        const body = withoutImported(step.call.body ?? {}, new Set([...left].map(importKey)));
        return { ...step.call, body };
      }
      const gone = new Set([...left].map(rowKey));
      return { ...step.call, body: withoutRows(step.call.body, gone) };
    },
    async send(call, changes, signal) {
      const reply = await api.send(call, signal).catch((error: unknown) => {
        throw error instanceof ProviderError ? toMoot(call, withWayOut(call, error)) : error;
      });
      if (isImport(call))
        return importedRows({ call, changes, data: reply["data"] ?? null, hide: api.hide });
      const failed = failedRows(call, reply["data"] ?? null, api.hide);
      const rows = new Map<Address, ProviderError>();
      for (const address of changes) {
        const error = failed.get(WHOLE) ?? failed.get(rowKeyIn(call, address));
        if (error !== undefined) rows.set(address, toMoot(call, toRowError(call, error)));
      }
      return rows;
    },
    async look(call, changes, signal) {
      const wanted = { addresses: new Set(changes), parents: new Set<Address>() };
      const live = await reader.find(wanted, toDesired(call, changes), signal);
      return new Map<Address, Standing>(
        changes.map((address) => [address, standingOf(call, address, live.resources.get(address))]),
      );
    },
  };
}

function isCreateGroup({ method, path }: ApiCall): boolean {
  return method === "POST" && path === "/groups";
}

/** The same error, told apart where the service says that what is asked for is already so. */
function toMoot(call: ApiCall, error: ProviderError): ProviderError {
  const isGone = error.kind === "not-found" || NOT_THERE.test(error.code);
  const isMoot = ALREADY_SO.test(error.code) || (call.method === "DELETE" && isGone);
  if (!isMoot) return error;
  const { code, status, message, reason } = error;
  const kind = "already-so";
  const hint = adviceOn(kind, code);
  return new ProviderError({ kind, code, status, message, reason, hint, cause: error });
}

/** An app may not be allowed to import, or not know how; then it takes the same one by one. */
function withWayOut(call: ApiCall, error: ProviderError): ProviderError {
  const isRefused = error.kind === "rejected" || error.kind === "not-found";
  if (!isImport(call) || !isRefused) return error;
  const { kind, code, status, message, reason } = error;
  const hint = "Run apply again with --bulk off: it creates one by one instead of importing.";
  return new ProviderError({ kind, code, status, message, reason, hint, cause: error });
}

/** Enough of the desired side to find a webhook that the service calls by an id of its own. */
function toDesired({ path, body }: ApiCall, changes: readonly Address[]): DesiredGraph {
  const [, id] = /^\/webhooks\/([^/]+)$/.exec(path) ?? [];
  const resources = changes
    .filter((address) => kindIn(address) === "webhook")
    .map((address) => {
      const known = id === undefined ? {} : { id: decodeURIComponent(id) };
      const attributes = body?.["url"] === undefined ? {} : { url: body["url"] };
      return [
        address,
        { address, kind: "webhook", key: keyIn(address), attributes, ...known },
      ] as const;
    });
  return { ...NOTHING_DESIRED, resources: new Map(resources) };
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
  if (isCreateGroup(call)) return failuresIn(listsOf(data["members"]), hide);
  return new Map([
    ...uidsIn(data["notFound"]).map((uid) => [uid, toMissing(uid)] as const),
    ...uidsIn(data["nonDeactivatedUids"]).map((uid) => [uid, toActive(uid)] as const),
  ]);
}

interface Imported {
  readonly call: ApiCall;
  readonly changes: readonly Address[];
  readonly data: Json;
  readonly hide: Hide;
}

/** An import answers for each of its rows; of one that is left out nobody knows what came of it. */
function importedRows({
  call,
  changes,
  data,
  hide,
}: Imported): ReadonlyMap<Address, ProviderError> {
  const replies = new Map(
    Object.entries(isJsonObject(data) ? data : {}).map(([key, row]) => [key.toLowerCase(), row]),
  );
  const rows = new Map<Address, ProviderError>();
  for (const address of changes) {
    const row = replies.get(importKey(address));
    if (isJsonObject(row) && row["success"] === true && isAbout(row, address)) continue;
    const isTold = isJsonObject(row) && row["success"] === false;
    const error = isTold ? toRowError(call, errorOf(row, hide) ?? UNTOLD) : toUnsaid(call, address);
    rows.set(address, toMoot(call, error));
  }
  return rows;
}

/** Whether a row's answer names the resource that was asked for, as far as it names any (documented). */
function isAbout({ data }: JsonObject, address: Address): boolean {
  if (!isJsonObject(data)) return true;
  return Object.entries(importIds(address)).every(
    ([name, id]) => data[name] === undefined || String(data[name]).toLowerCase() === id,
  );
}

function toUnsaid(call: ApiCall, address: Address): ProviderError {
  return new ProviderError({
    kind: "unknown-outcome",
    code: "ROW_UNTOLD",
    message: `${call.method} ${call.path} does not say what came of ${address}`,
    hint: ADVICE["unknown-outcome"].hint,
  });
}

function uidsIn(list: Json | undefined): string[] {
  return (Array.isArray(list) ? list : []).map((uid) => String(uid).toLowerCase());
}

function toMissing(uid: string): ApiError {
  return { code: "ERR_UID_NOT_FOUND", message: `The service did not find ${uid}.` };
}

/** Who is told not to be deactivated may be active already, or not exist (documented). */
function toActive(uid: string): ApiError {
  return {
    code: "ERR_UID_NOT_DEACTIVATED",
    message: `The service says that ${uid} was not deactivated.`,
  };
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
  const kind = error.code.endsWith("_NOT_FOUND") ? "not-found" : "rejected";
  return new ProviderError({
    kind,
    code: error.code,
    message: `${call.method} ${call.path} did not do it: ${error.code}`,
    reason: error.message || undefined,
    hint: adviceOn(kind, error.code),
  });
}
