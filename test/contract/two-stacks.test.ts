import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import type { PlanRequest } from "../../src/model/request.ts";
import { stateOf } from "../support/app-state.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { liftAll } from "../support/lift.ts";
import { applyIt, load, planIt } from "../support/manifest.ts";
import { changesOf, refusalsOf } from "../support/sketch.ts";

type Sections = { readonly [name: string]: unknown };

/** What a stack's manifest makes of an app. */
async function planFor(
  app: TestApp,
  stack: string,
  sections: Sections,
  asked: Partial<PlanRequest> & { readonly mode?: "apply" | "destroy" } = {},
): Promise<Plan> {
  const { mode = "apply", ...request } = asked;
  const session = await connectTo(app);
  return planIt(session, load({ version: 1, stack, ...sections }), mode, request);
}

/** Applies it as well, with the budgets lifted that it would exceed. */
async function reach(
  app: TestApp,
  stack: string,
  sections: Sections,
  asked: Partial<PlanRequest> & { readonly mode?: "apply" | "destroy" } = {},
): Promise<Plan> {
  const lifted = { ...asked, ...liftAll(await planFor(app, stack, sections, asked)) };
  const plan = await planFor(app, stack, sections, lifted);
  expect(refusalsOf(plan)).toEqual([]);
  const loaded = load({ version: 1, stack, ...sections });
  const report = await applyIt(await connectTo(app), loaded, plan);
  expect({ converged: report.converged, failed: report.summary.failed }).toEqual({
    converged: true,
    failed: 0,
  });
  return plan;
}

function activeIn(app: TestApp) {
  const { users, groups, roles, webhooks } = stateOf(app);
  return {
    users: Object.keys(users).filter((uid) => users[uid]?.["isOff"] !== true),
    groups: Object.keys(groups),
    roles: Object.keys(roles).filter((role) => role !== "default"),
    webhooks: Object.keys(webhooks).length,
  };
}

const madeBy = (name: string) => ({
  users: { [`${name}-1`]: { name: "One" }, [`${name}-2`]: { name: "Two" } },
  groups: {
    [`${name}-room`]: {
      name: "Room",
      owner: `${name}-1`,
      members: { participants: [`${name}-2`] },
    },
    [`${name}-hall`]: { name: "Hall" },
  },
});

const emptied = { users: {}, groups: {} };

