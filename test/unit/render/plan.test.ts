import { expect, test } from "vitest";
import type { SourceRange } from "../../../src/model/diagnostic.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { type PlanView, renderPlan } from "../../../src/render/plan.ts";
import { toChange, toPlan, toStep } from "../../support/plan.ts";

function render(plan: Parameters<typeof toPlan>[0], view: Partial<PlanView> = {}): string {
  return renderPlan(toPlan(plan), { paint: plainPaint, width: 80, ...view });
}

const at = (line: number): SourceRange => ({ file: "cometform.yaml", line, column: 3 });

test("a plan shows each change with its attributes and its place, deletions last, and ends with the counts", () => {
  const text = render(
    {
      changes: [
        toChange("delete", "user/erin", { soft: true, reason: "not declared, owned" }),
        toChange("delete", "group/old-lobby", { children: 14, reason: "not declared, owned" }),
        toChange("create", "role/moderator", {
          source: at(8),
          attributes: [
            { path: "name", before: null, after: "Moderator" },
            { path: "description", before: null, after: "Keeps the lobby tidy" },
          ],
        }),
        toChange("update", "user/alice", {
          source: at(15),
          attributes: [
            { path: "name", before: "Alice", after: "Alice Liddell" },
            { path: "role", before: "default", after: "moderator" },
            { path: "metadata.seat", before: 4, after: 7 },
            { path: "link", before: "https://a.example", after: null },
          ],
        }),
        toChange("adopt", "user/bob", { source: at(19) }),
        toChange("update", "group/lobby", {
          source: at(27),
          attributes: [
            {
              path: "description",
              before: "We talk about work here.\nBe kind.",
              after: "We talk about everything here.\nBe kind.",
            },
          ],
        }),
        toChange("create", "membership/lobby:carol", {
          source: at(30),
          attributes: [{ path: "scope", before: null, after: "moderator" }],
        }),
        toChange("update", "membership/lobby:bob", {
          source: at(31),
          attributes: [{ path: "scope", before: "participant", after: "admin" }],
        }),
        toChange("delete", "membership/lobby:dave", { reason: "not declared" }),
        toChange("reactivate", "user/fred", { source: at(33) }),
      ],
      steps: [
        toStep("1", { method: "POST", path: "/roles" }, ["role/moderator"]),
        toStep("2", { method: "PUT", path: "/users/alice", quota: "standard" }, ["user/alice"]),
      ],
      summary: {
        create: 2,
        update: 3,
        adopt: 1,
        reactivate: 1,
        forget: 0,
        delete: 3,
        protected: 0,
        unchanged: 1195,
        undeclared: { role: 0, user: 12, group: 3, membership: null, webhook: null },
      },
    },
    { next: "cometform apply" },
  );
  expect(text).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · vendor API
    read 1,204 objects in 9 calls, complete

      + role/moderator                                              cometform.yaml:8
          name          "Moderator"
          description   "Keeps the lobby tidy"

      ~ user/alice                                                 cometform.yaml:15
          name           "Alice" → "Alice Liddell"
          role           default → moderator
          metadata.seat  4 → 7
          link           "https://a.example" → (none)

      > user/bob                                                   cometform.yaml:19
          adopted: exists, not yet marked as ours

      ~ group/lobby                                                cometform.yaml:27
          description   − We talk about work here.
                        + We talk about everything here.
                          Be kind.
          members       + carol (moderator)   ~ bob participant → admin   − dave

      > user/fred           reactivated: was deactivated           cometform.yaml:33
      − user/erin           deactivated; its data is kept        not declared, owned

      − group/old-lobby                                          not declared, owned
          deleted with 14 members; cannot be undone

    Plan: 2 to create, 3 to update, 1 to adopt, 1 to reactivate, 3 to delete
          1,195 unchanged
          1 of them cannot be undone
          12 users and 3 groups in the app are not declared: left alone
          memberships and webhooks of the app: not counted
          2 calls (1 core, 1 standard), the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7

    Apply with: cometform apply
    "
  `);
});

test("a plan without changes is one line", () => {
  const plan = {
    summary: { ...toPlan().summary, unchanged: 1204, undeclared: { user: 12, group: 3 } },
  };
  expect(render(plan, { durationMs: 412 })).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · 1,204 objects match (9 calls, 0.4 s) · 15 not declared, left alone
    "
  `);
  expect(render({ mode: "destroy", stack: null })).toMatchInlineSnapshot(`
    "destroy · app 2634f0 (us) · nothing to destroy (9 calls)
    "
  `);
});

