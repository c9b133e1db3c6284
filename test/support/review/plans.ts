import type { Plan, PlanChange, Step } from "../../../src/model/plan.ts";
import { toBlocked, toChange, toPlan, toStep } from "../plan.ts";

const at = (line: number) => ({ source: { file: "cometform.yaml", line, column: 3 } });

const bio = {
  before: "Answers questions about orders and deliveries on weekdays, from nine to five.",
  after: "Answers questions about orders, deliveries and refunds, every day from eight to eight.",
};

/** A plan of everyday size, with something of everything: what a pull request usually has. */
export function smallPlan(given: Partial<Plan> = {}): Plan {
  const changes: readonly PlanChange[] = [
    toChange("create", "role/support", {
      attributes: [
        { path: "name", before: null, after: "Support" },
        { path: "description", before: null, after: "People who answer" },
      ],
      ...at(6),
    }),
    toChange("update", "user/alice", {
      attributes: [
        { path: "name", before: "Alice", after: "Alice Ammer" },
        { path: "role", before: "default", after: "support" },
        { path: "metadata.bio", ...bio },
        { path: "tags", before: ["staff", "eu", "beta"], after: ["staff", "eu", "support"] },
      ],
      ...at(12),
    }),
    toChange("create", "user/bob", {
      attributes: [
        { path: "name", before: null, after: "Bob" },
        { path: "role", before: null, after: "support" },
        {
          path: "metadata.@private",
          before: null,
          after: { $secret: "user/bob#metadata.@private" },
        },
      ],
      ...at(20),
    }),
    toChange("adopt", "user/carol", { mark: "acme", ...at(26) }),
    toChange("create", "group/help", {
      attributes: [
        { path: "name", before: null, after: "Help desk" },
        { path: "type", before: null, after: "password" },
        { path: "password", before: null, after: { $secret: "group/help#password" } },
        { path: "owner", before: null, after: "alice" },
      ],
      ...at(31),
    }),
    ...["bob", "carol"].map((uid) =>
      toChange("create", `membership/help:${uid}`, {
        attributes: [{ path: "scope", before: null, after: "participant" }],
        ...at(36),
      }),
    ),
    toChange("update", "membership/lobby:alice", {
      attributes: [{ path: "scope", before: "participant", after: "admin" }],
      ...at(41),
    }),
    toChange("delete", "membership/lobby:dave", { reason: "not declared, owned" }),
    toChange("update", "webhook/audit", {
      attributes: [
        {
          path: "triggers",
          before: ["message_sent", "message_deleted"],
          after: ["message_sent", "message_edited", "user_blocked"],
        },
      ],
      ...at(52),
    }),
    toChange("delete", "user/dave", { reason: "not declared, owned" }),
    toChange("delete", "group/old-help", { reason: "not declared, owned", children: 14 }),
  ];
  const post = (id: string, path: string, address: string, body: Step["call"]["body"]): Step =>
    toStep(id, { method: "POST", path, body }, [address]);
  const steps: readonly Step[] = [
    post("s1", "/roles", "role/support", { role: "support", name: "Support" }),
    {
      ...toStep("s2", { method: "PUT", path: "/users/alice", body: { role: "support" } }, [
        "user/alice",
      ]),
      dependsOn: ["s1"],
    },
    { ...post("s3", "/users", "user/bob", { uid: "bob", role: "support" }), dependsOn: ["s1"] },
    toStep("s4", { method: "PUT", path: "/users/carol", body: { tags: ["acme"] } }, ["user/carol"]),
    {
      ...toStep(
        "s5",
        {
          method: "POST",
          path: "/groups",
          body: { guid: "help", type: "password", password: { $secret: "group/help#password" } },
        },
        ["group/help", "membership/help:bob", "membership/help:carol"],
      ),
      dependsOn: ["s2"],
      after: ["s3", "s4"],
    },
    toStep("s6", { method: "PUT", path: "/groups/lobby/members/alice" }, [
      "membership/lobby:alice",
    ]),
    {
      ...toStep("s7", { method: "DELETE", path: "/groups/lobby/members/dave" }, [
        "membership/lobby:dave",
      ]),
      after: ["s6"],
    },
    toStep("s8", { method: "PUT", path: "/webhooks/audit" }, ["webhook/audit"]),
    { ...toStep("s9", { method: "DELETE", path: "/users/dave" }, ["user/dave"]), after: ["s7"] },
    toStep("s10", { method: "DELETE", path: "/groups/old-help" }, ["group/old-help"]),
  ];
  return toPlan({
    changes,
    steps,
    blocked: [toBlocked("user/ceo", { by: "policy.protect user/ceo", ...at(3) })],
    diagnostics: [
      {
        severity: "warning",
        code: "plan/no-effect",
        summary: "the password of group/help cannot be read back",
        hint: "To send it again: --write-secret group/help#password.",
      },
    ],
    kept: ["user/erin", "user/frank"],
    ...given,
    summary: {
      ...toPlan({ changes }).summary,
      unchanged: 214,
      protected: 1,
      undeclared: { user: 2 },
    },
  });
}