describe.each(["vendor", "collection"] as const)("two stacks on one app, dialect %s", (dialect) => {
  /** Roles carry marks in one of the dialects only. */
  const roles = (name: string) =>
    dialect === "vendor"
      ? { roles: { [`${name}-a`]: { name: "A" }, [`${name}-b`]: { name: "B" } } }
      : {};
  const made = (name: string) => ({ ...madeBy(name), ...roles(name) });
  const nothing = dialect === "vendor" ? { ...emptied, roles: {} } : emptied;

  async function sharedApp(): Promise<TestApp> {
    const app = createApp(dialect, { pageMax: 3 });
    await call(app, "POST", "/users", { uid: "hand-made", name: "By hand" });
    await call(app, "POST", "/groups", { guid: "hand-made", name: "By hand", type: "public" });
    await call(app, "POST", "/roles", { role: "hand-made", name: "By hand" });
    await reach(app, "red", made("red"));
    await reach(app, "blue", made("blue"));
    return app;
  }

  test("each sees the other's as not its own, and leaves it alone", async () => {
    const app = await sharedApp();
    for (const stack of ["red", "blue"]) {
      const plan = await planFor(app, stack, made(stack));
      expect(changesOf(plan)).toEqual([]);
      expect(plan.diagnostics).toEqual([]);
    }
  });

  test("an emptied section deletes its own stack's, and never the other's or what was made by hand", async () => {
    const app = await sharedApp();
    const before = stateOf(app);
    const plan = await planFor(app, "red", nothing);
    expect(plan.applicable).toBe(false);
    const owned = plan.changes.filter(({ reason }) => reason === "not declared, owned");
    expect(owned).toHaveLength(plan.changes.length);
    await reach(app, "red", nothing);
    const isKept = (id: string) => !id.startsWith("red-");
    const { users, groups, roles: rolesLeft } = activeIn(app);
    expect({ users, groups, rolesLeft }).toEqual({
      users: Object.keys(before.users).filter(isKept),
      groups: Object.keys(before.groups).filter(isKept),
      rolesLeft: Object.keys(before.roles).filter((id) => isKept(id) && id !== "default"),
    });
    expect(changesOf(await planFor(app, "blue", made("blue")))).toEqual([]);
  });

  test("pruning of all takes what was made by hand, and never the other stack's", async () => {
    const app = await sharedApp();
    const policy = { prune: { users: "all", groups: "all" } };
    await reach(app, "red", { ...emptied, policy });
    const { users, groups } = activeIn(app);
    expect(users).toEqual(["blue-1", "blue-2"]);
    expect(groups.sort()).toEqual(["blue-hall", "blue-room"]);
  });

  test("a destroy takes down one stack and leaves the other, even where it is declared", async () => {
    const app = await sharedApp();
    const { users } = made("red");
    const both = { ...made("red"), users: { ...users, "blue-1": { name: "Not mine" } } };
    const plan = await reach(app, "red", both, { mode: "destroy" });
    expect(plan.diagnostics.map(({ summary }) => summary)).toContain(
      'user/blue-1 is declared and belongs to stack "blue": it is left alone',
    );
    expect(changesOf(await planFor(app, "blue", made("blue")))).toEqual([]);
    expect(activeIn(app).users.sort()).toEqual(["blue-1", "blue-2", "hand-made"]);
  });

  test("what one stack has made the other can neither declare nor write into", async () => {
    const app = await sharedApp();
    const users = { ...made("blue").users, "red-1": { name: "Mine now" } };
    expect(refusalsOf(await planFor(app, "blue", { ...made("blue"), users }))).toEqual([
      'ownership/foreign: user/red-1 belongs to stack "red"',
    ]);
    const groups = {
      ...made("blue").groups,
      "red-room": { members: { participants: ["blue-1"] } },
    };
    expect(refusalsOf(await planFor(app, "blue", { ...made("blue"), groups }))).toEqual([
      'ownership/foreign: group/red-room belongs to stack "red"',
    ]);
  });

  test("a take-over moves one, and the first stack's next plan is refused and says whose it is now", async () => {
    const app = await sharedApp();
    const users = { ...made("blue").users, "red-2": { name: "Two", metadata: {} } };
    const taken = await reach(
      app,
      "blue",
      { ...made("blue"), users },
      {
        takeOver: new Set(["user/red-2"]),
      },
    );
    expect(taken.changes).toMatchObject([
      { action: "adopt", address: "user/red-2", mark: "blue", unmark: "red" },
    ]);
    const next = await planFor(app, "red", made("red"));
    expect(refusalsOf(next)).toEqual(['ownership/foreign: user/red-2 belongs to stack "blue"']);
    expect(changesOf(next)).toEqual([]);
    expect(next.diagnostics[0]?.hint).toBe(
      "Take user/red-2 out of this manifest, or claim it: --take-over user/red-2.",
    );
    const without = { ...made("red"), users: { "red-1": { name: "One" } } };
    const members = { "red-room": { name: "Room", owner: "red-1" }, "red-hall": { name: "Hall" } };
    expect(changesOf(await planFor(app, "red", { ...without, groups: members }))).toEqual([]);
  });

  test("what one stack forgets stays, and the other takes it up without a word about anybody", async () => {
    const app = await sharedApp();
    const { "red-hall": _, ...groups } = made("red").groups;
    const forgotten = { ...made("red"), groups, forget: ["group/red-hall"] };
    expect(changesOf(await reach(app, "red", forgotten))).toEqual(["forget group/red-hall"]);
    const more = { ...made("blue").groups, "red-hall": { name: "Hall" } };
    const adopted = await reach(app, "blue", { ...made("blue"), groups: more });
    expect(changesOf(adopted)).toEqual(["adopt group/red-hall"]);
    expect(changesOf(await planFor(app, "red", { ...made("red"), groups }))).toEqual([]);
  });

  test("webhooks carry no mark, so neither stack deletes one it does not declare", async () => {
    const app = createApp(dialect);
    const hook = (name: string) => ({
      webhooks: { [name]: { url: `https://${name}.example/`, triggers: ["message_sent"] } },
    });
    await reach(app, "red", hook("red"));
    await reach(app, "blue", hook("blue"));
    const plan = await planFor(app, "red", { webhooks: {} });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(["policy/no-mark"]);
    expect(activeIn(app).webhooks).toBe(2);
  });
});

test("without a stack nothing is marked, nothing is owned and nothing is deleted", async () => {
  const app = createApp("vendor");
  const session = await connectTo(app);
  const loaded = load({ version: 1, ...madeBy("free") });
  await applyIt(session, loaded, await planIt(session, loaded));
  expect(JSON.stringify(stateOf(app))).not.toContain("cometform");
  expect(changesOf(await planIt(session, load({ version: 1, ...emptied })))).toEqual([]);
});

test("a destroy without a stack leaves what a stack has marked, though it is declared", async () => {
  const app = createApp("vendor");
  await reach(app, "red", { users: { ann: { name: "Ann" } } });
  await call(app, "POST", "/users", { uid: "zoe", name: "Zoe" });
  const loaded = load({ version: 1, users: { ann: {}, zoe: {} } });
  const plan = await planIt(await connectTo(app), loaded, "destroy");
  expect(changesOf(plan)).toEqual(["delete user/zoe | soft"]);
  expect(plan.diagnostics.map(({ code }) => code)).toEqual(["ownership/not-ours"]);
});
