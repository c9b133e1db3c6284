import { describe, expect, test } from "vitest";
import { callsOf, changesOf, refusalsOf, sketchPlan } from "../../support/sketch.ts";

const ours = { $: { stack: "acme" } };
const theirs = { $: { stack: "other" } };

describe("pruning", () => {
  const live = { "user/ann": ours, "user/bob": {}, "user/cat": theirs };

  test("by default deletes what the stack owns and nothing else", () => {
    const plan = sketchPlan({ stack: "acme", users: {} }, live);
    expect(changesOf(plan)).toEqual(["delete user/ann | soft"]);
    expect(plan.summary.undeclared["user"]).toBe(2);
    expect(plan.kept).toEqual(["user/bob", "user/cat"]);
  });

  test("without a stack deletes nothing", () => {
    expect(changesOf(sketchPlan({ users: {} }, live))).toEqual([]);
  });

  test("of all still leaves alone what another stack has marked", () => {
    const plan = sketchPlan(
      { stack: "acme", policy: { prune: { users: "all" } }, users: {} },
      live,
    );
    expect(changesOf(plan)).toEqual(["delete user/ann | soft", "delete user/bob | soft"]);
  });

  test("never reaches a section that is left out", () => {
    const plan = sketchPlan({ stack: "acme", policy: { prune: { users: "all" } } }, live);
    expect(changesOf(plan)).toEqual([]);
  });

  test("deletes nothing in a listing that was not read to its end", () => {
    const plan = sketchPlan({ stack: "acme", users: {} }, live, { incomplete: ["user"] });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(["read/incomplete"]);
    expect(plan.reads.complete).toBe(false);
  });

  test("never touches the default role", () => {
    const plan = sketchPlan(
      { policy: { prune: { roles: "all" } }, roles: {} },
      {
        "role/default": { $: { builtin: true } },
      },
    );
    expect(changesOf(plan)).toEqual([]);
    expect(plan.summary.undeclared["role"]).toBe(0);
  });
});

describe("deleting users", () => {
  const live = { "user/ann": ours, "user/bob": ours };

  test("deactivates them in bulk", () => {
    expect(callsOf(sketchPlan({ stack: "acme", users: {} }, live))).toEqual([
      's1 DELETE /users {"uidsToDeactivate":["ann","bob"]}',
    ]);
  });

  test("for good takes a call each", () => {
    const policy = { delete: { users: "permanent" } };
    expect(callsOf(sketchPlan({ stack: "acme", policy, users: {} }, live))).toEqual([
      's1 DELETE /users/ann {"permanent":true}',
      's2 DELETE /users/bob {"permanent":true}',
    ]);
  });

  test("takes memberships along only when it is for good", () => {
    const groups = { den: { members: { mode: "authoritative" } } };
    const member = {
      "group/den": { owner: "app_system", ...ours },
      "membership/den:ann": { scope: "participant" },
      ...live,
    };
    const kicked = sketchPlan({ stack: "acme", users: { bob: {} }, groups }, member);
    expect(callsOf(kicked)).toEqual([
      "s1 DELETE /groups/den/members/ann",
      's2 DELETE /users {"uidsToDeactivate":["ann"]} after s1',
    ]);
    const policy = { delete: { users: "permanent" } };
    const folded = sketchPlan({ stack: "acme", policy, users: { bob: {} }, groups }, member);
    expect(callsOf(folded)).toEqual(['s1 DELETE /users/ann {"permanent":true}']);
    expect(folded.steps[0]?.changes).toEqual(["user/ann", "membership/den:ann"]);
  });
});

