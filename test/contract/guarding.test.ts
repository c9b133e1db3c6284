import { describe, expect, test } from "vitest";
import { findConflicts } from "../../src/conflicts.ts";
import type { Transport } from "../../src/providers/http/transport.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { load, planIt, planLifted } from "../support/manifest.ts";
import { refusalsOf } from "../support/sketch.ts";

/** The service as one that does not say who owns a group. */
function withoutOwners(app: TestApp): Transport {
  return async (request) => {
    const reply = await app.transport(request);
    return { ...reply, text: reply.text.replaceAll(/"owner":"[^"]*",?/g, "") };
  };
}

describe("a declared group of which nobody is told to be the owner", () => {
  const raise = async () => {
    const app = createApp("vendor");
    for (const uid of ["ann", "bob", "cat"]) await call(app, "POST", "/users", { uid, name: uid });
    const members = { admins: ["ann"], participants: ["bob"] };
    await call(app, "POST", "/groups", { guid: "den", name: "Den", type: "public", members });
    return app;
  };
  const policy = { prune: { users: "all" } };

  test("is asked for its members before one of them may go, though the manifest names none", async () => {
    const app = await raise();
    const session = await connectTo(app, { transport: withoutOwners(app) });
    const groups = { den: { name: "Den" } };
    const without = (uids: readonly string[]) =>
      planIt(
        session,
        load({
          version: 1,
          policy,
          users: Object.fromEntries(uids.map((uid) => [uid, {}])),
          groups,
        }),
      );
    expect(refusalsOf(await without(["bob", "cat"]))).toEqual([
      "group/last-admin: group/den would be left without an owner or an admin",
    ]);
    const others = await without(["ann", "bob"]);
    expect(refusalsOf(others)).toEqual([]);
    expect(others.changes.map(({ address }) => address)).toEqual(["user/cat"]);
  });

  test("costs no call where nothing may be deleted", async () => {
    const app = await raise();
    const session = await connectTo(app, { transport: withoutOwners(app) });
    const loaded = load({ version: 1, users: { ann: {} }, groups: { den: { name: "Den" } } });
    expect((await planIt(session, loaded)).reads.calls).toBe(2);
  });
});

describe("a webhook whose id the service makes", () => {
  const hook = (name: string) => ({ url: `https://h.example/${name}`, triggers: ["message_sent"] });

  test("is kept by the line that protects it after its entry is gone", async () => {
    const app = createApp("collection");
    for (const name of ["audit", "mirror"]) await call(app, "POST", "/webhooks", hook(name));
    const policy = { prune: { webhooks: "all" }, protect: ["webhook/audit"] };
    const session = await connectTo(app);
    const gone = await planLifted(session, load({ version: 1, policy, webhooks: {} }));
    expect(gone.changes).toEqual([]);
    expect(gone.summary.protected).toBe(2);
    const webhooks = { audit: hook("audit") };
    const there = await planLifted(session, load({ version: 1, policy, webhooks }));
    expect(there.changes, "it may have had another url").toEqual([]);
    const named = { ...policy, protect: ["webhook/webhook-1"] };
    const one = await planLifted(session, load({ version: 1, policy: named, webhooks: {} }));
    expect(one.changes.map(({ address }) => address)).toEqual(["webhook/webhook-2"]);
  });
});

test("a group that was reviewed as empty is not deleted with those who have joined it since", async () => {
  const app = createApp("vendor");
  for (const uid of ["ann", "bob", "cat"]) await call(app, "POST", "/users", { uid, name: uid });
  await call(app, "POST", "/groups", { guid: "old", name: "Old", type: "public" });
  const session = await connectTo(app);
  const policy = { prune: { groups: "all" } };
  const plan = await planIt(session, load({ version: 1, policy, groups: {} }));
  expect(plan.changes.map(({ address }) => address)).toEqual(["group/old"]);
  expect(await findConflicts(plan, session)).toEqual([]);
  await call(app, "POST", "/groups/old/members", { participants: ["ann", "bob", "cat"] });
  expect(await findConflicts(plan, session)).toEqual(["group/old"]);
});

test("a group is not stale to a run that went on after it had deactivated a member", async () => {
  const app = createApp("vendor");
  const tags = ["cometform:acme"];
  await call(app, "POST", "/users", { uid: "ann", name: "Ann", tags });
  await call(app, "POST", "/groups", { guid: "old", name: "Old", type: "public", tags });
  await call(app, "POST", "/groups/old/members", { participants: ["ann"] });
  const session = await connectTo(app);
  const manifest = { version: 1, stack: "acme", users: {}, groups: {} };
  const plan = await planLifted(session, load(manifest));
  const gone = plan.changes.map(({ address }) => address).sort();
  expect(gone).toEqual(["group/old", "user/ann"]);
  await call(app, "DELETE", "/users", { uidsToDeactivate: ["ann"] });
  expect(await findConflicts(plan, session), "a run that has done nothing").toEqual(gone);
  expect(await findConflicts(plan, session, { begun: new Set(["user/ann"]) })).toEqual([]);
});

test("a plan that says what it saw of something it does not change is in conflict with that", async () => {
  const session = await connectTo(createApp("vendor"));
  const plan = await planIt(session, load({ version: 1, users: { ann: { name: "Ann" } } }));
  const edited = { ...plan, preImages: { ...plan.preImages, "user/eve": null } };
  expect(await findConflicts(edited, session)).toEqual(["user/eve"]);
});

test("what is left alone does not change a digest, not even where the plan has something to say of it", async () => {
  const app = createApp("vendor");
  const session = await connectTo(app);
  const audit = { url: "https://h.example/audit", triggers: [] };
  const loaded = load({ version: 1, stack: "acme", webhooks: { audit } });
  const before = await planIt(session, loaded);
  const theirs = { id: "theirs", name: "theirs", webhookURL: "https://h.example/theirs" };
  await call(app, "POST", "/apps/emulator/webhooks", theirs);
  const after = await planIt(session, loaded);
  expect(after.diagnostics).not.toEqual(before.diagnostics);
  expect(after.digest).toBe(before.digest);
});

test("a plan that is limited to one group is held against the budget of all", async () => {
  const app = createApp("vendor");
  const uids = Array.from({ length: 8 }, (_, i) => `u${i}`);
  for (const uid of uids) await call(app, "POST", "/users", { uid, name: uid });
  for (const guid of ["den", "hall"]) {
    const members = { participants: guid === "den" ? uids.slice(0, 4) : uids };
    await call(app, "POST", "/groups", { guid, name: guid, type: "public", members });
  }
  const groups = {
    den: { members: { moderators: uids.slice(0, 4) } },
    hall: { members: { participants: uids } },
  };
  const only = [{ text: "group/den", kinds: new Map([["group", "den"]]) }];
  const session = await connectTo(app);
  const plan = await planIt(session, load({ version: 1, groups }), "apply", { only });
  expect(refusalsOf(plan)).toEqual([
    "policy/budget: 4 of 12 memberships would be updated (33.3 %), the limit is 30 %",
  ]);
});
