import { describe, expect, test } from "vitest";
import type { HttpRequest, Transport } from "../../src/providers/http/transport.ts";
import { stateOf } from "../support/app-state.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { applyIt, load, planIt, planLifted } from "../support/manifest.ts";
import { changesOf, refusalsOf, sketchPlan } from "../support/sketch.ts";

/** A transport that answers some requests itself. */
function answering(
  app: TestApp,
  answer: (
    request: HttpRequest,
  ) => { readonly status?: number; readonly body: unknown } | undefined,
): Transport {
  return async (request) => {
    const own = answer(request);
    if (own === undefined) return app.transport(request);
    return { status: own.status ?? 200, headers: {}, text: JSON.stringify(own.body) };
  };
}

function isGet(request: HttpRequest, path: string): boolean {
  return request.method === "GET" && new URL(request.url).pathname === path;
}

describe("a secret", () => {
  const manifest = {
    version: 1,
    users: { ann: { name: "Ann", metadata: { seat: 4 } } },
    groups: { lobby: { name: "Lobby", type: "password", password: "${PASSWORD}" } },
  };
  const variables = { PASSWORD: "hunter2secret" };

  test("is not written where live data asks for it", async () => {
    const app = createApp("vendor");
    const bio = { $secret: "group/lobby#password" };
    const metadata = { bio, note: { $$secret: "x" }, other: { $secret: "nothing" } };
    await call(app, "POST", "/users", { uid: "ann", name: "Ann", metadata });
    const session = await connectTo(app);
    const loaded = load(manifest, variables);
    const report = await applyIt(session, loaded, await planIt(session, loaded));
    expect(report.converged).toBe(true);
    expect(stateOf(app).users["ann"]?.["metadata"]).toEqual({ ...metadata, seat: 4 });
  });

  test("that the service repeats in an error is not told", async () => {
    const app = createApp("vendor");
    const transport = answering(app, ({ method, url }) =>
      method === "POST" && url.endsWith("/groups")
        ? {
            status: 400,
            body: { error: { code: "ERR_BAD_REQUEST", message: "hunter2secret is too weak" } },
          }
        : undefined,
    );
    const session = await connectTo(app, { transport });
    const loaded = load(manifest, variables);
    const report = await applyIt(session, loaded, await planIt(session, loaded));
    expect(report.summary.failed).toBe(1);
    expect(JSON.stringify(report)).not.toContain("hunter2secret");
  });

  test("counts at its own size against the limits", () => {
    const metadata = { "@private": { note: "x".repeat(3_000) } };
    const live = { "user/ann": { name: "Ann", metadata: { big: "y".repeat(3_000) } } };
    const plan = sketchPlan({ users: { ann: { metadata: { ...metadata, seat: 1 } } } }, live);
    expect(refusalsOf(plan)).toEqual([
      "limit/metadata: user/ann would have 6042 bytes of metadata, the service takes 5120",
    ]);
  });
});

