import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Address, DesiredGraph, LiveGraph } from "../../src/model/resource.ts";
import { fingerprint } from "../../src/planner/digest.ts";
import type { Transport } from "../../src/providers/http/transport.ts";
import type { Wanted } from "../../src/providers/provider.ts";
import {
  call,
  connectTo,
  createApp,
  type DialectName,
  type TestApp,
} from "../support/in-process.ts";
import { type World, world } from "../support/world.ts";

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 500);
const DIALECTS = ["vendor", "collection"] as const;
const EVERY_KIND = new Set(["role", "user", "group", "webhook"]);
const HOOK_URL = "https://hooks.example/audit";

const NOTHING: DesiredGraph = {
  resources: new Map(),
  managed: new Set(),
  children: new Map(),
  forget: new Map(),
  secrets: new Map(),
};

/** A desired side that declares webhooks, each with a url of its own. */
function declaring(...ids: string[]): DesiredGraph {
  const resources = ids.map((key) => {
    const address = `webhook/${key}`;
    const attributes = { url: `https://hooks.example/${key}` };
    return [address, { address, kind: "webhook", key, attributes }] as const;
  });
  return { ...NOTHING, resources: new Map(resources) };
}

function wanting(addresses: readonly Address[], parents: readonly Address[] = []): Wanted {
  return { addresses: new Set(addresses), parents: new Set(parents) };
}

/** The app's transport, and what goes over it as `GET /path?query`, the version left out. */
function recording(app: TestApp, transport: Transport = app.transport) {
  const sent: string[] = [];
  const record: Transport = (request) => {
    const { pathname, search } = new URL(request.url);
    sent.push(`${request.method} ${pathname.replace("/v3", "")}${decodeURIComponent(search)}`);
    return transport(request);
  };
  return { sent, transport: record };
}

async function addUsers(app: TestApp, uids: readonly string[]): Promise<void> {
  for (const uid of uids) await call(app, "POST", "/users", { uid, name: uid });
}