/** The same, refused. */
export function refusedPlan(): Plan {
  return smallPlan({
    applicable: false,
    diagnostics: [
      {
        severity: "error",
        code: "policy/budget",
        summary: "2 users would be deleted, and policy.budget.delete.user is 1",
        detail: "user/dave and user/mallory are not declared any more.",
        hint: "If that is meant: --allow delete:user=2.",
        range: { file: "cometform.yaml", line: 4, column: 5 },
      },
    ],
  });
}

/** Nothing to do. */
export function emptyPlan(): Plan {
  return toPlan({ summary: { ...toPlan().summary, unchanged: 1204, undeclared: { user: 12 } } });
}

/** So many changes, of all sorts in turn, with calls that wait for each other. */
export function largePlan(count: number): Plan {
  const changes: PlanChange[] = [toChange("create", "role/staff", { ...at(4) })];
  const steps: Step[] = [toStep("r", { method: "POST", path: "/roles" }, ["role/staff"])];
  for (let index = 1; index < count; index += 1) {
    const name = `user-${String(index).padStart(5, "0")}`;
    const [change, method] = changeOf(index, name);
    changes.push(change);
    const path = method === "POST" ? "/users" : `/users/${name}`;
    const isBound = change.action !== "delete";
    steps.push({
      ...toStep(`s${index}`, { method, path, body: isBound ? { name } : null }, [change.address]),
      dependsOn: isBound ? ["r"] : [],
    });
  }
  return toPlan({ changes, steps });
}

function changeOf(index: number, name: string): readonly [PlanChange, Step["call"]["method"]] {
  if (index % 10 === 0) {
    return [toChange("delete", `user/${name}`, { reason: "not declared, owned" }), "DELETE"];
  }
  if (index % 3 === 0) {
    const attributes = [
      { path: "name", before: `User ${index}`, after: `Person ${index}` },
      { path: "metadata.seat", before: index, after: index + 1 },
    ];
    return [toChange("update", `user/${name}`, { attributes, ...at(index + 8) }), "PUT"];
  }
  const attributes = [
    { path: "name", before: null, after: `User ${index}` },
    { path: "role", before: null, after: "staff" },
  ];
  return [toChange("create", `user/${name}`, { attributes, ...at(index + 8) }), "POST"];
}

/** Things called so that they would do something, were they not text. */
export function nastyPlan(): Plan {
  const names = [
    "</script><script>pwned=1</script>",
    '"><img src=x onerror=pwned=1>',
    "</style><iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "javascript:pwned=1",
    "\u202eesrever\u2066",
    "שלום 1 2",
    "a\u0000b\nc",
    "' onmouseover='pwned=1",
  ];
  const changes = names.flatMap((name) => [
    toChange("create", `user/${name}`, { attributes: [{ path: name, before: null, after: name }] }),
    toChange("delete", `group/${name}`, { reason: name }),
    toChange("create", `membership/${name}:${name}`, {
      source: { file: name, line: 1, column: 1 },
    }),
  ]);
  const steps = changes.map((change, index) =>
    toStep(
      `s${index}`,
      { method: "PUT", path: `/users/${index}`, body: { name: change.address } },
      [change.address],
    ),
  );
  const diagnostics = names.map(
    (name) => ({ severity: "warning", code: "plan/no-effect", summary: name, hint: name }) as const,
  );
  return toPlan({ changes, steps, diagnostics, kept: names, stack: names[0] ?? null });
}
