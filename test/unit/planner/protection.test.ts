import { describe, expect, test } from "vitest";
import { callsOf, changesOf, refusalsOf, sketchPlan } from "../../support/sketch.ts";

const ours = { $: { stack: "acme" } };
const spare = { "user/ann": { name: "Ann", ...ours } };
const base = { stack: "acme", users: { ann: {} } };

function blockedOf(plan: ReturnType<typeof sketchPlan>): string[] {
  return plan.blocked.map(({ address, by, reason }) => `${address} | ${by} | ${reason}`);
}

describe("a protected resource that is no longer declared", () => {
  test.each([
    ["by address", ["user/boss"], "policy.protect user/boss"],
    ["by address in the manifest's spelling", ["user/BOSS"], "policy.protect user/BOSS"],
    ["by pattern", ["user/b*s"], "policy.protect user/b*s"],
    ["by kind", ["users"], "policy.protect users"],
  ])("is kept, counted and shown: %s", (_, protect, by) => {
    const live = { ...spare, "user/boss": ours };
    const plan = sketchPlan({ ...base, policy: { protect } }, live);
    expect(changesOf(plan)).toEqual([]);
    expect(plan.applicable).toBe(true);
    expect(blockedOf(plan)).toEqual([`user/boss | ${by} | not declared, owned`]);
    expect(plan.summary.protected).toBe(1);
    expect(plan.summary.undeclared["user"]).toBe(1);
    expect(plan.kept).toEqual(["user/boss"]);
  });

  test("is kept for the mark it carries, without a word in the manifest", () => {
    const live = { ...spare, "user/boss": { protect: true, ...ours } };
    expect(blockedOf(sketchPlan(base, live))).toEqual([
      "user/boss | its own mark | not declared, owned",
    ]);
  });

  test("hides nothing of the rest, and counts against no budget", () => {
    const live = { ...spare, "user/boss": { protect: true, ...ours }, "user/bob": ours };
    const plan = sketchPlan(base, live);
    expect(changesOf(plan)).toEqual(["delete user/bob | soft"]);
    expect(refusalsOf(plan)).toEqual([]);
  });

  test("is kept under prune all", () => {
    const policy = { prune: { users: "all" }, protect: ["user/boss"] };
    const plan = sketchPlan({ users: { ann: {} }, policy }, { "user/ann": {}, "user/boss": {} });
    expect(changesOf(plan)).toEqual([]);
    expect(blockedOf(plan)).toEqual([
      "user/boss | policy.protect user/boss | not declared, prune all",
    ]);
  });

  test("is kept by destroy, declared or not", () => {
    const live = { "user/ann": ours, "user/boss": { protect: true, ...ours }, "user/cat": ours };
    const users = { ann: {}, cat: { protect: true } };
    const plan = sketchPlan({ stack: "acme", users }, live, { mode: "destroy" });
    expect(changesOf(plan)).toEqual(["delete user/ann | soft"]);
    expect(blockedOf(plan)).toEqual([
      "user/boss | its own mark | not declared, owned",
      "user/cat | its entry | declared, owned",
    ]);
    expect(plan.kept, "what is declared is not left alone, it is kept").toEqual(["user/boss"]);
  });

  test("is updated like any other", () => {
    const live = { "user/ann": { name: "Old", protect: true, ...ours } };
    const plan = sketchPlan({ stack: "acme", users: { ann: { name: "Ann" } } }, live);
    expect(changesOf(plan)).toEqual(['update user/ann | name: "Old" → "Ann"']);
  });
});