function numbered(prefix: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${prefix}${String(index + 1).padStart(2, "0")}`,
  );
}

/** An app with something of every kind, with every attribute, marks and what is hidden. */
async function raiseFull(dialect: DialectName): Promise<TestApp> {
  const app = createApp(dialect, { pageMax: 3 });
  const metadata = { seat: 4, deep: { a: {} }, "@private": { email: "a@example.com" } };
  const marked = { ...metadata, cometform: { stack: "acme" } };
  const send = (path: string, body: unknown) => call(app, "POST", path, body);
  await send("/roles", { role: "vip", name: "VIP", description: "Pays", metadata: marked });
  await send("/roles", { role: "plain", name: "Plain", settings: { listUsers: "all" } });
  const image = "https://a.example/ann.png";
  await send("/users", {
    ...{ uid: "ann", name: "Ann", avatar: image, link: image, role: "vip", statusMessage: "Hi" },
    ...{ metadata: marked, tags: ["red", "cometform:acme", "blue"] },
  });
  await addUsers(app, ["bob", "cat", "dan", "eve"]);
  await call(app, "DELETE", "/users/eve", { permanent: false });
  await send("/groups", {
    ...{ guid: "lobby", name: "Lobby", type: "password", password: "secret", icon: image },
    ...{ description: "All", metadata, tags: ["open", "cometform:acme"], owner: "ann" },
  });
  await send("/groups", { guid: "den", name: "Den", type: "private" });
  await send("/groups/lobby/members", { moderators: ["bob"], participants: ["cat", "dan"] });
  if (dialect === "collection") {
    const authentication = { type: "basic", username: "u", password: "p" };
    await send("/webhooks", { url: HOOK_URL, triggers: ["message_sent"], authentication });
    await send("/webhooks", { url: "https://hooks.example/other", triggers: ["message_sent"] });
    return app;
  }
  const hooks = "/apps/emulator/webhooks";
  const login = { useBasicAuth: true, username: "u", password: "p" };
  await send(hooks, { id: "audit", name: "Audit", webhookURL: HOOK_URL, ...login });
  await send(hooks, { id: "other", name: "Other", webhookURL: "https://hooks.example/other" });
  await send(`${hooks}/audit/triggers`, { triggerIds: ["message_sent", "group_created"] });
  return app;
}

async function readAll(app: TestApp, desired: DesiredGraph): Promise<LiveGraph> {
  const { reader } = await connectTo(app);
  const groups = await reader.read({ kinds: new Set(["group"]), parents: new Set() }, desired);
  const parents = new Set(groups.resources.keys());
  return reader.read({ kinds: EVERY_KIND, parents, thorough: EVERY_KIND }, desired);
}

describe.each(DIALECTS)("in the %s dialect", (dialect) => {
  const hook = dialect === "vendor" ? "webhook/other" : "webhook/webhook-2";

  test("what is found is what would be listed, one by one and all at once", async () => {
    const app = await raiseFull(dialect);
    const desired = declaring("audit");
    const { resources } = await readAll(app, desired);
    const inactive = dialect === "vendor" ? ["user/eve"] : [];
    expect([...resources.keys()].sort()).toEqual([
      ...["group/den", "group/lobby", "membership/lobby:ann", "membership/lobby:bob"],
      ...["membership/lobby:cat", "membership/lobby:dan", "role/default", "role/plain"],
      ...["role/vip", "user/ann", "user/bob", "user/cat", "user/dan", ...inactive],
      ...["webhook/audit", hook].sort(),
    ]);
    const { reader } = await connectTo(app);
    for (const [address, listed] of resources) {
      const found = await reader.find(wanting([address]), desired);
      expect(found.resources.get(address), address).toEqual(listed);
    }
    const all = await reader.find(wanting([...resources.keys()]), desired);
    expect(all.resources).toEqual(resources);
    expect(all.diagnostics).toEqual([]);
  });

  test("what does not exist is not found, alone or among others", async () => {
    const app = await raiseFull(dialect);
    const { reader } = await connectTo(app);
    const absent = ["role/no", "user/no", "group/no", "membership/den:bob", "webhook/no"];
    for (const address of [...absent, "membership/no:bob"]) {
      const { resources } = await reader.find(wanting([address]), NOTHING);
      expect(resources.has(address), address).toBe(false);
    }
    const all = await reader.find(wanting([...absent, "user/ann", "user/zoe"]), NOTHING);
    expect(absent.filter((address) => all.resources.has(address))).toEqual([]);
    expect(all.resources.has("user/ann")).toBe(true);
  });

  test("finding sends reads only, and counts them", async () => {
    const app = await raiseFull(dialect);
    const { sent, transport } = recording(app);
    const { reader } = await connectTo(app, { transport });
    const { resources } = await readAll(app, declaring("audit"));
    const { calls } = await reader.find(wanting([...resources.keys()]), declaring("audit"));
    expect(sent.filter((line) => !line.startsWith("GET "))).toEqual([]);
    expect(calls).toBe(sent.length);
    expect(await reader.find(wanting([]), NOTHING)).toMatchObject({ calls: 0 });
  });

  test("a version is read wherever the service tells one, and is neither compared nor exported", async () => {
    const app = await raiseFull(dialect);
    const session = await connectTo(app);
    const live = await readAll(app, declaring("audit"));
    const untold = [...live.resources.values()].filter(({ version }) => version === undefined);
    const silent = dialect === "vendor" ? ["membership"] : ["membership", "webhook"];
    expect(new Set(untold.map(({ kind }) => kind))).toEqual(new Set(silent));
    const later = new Map(
      [...live.resources].map(([address, one]) => [address, { ...one, version: "later" }] as const),
    );
    expect([...later.values()].map(fingerprint)).toEqual(
      [...live.resources.values()].map(fingerprint),
    );
    expect(session.toManifest({ ...live, resources: later }, {})).toEqual(
      session.toManifest(live, {}),
    );
  });

  test("one resource is one call, and a membership one listing", async () => {
    const app = await raiseFull(dialect);
    const { sent, transport } = recording(app);
    const { reader } = await connectTo(app, { transport });
    const size = dialect === "vendor" ? 1000 : 100;
    const search =
      dialect === "vendor"
        ? "&withTags=true&withDeactivated=true&searchKey=bob&searchIn=uid"
        : "&searchKey=bob";
    for (const address of ["role/vip", "group/den", "user/bob", "membership/den:bob"]) {
      await reader.find(wanting([address]), NOTHING);
    }
    expect(sent).toEqual([
      "GET /roles/vip",
      "GET /groups/den",
      `GET /users?page=1&perPage=${size}${search}`,
      `GET /groups/den/members?page=1&perPage=${size}`,
    ]);
  });

  test("many in an app of one page are one call, which is evidence of the kind; the others are not kept", async () => {
    const app = createApp(dialect);
    const uids = numbered("u", 60);
    await addUsers(app, uids);
    const { sent, transport } = recording(app);
    const { reader } = await connectTo(app, { transport });
    const wanted = uids.slice(0, 40).map((uid) => `user/${uid}`);
    const { resources, evidence } = await reader.find(wanting([...wanted, "user/no"]), NOTHING);
    expect(sent).toHaveLength(1);
    expect(evidence.get("user")).toEqual({
      ...{ collection: "user", calls: 1, objects: 60, complete: true },
    });
    expect(resources.size).toBe(40);
  });

  test("three in an app of many pages are looked for on three pages, then one by one", async () => {
    const app = createApp(dialect, { pageMax: 2 });
    await addUsers(app, numbered("u", 20));
    const { sent, transport } = recording(app);
    const { reader } = await connectTo(app, { transport });
    const addresses = ["user/u06", "user/u19", "user/u20"];
    const { resources, evidence } = await reader.find(wanting(addresses), NOTHING);
    expect(sent.map((line) => line.match(/page=(\d+)|searchKey=\w+/g)?.join(" "))).toEqual([
      ...["page=1", "page=2", "page=3", "page=1 searchKey=u19", "page=1 searchKey=u20"],
    ]);
    expect(addresses.filter((address) => !resources.has(address))).toEqual([]);
    expect(evidence.size, "a listing left halfway is no evidence").toBe(0);
  });

  test("a listing is left as soon as everything was seen", async () => {
    const app = createApp(dialect, { pageMax: 2 });
    await addUsers(app, numbered("u", 20));
    const { reader } = await connectTo(app);
    const { calls } = await reader.find(wanting(["user/u01", "user/u03", "user/u04"]), NOTHING);
    expect(calls).toBe(2);
  });

  test("an absent group has no members for sure", async () => {
    const app = await raiseFull(dialect);
    const { reader } = await connectTo(app);
    const wanted = wanting(
      ["membership/no:ann", "membership/no:bob"],
      ["group/gone", "group/lobby"],
    );
    const { resources, evidence, calls } = await reader.find(wanted, NOTHING);
    expect([...resources.keys()].sort()).toEqual([
      ...["membership/lobby:ann", "membership/lobby:bob"],
      ...["membership/lobby:cat", "membership/lobby:dan"],
    ]);
    const none = { calls: 1, objects: 0, complete: true };
    expect(evidence.get("group/no")).toEqual({ collection: "group/no", ...none });
    expect(evidence.get("group/gone")).toEqual({ collection: "group/gone", ...none });
    expect(evidence.get("group/lobby")).toMatchObject({ objects: 4, complete: true });
    expect(calls).toBe(4);
  });

  test("the longer ids that a search brings as well are somebody else", async () => {
    const app = createApp(dialect, { pageMax: 2 });
    await addUsers(app, ["anna", "ann-2", "annabel", "ann", "ann_3"]);
    const { reader } = await connectTo(app);
    const found = await reader.find(wanting(["user/ann"]), NOTHING);
    expect([...found.resources.keys()], "on the second page").toEqual(["user/ann"]);
    expect(found.calls).toBe(2);
    await call(app, "DELETE", "/users/ann", { permanent: true });
    const gone = await reader.find(wanting(["user/ann"]), NOTHING);
    expect(gone.resources.size).toBe(0);
    expect(gone.calls, "two pages of others, and the short one").toBe(3);
  });

  test("the webhooks that settled the dialect are not read again", async () => {
    const app = await raiseFull(dialect);
    const { sent, transport } = recording(app);
    const { reader } = await connectTo(app, { transport, dialect: "auto" });
    const first = await reader.find(wanting(["webhook/audit"]), declaring("audit"));
    expect(sent.filter((line) => line === "GET /webhooks")).toHaveLength(1);
    expect(first.resources.has("webhook/audit")).toBe(true);
    await call(
      app,
      "DELETE",
      dialect === "vendor" ? "/apps/emulator/webhooks/audit" : "/webhooks/webhook-1",
    );
    const second = await reader.find(wanting(["webhook/audit"]), declaring("audit"));
    expect(second.resources.has("webhook/audit"), "and only used once").toBe(false);
  });

  test("an interrupted search ends without an answer", async () => {
    const app = await raiseFull(dialect);
    const { reader } = await connectTo(app);
    const found = reader.find(wanting(["user/ann", "group/den"]), NOTHING, AbortSignal.abort());
    await expect(found).rejects.toThrow();
  });
});

test("a deactivated user is found in the vendor dialect, and switched off", async () => {
  const { reader } = await connectTo(await raiseFull("vendor"));
  const { resources } = await reader.find(wanting(["user/eve"]), NOTHING);
  expect(resources.get("user/eve")).toMatchObject({ inactive: true });
});

test("triggers are read of the webhooks that are wanted, and of no others", async () => {
  const app = await raiseFull("vendor");
  const { sent, transport } = recording(app);
  const { reader } = await connectTo(app, { transport });
  const { resources } = await reader.find(wanting(["webhook/audit"]), NOTHING);
  expect(sent).toEqual([
    "GET /apps/emulator/webhooks?perPage=1000",
    "GET /apps/emulator/webhooks/audit/triggers",
  ]);
  expect(resources.get("webhook/audit")?.unread).toEqual([]);
  expect(resources.get("webhook/other")?.unread).toEqual(["triggers"]);
});

test("triggers of webhooks that nobody declares are read where they may be deleted", async () => {
  const app = await raiseFull("vendor");
  const { reader } = await connectTo(app);
  const read = async (thorough: ReadonlySet<string>) => {
    const scope = { kinds: EVERY_KIND, parents: new Set<string>(), thorough };
    return (await reader.read(scope, declaring("audit"))).resources.get("webhook/other")?.unread;
  };
  expect(await read(new Set())).toEqual(["triggers"]);
  expect(await read(new Set(["webhook"]))).toEqual([]);
});

test("webhooks that cannot be told apart are told of where one of them is wanted", async () => {
  const app = createApp("collection");
  const body = { url: HOOK_URL, triggers: ["message_sent"] };
  for (const hook of [body, body]) await call(app, "POST", "/webhooks", hook);
  const { reader } = await connectTo(app);
  const desired = declaring("audit", "mirror");
  const wanted = await reader.find(wanting(["webhook/audit"]), desired);
  expect(wanted.diagnostics.map(({ code }) => code)).toEqual(["webhook/ambiguous"]);
  const other = await reader.find(wanting(["webhook/mirror"]), desired);
  expect(other.diagnostics).toEqual([]);
});

const groupsOf = fc.record({
  count: fc.integer({ min: 0, max: 30 }),
  pageMax: fc.integer({ min: 1, max: 8 }),
  wanted: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
});

test("finding never takes more than twice the calls of the cheaper of the two ways", async () => {
  const check = async ({
    count,
    pageMax,
    wanted,
  }: {
    count: number;
    pageMax: number;
    wanted: number[];
  }) => {
    const app = createApp("vendor", { pageMax });
    const guids = numbered("g", 40);
    for (const guid of guids.slice(0, count)) {
      await call(app, "POST", "/groups", { guid, name: guid, type: "public" });
    }
    const { reader } = await connectTo(app);
    const addresses = wanted.map((number) => `group/${guids[number - 1]}`);
    const { resources, calls } = await reader.find(wanting(addresses), NOTHING);
    const found = addresses.map((address) => resources.has(address));
    expect(found).toEqual(wanted.map((number) => number <= count));
    const pages = Math.floor(count / pageMax) + 1;
    expect(calls).toBeLessThanOrEqual(2 * Math.min(wanted.length, pages));
    if (wanted.length === 1) expect(calls).toBe(1);
  };
  await fc.assert(fc.asyncProperty(groupsOf, check), { numRuns: 150 });
});

interface Choice {
  readonly picks: readonly boolean[];
  readonly isGroupListed: boolean;
}

const choice = fc.record({
  picks: fc.infiniteStream(fc.boolean()).map((stream) => [...stream.take(60)]),
  isGroupListed: fc.boolean(),
});

/** Addresses that a random world may have; some of them it never has. */
const POSSIBLE: readonly Address[] = [
  ...["vip", "staff", "guest", "default", "nobody"].map((role) => `role/${role}`),
  ...["ann", "bob", "cat", "dan", "eve", "fay", "fa", "app_system"].map((uid) => `user/${uid}`),
  ...["lobby", "den", "attic", "den-2"].map((guid) => `group/${guid}`),
  ...["lobby", "den", "attic"].flatMap((guid) =>
    ["ann", "bob", "cat", "dan", "eve", "fay"].map((uid) => `membership/${guid}:${uid}`),
  ),
  ...["audit", "mirror", "webhook-1", "webhook-2"].map((id) => `webhook/${id}`),
];

async function checkWorld(one: World, { picks, isGroupListed }: Choice): Promise<void> {
  const app = createApp(one.dialect, { pageMax: 2 });
  for (const { method, path, body } of one.seeds) await call(app, method, path, body);
  const hooks = Object.keys((one.manifest["webhooks"] as object | undefined) ?? {});
  const desired = declaring(...hooks);
  const listed = await readAll(app, desired);
  const addresses = POSSIBLE.filter((_, index) => picks[index]);
  const { reader } = await connectTo(app);
  const wanted = wanting(addresses, isGroupListed ? ["group/lobby"] : []);
  const found = await reader.find(wanted, desired);
  for (const address of addresses) {
    expect(found.resources.get(address), address).toEqual(listed.resources.get(address));
  }
  for (const [address, resource] of found.resources) {
    if (resource.kind === "webhook" && !wanted.addresses.has(address)) continue;
    expect(resource, "what else is found is true as well").toEqual(listed.resources.get(address));
  }
  expect(found.evidence.has("group/lobby") || !isGroupListed).toBe(true);
  for (const { collection, complete, objects } of found.evidence.values()) {
    const all = listed.evidence.get(collection)?.objects ?? 0;
    expect([complete, objects], collection).toEqual([true, all]);
  }
}

test(`finding gives what reading gives in ${WORLDS} random worlds, both dialects`, async () => {
  await fc.assert(fc.asyncProperty(world, choice, checkWorld), { numRuns: WORLDS });
});