describe("a listing", () => {
  test.each(["/v3/users", "/v3/roles"])("that is no list ends the plan: %s", async (path) => {
    const app = createApp("vendor");
    const transport = answering(app, (request) =>
      isGet(request, path) ? { body: { data: { nope: true } } } : undefined,
    );
    const session = await connectTo(app, { transport });
    const loaded = load({ version: 1, roles: {}, users: { ann: { name: "Ann" } } });
    await expect(planIt(session, loaded)).rejects.toMatchObject({ kind: "unreadable" });
  });

  test("of triggers that is no list ends the plan", async () => {
    const app = createApp("vendor");
    const webhook = { id: "audit", name: "audit", webhookURL: "https://h.example/" };
    await call(app, "POST", "/apps/emulator/webhooks", webhook);
    const transport = answering(app, (request) =>
      isGet(request, "/apps/emulator/webhooks/audit/triggers") ? { body: { data: {} } } : undefined,
    );
    const session = await connectTo(app, { transport });
    const loaded = load({
      version: 1,
      webhooks: { audit: { url: "https://h.example/", triggers: [] } },
    });
    await expect(planIt(session, loaded)).rejects.toMatchObject({ kind: "unreadable" });
  });

  test("of a group that goes meanwhile removes nobody and does not end the plan", async () => {
    const app = createApp("vendor");
    await call(app, "POST", "/groups", { guid: "den", name: "Den", type: "public" });
    const gone = { error: { code: "ERR_GUID_NOT_FOUND", message: "gone" } };
    const transport = answering(app, (request) =>
      isGet(request, "/v3/groups/den/members") ? { status: 404, body: gone } : undefined,
    );
    const session = await connectTo(app, { transport });
    const groups = { den: { name: "Den", members: { mode: "authoritative" } } };
    const plan = await planIt(session, load({ version: 1, groups }));
    expect(plan.changes).toEqual([]);
    expect(plan.reads.complete).toBe(false);
  });

  test("that was not read to its end deletes nothing by destroy either, and says so", () => {
    const live = { "user/ann": { $: { stack: "acme" } }, "user/bob": { $: { stack: "acme" } } };
    const plan = sketchPlan({ stack: "acme", users: { ann: {} } }, live, {
      mode: "destroy",
      incomplete: ["user"],
    });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(["read/incomplete"]);
  });

  test("of users that was not read to its end keeps roles they may hold", () => {
    const live = { "role/vip": { $: { stack: "acme" } } };
    const plan = sketchPlan({ stack: "acme", roles: {} }, live, { incomplete: ["user"] });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(["read/incomplete"]);
  });

  test("that is broken after an apply proves nothing", async () => {
    const app = createApp("vendor", { pageMax: 1 });
    for (const uid of ["ann", "bob"]) await call(app, "POST", "/users", { uid, name: uid });
    const session = await connectTo(app);
    const loaded = load({ version: 1, policy: { prune: { users: "all" } }, users: {} });
    const plan = await planLifted(session, loaded);
    const transport = answering(app, (request) =>
      isGet(request, "/v3/users")
        ? { body: { data: [{ uid: "ann" }], meta: { pagination: { per_page: 1 } } } }
        : undefined,
    );
    const second = await connectTo(app, { transport });
    const report = await applyIt(second, loaded, plan);
    expect(report.converged).toBe(false);
    expect(report.unread?.code).toBe("READ_INCOMPLETE");
  });
});

test("a group whose name is also a member's is not reported for the member's failure", async () => {
  const app = createApp("vendor");
  const transport = answering(app, ({ method, url }) =>
    method === "POST" && url.endsWith("/groups")
      ? {
          body: {
            data: {
              guid: "lobby",
              members: {
                participants: {
                  lobby: { success: false, error: { code: "ERR_UID_NOT_FOUND", message: "" } },
                },
              },
            },
          },
        }
      : undefined,
  );
  const session = await connectTo(app, { transport });
  const loaded = load({
    version: 1,
    users: { lobby: { name: "Lobby the cat" } },
    groups: { lobby: { name: "Lobby", members: { participants: ["lobby"] } } },
  });
  const { outcomes } = await applyIt(session, loaded, await planIt(session, loaded));
  expect(outcomes.map(({ address, status }) => `${address} ${status}`)).toEqual([
    "user/lobby applied",
    "group/lobby applied",
    "membership/lobby:lobby failed",
  ]);
});

test("a login whose user the service does not tell is no change, and the plan says so", async () => {
  const app = createApp("vendor");
  const audit = {
    url: "https://h.example/",
    basicAuth: { username: "u", password: "${PASSWORD}" },
  };
  const loaded = load({ version: 1, webhooks: { audit } }, { PASSWORD: "pw" });
  const session = await connectTo(app);
  await applyIt(session, loaded, await planIt(session, loaded));
  const transport: Transport = async (request) => {
    const reply = await app.transport(request);
    return { ...reply, text: reply.text.replace('"username":"u",', "") };
  };
  const plan = await planIt(await connectTo(app, { transport }), loaded);
  expect(plan.changes).toEqual([]);
  expect(plan.diagnostics.map(({ summary }) => summary)).toEqual([
    "webhook/audit: the service does not tell basicAuth, so it is not compared",
  ]);
});

