import { expect, test } from "vitest";
import { apply } from "../../src/apply.ts";
import type { Timer } from "../../src/executor/timer.ts";
import type { Transport } from "../../src/providers/http/transport.ts";
import { call, connectTo, createApp, type DialectName } from "../support/in-process.ts";
import { load, planIt } from "../support/manifest.ts";

const uids = ["ann", "bob", "cat", "dan", "eve"];
const before = {
  version: 1,
  users: Object.fromEntries(uids.map((uid) => [uid, { name: uid }])),
};
const after = {
  version: 1,
  users: Object.fromEntries(uids.map((uid) => [uid, { name: `${uid} the second` }])),
};

/** Applies a manifest call by call, each of which takes so long; somebody else acts after the first. */
async function race(
  dialect: DialectName,
  manifests: { readonly before?: unknown; readonly after: unknown },
  act: (app: ReturnType<typeof createApp>) => Promise<unknown>,
  callMs = 3_000,
) {
  const app = createApp(dialect);
  const session = await connectTo(app);
  if (manifests.before !== undefined) {
    const loaded = load(manifests.before);
    const plan = await planIt(session, loaded);
    await apply({ plan, secrets: loaded.desired.secrets, session, concurrency: 16 });
  }
  let nowMs = 0;
  let writes = 0;
  const transport: Transport = async (request) => {
    const reply = await app.transport(request);
    if (request.method === "GET") return reply;
    nowMs += callMs;
    writes += 1;
    if (writes === 1) await act(app);
    return reply;
  };
  const slow = await connectTo(app, { transport });
  const loaded = load(manifests.after);
  const plan = await planIt(slow, loaded, "apply", { bulk: "off" });
  const pass = async (ms: number): Promise<void> => {
    nowMs += ms;
  };
  const timer: Timer = { nowMs: () => nowMs, sleep: pass };
  const reads = () => app.emulator.log().filter(({ method }) => method === "GET").length;
  const readsBefore = reads();
  const report = await apply({
    ...{ plan, session: slow, concurrency: 1, timer },
    secrets: loaded.desired.secrets,
  });
  return { app, plan, report, reads: reads() - readsBefore };
}

test.each(["vendor", "collection"] as const)(
  "what somebody else changes in the middle of an apply is not overwritten, and told: %s",
  async (dialect) => {
    const { app, report } = await race(dialect, { before, after }, (other) =>
      call(other, "PUT", "/users/dan", { name: "Daniel" }),
    );
    const dan = report.outcomes.find(({ address }) => address === "user/dan");
    expect(dan).toMatchObject({ status: "failed", error: { code: "CHANGED_MEANWHILE" } });
    expect(report.summary).toMatchObject({ applied: 4, failed: 1 });
    expect(report.converged).toBe(false);
    const { users } = app.emulator.snapshot() as { users: { uid: string; name: string }[] };
    expect(users.find(({ uid }) => uid === "dan")?.name).toBe("Daniel");
  },
);

test("who is to be deleted and was changed meanwhile is kept, and told", async () => {
  const stack = { version: 1, stack: "acme" };
  const policy = { delete: { users: "permanent" } };
  const manifests = {
    before: { ...stack, users: before.users },
    after: { ...stack, policy, users: { ann: { name: "Ann" } } },
  };
  const { app, report } = await race("vendor", manifests, (other) =>
    call(other, "PUT", "/users/eve", { name: "Eve, who came back" }),
  );
  const failed = report.outcomes.filter(({ status }) => status !== "applied");
  expect(failed.map(({ address, error }) => [address, error?.code])).toEqual([
    ["user/eve", "CHANGED_MEANWHILE"],
  ]);
  const { users } = app.emulator.snapshot() as { users: { uid: string }[] };
  expect(users.map(({ uid }) => uid)).toEqual(["ann", "eve"]);
});

test("an apply that only creates looks at nothing in between, however long it takes", async () => {
  const { plan, report, reads } = await race("vendor", { after: before }, async () => undefined);
  expect(report.converged).toBe(true);
  // Verification alone: as many pages as there may be, then none is missing.
  expect(reads).toBeLessThan(plan.steps.length);
});

test("what we do ourselves is not taken for somebody else's doing", async () => {
  const hall = { name: "Hall", owner: "ann", members: { participants: ["bob", "cat"] } };
  const moved = {
    name: "Great hall",
    owner: "bob",
    members: { mode: "authoritative", admins: ["bob"] },
  };
  const manifests = {
    before: { ...before, groups: { hall } },
    after: { ...after, groups: { hall: moved } },
  };
  const { report } = await race("vendor", manifests, async () => undefined);
  expect(report.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
  expect(report.converged).toBe(true);
});