test("a group of which only members change shows just those, wrapped at the width", () => {
  const text = render({
    changes: [
      ...Array.from({ length: 9 }, (_, index) =>
        toChange("create", `membership/lobby:person-${index}`, {
          source: at(40 + index),
          attributes: [{ path: "scope", before: null, after: "participant" }],
        }),
      ),
    ],
  });
  expect(text).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · vendor API
    read 1,204 objects in 9 calls, complete

      ~ group/lobby                                                cometform.yaml:40
          members       + person-0 (participant)   + person-1 (participant)
                        + person-2 (participant)   + person-3 (participant)
                        + person-4 (participant)   + person-5 (participant)
                        + person-6 (participant)   + person-7 (participant)
                        + person-8 (participant)

    Plan: 9 to create, 0 to update, 0 to delete · 0 unchanged
          0 calls, the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7
    "
  `);
});

test("of more than a hundred new members the rest is counted, and listed when asked for", () => {
  const changes = Array.from({ length: 103 }, (_, index) =>
    toChange("create", `membership/lobby:p${index}`),
  );
  const isNamed = (text: string): boolean => text.includes("+ p102");
  expect(render({ changes })).toContain("and 3 more + (--verbose lists them)");
  expect(isNamed(render({ changes }))).toBe(false);
  expect(isNamed(render({ changes }, { verbose: true }))).toBe(true);
});

test("a refused plan ends with every reason, its detail, its place and what to do", () => {
  const text = render({
    changes: [toChange("delete", "user/erin", { soft: true, reason: "not declared, owned" })],
    diagnostics: [
      {
        severity: "error",
        code: "policy/budget",
        summary: "30 of 40 owned users would be deactivated (75 %), the limit is 30 %",
        detail: "policy.budgets says so.",
        hint: "If this is meant: --allow delete:user=30",
        range: { file: "cometform.yaml", line: 5, column: 1 },
      },
      {
        severity: "warning",
        code: "policy/no-mark",
        summary: "webhooks carry no mark, so nothing tells which are ours",
      },
      { severity: "error", code: "reference/missing", summary: "user/zoe needs role/vipp" },
    ],
  });
  expect(text).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · vendor API
    read 1,204 objects in 9 calls, complete

      − user/erin           deactivated; its data is kept        not declared, owned

    note     policy/no-mark: webhooks carry no mark, so nothing tells which are ours

    Plan: 0 to create, 0 to update, 1 to delete · 0 unchanged
          0 calls, the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7
    REFUSED  policy/budget: 30 of 40 owned users would be deactivated (75 %), the
             limit is 30 %
             policy.budgets says so.
             cometform.yaml:5. If this is meant: --allow delete:user=30
    REFUSED  reference/missing: user/zoe needs role/vipp
    "
  `);
});