describe("what a kept resource refers to", () => {
  const live = {
    "role/vip": ours,
    "user/ann": ours,
    "user/ceo": { role: "vip", protect: true, ...ours },
    "group/den": { owner: "bob", ...ours },
    "user/bob": { role: "vip", ...ours },
  };

  test("is kept with it, and the plan goes on", () => {
    const plan = sketchPlan(
      { stack: "acme", roles: {}, users: { ann: {}, bob: { role: "default" } } },
      live,
    );
    expect(refusalsOf(plan)).toEqual([]);
    expect(blockedOf(plan)).toEqual([
      "role/vip | user/ceo, which is kept and refers to it | not declared, owned",
      "user/ceo | its own mark | not declared, owned",
    ]);
  });

  test("is kept with what is to be forgotten as well, and in a destroy", () => {
    const forget = { stack: "acme", forget: ["group/den"], users: { ann: {} } };
    const plan = sketchPlan(forget, live, { mode: "destroy" });
    expect(refusalsOf(plan)).toEqual([]);
    expect(changesOf(plan)).toEqual(["forget group/den", "delete user/ann | soft"]);
    expect(plan.blocked.map(({ address }) => address)).toEqual([
      "role/vip",
      "user/bob",
      "user/ceo",
    ]);
  });
});

describe("a protected webhook of the collection, which makes its own ids", () => {
  const policy = { prune: { webhooks: "all" }, protect: ["webhook/audit"] };
  const options = {
    dialect: "collection",
    request: { allow: [{ action: "delete", subject: "webhook", count: 9 }] },
  } as const;
  const live = {
    "webhook/webhook-1": { url: "https://a.example/1" },
    "webhook/webhook-2": { url: "https://a.example/2" },
  };

  test("is kept when its entry is gone, though nobody can tell which it was", () => {
    const plan = sketchPlan({ policy, webhooks: {} }, live, options);
    expect(changesOf(plan)).toEqual([]);
    expect(plan.blocked[0]?.by).toBe(
      "policy.protect webhook/audit, which may mean it under its former id",
    );
  });

  test("is kept when its url has changed", () => {
    const webhooks = { audit: { url: "https://a.example/new" } };
    expect(changesOf(sketchPlan({ policy, webhooks }, live, options))).toEqual([
      'create webhook/audit | url: null → "https://a.example/new"',
    ]);
  });

  test("is kept after that has been applied as well", () => {
    const there = {
      ...live,
      "webhook/audit": { url: "https://a.example/3", $: { id: "webhook-3" } },
    };
    const webhooks = { audit: { url: "https://a.example/3" } };
    expect(changesOf(sketchPlan({ policy, webhooks }, there, options))).toEqual([]);
    const named = { ...policy, protect: ["webhook/webhook-1"] };
    expect(changesOf(sketchPlan({ policy: named, webhooks }, there, options))).toEqual([
      "delete webhook/webhook-2",
    ]);
  });
});

