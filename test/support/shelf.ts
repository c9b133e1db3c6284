import type { JsonObject } from "../../src/model/json.ts";
import type { KindSpec } from "../../src/model/kind.ts";
import type { ApiCall } from "../../src/model/plan.ts";
import type { Address, LiveGraph, LiveResource } from "../../src/model/resource.ts";
import type { Reader, Session, Writer } from "../../src/providers/provider.ts";

/** The smallest provider there can be: a shelf in memory, with books on it. */
export interface Shelf {
  readonly schema: JsonObject;
  readonly kinds: readonly KindSpec[];
  connect(): Session;
}

/** What a manifest for a shelf may say. */
const schema: JsonObject = {
  type: "object",
  properties: {
    books: { type: "object", additionalProperties: { $ref: "#/$defs/book" } },
  },
  $defs: {
    book: {
      type: "object",
      additionalProperties: false,
      properties: { title: { type: "string" }, year: { type: ["integer", "null"] } },
      examples: [{ title: "Emma" }, { title: "Emma", year: 1815 }],
    },
  },
};

/** The kind: how a book is declared, and by which call each change of one goes out. */
const book: KindSpec = {
  name: "book",
  section: "books",
  refersTo: [],
  keyed: [],
  resent: [],
  markable: false,
  adoptable: () => false,
  toKey: (id) => id,
  declare: ({ id, attributes }) => [{ kind: "book", key: id, path: [], attributes, secrets: {} }],
  references: () => [],
  check: () => [],
  reversal: () => "reversible",
  draft: ({ action, key, attributes }) => {
    const after = attributes.map(({ path, after: value }) => [path, value ?? null] as const);
    const method = action === "create" ? "POST" : action === "delete" ? "DELETE" : "PUT";
    const body = method === "DELETE" ? null : Object.fromEntries(after);
    return [{ call: { method, host: "chat", path: `/books/${key}`, body, quota: "standard" } }];
  },
  cost: () => [{ calls: 1 }],
};

/** Puts up a shelf. */
export function createShelf(): Shelf {
  const books = new Map<string, JsonObject>();
  return { schema, kinds: [book], connect: () => toSession(books) };
}

function toSession(books: Map<string, JsonObject>): Session {
  let sent = 0;
  return {
    target: { name: "shelf", appId: "shelf", region: "here", dialect: "plain" },
    kinds: [book],
    reader: toReader(books),
    writer: toWriter(books, () => {
      sent += 1;
    }),
    closed: new Map(),
    counts: () => ({ sent, retried: 0, throttled: 0 }),
    pace: () => [],
    close: () => undefined,
    toManifest: () => ({ version: 1, books: Object.fromEntries(books) }),
  };
}

/** The reading half: what is there, and the evidence that nothing was missed. */
function toReader(books: ReadonlyMap<string, JsonObject>): Reader {
  const readAll = async (): Promise<LiveGraph> => {
    const live = [...books].map(([key, attributes]) => toLive(key, attributes));
    const evidence = { collection: "book", calls: 1, objects: live.length, complete: true };
    return {
      resources: new Map(live.map((one) => [one.address, one])),
      evidence: new Map([["book", evidence]]),
      calls: 1,
      diagnostics: [],
    };
  };
  return { read: readAll, find: readAll, holders: readAll };
}

/** In normal form: what has no value is left out. */
function toLive(key: string, attributes: JsonObject): LiveResource {
  const set = Object.entries(attributes).filter(([, value]) => value !== null);
  const address: Address = `book/${key}`;
  return { address, kind: "book", key, id: key, attributes: Object.fromEntries(set) };
}

/** The writing half: it sends what the plan says, and can tell what came of it. */
function toWriter(books: Map<string, JsonObject>, onSent: () => void): Writer {
  return {
    trim: () => undefined,
    async send(call) {
      onSent();
      const key = keyOf(call);
      if (call.method === "DELETE") books.delete(key);
      else books.set(key, { ...books.get(key), ...call.body });
      return new Map();
    },
    async look(call, changes) {
      const isThere = books.has(keyOf(call));
      const isDone = call.method === "DELETE" ? !isThere : isThere;
      return new Map(changes.map((address) => [address, isDone ? "done" : "undone"]));
    },
  };
}

function keyOf({ path }: ApiCall): string {
  return path.slice("/books/".length);
}