test("long texts are compared word by word, lists by what is added and removed", () => {
  const text = render({
    changes: [
      toChange("update", "group/lobby", {
        attributes: [
          {
            path: "description",
            before:
              "This is the place where everybody who works here comes to talk about work and nothing else.",
            after:
              "This is the place where everybody who works here comes to talk about anything and nothing else.",
          },
          { path: "tags", before: ["eu", "trial", "Old one"], after: ["eu", "vip"] },
          { path: "triggers", before: ["b", "a"], after: ["a", "b"] },
          { path: "metadata.plan", before: { seats: 4 }, after: { seats: 4, tier: "gold" } },
          {
            path: "metadata.address",
            before: { street: "Long Lane 1", city: "Little Whinging", country: "United Kingdom" },
            after: { street: "Long Lane 2", city: "Little Whinging", country: "United Kingdom" },
          },
        ],
      }),
    ],
  });
  expect(text).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · vendor API
    read 1,204 objects in 9 calls, complete

      ~ group/lobby
          description       − … to talk about work and nothing else.
                            + … to talk about anything and nothing else.
          tags              + vip  − trial  − "Old one"  (1 kept)
          triggers          ["b","a"] → ["a","b"]
          metadata.plan     {"seats":4} → {"seats":4,"tier":"gold"}
          metadata.address    {
                            −   "street": "Long Lane 1",
                            +   "street": "Long Lane 2",
                                "city": "Little Whinging",

    Plan: 0 to create, 1 to update, 0 to delete · 0 unchanged
          0 calls, the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7
    "
  `);
});

test("write-only values are never shown, neither as attributes nor inside calls", () => {
  const secret = { $secret: "group/vault#password" };
  const text = render(
    {
      changes: [
        toChange("create", "group/vault", {
          attributes: [
            { path: "password", before: null, after: secret },
            {
              path: "basicAuth",
              before: null,
              after: { username: "bot", password: { $secret: "webhook/a#basicAuth.password" } },
            },
          ],
        }),
        toChange("update", "webhook/a", {
          attributes: [{ path: "metadata.@private", before: null, after: secret }],
        }),
      ],
      steps: [
        toStep(
          "1",
          { method: "POST", path: "/groups", body: { guid: "vault", password: secret } },
          ["group/vault", "webhook/a"],
        ),
      ],
    },
    { verbose: true, width: 100 },
  );
  expect(text).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · vendor API                  read 1,204 objects in 9 calls, complete

      + group/vault
          password      (secret)
          basicAuth     {"username":"bot","password":"(secret)"}
          call          POST /groups {"guid":"vault","password":"***"}

      ~ webhook/a
          metadata.@private  (secret), written
          call               (shared, see above: POST /groups)

    Plan: 1 to create, 1 to update, 0 to delete · 0 unchanged
          1 call (1 core), the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7
    "
  `);
});

test("names and values cannot move the cursor, turn the reading order or speak to the pipeline", () => {
  const text = render({
    stack: "::add-mask::x",
    changes: [
      toChange("create", "user/\u001b[2Jeve", {
        attributes: [
          { path: "name", before: null, after: "a\u202eb\u0007" },
          { path: "::stop", before: null, after: "##vso[task.complete]" },
        ],
      }),
      toChange("update", "user/mallory", {
        attributes: [
          { path: "description", before: "one\ntwo", after: "::error::boom\n  ::warning::two" },
        ],
      }),
    ],
  });
  expect(text).toMatchInlineSnapshot(`
    "\\::add-mask::x · app 2634f0 (us) · vendor API
    read 1,204 objects in 9 calls, complete

      + user/\\u001b[2Jeve
          name          "a\\u202eb\\u0007"
          \\::stop       "#\\#vso[task.complete]"

      ~ user/mallory
          description   − one
                        − two
                        + \\::error::boom
                        +   \\::warning::two

    Plan: 1 to create, 1 to update, 0 to delete · 0 unchanged
          0 calls, the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7
    "
  `);
});

test("verbose shows the calls, a shared one in full only once, and what is left alone", () => {
  const text = render(
    {
      stack: null,
      changes: [
        toChange("delete", "user/erin", { soft: true }),
        toChange("delete", "user/fred", { soft: true }),
        toChange("create", "webhook/audit"),
      ],
      steps: [
        toStep(
          "1",
          { method: "DELETE", path: "/users", body: { uidsToDeactivate: ["erin", "fred"] } },
          ["user/erin", "user/fred"],
        ),
        toStep("2", { method: "POST", host: "management", path: "/apps/x/webhooks", body: {} }, [
          "webhook/audit",
        ]),
      ],
      kept: ["user/cometchat-uid-1", "group/cometchat-guid-1"],
    },
    { verbose: true },
  );
  expect(text).toMatchInlineSnapshot(`
    "app 2634f0 (us) · vendor API             read 1,204 objects in 9 calls, complete

      + webhook/audit
          call          management POST /apps/x/webhooks {}

      − user/erin           deactivated; its data is kept
          call          DELETE /users {"uidsToDeactivate":["erin","fred"]}

      − user/fred           deactivated; its data is kept
          call          (shared, see above: DELETE /users)

      Left alone, not declared:
          user/cometchat-uid-1  group/cometchat-guid-1

    Plan: 1 to create, 0 to update, 2 to delete · 0 unchanged
          2 calls (2 core), the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7
    "
  `);
});