test("a mark that the service drops is not converged", async () => {
  const app = createApp("vendor");
  const dropping: Transport = (request) => {
    const { body, ...rest } = request;
    return app.transport(
      body === undefined
        ? rest
        : { ...rest, body: body.replace('"tags":["cometform:acme"]', '"tags":[]') },
    );
  };
  const session = await connectTo(app, { transport: dropping });
  const loaded = load({ version: 1, stack: "acme", users: { ann: { name: "Ann" } } });
  const report = await applyIt(session, loaded, await planIt(session, loaded));
  expect(report.converged).toBe(false);
});

test("a member who comes back with a reactivation into a closed group is residue", async () => {
  const app = createApp("vendor");
  await call(app, "POST", "/users", { uid: "bob", name: "Bob" });
  const group = { guid: "den", name: "Den", type: "public", members: { participants: ["bob"] } };
  await call(app, "POST", "/groups", group);
  await call(app, "DELETE", "/users/bob", { permanent: false });
  const session = await connectTo(app);
  const groups = { den: { members: { mode: "authoritative" } } };
  const loaded = load({ version: 1, users: { bob: { name: "Bob" } }, groups });
  const plan = await planIt(session, loaded);
  expect(plan.diagnostics.map(({ code }) => code)).toContain("reactivate/second-apply");
  const report = await applyIt(session, loaded, plan);
  expect(report.residue).toEqual([
    { address: "membership/den:bob", action: "delete", attributes: [] },
  ]);
  expect(report.converged).toBe(false);
});

test("the role that every app has is never created", () => {
  expect(changesOf(sketchPlan({ roles: { default: { name: "Default" } } }))).toEqual([]);
});

test("a membership that goes with its user is not counted as left alone", () => {
  const plan = sketchPlan(
    {
      stack: "acme",
      policy: { delete: { users: "permanent" } },
      users: {},
      groups: { den: { members: {} } },
    },
    {
      "user/ann": { $: { stack: "acme" } },
      "group/den": { owner: "app_system", $: { stack: "acme" } },
      "membership/den:ann": { scope: "participant" },
    },
  );
  expect(changesOf(plan)).toEqual(["delete user/ann"]);
  expect(plan.kept).toEqual([]);
});

test("webhooks that cannot be told apart refuse the plan, in whatever order they are listed", async () => {
  const app = createApp("collection");
  const hook = { url: "https://h.example/", triggers: ["message_sent"] };
  for (const body of [hook, hook]) await call(app, "POST", "/webhooks", body);
  const loaded = load({ version: 1, webhooks: { audit: hook } });
  const reversed: Transport = async (request) => {
    const reply = await app.transport(request);
    const body = JSON.parse(reply.text);
    return { ...reply, text: JSON.stringify({ ...body, data: [...body.data].reverse() }) };
  };
  const plans = [
    await planIt(await connectTo(app), loaded),
    await planIt(await connectTo(app, { transport: reversed }), loaded),
  ];
  expect(plans.map(refusalsOf)[0]).toEqual([
    "webhook/ambiguous: webhook/audit cannot be told apart: its url belongs to webhook-1 and webhook-2",
  ]);
  expect(plans[1]).toEqual(plans[0]);
});

test("who comes back into a group that declares its members, and is protected there, is nothing to be done", async () => {
  const app = createApp("vendor");
  await call(app, "POST", "/users", { uid: "dan", name: "Dan", tags: ["cometform:acme"] });
  await call(app, "POST", "/groups", { guid: "lobby", name: "Lobby", type: "public" });
  await call(app, "POST", "/groups/lobby/members", { admins: ["dan"] });
  await call(app, "DELETE", "/users", { uidsToDeactivate: ["dan"] });
  const session = await connectTo(app);
  const loaded = load({
    version: 1,
    stack: "acme",
    policy: { members: "authoritative", protect: ["membership/*"] },
    users: { ann: { name: "Ann" }, dan: { name: "Dan" } },
    groups: { lobby: { name: "Lobby", owner: "ann", members: {} } },
  });
  const report = await applyIt(session, loaded, await planIt(session, loaded));
  expect(report.residue).toEqual([]);
  expect(report.converged).toBe(true);
  expect((await planIt(session, loaded)).changes).toEqual([]);
});
