import { describe, expect, test } from "vitest";
import { printManifest } from "../../src/manifest/print.ts";
import { readAll } from "../../src/pipeline.ts";
import { stateOf } from "../support/app-state.ts";
import {
  everything,
  everythingChanged,
  everythingCleared,
  manyObjects,
  SECRETS,
} from "../support/cases.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { applyIt, load, planIt } from "../support/manifest.ts";
import { shuffleRows } from "../support/shuffle.ts";

/** Applies a manifest and demands that nothing is left to do. */
async function reach(app: TestApp, manifest: unknown) {
  const session = await connectTo(app);
  const loaded = load(manifest, SECRETS);
  const plan = await planIt(session, loaded);
  expect(plan.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const report = await applyIt(session, loaded, plan);
  expect(report.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
  expect(report.residue).toEqual([]);
  const told = JSON.stringify([plan, report, app.emulator.snapshot(), app.emulator.log()]);
  expect(told).not.toMatch(/Canary|5ecret|ann@/);
  expect(report.converged).toBe(true);
  expect((await planIt(session, loaded)).changes).toEqual([]);
  return plan;
}

function readsIn(app: TestApp): string[] {
  const reads = app.emulator.log().filter(({ method }) => method === "GET");
  return reads.map(({ path, query }) => `${path} page ${query["page"] ?? "-"}`);
}

function writesIn(app: TestApp): number {
  return app.emulator.log().filter(({ method }) => method !== "GET").length;
}

function clearLog(app: TestApp): Promise<Response> {
  return app.emulator.fetch(new Request("http://127.0.0.1/_emulator/log", { method: "DELETE" }));
}

describe.each(["vendor", "collection"] as const)("in the %s dialect", (dialect) => {
  test("every attribute is created, changed and cleared, and then there is nothing to do", async () => {
    const app = createApp(dialect);
    const before = stateOf(app);
    await reach(app, everything(dialect));
    const changed = await reach(app, everythingChanged(dialect));
    expect(changed.changes.map(({ address }) => address)).toEqual([
      "role/vip",
      "user/ann",
      "group/lobby",
      "membership/lobby:ann",
      "membership/lobby:bob",
      "membership/lobby:cat",
      "webhook/audit",
    ]);
    const cleared = await reach(app, everythingCleared(dialect));
    expect(cleared.changes.map(({ address }) => address)).toEqual([
      "role/vip",
      "user/ann",
      "group/lobby",
      "webhook/audit",
    ]);
    const session = await connectTo(app);
    const loaded = load(everything(dialect), SECRETS);
    const gone = await planIt(session, loaded, "destroy");
    expect((await applyIt(session, loaded, gone)).converged).toBe(true);
    const after = stateOf(app);
    const active = Object.values(after.users).filter(({ isOff }) => isOff !== true);
    expect({
      ...after,
      users: Object.fromEntries(active.map((user) => [user["uid"], user])),
    }).toEqual(before);
  });

  test("noise in replies never makes a change", async () => {
    const app = createApp(dialect);
    await reach(app, everything(dialect));
    const transport = shuffleRows(app.transport, () => Math.random());
    const session = await connectTo(app, { transport });
    const plan = await planIt(session, load(everything(dialect), SECRETS));
    expect(plan.changes).toEqual([]);
  });

  test("an attribute that is left out is neither read into a change nor written", async () => {
    const app = createApp(dialect);
    await reach(app, everything(dialect));
    const before = stateOf(app).users["ann"];
    const policy = { prune: { users: "none" } };
    await reach(app, { version: 1, stack: "acme", policy, users: { ann: { name: "Anna" } } });
    expect(stateOf(app).users["ann"]).toEqual({ ...before, name: "Anna" });
  });

  test.each([4, 25, 100])("pages of %i rows are read to the end", async (pageMax) => {
    const manifest = manyObjects();
    const app = createApp(dialect, { pageMax });
    await reach(app, manifest);
  });

  test.each(["auto", "off"] as const)(
    "550 objects are created by the lower bound of calls and compared by the formula's reads, bulk %s",
    async (bulk) => {
      const app = createApp(dialect);
      const loaded = load(manyObjects());
      const session = await connectTo(app, { dialect: "auto" });
      const plan = await planIt(session, loaded, "apply", { bulk });
      await clearLog(app);
      const report = await applyIt(session, loaded, plan);
      expect(report.converged).toBe(true);
      // 10 roles, 400 users, 40 groups; members ride in the creates, or take a call for 20 groups.
      const oneByOne = 10 + 400 + 40 + (dialect === "vendor" ? 0 : 20);
      // 50 users, groups or members to an import.
      const isImported = dialect === "vendor" && bulk === "auto";
      const bound = isImported ? 10 + 400 / 50 + 1 + 100 / 50 : oneByOne;
      expect(plan.calls).toMatchObject({ total: bound, lowerBound: bound });
      expect(writesIn(app)).toBe(bound);

      await clearLog(app);
      const again = await planIt(await connectTo(app, { dialect: "auto" }), loaded);
      expect(again.changes).toEqual([]);
      const size = dialect === "vendor" ? 1000 : 100;
      const pages = (count: number) => Math.floor(count / size) + 1;
      // The role `default` is listed too. All 40 groups declare members; webhooks are out of scope.
      const membersReads = 20 * pages(5) + 20 * pages(0);
      expect(readsIn(app)).toHaveLength(1 + pages(11) + pages(400) + pages(40) + membersReads);
      expect(writesIn(app)).toBe(0);
      expect(again.reads.calls).toBe(readsIn(app).length);
    },
  );

  test("destroy leaves alone what the stack does not own", async () => {
    const app = createApp(dialect);
    await call(app, "POST", "/users", { uid: "zoe", name: "Zoe" });
    await call(app, "POST", "/groups", { guid: "den", name: "Den", type: "public" });
    await reach(app, { version: 1, stack: "acme", users: { ann: { name: "Ann" } } });
    const session = await connectTo(app);
    const loaded = load({
      version: 1,
      stack: "acme",
      users: { ann: { name: "Ann" }, zoe: { name: "Zoe" } },
      groups: { den: {} },
    });
    const plan = await planIt(session, loaded, "destroy");
    expect(plan.changes.map(({ address }) => address)).toEqual(["user/ann"]);
  });

  test("an export plans empty", async () => {
    const app = createApp(dialect, { sample: true });
    await reach(app, everything(dialect));
    const session = await connectTo(app);
    const text = printManifest(session.toManifest(await readAll(session), {}));
    expect((await planIt(session, load(text))).changes).toEqual([]);
  });
});