describe("ownership", () => {
  test("is marked in the call that creates, in the place the dialect has for it", () => {
    const manifest = {
      stack: "acme",
      roles: { vip: { name: "VIP" } },
      users: { ann: { name: "Ann" } },
      groups: { den: { name: "Den" } },
    };
    expect(callsOf(sketchPlan(manifest))).toEqual([
      's1 POST /roles {"role":"vip","metadata":{"cometform":{"stack":"acme"}},"name":"VIP"}',
      's2 POST /users {"uid":"ann","name":"Ann","tags":["cometform:acme"]}',
      's3 POST /groups {"guid":"den","type":"public","name":"Den","tags":["cometform:acme"]}',
    ]);
    expect(callsOf(sketchPlan(manifest, {}, { dialect: "collection" }))).toEqual([
      's1 POST /roles {"role":"vip","name":"VIP"}',
      's2 POST /users {"uid":"ann","metadata":{"cometform":{"stack":"acme"}},"name":"Ann"}',
      's3 POST /groups {"guid":"den","type":"public","name":"Den","tags":["cometform:acme"]}',
    ]);
  });

  test("of what exists is taken by an adoption, which changes nothing else", () => {
    const plan = sketchPlan(
      { stack: "acme", users: { ann: {} } },
      { "user/ann": { tags: ["red"] } },
    );
    expect(changesOf(plan)).toEqual(["adopt user/ann"]);
    expect(callsOf(plan)).toEqual(['s1 PUT /users/ann {"tags":["cometform:acme","red"]}']);
  });

  test("is not taken through metadata that the manifest does not manage", () => {
    const live = { "role/vip": { metadata: { a: 1 } } };
    expect(changesOf(sketchPlan({ stack: "acme", roles: { vip: {} } }, live))).toEqual([]);
    const managed = sketchPlan({ stack: "acme", roles: { vip: { metadata: { a: 1 } } } }, live);
    expect(callsOf(managed)).toEqual([
      's1 PUT /roles/vip {"metadata":{"a":1,"cometform":{"stack":"acme"}}}',
    ]);
  });

  test("of another stack refuses the plan, even where nothing differs", () => {
    const plan = sketchPlan({ stack: "acme", users: { ann: {} } }, { "user/ann": theirs });
    expect(refusalsOf(plan)).toEqual(['ownership/foreign: user/ann belongs to stack "other"']);
  });

  test("of another stack refuses only writes where the manifest has no stack", () => {
    const live = { "user/ann": { name: "Ann", ...theirs } };
    expect(refusalsOf(sketchPlan({ users: { ann: { name: "Ann" } } }, live))).toEqual([]);
    expect(refusalsOf(sketchPlan({ users: { ann: { name: "Bea" } } }, live))).toEqual([
      'ownership/foreign: user/ann belongs to stack "other"',
    ]);
  });
});

describe("destroy", () => {
  const live = {
    "role/vip": {},
    "user/ann": ours,
    "user/bob": {},
    "user/cat": ours,
    "webhook/audit": { url: "https://h.example/" },
  };
  const manifest = {
    users: { ann: {}, bob: {} },
    webhooks: { audit: { url: "https://h.example/" } },
  };

  test("takes down what the stack owns and what is declared and cannot be marked", () => {
    const plan = sketchPlan({ stack: "acme", ...manifest }, live, { mode: "destroy" });
    expect(changesOf(plan)).toEqual([
      "delete webhook/audit",
      "delete user/ann | soft",
      "delete user/cat | soft",
    ]);
  });

  test("without a stack takes down everything declared", () => {
    const free = { ...live, "user/ann": {}, "user/cat": {} };
    expect(changesOf(sketchPlan(manifest, free, { mode: "destroy" }))).toEqual([
      "delete webhook/audit",
      "delete user/ann | soft",
      "delete user/bob | soft",
    ]);
  });
});

describe("members", () => {
  const live = {
    "user/ann": {},
    "user/bob": {},
    "group/den": { owner: "app_system" },
    "membership/den:ann": { scope: "participant" },
    "membership/den:bob": { scope: "participant" },
  };

  test("that are not declared are kept and counted in an additive group", () => {
    const plan = sketchPlan({ groups: { den: { members: { participants: ["ann"] } } } }, live);
    expect(changesOf(plan)).toEqual([]);
    expect(plan.summary.undeclared["membership"]).toBe(1);
  });

  test("that are not declared are removed from an authoritative one", () => {
    const members = { mode: "authoritative", participants: ["ann"] };
    const plan = sketchPlan({ groups: { den: { members } } }, live);
    expect(callsOf(plan)).toEqual(["s1 DELETE /groups/den/members/bob"]);
  });

  test("take their mode from the policy where the group has none", () => {
    const plan = sketchPlan(
      { policy: { members: "authoritative" }, groups: { den: { members: {} } } },
      live,
    );
    expect(plan.summary.delete).toBe(2);
  });

  test("in a listing that was not read to its end are not removed", () => {
    const members = { mode: "authoritative" };
    const plan = sketchPlan({ groups: { den: { members } } }, live, { incomplete: ["group/den"] });
    expect(changesOf(plan)).toEqual([]);
  });
});

test("destroy names what is declared and not ours, and leaves it alone", () => {
  const live = { "user/ann": {}, "user/bob": theirs };
  const plan = sketchPlan({ stack: "acme", users: { ann: {}, bob: {} } }, live, {
    mode: "destroy",
  });
  expect(changesOf(plan)).toEqual([]);
  expect(plan.summary.undeclared["user"]).toBe(0);
  expect(plan.diagnostics.map(({ code, summary }) => `${code}: ${summary}`)).toEqual([
    "ownership/not-ours: user/ann is declared and carries no mark of ours: it is left alone (and 1 more like this)",
  ]);
});

test("somebody who joins a group that is to be deleted does not change the digest", () => {
  const digestWith = (children: number) =>
    sketchPlan(
      { stack: "acme", groups: {} },
      {
        "group/den": { owner: "app_system", $: { stack: "acme", children } },
      },
    ).digest;
  expect(digestWith(4)).toBe(digestWith(5));
  expect(digestWith(0), "one that was empty and is not").not.toBe(digestWith(1));
  expect(digestWith(4), "one that has grown").not.toBe(digestWith(50));
});
