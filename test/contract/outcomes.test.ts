import { expect, test } from "vitest";
import type { FaultRule } from "../../src/providers/cometchat/emulator/index.ts";
import type { Chaos } from "../support/chaos/chaos.ts";
import { play, type Scene } from "../support/chaos/scene.ts";
import { NOTHING_ASKED } from "../support/world/requests.ts";
import type { Seed } from "../support/world.ts";

interface Given {
  readonly manifest: object;
  readonly seeds?: readonly Seed[];
  readonly rules: readonly FaultRule[];
  readonly chaos?: Partial<Chaos>;
}

const CALM = { lagMs: 0, isLasting: true, refusedEvery: 0, interruptedAt: 0, concurrency: 1 };

async function playIn(given: Given): Promise<Scene> {
  const { manifest, seeds = [], rules, chaos } = given;
  const one = { dialect: "vendor" as const, seeds, asked: NOTHING_ASKED, order: 1 };
  const scene = await play(
    { ...one, manifest: { version: 1, ...manifest } },
    { ...CALM, faults: { rules }, ...chaos },
  );
  if (scene === undefined) throw new Error("there was nothing to apply");
  return scene;
}

function statusesOf({ report }: Scene): string[] {
  return report.outcomes.map(
    ({ address, status, error }) => `${address} ${status}${error ? ` ${error.code}` : ""}`,
  );
}

function sendsOf({ log }: Scene, request: string): number {
  return log.filter(({ method, path }) => `${method} ${path}` === request).length;
}

const ANN = { users: { ann: { name: "Ann" } } };
const user = (uid: string): Seed => ({ method: "POST", path: "/users", body: { uid, name: uid } });

test("a call that an interruption finds on its way is not said to have been left out", async () => {
  const scene = await playIn({
    manifest: ANN,
    rules: [{ method: "POST", fault: "drop", when: "after" }],
    chaos: { interruptedAt: 1 },
  });
  expect(statusesOf(scene)).toEqual(["user/ann unknown ECONNRESET"]);
});

test("a call that may still be under way when nothing more is tried is unknown, not failed", async () => {
  const scene = await playIn({
    manifest: ANN,
    rules: [{ method: "POST", fault: "delay", ms: 120_000 }],
  });
  expect(statusesOf(scene)).toEqual(["user/ann unknown ETIMEDOUT"]);
  expect(sendsOf(scene, "POST /v3/users")).toBe(3);
  expect(Object.keys(scene.after.users)).toContain("ann");
});

test("a call that the service failed at is failed once the app shows that it was not carried out", async () => {
  const scene = await playIn({
    manifest: ANN,
    rules: [{ method: "POST", fault: "status", status: 503 }],
  });
  expect(statusesOf(scene)).toEqual(["user/ann failed ERR_EXCEPTION"]);
});

test("what the service says is there, and does not show, is unknown", async () => {
  const scene = await playIn({
    manifest: ANN,
    rules: [{ method: "POST", fault: "status", status: 400, code: "ERR_UID_ALREADY_EXISTS" }],
  });
  expect(statusesOf(scene)).toEqual(["user/ann unknown ERR_UID_ALREADY_EXISTS"]);
  expect(sendsOf(scene, "POST /v3/users")).toBe(1);
});

test("an owner-to-be who turns out to be in the group already may take it over", async () => {
  const scene = await playIn({
    manifest: { groups: { den: { name: "Den", owner: "ann" } } },
    seeds: [
      user("ann"),
      { method: "POST", path: "/groups", body: { guid: "den", name: "Den", type: "public" } },
      { method: "POST", path: "/groups/den/members", body: { moderators: ["ann"] } },
    ],
    rules: [],
  });
  expect(statusesOf(scene)).toEqual(["group/den applied", "membership/den:ann applied"]);
  expect(scene.report.converged).toBe(true);
});

const DEN = { groups: { den: { name: "Den", members: { participants: ["ann", "bob"] } } } };

test.each([
  ["shows a little later, are applied", 3_000, "applied"],
  ["does not show, are unknown", 60_000, "unknown NOT_CARRIED"],
])("members inside a create that %s", async (_, ms, status) => {
  const scene = await playIn({
    manifest: DEN,
    seeds: [user("ann"), user("bob")],
    rules: [{ method: "POST", path: "/groups", fault: "drop", when: "after" }],
    chaos: { lagMs: ms },
  });
  expect(statusesOf(scene)).toEqual([
    "group/den applied",
    `membership/den:ann ${status}`,
    `membership/den:bob ${status}`,
  ]);
  expect(sendsOf(scene, "POST /v3/groups")).toBe(1);
});

test("a deleted webhook that lists still show does not keep the app from being verified", async () => {
  const scene = await playIn({
    manifest: { policy: { prune: { webhooks: "all" } }, webhooks: {} },
    seeds: [
      {
        method: "POST",
        path: "/apps/emulator/webhooks",
        body: { id: "audit", name: "audit", webhookURL: "https://hooks.example/audit" },
      },
    ],
    rules: [],
    chaos: { lagMs: 1_000 },
  });
  expect(statusesOf(scene)).toEqual(["webhook/audit applied"]);
  expect(scene.report.unread).toBeUndefined();
  expect(scene.report.converged).toBe(true);
});

test("what each of two calls did in part is done", async () => {
  const scene = await playIn({
    manifest: {
      webhooks: {
        audit: { url: "https://hooks.example/audit", triggers: ["message_sent", "group_created"] },
      },
    },
    rules: [
      { path: "**/triggers", method: "POST", nth: 1, fault: "partial", rows: [0] },
      { path: "**/triggers", method: "POST", nth: 1, fault: "drop", when: "after" },
      { path: "**/triggers", method: "POST", nth: 2, fault: "partial", rows: [1] },
    ],
  });
  expect(sendsOf(scene, "POST /apps/emulator/webhooks/audit/triggers")).toBe(2);
  expect(statusesOf(scene)).toEqual(["webhook/audit applied"]);
});

test("a call that may still be under way makes what is refused after it unknown", async () => {
  const scene = await playIn({
    manifest: ANN,
    rules: [
      { method: "POST", nth: [1], fault: "delay", ms: 120_000 },
      { method: "POST", nth: [2], fault: "status", status: 400, code: "ERR_BAD_REQUEST" },
    ],
  });
  expect(statusesOf(scene)).toEqual(["user/ann unknown ERR_BAD_REQUEST"]);
  expect(Object.keys(scene.after.users)).toContain("ann");
});
