import { describe, expect, test } from "vitest";
import type { LiveSketch } from "../../support/sketch.ts";
import { callsOf, refusalsOf, sketchPlan } from "../../support/sketch.ts";

const ours = { $: { stack: "acme" } };

describe("a reference", () => {
  test("to what is neither declared nor live is refused", () => {
    const plan = sketchPlan({ groups: { den: { name: "Den", owner: "ann" } } });
    expect(refusalsOf(plan)).toEqual([
      "reference/missing: group/den needs user/ann (owner), which is neither declared nor in the app",
    ]);
  });

  test("that the manifest never mentions keeps a role from being deleted", () => {
    const plan = sketchPlan(
      { stack: "acme", roles: {}, users: { ann: {} } },
      {
        "role/vip": ours,
        "user/ann": { role: "vip", ...ours },
        "user/bob": { role: "vip" },
      },
    );
    expect(refusalsOf(plan)).toEqual([
      "reference/in-use: role/vip cannot be deleted: user/ann and 1 more refer to it",
    ]);
  });

  test("of a deactivated user keeps nothing", () => {
    const plan = sketchPlan(
      { stack: "acme", roles: {} },
      {
        "role/vip": ours,
        "user/bob": { role: "vip", $: { inactive: true } },
      },
    );
    expect(refusalsOf(plan)).toEqual([]);
  });

  test("of a user who goes with the role lets it go after her", () => {
    const plan = sketchPlan(
      { stack: "acme", roles: {}, users: {} },
      {
        "role/vip": ours,
        "user/ann": { role: "vip", ...ours },
      },
    );
    expect(callsOf(plan)).toEqual([
      's1 DELETE /users {"uidsToDeactivate":["ann"]}',
      "s2 DELETE /roles/vip needs s1",
    ]);
  });

  test("to an owner who would be deactivated names both", () => {
    const plan = sketchPlan(
      { stack: "acme", users: {} },
      {
        "user/ann": ours,
        "group/den": { owner: "ann" },
      },
    );
    expect(refusalsOf(plan)).toEqual([
      "reference/in-use: user/ann cannot be deleted: group/den still refers to it",
    ]);
  });

  test("to a member who would be deleted is refused", () => {
    const plan = sketchPlan(
      { stack: "acme", users: {}, groups: { den: { members: { participants: ["ann"] } } } },
      { "user/ann": ours, "group/den": { owner: "app_system", ...ours } },
    );
    expect(refusalsOf(plan)).toEqual([
      "reference/missing: membership/den:ann needs user/ann (member), which this plan deletes, because the manifest does not declare it",
    ]);
  });
});

describe("a resource that cannot be created", () => {
  test.each([
    ["a role without a name", { roles: { vip: {} } }, "role/vip", "name"],
    ["a user without a name", { users: { ann: {} } }, "user/ann", "name"],
    ["a group without a name", { groups: { den: {} } }, "group/den", "name"],
  ])("is refused: %s", (_, manifest, address, name) => {
    expect(refusalsOf(sketchPlan(manifest))).toEqual([
      `attribute/required: ${address} does not exist yet and cannot be created without ${name}`,
    ]);
  });

  test("is refused: a password group without a password", () => {
    const plan = sketchPlan({ groups: { den: { name: "Den", type: "password" } } });
    expect(refusalsOf(plan)).toEqual([
      "attribute/required: group/den becomes a password group and has no password",
    ]);
  });
});

describe("what a dialect cannot carry", () => {
  test("is refused by name", () => {
    const plan = sketchPlan(
      { users: { ann: { name: "Ann", tags: ["red"] } } },
      {},
      { dialect: "collection" },
    );
    expect(refusalsOf(plan)).toEqual([
      "dialect/unsupported: user/ann sets tags, which the collection dialect cannot carry",
    ]);
  });

  test("is refused where only the creating call carries it", () => {
    const plan = sketchPlan(
      { groups: { den: { type: "private" } } },
      { "group/den": { type: "public" } },
      { dialect: "collection" },
    );
    expect(refusalsOf(plan)).toEqual([
      "dialect/fixed: group/den changes type, which the collection dialect can only set on creation",
    ]);
  });

  test("is refused: a method other than POST in the vendor dialect", () => {
    const webhooks = { audit: { url: "https://h.example/", method: "GET" } };
    expect(refusalsOf(sketchPlan({ webhooks }))).toEqual([
      "dialect/unsupported: webhook/audit asks for method GET, the vendor dialect has only POST",
    ]);
  });

  test("is refused: a trigger the vendor API does not have", () => {
    const webhooks = { audit: { url: "https://h.example/", triggers: ["user_created"] } };
    expect(refusalsOf(sketchPlan({ webhooks }))).toEqual([
      "webhook/trigger: webhook/audit names triggers that the vendor API does not have: user_created",
    ]);
  });
});

