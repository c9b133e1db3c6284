import { describe, expect, test } from "vitest";
import { callsOf, changesOf, refusalsOf, sketchPlan } from "../../support/sketch.ts";

const theirs = { $: { stack: "other", reserved: { tags: ["cometform:other"] } } };
const ours = { $: { stack: "acme", reserved: { tags: ["cometform:acme"] } } };

function taking(...addresses: readonly string[]) {
  return { request: { takeOver: new Set(addresses) } };
}

describe("a resource of another stack", () => {
  const manifest = { stack: "acme", users: { ann: { name: "Ann" } } };

  test("is refused, with the words that would claim it", () => {
    const plan = sketchPlan(manifest, { "user/ann": theirs });
    expect(refusalsOf(plan)).toEqual(['ownership/foreign: user/ann belongs to stack "other"']);
    expect(plan.diagnostics[0]?.hint).toBe(
      "Take user/ann out of this manifest, or claim it: --take-over user/ann.",
    );
  });

  test("is taken over by name: one call changes the mark and what differs", () => {
    const plan = sketchPlan(manifest, { "user/ann": theirs }, taking("user/ann"));
    expect(refusalsOf(plan)).toEqual([]);
    expect(plan.changes).toMatchObject([{ action: "adopt", mark: "acme", unmark: "other" }]);
    expect(callsOf(plan)).toEqual(['s1 PUT /users/ann {"name":"Ann","tags":["cometform:acme"]}']);
    expect(plan.overrides.takeOver).toEqual(["user/ann"]);
  });

  test("is not taken over by another's name", () => {
    const plan = sketchPlan(manifest, { "user/ann": theirs }, taking("user/bob"));
    expect(refusalsOf(plan)).toHaveLength(1);
  });

  test("is taken over where its mark stands in metadata only if that is declared", () => {
    const metadata = { cometform: { stack: "other" } };
    const live = { "user/ann": { $: { stack: "other", reserved: { metadata } } } };
    const bare = sketchPlan({ stack: "acme", users: { ann: {} } }, live, taking("user/ann"));
    expect(refusalsOf(bare)).toEqual(['ownership/foreign: user/ann belongs to stack "other"']);
    expect(bare.diagnostics[0]?.hint).toContain("Declare metadata");
    const declared = { stack: "acme", users: { ann: { metadata: {} } } };
    const plan = sketchPlan(declared, live, taking("user/ann"));
    expect(callsOf(plan)).toEqual([
      's1 PUT /users/ann {"tags":["cometform:acme"],"unset":["metadata"]}',
    ]);
  });

  test("keeps its protection when it is taken over", () => {
    const tags = ["cometform::protected", "cometform:other"];
    const live = { "user/ann": { protect: true, $: { stack: "other", reserved: { tags } } } };
    const plan = sketchPlan({ stack: "acme", users: { ann: {} } }, live, taking("user/ann"));
    expect(callsOf(plan)).toEqual([
      's1 PUT /users/ann {"tags":["cometform::protected","cometform:acme"]}',
    ]);
  });

  test("takes its members along", () => {
    const live = { "group/den": theirs, "user/bob": {} };
    const groups = { den: { members: { participants: ["bob"] } } };
    expect(refusalsOf(sketchPlan({ stack: "acme", groups }, live))).toHaveLength(1);
    const plan = sketchPlan({ stack: "acme", groups }, live, taking("group/den"));
    expect(refusalsOf(plan)).toEqual([]);
  });

  test("that is named but is nobody else's is only noted, so that a pipeline may say it again", () => {
    const plan = sketchPlan(manifest, { "user/ann": { name: "Ann", ...ours } }, taking("user/ann"));
    expect(plan.applicable).toBe(true);
    expect(changesOf(plan)).toEqual([]);
    expect(plan.diagnostics.map(({ summary }) => summary)).toEqual([
      "--take-over user/ann: no other stack has marked it",
    ]);
  });

  test("that two stacks have marked is nobody's to delete", () => {
    const live = { "user/ann": { $: { stack: "acme, other" } } };
    expect(changesOf(sketchPlan({ stack: "acme", users: {} }, live))).toEqual([]);
  });
});