test("quiet leaves deletions and the counts", () => {
  const changes = [
    toChange("create", "user/alice"),
    toChange("delete", "group/lobby", { reason: "not declared, owned" }),
  ];
  expect(render({ changes }, { quiet: true })).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · vendor API
    read 1,204 objects in 9 calls, complete

      − group/lobby         deleted; cannot be undone            not declared, owned

    Plan: 1 to create, 0 to update, 1 to delete · 0 unchanged
          1 of them cannot be undone
          0 calls, the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7
    "
  `);
});

const heldBy = {
  quota: "core",
  limit: 10_000,
  allowance: 8_000,
  source: "assumed",
  waiting: 0,
  waitMs: 0,
} as const;
const latency = { lowMs: 50, highMs: 250 };

test("many calls say how long they take, and what that rests on", () => {
  const plan = { changes: [toChange("create", "user/alice")] };
  const lines = (estimate: PlanView["estimate"], width: number) =>
    render(plan, { width, ...(estimate === undefined ? {} : { estimate }) })
      .split("\n")
      .filter((line) => /about| a call/.test(line));
  const held = { lowMs: 62_000, highMs: 110_000, heldBy, concurrency: 16, latency };
  expect(lines(held, 100)).toEqual([
    "      about 1 to 2 min at 8,000 core calls a minute (80 % of 10,000, assumed), 50 to 250 ms a call",
  ]);
  expect(lines(held, 80)).toEqual([
    "      about 1 to 2 min at 8,000 core calls a minute (80 % of 10,000, assumed),",
    "      50 to 250 ms a call",
  ]);
  const slow = { lowMs: 2_000, highMs: 10_001, concurrency: 1, latency };
  expect(lines(slow, 100)).toEqual([
    "      about 2 to 11 s with 1 call at once, 50 to 250 ms a call",
  ]);
  expect(lines({ ...slow, highMs: 10_000 }, 100), "ten seconds are no time").toEqual([]);
  expect(lines(undefined, 100)).toEqual([]);
});

test("many calls say what the bound is", () => {
  const plan = {
    changes: [toChange("create", "user/alice")],
    calls: { total: 9000, core: 4000, standard: 5000, import: 0, lowerBound: 8990, split: null },
    reads: { calls: 3, complete: false, collections: [] },
  };
  expect(render(plan, { width: 90 }).split("\n")).toEqual(
    expect.arrayContaining([
      "acme-staging · app 2634f0 (us) · vendor API          read 0 objects in 3 calls, incomplete",
      "      9,000 calls (4,000 core, 5,000 standard), the bound is 8,990",
    ]),
  );
});

test("what is one is told in the singular, and long labels stand on a line of their own", () => {
  const { summary } = toPlan();
  const one = { ...summary, unchanged: 1, undeclared: { user: 1, group: 0 } };
  expect(render({ summary: one })).toBe(
    "acme-staging · app 2634f0 (us) · 1 object matches (9 calls) · 1 not declared, left alone\n",
  );
  const path = "metadata.aVeryLongKeyThatSomebodyThoughtOf";
  const text = render({
    changes: [
      toChange("update", "user/alice", { attributes: [{ path, before: 1, after: 2 }] }),
      toChange("update", "membership/lobby:bob", {
        attributes: [
          { path: "scope", before: "participant", after: "admin" },
          { path: "note", before: null, after: "x" },
        ],
      }),
    ],
    steps: [toStep("1", { method: "PUT", path: "/a" }, ["user/alice"])],
    summary: { ...one, update: 2 },
  });
  expect(text).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · vendor API
    read 1,204 objects in 9 calls, complete

      ~ user/alice
          metadata.aVeryLongKeyThatSomebodyThoughtOf
                                          1 → 2

      ~ group/lobby
          members       ~ bob participant → admin, (none) → x

    Plan: 0 to create, 2 to update, 0 to delete · 1 unchanged
          1 user in the app is not declared: left alone
          1 call (1 core), the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7
    "
  `);
});

test("a change that takes several calls shows them all", () => {
  const text = render(
    {
      changes: [toChange("create", "webhook/audit")],
      steps: [
        toStep("1", { method: "POST", path: "/webhooks", body: {} }, ["webhook/audit"]),
        toStep("2", { method: "POST", path: "/webhooks/audit/triggers" }, ["webhook/audit"]),
      ],
    },
    { verbose: true },
  );
  expect(text.split("\n").filter((line) => line.includes("call "))).toEqual([
    "      call          POST /webhooks {}",
    "      call          POST /webhooks/audit/triggers",
  ]);
});