describe("a full kind", () => {
  const roles = (count: number, extra: LiveSketch[string] = {}): LiveSketch =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`role/r${i}`, extra]));

  test("is refused one more", () => {
    const plan = sketchPlan({ roles: { one: { name: "One" } } }, roles(25));
    expect(refusalsOf(plan)).toEqual([
      "limit/count: the app would have 26 roles, the service allows 25",
    ]);
  });

  test("is given room first", () => {
    const live = { ...roles(24), "role/old": ours };
    const plan = sketchPlan({ stack: "acme", roles: { one: { name: "One" } } }, live);
    expect(callsOf(plan)).toEqual([
      "s1 DELETE /roles/old",
      's2 POST /roles {"role":"one","metadata":{"cometform":{"stack":"acme"}},"name":"One"} needs s1',
    ]);
  });

  test("is refused where the room would be made only afterwards", () => {
    const live = { ...roles(24), "role/old": ours, "user/ann": { role: "old", ...ours } };
    const plan = sketchPlan(
      { stack: "acme", roles: { one: { name: "One" } }, users: { ann: { role: "one" } } },
      live,
    );
    expect(refusalsOf(plan)).toEqual([
      "limit/no-room: role/one cannot be created: its kind is full until something is deleted, which waits for it",
    ]);
  });
});

describe("sizes that depend on what is live", () => {
  test("are refused: a mark beyond 25 tags", () => {
    const tags = Array.from({ length: 25 }, (_, i) => `tag-${i}`);
    const plan = sketchPlan({ stack: "acme", users: { ann: {} } }, { "user/ann": { tags } });
    expect(refusalsOf(plan)).toEqual([
      "limit/tags: user/ann would have 26 tags, cometform's own marks included, the service takes 25",
    ]);
  });

  test("are refused: metadata that grows too large once merged", () => {
    const plan = sketchPlan(
      { users: { ann: { metadata: { a: "x".repeat(3_000) } } } },
      {
        "user/ann": { metadata: { b: "y".repeat(3_000) } },
      },
    );
    expect(refusalsOf(plan)).toEqual([
      "limit/metadata: user/ann would have 6015 bytes of metadata, the service takes 5120",
    ]);
  });

  test("let as many members ride as the body holds, whichever scopes these have", () => {
    const participants = Array.from({ length: 25 }, (_, i) => `p${100 + i}`);
    const uids = [...participants, "adm01"];
    const live = Object.fromEntries(uids.map((uid) => [`user/${uid}`, {}]));
    const members = { admins: ["adm01"], participants };
    const metadata = { a: "x".repeat(5_000) };
    const tags = Array.from({ length: 22 }, (_, i) => `${"t".repeat(98)}${i + 10}`);
    const planFor = (iconLength: number, shown: object) => {
      const icon = `https://a.example/${"i".repeat(iconLength)}`;
      const den = { name: "Den", icon, metadata, tags, ...shown };
      return sketchPlan({ groups: { den } }, live);
    };
    // Room for one admin, and not for one participant: that list's name is longer.
    const bare = JSON.stringify(planFor(0, {}).steps[0]?.call.body).length;
    const plan = planFor(10_240 - bare - ',"members":{"admins":["adm01"]}'.length, { members });
    expect(plan.steps[0]?.call.body).toMatchObject({ members: { admins: ["adm01"] } });
    expect(plan.calls).toMatchObject({ total: 2, lowerBound: 2 });
  });

  test("let first members ride only as far as the body holds them", () => {
    const uids = Array.from({ length: 25 }, (_, i) => `${"u".repeat(90)}-${i}`);
    const live = Object.fromEntries(uids.map((uid) => [`user/${uid}`, {}]));
    const metadata = { a: "x".repeat(5_000) };
    const icon = `https://a.example/${"i".repeat(2_900)}`;
    const description = "d".repeat(250);
    const members = { participants: uids };
    const groups = { den: { name: "Den", icon, description, metadata, members } };
    const plan = sketchPlan({ groups }, live);
    expect(refusalsOf(plan)).toEqual([]);
    const [create, rest] = plan.steps;
    expect(JSON.stringify(create?.call.body).length).toBeLessThanOrEqual(10_240);
    expect((create?.changes.length ?? 0) - 1 + (rest?.changes.length ?? 0)).toBe(25);
    expect(plan.calls).toMatchObject({ total: 2, lowerBound: 2 });
  });
});
