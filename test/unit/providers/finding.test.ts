import { describe, expect, test } from "vitest";
import type { Address, DesiredGraph } from "../../../src/model/resource.ts";
import type { HttpReply, Transport } from "../../../src/providers/http/transport.ts";
import { call, connectTo, createApp, type TestApp } from "../../support/in-process.ts";

const NOTHING: DesiredGraph = {
  resources: new Map(),
  managed: new Set(),
  children: new Map(),
  forget: new Map(),
  secrets: new Map(),
};

type Answer = (path: string, reply: HttpReply, times: number) => Partial<HttpReply> | undefined;

/** Finds in an app some of whose replies are replaced; `times` counts those to the same request. */
async function findIn(
  app: TestApp,
  answer: Answer,
  addresses: readonly Address[],
  parents: readonly Address[] = [],
) {
  const times = new Map<string, number>();
  const sent: string[] = [];
  const transport: Transport = async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const page = searchParams.get("page");
    const path = `${pathname.replace("/v3", "")}${page === null ? "" : `?page=${page}`}`;
    sent.push(path);
    times.set(path, (times.get(path) ?? 0) + 1);
    const reply = await app.transport(request);
    return { ...reply, ...answer(path, reply, times.get(path) ?? 1) };
  };
  const { reader } = await connectTo(app, { transport });
  const wanted = { addresses: new Set(addresses), parents: new Set(parents) };
  return { ...(await reader.find(wanted, NOTHING)), sent };
}

function json(body: unknown, status = 200): Partial<HttpReply> {
  return { status, text: JSON.stringify(body) };
}

function refusal(code: string): Partial<HttpReply> {
  return json({ error: { code, message: "no" } }, 404);
}

async function appOf(users: readonly string[], pageMax?: number): Promise<TestApp> {
  const app = createApp("vendor", pageMax === undefined ? {} : { pageMax });
  for (const uid of users) await call(app, "POST", "/users", { uid, name: uid });
  await call(app, "POST", "/groups", { guid: "den", name: "Den", type: "public" });
  return app;
}

describe("a 404 that is not the service's word for absence", () => {
  const strange: readonly (readonly [string, Partial<HttpReply>, string])[] = [
    ["a page of HTML", { status: 404, text: "<html>Not here</html>" }, "HTTP_404"],
    ["an empty body", { status: 404, text: "" }, "HTTP_404"],
    ["JSON without an error", json({ data: null }, 404), "HTTP_404"],
    ["an unknown route", refusal("ERR_API_NOT_FOUND"), "ERR_API_NOT_FOUND"],
    ["a code of another kind", refusal("ERR_WEBHOOK_NOT_FOUND"), "ERR_WEBHOOK_NOT_FOUND"],
  ];
  const places: readonly (readonly [Address, string])[] = [
    ["group/no", "/groups/no"],
    ["role/no", "/roles/no"],
    ["membership/den:ann", "/groups/den/members?page=1"],
  ];

  test.each(strange)("is an error for every kind: %s", async (_, reply, code) => {
    const app = await appOf([]);
    for (const [address, path] of places) {
      const answer: Answer = (asked) => (asked === path ? reply : undefined);
      const error = { kind: "unreadable", code, status: 404, hint: expect.any(String) };
      await expect(findIn(app, answer, [address]), address).rejects.toMatchObject(error);
    }
  });

  test("is an error for a user whatever it says, for a search finds a list", async () => {
    const app = await appOf(["ann"]);
    const answer: Answer = () => refusal("ERR_UID_NOT_FOUND");
    await expect(findIn(app, answer, ["user/ann"])).rejects.toMatchObject({ status: 404 });
  });
});

test("a group that goes while its members are listed has none", async () => {
  const app = await appOf(["ann", "bob"], 1);
  await call(app, "POST", "/groups/den/members", { participants: ["ann", "bob"] });
  const answer: Answer = (path) =>
    path === "/groups/den/members?page=2" ? refusal("ERR_GUID_NOT_FOUND") : undefined;
  const { resources, evidence } = await findIn(app, answer, ["membership/den:ann"]);
  expect(resources.size).toBe(0);
  expect(evidence.get("group/den")).toMatchObject({ calls: 2, objects: 0, complete: true });
});

describe("a reply about one resource", () => {
  test.each([
    ["another one", { data: { guid: "den-2", name: "Den" } }],
    ["one without an id", { data: { name: "Den" } }],
    ["a list", { data: [{ guid: "den", name: "Den" }] }],
    ["nothing", {}],
  ])("that tells of %s is an error and not an absence", async (_, body) => {
    const app = await appOf([]);
    const answer: Answer = (path) => (path === "/groups/den" ? json(body) : undefined);
    const error = { kind: "unreadable", message: expect.stringContaining("GET /groups/den") };
    await expect(findIn(app, answer, ["group/den"])).rejects.toMatchObject(error);
  });

  test("that spells its id in capitals is the one that was asked for", async () => {
    const app = await appOf([]);
    const answer: Answer = () => json({ data: { guid: "DEN", name: "Den", type: "public" } });
    const { resources } = await findIn(app, answer, ["group/den"]);
    expect(resources.get("group/den")?.attributes).toEqual({ name: "Den", type: "public" });
  });
});