describe("a protected membership", () => {
  const live = {
    "user/ann": ours,
    "user/bob": ours,
    "user/cat": ours,
    "group/den": { owner: "app_system", ...ours },
    "membership/den:ann": { scope: "participant" },
    "membership/den:bob": { scope: "participant" },
  };
  const groups = { den: { members: { mode: "authoritative", participants: ["ann"] } } };
  const policy = { protect: ["membership/den:bob"] };

  test("is not removed from an authoritative list", () => {
    const plan = sketchPlan({ stack: "acme", policy, groups }, live);
    expect(changesOf(plan)).toEqual([]);
    expect(blockedOf(plan)).toEqual([
      "membership/den:bob | policy.protect membership/den:bob | not declared, authoritative",
    ]);
  });

  test("is meant in whatever spelling", () => {
    const spelt = { protect: ["membership/Den:BOB"] };
    const plan = sketchPlan({ stack: "acme", policy: spelt, groups }, live);
    expect(changesOf(plan)).toEqual([]);
    const any = { protect: ["*/DEN:bob"] };
    expect(changesOf(sketchPlan({ stack: "acme", policy: any, groups }, live))).toEqual([]);
  });

  test("keeps its user from going, and no other user", () => {
    const users = { ann: {} };
    const additive = { den: { members: { participants: ["ann"] } } };
    const plan = sketchPlan({ stack: "acme", policy, users, groups: additive }, live);
    expect(changesOf(plan)).toEqual(["delete user/cat | soft"]);
    expect(blockedOf(plan)).toEqual([
      "user/bob | policy.protect membership/den:bob, for membership/den:bob | not declared, owned",
    ]);
  });

  test("keeps its group from going", () => {
    const plan = sketchPlan({ stack: "acme", policy, groups: { hall: { name: "Hall" } } }, live);
    expect(changesOf(plan)).not.toContain("delete group/den");
    expect(plan.blocked.map(({ address }) => address)).toEqual(["group/den"]);
  });

  test("that was not read keeps what may hold it", () => {
    const unread = { ...live, "group/hall": { owner: "app_system", ...ours } };
    const plan = sketchPlan(
      { stack: "acme", policy: { protect: ["membership/*:bob"] }, groups: { den: {} } },
      unread,
      { unread: ["group/hall"] },
    );
    expect(changesOf(plan)).toEqual([]);
    expect(blockedOf(plan)).toEqual([
      "group/hall | policy.protect membership/*:bob, for what was not read of it | not declared, owned",
    ]);
  });

  test("that was not read keeps the user it would be of, and no other", () => {
    const unread = { ...live, "group/hall": { owner: "app_system", ...ours } };
    const policy = { protect: ["membership/*:bob"] };
    const additive = { den: { members: { participants: ["ann", "bob"] } } };
    const plan = sketchPlan(
      { stack: "acme", policy, users: { ann: {} }, groups: { ...additive, hall: {} } },
      unread,
      { unread: ["group/hall"] },
    );
    expect(changesOf(plan)).toEqual(["delete user/cat | soft"]);
    expect(plan.blocked.map(({ address }) => address)).toEqual(["user/bob"]);
  });

  test("of another group keeps nothing", () => {
    const unread = { ...live, "group/hall": { owner: "app_system", ...ours } };
    const plan = sketchPlan({ stack: "acme", policy, groups: { den: {} } }, unread, {
      unread: ["group/hall"],
    });
    expect(changesOf(plan)).toEqual(["delete group/hall"]);
  });
});

