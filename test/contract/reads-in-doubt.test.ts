import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import type { ReadMode } from "../../src/model/resource.ts";
import type { Transport } from "../../src/providers/http/transport.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { load, planIt } from "../support/manifest.ts";

const MARK = { tags: ["cometform:acme"] };
const manifest = {
  version: 1,
  stack: "acme",
  users: { kept: { name: "Kept" }, plain: { name: "Plain" }, fresh: { name: "Fresh" } },
};

/** An app with `early`, `kept` and `late` marked, `plain` only named, and strangers between them. */
async function crowd(): Promise<TestApp> {
  const app = createApp("vendor", { pageMax: 4 });
  const create = (uid: string, name: string, more: object = {}) =>
    call(app, "POST", "/users", { uid, name, ...more });
  await create("early", "Early", MARK);
  for (let at = 10; at < 50; at += 1) await create(`stranger-${at}`, "Stranger");
  await create("kept", "Kept", MARK);
  await create("plain", "Plain");
  await create("late", "Late", MARK);
  return app;
}

type Change = (url: URL, rows: readonly Row[]) => readonly Row[] | undefined;
interface Row {
  readonly uid: string;
}

/** An app whose listings of users are told otherwise. */
function telling(app: TestApp, change: Change): Transport {
  return async (request) => {
    const url = new URL(request.url);
    const reply = await app.transport(request);
    if (request.method !== "GET" || !url.pathname.endsWith("/users")) return reply;
    const { data, meta } = JSON.parse(reply.text);
    const rows = change(url, data);
    if (rows === undefined) return reply;
    const { count: _, ...pagination } = meta.pagination;
    return { ...reply, text: JSON.stringify({ data: rows, meta: { pagination } }) };
  };
}

const isByMark = (url: URL) => url.searchParams.has("tags");
const isWhole = ({ searchParams }: URL) =>
  !["tags", "role", "searchKey"].some((name) => searchParams.has(name));

/** A listing by mark that leaves somebody out. */
const dropping =
  (uid: string): Change =>
  (url, rows) =>
    isByMark(url) ? rows.filter((row) => row.uid !== uid) : undefined;

/** A whole listing that has the last row of each page again on the next one, from the third on. */
function moving(): Change {
  let last: Row | undefined;
  return (url, rows) => {
    if (!isWhole(url)) return undefined;
    const isLate = Number(url.searchParams.get("page")) > 1;
    const before = last;
    last = rows.at(-1);
    return isLate && before !== undefined ? [before, ...rows.slice(1)] : undefined;
  };
}

async function planUsers(app: TestApp, transport: Transport, read: ReadMode): Promise<Plan> {
  return planIt(await connectTo(app, { transport }), load(manifest), "apply", { read });
}

function told({ changes, reads, diagnostics }: Plan) {
  const { how, complete, why } = reads.collections.find(
    ({ collection }) => collection === "user",
  ) ?? { complete: false };
  return {
    changes: changes.map(({ action, address }) => `${action} ${address}`),
    read: [how, complete, why],
    codes: diagnostics.map(({ code }) => code),
  };
}

const EVERYTHING = [
  "create user/fresh",
  "adopt user/plain",
  "delete user/early",
  "delete user/late",
];
const IN_DOUBT = "the listing by mark cannot be taken at its word";

describe("a listing by mark that leaves out what carries the mark", () => {
  test("is not believed once a page of the whole one has shown that", async () => {
    const app = await crowd();
    const plan = await planUsers(app, telling(app, dropping("early")), "auto");
    expect(told(plan)).toEqual({ changes: EVERYTHING, read: ["list", true, IN_DOUBT], codes: [] });
  });

  test.each(["auto", "point"] as const)(
    "is not believed once what was asked for by name has shown that, with --read %s",
    async (read) => {
      const app = await crowd();
      const plan = await planUsers(app, telling(app, dropping("kept")), read);
      expect(told(plan)).toEqual({
        changes: EVERYTHING,
        read: ["list", true, IN_DOUBT],
        codes: [],
      });
    },
  );

  test("deletes nothing where the whole listing moves as well", async () => {
    const app = await crowd();
    const [drop, move] = [dropping("early"), moving()];
    const transport = telling(app, (url, rows) => drop(url, rows) ?? move(url, rows));
    expect(told(await planUsers(app, transport, "auto"))).toEqual({
      changes: ["create user/fresh", "adopt user/plain"],
      read: ["marked", false, IN_DOUBT],
      codes: ["read/incomplete"],
    });
  });
});

test("with --read point all is listed where the filter lets others through", async () => {
  const app = await crowd();
  const ignoring: Transport = (request) => {
    const url = new URL(request.url);
    url.searchParams.delete("tags");
    return app.transport({ ...request, url: String(url) });
  };
  expect(told(await planUsers(app, ignoring, "point"))).toEqual({
    ...{ changes: EVERYTHING, read: ["list", true, IN_DOUBT], codes: [] },
  });
});

describe("a whole listing that moves while it is read", () => {
  test("is left for what is marked and what is named, which tell all there is to know", async () => {
    const app = await crowd();
    expect(told(await planUsers(app, telling(app, moving()), "auto"))).toEqual({
      changes: EVERYTHING,
      read: ["marked", true, "the whole listing changed while it was read"],
      codes: [],
    });
  });

  test("is no reason to create what may be there, where it is the only way", async () => {
    const app = await crowd();
    const plan = await planUsers(app, telling(app, moving()), "list");
    expect(told(plan)).toEqual({
      changes: ["create user/fresh", "adopt user/plain"],
      read: ["list", false, "--read list"],
      codes: ["read/incomplete"],
    });
  });
});
