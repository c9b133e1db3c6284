import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import type { DesiredGraph, LiveGraph } from "../../src/model/resource.ts";
import type { Transport } from "../../src/providers/http/transport.ts";
import {
  call,
  connectTo,
  createApp,
  type DialectName,
  type TestApp,
} from "../support/in-process.ts";
import { applyIt, load, planIt } from "../support/manifest.ts";

const PAGE = 4;
const NOTHING: DesiredGraph = {
  resources: new Map(),
  managed: new Set(),
  children: new Map(),
  forget: new Map(),
  secrets: new Map(),
};

/** An app with one user of ours, one that is only named, and many strangers who come first. */
async function crowd(dialect: DialectName, strangers = 20): Promise<TestApp> {
  const app = createApp(dialect, { pageMax: PAGE });
  const uids = Array.from({ length: strangers }, (_, i) => `a-stranger-${10 + i}`);
  for (const uid of uids) await call(app, "POST", "/users", { uid, name: uid });
  const mark =
    dialect === "vendor"
      ? { tags: ["cometform:acme"] }
      : { metadata: { cometform: { stack: "acme" } } };
  await call(app, "POST", "/users", { uid: "owned", name: "Owned", ...mark });
  await call(app, "POST", "/users", { uid: "plain", name: "Plain" });
  return app;
}

function recording(app: TestApp): { readonly sent: string[]; readonly transport: Transport } {
  const sent: string[] = [];
  const transport: Transport = (request) => {
    const url = new URL(request.url);
    sent.push(`${request.method} ${url.pathname.slice(3)}${decodeURIComponent(url.search)}`);
    return app.transport(request);
  };
  return { sent, transport };
}

async function readUsers(
  app: TestApp,
  wanted: readonly string[],
  transport?: Transport,
): Promise<LiveGraph> {
  const { reader } = await connectTo(app, transport === undefined ? {} : { transport });
  const kinds = new Set(["user"]);
  const partly = { kinds, stack: "acme", wanted: new Set(wanted) };
  return reader.read({ kinds, parents: new Set(), partly }, NOTHING);
}

describe("of an app that is mostly other people's", () => {
  const wanted = ["user/owned", "user/plain", "user/absent"];

  test("what is marked is listed, and what else is named is looked for", async () => {
    const app = await crowd("vendor");
    const { sent, transport } = recording(app);
    const live = await readUsers(app, wanted, transport);
    const list = "perPage=1000&withTags=true&withDeactivated=true";
    expect(sent.slice(0, 2)).toEqual([
      `GET /users?page=1&${list}`,
      `GET /users?page=1&${list}&tags=cometform:acme`,
    ]);
    expect([...live.resources.keys()].sort()).toEqual(["user/owned", "user/plain"]);
    expect(live.evidence.get("user")).toMatchObject({ complete: true, markedBy: "acme" });
    expect(sent.length).toBeLessThanOrEqual(2 + 2 * 2);
  });

  test("each is in the form in which the whole listing gives it", async () => {
    const app = await crowd("vendor");
    const part = await readUsers(app, wanted);
    const { reader } = await connectTo(app);
    const whole = await reader.read({ kinds: new Set(["user"]), parents: new Set() }, NOTHING);
    for (const [address, live] of part.resources)
      expect(live).toEqual(whole.resources.get(address));
  });

  test("all is read where the dialect cannot list by mark", async () => {
    const app = await crowd("collection");
    const live = await readUsers(app, wanted);
    expect(live.resources.size).toBeGreaterThanOrEqual(22);
    expect(live.evidence.get("user")).not.toHaveProperty("markedBy");
  });

  test("a filter that lets others through proves nothing, so all is listed", async () => {
    const app = await crowd("vendor");
    const ignoring: Transport = (request) => {
      const url = new URL(request.url);
      url.searchParams.delete("tags");
      return app.transport({ ...request, url: String(url) });
    };
    const live = await readUsers(app, wanted, ignoring);
    expect(live.resources.size).toBe(22);
    expect(live.evidence.get("user")).toMatchObject({ complete: true, how: "list" });
    expect(live.evidence.get("user")).not.toHaveProperty("markedBy");
  });

  test("a service that does not show the tags proves nothing either", async () => {
    const app = await crowd("vendor");
    const hiding: Transport = (request) => {
      const url = new URL(request.url);
      url.searchParams.delete("withTags");
      return app.transport({ ...request, url: String(url) });
    };
    const live = await readUsers(app, wanted, hiding);
    expect(live.evidence.get("user")).toMatchObject({ complete: true, how: "list" });
    expect(live.resources.get("user/owned")).not.toHaveProperty("stack");
  });
});