describe("protection as an attribute", () => {
  test("is a tag of users and groups in the create call", () => {
    const plan = sketchPlan({
      stack: "acme",
      users: { ann: { name: "Ann", protect: true, tags: ["red"] } },
    });
    expect(callsOf(plan)).toEqual([
      's1 POST /users {"uid":"ann","name":"Ann","tags":["cometform::protected","cometform:acme","red"]}',
    ]);
  });

  test("needs no stack", () => {
    const plan = sketchPlan({ users: { ann: { protect: true } } }, { "user/ann": {} });
    expect(callsOf(plan)).toEqual(['s1 PUT /users/ann {"tags":["cometform::protected"]}']);
  });

  test("is a key of role metadata", () => {
    const plan = sketchPlan({ stack: "acme", roles: { vip: { name: "VIP", protect: true } } });
    expect(callsOf(plan)).toEqual([
      's1 POST /roles {"role":"vip","metadata":{"cometform":{"protect":true,"stack":"acme"}},"name":"VIP"}',
    ]);
  });

  test("is taken off by false, and the stack's mark stays", () => {
    const live = {
      "user/ann": {
        protect: true,
        $: { stack: "acme", reserved: { tags: ["cometform::protected", "cometform:acme"] } },
      },
    };
    const plan = sketchPlan({ stack: "acme", users: { ann: { protect: false } } }, live);
    expect(changesOf(plan)).toEqual(["update user/ann | protect: true → null"]);
    expect(callsOf(plan)).toEqual(['s1 PUT /users/ann {"tags":["cometform:acme"]}']);
  });

  test("is left alone where the manifest does not mention it", () => {
    const live = { "user/ann": { protect: true, ...ours } };
    expect(changesOf(sketchPlan({ stack: "acme", users: { ann: {} } }, live))).toEqual([]);
  });

  test("goes back into every write of the tags it stands in", () => {
    const live = {
      "user/ann": {
        protect: true,
        tags: ["red"],
        $: { stack: "acme", reserved: { tags: ["cometform::protected", "cometform:acme"] } },
      },
    };
    const plan = sketchPlan({ stack: "acme", users: { ann: { tags: ["blue"] } } }, live);
    expect(callsOf(plan)).toEqual([
      's1 PUT /users/ann {"tags":["blue","cometform::protected","cometform:acme"]}',
    ]);
  });

  test("cannot be carried by roles of the collection", () => {
    const plan = sketchPlan(
      { roles: { vip: { name: "VIP", protect: true } } },
      {},
      {
        dialect: "collection",
      },
    );
    expect(refusalsOf(plan)).toEqual([
      "dialect/unsupported: role/vip sets protect, which the collection dialect cannot carry",
    ]);
  });

  test("is a key of user metadata in the collection, and warns of what may be lost", () => {
    const live = { "user/ann": { metadata: { seat: 1 } } };
    const plan = sketchPlan({ users: { ann: { protect: true } } }, live, { dialect: "collection" });
    expect(callsOf(plan)).toEqual([
      's1 PUT /users/ann {"metadata":{"cometform":{"protect":true},"seat":1}}',
    ]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(["metadata/private"]);
  });
});

describe("the last who could manage a group", () => {
  const live = {
    "group/den": {},
    "membership/den:ann": { scope: "admin" },
    "membership/den:bob": { scope: "participant" },
    "user/ann": {},
    "user/bob": {},
  };
  const den = (members: object, more: object = {}) => ({ groups: { den: { members, ...more } } });

  test("is not removed", () => {
    const members = { mode: "authoritative", participants: ["bob"] };
    expect(refusalsOf(sketchPlan(den(members), live))).toEqual([
      "group/last-admin: group/den would be left without an owner or an admin",
    ]);
  });

  test("is not demoted", () => {
    expect(refusalsOf(sketchPlan(den({ participants: ["ann"] }), live))).toEqual([
      "group/last-admin: group/den would be left without an owner or an admin",
    ]);
  });

  test("is not deactivated", () => {
    const policy = { prune: { users: "all" } };
    const plan = sketchPlan(
      { policy, users: { bob: {} }, ...den({ participants: ["bob"] }) },
      live,
    );
    expect(refusalsOf(plan)).toEqual([
      "group/last-admin: group/den would be left without an owner or an admin",
    ]);
  });

  test("is not deactivated where the list of members was not read to its end", () => {
    const plan = sketchPlan(
      {
        policy: { prune: { users: "all" } },
        users: { bob: {} },
        ...den({ participants: ["bob"] }),
      },
      live,
      { incomplete: ["group/den"] },
    );
    expect(refusalsOf(plan)).toEqual([
      "group/last-admin: group/den would be left without an owner or an admin",
    ]);
  });

  test("is not taken by a destroy that leaves the group", () => {
    const kept = { groups: { den: { protect: true } }, users: { ann: {}, bob: {} } };
    expect(refusalsOf(sketchPlan(kept, live, { mode: "destroy" }))).toEqual([
      "group/last-admin: group/den would be left without an owner or an admin",
    ]);
  });

  test("may go once there is another admin or an owner", () => {
    const members = { mode: "authoritative", admins: ["bob"] };
    expect(refusalsOf(sketchPlan(den(members), live))).toEqual([]);
    const owner = den({ mode: "authoritative", participants: ["ann"] }, { owner: "bob" });
    expect(refusalsOf(sketchPlan(owner, live))).toEqual([]);
  });

  test("may go where the system user is the owner", () => {
    const owned = { ...live, "group/den": { owner: "app_system" } };
    const members = { mode: "authoritative", participants: ["bob"] };
    expect(refusalsOf(sketchPlan(den(members), owned))).toEqual([]);
  });

  test("is not missed where nobody knows who the members are", () => {
    const unread = {
      "group/den": { owner: "bob" },
      "user/bob": { $: { inactive: true } },
    } as const;
    const plan = sketchPlan({ groups: { den: {} } }, unread, { unread: ["group/den"] });
    expect(plan.diagnostics.map(({ code }) => code)).not.toContain("group/no-admin");
  });

  test("is missed where there was none before", () => {
    const plan = sketchPlan(den({ participants: ["bob"] }), {
      ...live,
      "membership/den:ann": { scope: "participant" },
    });
    expect(refusalsOf(plan)).toEqual([]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(["group/no-admin"]);
  });
});
