import { isJsonObject, type JsonObject } from "../../model/json.ts";
import type { ApiCall } from "../../model/plan.ts";
import { type Address, keyIn, kindIn } from "../../model/resource.ts";
import { toPath } from "./dialects/dialect.ts";
import { splitMembership } from "./kinds/membership.ts";
import { SCOPE_LISTS } from "./kinds/scopes.ts";

/*
 * An import has one map of rows, `{"users": {"alice": {…}}}`, and answers with a map of the same keys
 * (documented). A row of it asks for the same as the call that creates the resource alone.
 */

/** Whether a call is a data import. */
export function isImport({ method, path }: ApiCall): boolean {
  return method === "POST" && path.startsWith("/data_import/");
}

/** Under which key an import and its reply have an address. */
export function importKey(address: Address): string {
  const key = keyIn(address);
  if (kindIn(address) !== "membership") return key;
  const { guid, uid } = splitMembership(key);
  return `${guid}_member_${uid}`;
}

/** By which ids the answer to a row names its resource (documented). */
export function importIds(address: Address): { readonly [name: string]: string } {
  const key = keyIn(address);
  if (kindIn(address) === "membership") return { ...splitMembership(key) };
  return kindIn(address) === "user" ? { uid: key } : { guid: key };
}

/** An import without the rows of some keys. */
export function withoutImported(body: JsonObject, gone: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([name, rows]) => {
      if (!isJsonObject(rows)) return [name, rows];
      return [name, Object.fromEntries(Object.entries(rows).filter(([key]) => !gone.has(key)))];
    }),
  );
}

/** The call that would create one row of an import alone. */
export function toSingle(call: ApiCall, address: Address): ApiCall {
  const [rows] = Object.values(call.body ?? {});
  const row = isJsonObject(rows) ? rows[importKey(address)] : undefined;
  const body = isJsonObject(row) ? row : {};
  if (kindIn(address) !== "membership") {
    return { ...call, path: kindIn(address) === "user" ? "/users" : "/groups", body };
  }
  const { guid, uid } = splitMembership(keyIn(address));
  const list = SCOPE_LISTS.find(([scope]) => scope === body["scope"])?.[1];
  const path = toPath(["groups", guid, "members"]);
  return { ...call, path, body: list === undefined ? {} : { [list]: [uid] } };
}