test("an app that has little else is read whole, so that the others can be counted", async () => {
  const app = await crowd("vendor", 1);
  const { sent, transport } = recording(app);
  const live = await readUsers(app, ["user/owned", "user/plain"], transport);
  expect(live.evidence.get("user")).not.toHaveProperty("markedBy");
  expect(live.resources.has("user/a-stranger-10")).toBe(true);
  expect(sent).toHaveLength(1);
});

describe.each([1, 20])("a stray mark in an app with strangers, %i of them", (strangers) => {
  const manifest = { version: 1, stack: "acme", users: { owned: { name: "Owned" } } };
  const metadata = { cometform: { stack: "acme" } };
  const planUsers = async (dialect: DialectName, changed: object) => {
    const app = await crowd(dialect, strangers);
    await call(app, "POST", "/users", { uid: "stray", name: "Stray", metadata });
    const plan = await planIt(await connectTo(app), load({ ...manifest, ...changed }));
    return plan.changes.map(({ action, address }) => `${action} ${address}`);
  };

  test("is no reason to delete", async () => {
    expect(await planUsers("vendor", {})).toEqual([]);
  });

  test("is no stray one where users carry their marks in metadata", async () => {
    expect(await planUsers("collection", {})).toEqual(["delete user/stray"]);
  });

  test("makes what is declared ours, as any other mark does", async () => {
    const users = { ...manifest.users, stray: { name: "Stray" } };
    expect(await planUsers("vendor", { users })).toEqual([]);
  });

  test("protects from no prune all", async () => {
    const policy = { prune: { users: "all" }, protect: ["user/a-*", "user/plain"] };
    expect(await planUsers("vendor", { policy })).toEqual(["delete user/stray"]);
  });
});

describe("a plan of such an app", () => {
  const manifest = {
    version: 1,
    stack: "acme",
    users: { owned: { name: "Owned" }, plain: { name: "Plain" } },
  };

  test("is the same as one that read all, but for what it cannot count", async () => {
    const app = await crowd("vendor");
    const session = await connectTo(app);
    const loaded = load(manifest);
    const plan = await planIt(session, loaded);
    expect(plan.changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
      "adopt user/plain",
    ]);
    expect(plan.summary.undeclared["user"]).toBe(null);
    expect(plan.reads.calls).toBeLessThan(6);
    await applyIt(session, loaded, plan);
    expect((await planIt(session, loaded)).changes).toEqual([]);
  });

  test("deletes what is owned, by all that is listed where the filter does not hold", async () => {
    const app = await crowd("vendor");
    const loaded = load({ ...manifest, users: { plain: { name: "Plain" } } });
    const policy = { ...loaded.manifest.policy, prune: { groups: "none" as const } };
    const open = { ...loaded, manifest: { ...loaded.manifest, policy } };
    const planOver = async (transport: Transport) =>
      planIt(await connectTo(app, { transport }), open);
    const deletes = ({ changes }: Plan) =>
      changes.filter(({ action }) => action === "delete").map(({ address }) => address);
    const ways = ({ reads }: Plan) =>
      reads.collections.flatMap(({ collection, how }) => (collection === "user" ? [how] : []));
    const honest = await planOver(app.transport);
    expect([deletes(honest), ways(honest)]).toEqual([["user/owned"], ["marked"]]);
    const ignoring: Transport = (request) => {
      const url = new URL(request.url);
      url.searchParams.delete("tags");
      return app.transport({ ...request, url: String(url) });
    };
    const doubted = await planOver(ignoring);
    expect([deletes(doubted), ways(doubted)]).toEqual([["user/owned"], ["list"]]);
  });
});