describe("what is to be forgotten", () => {
  const manifest = { stack: "acme", users: { bob: {} }, forget: ["user/ann"] };
  const bob = { "user/bob": ours };

  test("loses our mark and stays", () => {
    const live = { ...bob, "user/ann": { tags: ["red"], ...ours } };
    const plan = sketchPlan(manifest, live);
    expect(changesOf(plan)).toEqual(["forget user/ann"]);
    expect(callsOf(plan)).toEqual(['s1 PUT /users/ann {"tags":["red"]}']);
    expect(plan.summary.forget).toBe(1);
    expect(plan.changes[0]).toMatchObject({ unmark: "acme", reversal: "reversible" });
  });

  test("keeps its protection", () => {
    const tags = ["cometform::protected", "cometform:acme"];
    const live = {
      ...bob,
      "user/ann": { protect: true, $: { stack: "acme", reserved: { tags } } },
    };
    expect(callsOf(sketchPlan(manifest, live))).toEqual([
      's1 PUT /users/ann {"tags":["cometform::protected"]}',
    ]);
  });

  test.each([
    ["is not there", {}],
    ["was forgotten before", { "user/ann": {} }],
    ["is another stack's", { "user/ann": theirs }],
  ])("is nothing to do where it %s", (_, live) => {
    const plan = sketchPlan(manifest, { ...bob, ...live });
    expect(changesOf(plan)).toEqual([]);
    expect(refusalsOf(plan)).toEqual([]);
  });

  test("is told to keep its mark while it is deactivated", () => {
    const asleep = { $: { stack: "acme", inactive: true as const } };
    const plan = sketchPlan(manifest, { ...bob, "user/ann": asleep });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.diagnostics.map(({ summary }) => summary)).toEqual([
      "user/ann is deactivated: it keeps our mark until it is active again",
    ]);
  });

  test("is not deleted by prune all nor by destroy", () => {
    const live = { ...bob, "user/ann": ours };
    const all = { ...manifest, policy: { prune: { users: "all" } } };
    const pruned = sketchPlan(all, live);
    expect(changesOf(pruned)).toEqual(["forget user/ann"]);
    expect(pruned.kept, "what is written is not left alone").toEqual([]);
    expect(changesOf(sketchPlan(manifest, live, { mode: "destroy" }))).toEqual([
      "forget user/ann",
      "delete user/bob | soft",
    ]);
    expect(sketchPlan(manifest, live, { mode: "destroy" }).kept).toEqual([]);
  });

  test("does not count as an update or a delete", () => {
    const live = { ...bob, "user/ann": ours };
    const policy = { budgets: { delete: { users: 0 }, update: { users: 0 } } };
    expect(refusalsOf(sketchPlan({ ...manifest, policy }, live))).toEqual([]);
  });
});

describe("how far a change can be taken back", () => {
  const reversals = (plan: ReturnType<typeof sketchPlan>) =>
    plan.changes.map(({ action, address, reversal }) => `${action} ${address} ${reversal}`);

  test("is told for every delete", () => {
    const live = {
      "role/vip": {},
      "user/ann": {},
      "group/den": { owner: "app_system" },
      "group/hall": { owner: "app_system" },
      "membership/hall:bob": { scope: "participant" },
      "user/bob": {},
      "webhook/audit": {},
    };
    const prune = { roles: "all", users: "all", groups: "all", webhooks: "all" };
    const sections = {
      roles: {},
      users: { bob: {} },
      groups: { hall: { members: { mode: "authoritative" } } },
      webhooks: {},
    };
    expect(reversals(sketchPlan({ policy: { prune }, ...sections }, live)).sort()).toEqual([
      "delete group/den irreversible",
      "delete membership/hall:bob reversible",
      "delete role/vip reversible",
      "delete user/ann reversible",
      "delete webhook/audit lossy",
    ]);
    const permanent = { prune, delete: { users: "permanent" } };
    expect(reversals(sketchPlan({ policy: permanent, users: { bob: {} } }, live))).toEqual([
      "delete user/ann irreversible",
    ]);
  });

  test("is with loss where a value goes that cannot be read", () => {
    const live = {
      "group/den": { type: "password" },
      "user/ann": { $: { withheld: ["metadata.@private"] } },
    };
    const manifest = {
      users: { ann: { metadata: { seat: 1 } } },
      groups: { den: { type: "private" } },
    };
    expect(reversals(sketchPlan(manifest, live))).toEqual([
      "update user/ann lossy",
      "update group/den lossy",
    ]);
    const again = { groups: { den: { password: "${PASSWORD}" } } };
    const options = { writeSecrets: ["group/den#password"] };
    expect(reversals(sketchPlan(again, live, options))).toEqual(["update group/den lossy"]);
  });

  test("of a step is the worst of its changes", () => {
    const users = { ann: { name: "Ann" } };
    const plan = sketchPlan({ users, groups: { den: { name: "Den" } } });
    expect(plan.steps.map(({ reversal }) => reversal)).toEqual(["reversible", "reversible"]);
  });
});

describe("a plan's pre-image", () => {
  const live = (version: string) => ({ "group/den": { type: "password", $: { version } } });
  const manifest = { groups: { den: { password: "${PASSWORD}" } } };
  const again = { writeSecrets: ["group/den#password"] };

  test("of a change that leaves no trace holds when the service last changed it", () => {
    const plans = ["1", "2"].map((version) => sketchPlan(manifest, live(version), again));
    expect(plans[0]?.preImages).not.toEqual(plans[1]?.preImages);
  });

  test("of any other does not, so that a sign-in changes no digest", () => {
    const rename = { groups: { den: { name: "Den", password: "${PASSWORD}" } } };
    const plans = ["1", "2"].map((version) => sketchPlan(rename, live(version), again));
    expect(plans[0]?.digest).toBe(plans[1]?.digest);
  });
});
