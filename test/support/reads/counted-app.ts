import type { JsonObject } from "../../../src/model/json.ts";
import type { ReadApi } from "../../../src/providers/cometchat/api.ts";

/** Users of an app that is nothing but a listing, and how it answers. */
export interface CountedUsers {
  readonly size: number;
  readonly pageSize: number;
  /** Which of them carry the mark of the stack `acme`. */
  readonly isMarked: (at: number) => boolean;
  /** What a page says of the whole. */
  readonly total: number;
  /** How long a page takes, in turns of the event loop. */
  readonly delay?: (page: number) => number;
  readonly shown?: (at: number) => JsonObject;
}

/** The uid of a user by its place in the listing; none begins like another. */
export function uidAt(at: number): string {
  return `u${String(at).padStart(8, "0")}`;
}

/** An API that lists these users and nothing else, and the paths it was asked for. */
export function toCountedApi(users: CountedUsers): {
  readonly api: ReadApi;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const api: ReadApi = {
    async get(_host, path, query) {
      asked.push(`${path}?${new URLSearchParams(query)}`);
      const page = Number(query["page"] ?? 1);
      for (let turn = users.delay?.(page) ?? 0; turn > 0; turn -= 1) await Promise.resolve();
      return toPage(users, path === "/users" ? placesOf(users, query) : [], page);
    },
    counts: () => ({ sent: asked.length, reads: asked.length, retried: 0, throttled: 0 }),
  };
  return { api, asked };
}

interface Places {
  slice(from: number, to: number): readonly number[];
}

function placesOf(users: CountedUsers, query: { readonly [name: string]: string }): Places {
  const { size, isMarked } = users;
  const search = query["searchKey"];
  if (search !== undefined) {
    const at = Number(search.slice(1));
    return at < size && uidAt(at) === search ? [at] : [];
  }
  const all = (from: number, to: number) =>
    Array.from({ length: Math.max(0, Math.min(to, size) - from) }, (_, index) => from + index);
  return query["tags"] === undefined ? { slice: all } : all(0, size).filter(isMarked);
}

function toPage(users: CountedUsers, places: Places, page: number): JsonObject {
  const { pageSize, total, isMarked, shown = () => ({}) } = users;
  const rows = places.slice((page - 1) * pageSize, page * pageSize).map((at) => ({
    ...{ uid: uidAt(at), name: `User ${at}`, role: "default", ...shown(at) },
    ...(isMarked(at) ? { tags: ["cometform:acme"] } : {}),
  }));
  const pagination = { total, count: rows.length, per_page: pageSize, current_page: page };
  return { data: rows, meta: { pagination } };
}