describe("a role that is to go from such an app", () => {
  const manifest = {
    version: 1,
    stack: "acme",
    roles: {},
    users: { owned: { name: "Owned" }, plain: { name: "Plain" } },
  };
  const vip = { role: "vip", name: "VIP", metadata: { cometform: { stack: "acme" } } };
  const planRoles = async (app: TestApp, changed: object = {}) => {
    const { sent, transport } = recording(app);
    const session = await connectTo(app, { transport });
    const plan = await planIt(session, load({ ...manifest, ...changed }));
    const gone = plan.changes.filter(({ action }) => action === "delete");
    return {
      gone: gone.map(({ address }) => address),
      codes: plan.diagnostics.map(({ code, summary }) => `${code} ${summary}`),
      asked: sent.filter((line) => line.includes("role=")),
    };
  };

  test("costs one call of one row where nobody holds it", async () => {
    const app = await crowd("vendor");
    await call(app, "POST", "/roles", vip);
    expect(await planRoles(app)).toEqual({
      gone: ["role/vip"],
      codes: [],
      asked: ["GET /users?page=1&perPage=1&withTags=true&role=vip"],
    });
  });

  test("is refused for a stranger who holds it, by name", async () => {
    const app = await crowd("vendor");
    await call(app, "POST", "/roles", vip);
    await call(app, "PUT", "/users/a-stranger-29", { role: "vip" });
    const { codes, asked } = await planRoles(app);
    expect(codes).toEqual([
      "reference/in-use role/vip cannot be deleted: user/a-stranger-29 still refers to it",
    ]);
    expect(asked).toHaveLength(1);
  });

  test("is refused for a stranger with a stray mark, who stays", async () => {
    const app = await crowd("vendor");
    await call(app, "POST", "/roles", vip);
    const stray = { name: "Stray", role: "vip", metadata: vip.metadata };
    await call(app, "POST", "/users", { uid: "a-stray", ...stray });
    await call(app, "POST", "/users", { uid: "z-late", name: "Late", role: "vip" });
    const { codes, asked } = await planRoles(app);
    expect(codes).toEqual([
      "reference/in-use role/vip cannot be deleted: user/a-stray still refers to it",
    ]);
    expect(asked).toHaveLength(1);
  });

  test("is asked for again only where somebody who holds it goes as well", async () => {
    const app = await crowd("vendor");
    for (const role of ["vip", "staff", "crew"])
      await call(app, "POST", "/roles", { ...vip, role });
    const late = { uid: "a-late", name: "Late", role: "vip", tags: ["cometform:acme"] };
    await call(app, "POST", "/users", late);
    await call(app, "POST", "/users", { uid: "later", name: "Later", role: "vip" });
    const { sent, transport } = recording(app);
    // Marked, and not in the listing by mark yet.
    const lagging: Transport = async (request) => {
      const reply = await transport(request);
      if (!request.url.includes("tags=")) return reply;
      const { data, meta } = JSON.parse(reply.text);
      const rows = (data as { readonly uid: string }[]).filter(({ uid }) => uid !== late.uid);
      const { count: _, ...pagination } = meta.pagination;
      return { ...reply, text: JSON.stringify({ data: rows, meta: { pagination } }) };
    };
    const session = await connectTo(app, { transport: lagging });
    const plan = await planIt(session, load(manifest), "apply", { read: "point" });
    const asked = sent.filter((line) => line.includes("role="));
    expect(asked.map((line) => line.replace(/.*perPage=(\d+).*role=/, "$1 ")).sort()).toEqual([
      "1 crew",
      "1 staff",
      "1 vip",
      "2 vip",
    ]);
    expect(plan.diagnostics.map(({ summary }) => summary)).toContain(
      "role/vip cannot be deleted: user/later still refers to it",
    );
  });

  test("goes where all who hold it are moved away by the plan", async () => {
    const app = await crowd("vendor");
    await call(app, "POST", "/roles", vip);
    await call(app, "PUT", "/users/plain", { role: "vip" });
    const users = { owned: { name: "Owned" }, plain: { name: "Plain", role: "default" } };
    const { gone, codes, asked } = await planRoles(app, { users });
    expect([gone, codes]).toEqual([["role/vip"], []]);
    expect(asked).toEqual(["GET /users?page=1&perPage=2&withTags=true&role=vip"]);
  });

  test("goes where whoever holds it is deactivated, who holds nothing", async () => {
    const app = await crowd("vendor");
    await call(app, "POST", "/roles", vip);
    await call(app, "PUT", "/users/a-stranger-29", { role: "vip" });
    await call(app, "DELETE", "/users", { uidsToDeactivate: ["a-stranger-29"] });
    expect((await planRoles(app)).gone).toEqual(["role/vip"]);
  });

  test("stays where the service does not tell who holds it", async () => {
    const app = await crowd("vendor");
    await call(app, "POST", "/roles", vip);
    const ignoring: Transport = (request) => {
      const url = new URL(request.url);
      url.searchParams.delete("role");
      return app.transport({ ...request, url: String(url) });
    };
    const plan = await planIt(await connectTo(app, { transport: ignoring }), load(manifest));
    expect(plan.changes.filter(({ action }) => action === "delete")).toEqual([]);
    expect(plan.diagnostics.map(({ code }) => code)).toContain("read/incomplete");
  });

  test("is in use for a stranger however it was read, though a declared user wants it as well", async () => {
    const wanting = {
      version: 1,
      policy: { prune: { roles: "all" } },
      roles: {},
      users: { plain: { name: "Plain", role: "vip" } },
    };
    const app = await crowd("vendor");
    await call(app, "POST", "/roles", { role: "vip", name: "VIP" });
    await call(app, "PUT", "/users/a-stranger-29", { role: "vip" });
    for (const read of ["auto", "list", "point"] as const) {
      const plan = await planIt(await connectTo(app), load(wanting), "apply", { read });
      expect(plan.diagnostics.map(({ code }) => code)).toEqual([
        "reference/in-use",
        "reference/missing",
      ]);
    }
  });
});