describe("a listing that moves while it is read", () => {
  /** The rows of a page, in place of those of another. */
  const rowsOf = (uids: readonly string[]) => ({
    data: uids.map((uid) => ({ uid, name: uid, scope: "participant" })),
    meta: { pagination: { per_page: 2 } },
  });

  test("proves nobody absent: those not seen are looked for one by one", async () => {
    const uids = ["ann", "bob", "cat", "dan", "eve", "fay"];
    const app = await appOf(uids, 2);
    const answer: Answer = (path, _, times) =>
      path === "/users?page=2" && times === 1 ? json(rowsOf(["bob", "dan"])) : undefined;
    const wanted = ["user/ann", "user/cat", "user/dan", "user/no"];
    const { resources, evidence, sent } = await findIn(app, answer, wanted);
    expect(wanted.filter((address) => resources.has(address))).toEqual(wanted.slice(0, 3));
    expect(evidence.has("user")).toBe(false);
    expect(sent).toEqual([1, 2, 1, 1].map((page) => `/users?page=${page}`));
  });

  test("is searched again, and is an error when it does not come to rest", async () => {
    const app = await appOf(["ann-1", "ann-2", "ann-3", "ann"], 2);
    const moving = json(rowsOf(["ann-2", "ann-3"]));
    const once: Answer = (path, _, times) =>
      path === "/users?page=2" && times === 1 ? moving : undefined;
    const found = await findIn(app, once, ["user/ann"]);
    expect([...found.resources.keys()]).toEqual(["user/ann"]);
    expect(found.calls).toBe(4);
    const always: Answer = (path) => (path === "/users?page=2" ? moving : undefined);
    const error = { kind: "unreadable", code: "READ_INCOMPLETE" };
    await expect(findIn(app, always, ["user/ann"])).rejects.toMatchObject(error);
  });

  test("of members is read again, and is an error only for a member that was not seen", async () => {
    const app = await appOf(["ann", "bob", "cat"], 2);
    await call(app, "POST", "/groups/den/members", { participants: ["ann", "bob", "cat"] });
    const moving = json(rowsOf(["bob", "cat"]));
    const second = "/groups/den/members?page=2";
    const once: Answer = (path, _, times) => (path === second && times === 1 ? moving : undefined);
    const found = await findIn(app, once, ["membership/den:no"], ["group/den"]);
    expect(found.evidence.get("group/den")).toMatchObject({ calls: 4, objects: 3, complete: true });
    const always: Answer = (path) => (path === second ? moving : undefined);
    const seen = await findIn(app, always, ["membership/den:ann"], ["group/den"]);
    expect(seen.resources.has("membership/den:ann")).toBe(true);
    expect(seen.evidence.get("group/den")).toMatchObject({ calls: 6, complete: false });
    await expect(findIn(app, always, ["membership/den:no"])).rejects.toMatchObject({
      ...{ kind: "unreadable", code: "READ_INCOMPLETE" },
      message:
        "Cannot tell whether membership/den:no exists: the listing of the members of group/den was not read to its end",
    });
  });
});

test("webhooks that the service cut short are found, and none is taken for absent", async () => {
  const app = createApp("vendor");
  const body = { id: "audit", name: "audit", webhookURL: "https://h.example/" };
  await call(app, "POST", "/apps/emulator/webhooks", body);
  const cut: Answer = (_, reply) => {
    const { data } = JSON.parse(reply.text);
    return json({ data, meta: { pagination: { per_page: data.length } } });
  };
  const { resources, evidence } = await findIn(app, cut, ["webhook/audit"]);
  expect([...resources.keys()]).toEqual(["webhook/audit"]);
  expect(evidence.size).toBe(0);
  const error = { kind: "unreadable", code: "READ_INCOMPLETE" };
  await expect(findIn(app, cut, ["webhook/audit", "webhook/no"])).rejects.toMatchObject(error);
});

test("a listing that is no list ends the search", async () => {
  const app = await appOf(["ann", "bob"]);
  const answer: Answer = () => json({ data: { nope: true } });
  for (const wanted of [["user/ann"], ["user/ann", "user/bob"], ["membership/den:ann"]]) {
    await expect(findIn(app, answer, wanted)).rejects.toMatchObject({ kind: "unreadable" });
  }
});
