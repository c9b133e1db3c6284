import { describe, expect, test } from "vitest";
import { callsOf, changesOf, refusalsOf, sketchPlan } from "../../support/sketch.ts";

describe("an attribute", () => {
  test("that is left out is unmanaged", () => {
    const plan = sketchPlan({ users: { ann: {} } }, { "user/ann": { name: "Ann", avatar: "x" } });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.summary.unchanged).toBe(1);
  });

  test("that is null is cleared in the way its endpoint knows", () => {
    const plan = sketchPlan(
      {
        users: {
          ann: {
            avatar: null,
            link: null,
            role: null,
            statusMessage: null,
            metadata: null,
            tags: null,
          },
        },
      },
      {
        "user/ann": {
          avatar: "https://a.example/a",
          link: "https://a.example/l",
          role: "vip",
          statusMessage: "Hi",
          metadata: { seat: 1 },
          tags: ["red"],
        },
        "role/vip": {},
      },
    );
    expect(callsOf(plan)).toEqual([
      's1 PUT /users/ann {"role":"default","statusMessage":"","tags":[],"unset":["avatar","link","metadata"]}',
    ]);
  });

  test("that is null and not there is no change", () => {
    const plan = sketchPlan(
      { users: { ann: { avatar: null, tags: null, metadata: null } } },
      {
        "user/ann": { name: "Ann" },
      },
    );
    expect(changesOf(plan)).toEqual([]);
  });

  test.each([
    ["{} and []", {}, []],
    ["{} and nothing", {}, null],
    ["nested {} and []", { a: { b: {} } }, { a: { b: [] } }],
    ["key order", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ])("does not differ by %s", (_, desired, live) => {
    const plan = sketchPlan(
      { users: { ann: { metadata: { x: desired } } } },
      {
        "user/ann": { metadata: live === null ? {} : { x: live } },
      },
    );
    expect(changesOf(plan)).toEqual([]);
  });
});

describe("metadata", () => {
  const live = { "user/ann": { metadata: { seat: 1, floor: 2, kept: [1] } } };

  test("is managed key by key and written whole", () => {
    const plan = sketchPlan({ users: { ann: { metadata: { seat: 7, floor: null } } } }, live);
    expect(changesOf(plan)).toEqual([
      "update user/ann | metadata.floor: 2 → null | metadata.seat: 1 → 7",
    ]);
    expect(callsOf(plan)).toEqual(['s1 PUT /users/ann {"metadata":{"kept":[1],"seat":7}}']);
  });

  test("keeps our mark when everything else is cleared", () => {
    const plan = sketchPlan(
      { stack: "acme", roles: { vip: { metadata: null } } },
      {
        "role/vip": {
          metadata: { a: 1 },
          $: { stack: "acme", reserved: { metadata: { cometform: { stack: "acme" } } } },
        },
      },
    );
    expect(callsOf(plan)).toEqual([
      's1 PUT /roles/vip {"metadata":{"cometform":{"stack":"acme"}}}',
    ]);
  });

  test("sends private values with every write that declares them, and compares them never", () => {
    const manifest = {
      users: { ann: { metadata: { seat: 1, "@private": { email: "a@b.example" } } } },
    };
    expect(changesOf(sketchPlan(manifest, live))).toEqual([]);
    const changed = {
      users: { ann: { metadata: { seat: 2, "@private": { email: "a@b.example" } } } },
    };
    const plan = sketchPlan(changed, live);
    expect(callsOf(plan)).toEqual([
      's1 PUT /users/ann {"metadata":{"@private":{"$secret":"user/ann#metadata.@private"},"floor":2,"kept":[1],"seat":2}}',
    ]);
    expect(JSON.stringify(plan)).not.toContain("a@b.example");
  });

  test("warns when a write would drop private values that nobody declared", () => {
    const plan = sketchPlan(
      { users: { ann: { metadata: { seat: 2 } } } },
      {
        "user/ann": { metadata: { seat: 1 }, $: { withheld: ["metadata.@private"] } },
      },
    );
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(["metadata/private"]);
  });
});

describe("a hand-over", () => {
  const users = { "user/ann": {}, "user/bob": {} };
  const group = { "group/den": { name: "Den", owner: "ann" } };

  test("makes the new owner an admin, then hands over, then demotes the old one", () => {
    const plan = sketchPlan(
      { groups: { den: { owner: "bob", members: { participants: ["ann"] } } } },
      {
        ...users,
        ...group,
        "membership/den:ann": { scope: "admin" },
        "membership/den:bob": { scope: "participant" },
      },
    );
    expect(callsOf(plan)).toEqual([
      's1 PUT /groups/den/members/bob {"scope":"admin"}',
      's2 PUT /groups/den {"owner":"bob"} needs s1',
      's3 PUT /groups/den/members/ann {"scope":"participant"} needs s2',
    ]);
  });

  test("removes the old owner last where nobody else may be in the group", () => {
    const plan = sketchPlan(
      { groups: { den: { owner: "bob", members: { mode: "authoritative" } } } },
      { ...users, ...group, "membership/den:ann": { scope: "admin" } },
    );
    expect(callsOf(plan)).toEqual([
      's1 POST /groups/den/members {"admins":["bob"]}',
      's2 PUT /groups/den {"owner":"bob"} needs s1',
      "s3 DELETE /groups/den/members/ann needs s2",
    ]);
  });

  test("adds the new owner where the members are not known", () => {
    const plan = sketchPlan({ groups: { den: { owner: "bob" } } }, { ...users, ...group });
    expect(callsOf(plan)).toEqual([
      's1 POST /groups/den/members {"admins":["bob"]}',
      's2 PUT /groups/den {"owner":"bob"} needs s1',
    ]);
  });

  test("to the system user needs no membership", () => {
    const plan = sketchPlan({ groups: { den: { owner: "app_system" } } }, { ...users, ...group });
    expect(callsOf(plan)).toEqual(['s1 PUT /groups/den {"owner":"app_system"}']);
  });
});

describe("the owner", () => {
  const live = {
    "user/ann": {},
    "group/den": { name: "Den", owner: "ann" },
    "membership/den:ann": { scope: "admin" },
  };

  test("of an authoritative group is never removed, though nobody declares her", () => {
    const plan = sketchPlan({ groups: { den: { members: { mode: "authoritative" } } } }, live);
    expect(changesOf(plan)).toEqual([]);
  });

  test("is never demoted", () => {
    const plan = sketchPlan({ groups: { den: { members: { participants: ["ann"] } } } }, live);
    expect(changesOf(plan)).toEqual([]);
  });

  test("comes with the group that is created for her, outside the first 25 members", () => {
    const uids = Array.from({ length: 26 }, (_, i) => `user-${i}`);
    const users = Object.fromEntries([...uids, "ann"].map((uid) => [`user/${uid}`, {}]));
    const plan = sketchPlan(
      { groups: { den: { name: "Den", owner: "ann", members: { participants: uids } } } },
      users,
    );
    expect(plan.steps.map(({ changes }) => changes.length)).toEqual([26, 1]);
    expect(plan.calls).toMatchObject({ total: 2, lowerBound: 2 });
  });
});

describe("a deactivated user", () => {
  const off = { $: { inactive: true as const } };

  test("that is declared is reactivated, and its role is sent again", () => {
    const plan = sketchPlan(
      { roles: { vip: {} }, users: { ann: { role: "vip" }, bob: {} } },
      { "role/vip": {}, "user/ann": { role: "vip", ...off }, "user/bob": off },
    );
    expect(callsOf(plan)).toEqual([
      's1 PUT /users {"uidsToActivate":["ann","bob"]}',
      's2 PUT /users/ann {"role":"vip"} needs s1',
    ]);
  });

  test("that is not declared is nothing to delete", () => {
    const plan = sketchPlan(
      { policy: { prune: { users: "all" } }, users: {} },
      { "user/ann": off },
    );
    expect(changesOf(plan)).toEqual([]);
  });

  test("cannot be referred to", () => {
    const plan = sketchPlan(
      { groups: { den: { owner: "ann" } } },
      {
        "group/den": { owner: "bob" },
        "user/ann": off,
        "user/bob": {},
      },
    );
    expect(refusalsOf(plan)).toEqual([
      "reference/missing: group/den needs user/ann (owner), which is deactivated",
    ]);
  });
});

describe("a webhook", () => {
  test("in the vendor dialect takes a call for itself and one for its triggers", () => {
    const plan = sketchPlan({
      webhooks: { audit: { url: "https://h.example/", triggers: ["message_sent"] } },
    });
    expect(callsOf(plan)).toEqual([
      's1 POST /apps//webhooks {"id":"audit","name":"audit","webhookURL":"https://h.example/"}',
      's2 POST /apps//webhooks/audit/triggers {"triggerIds":["message_sent"]} needs s1',
    ]);
  });

  test("in the collection dialect takes one call, whatever changes", () => {
    const plan = sketchPlan(
      { webhooks: { audit: { url: "https://h.example/", triggers: ["message_edited"] } } },
      {
        "webhook/audit": {
          url: "https://h.example/",
          method: "POST",
          triggers: ["message_sent"],
          $: { id: "webhook-1", unread: ["name"] },
        },
      },
      { dialect: "collection" },
    );
    expect(callsOf(plan)).toEqual([
      's1 PUT /webhooks/webhook-1 {"url":"https://h.example/","triggers":["message_edited"],"method":"POST"}',
    ]);
  });

  test("whose login the service does not tell is not changed for it", () => {
    const plan = sketchPlan(
      { webhooks: { audit: { url: "https://h.example/", enabled: false } } },
      { "webhook/audit": { url: "https://h.example/", $: { unread: ["enabled", "basicAuth"] } } },
    );
    expect(changesOf(plan)).toEqual([]);
  });

  test("that exists keeps an id the API would not take for a new one", () => {
    const manifest = { webhooks: { "my-hook": { url: "https://h.example/" } } };
    expect(refusalsOf(sketchPlan(manifest))).toEqual([
      "webhook/id: webhook/my-hook cannot be created: its id must be 1 to 50 letters and digits",
    ]);
    const live = { "webhook/my-hook": { url: "https://h.example/" } };
    expect(refusalsOf(sketchPlan(manifest, live))).toEqual([]);
  });
});

describe("a write-only value", () => {
  const manifest = {
    users: { ann: { metadata: { seat: 1, "@private": { email: "a@b.example" } } } },
    groups: { den: { name: "Den", password: "${PASSWORD}" } },
    webhooks: {
      audit: { url: "https://h.example/", basicAuth: { username: "u", password: "${PASSWORD}" } },
    },
  };
  const live = {
    "user/ann": { metadata: { seat: 1, floor: 2 } },
    "group/den": { name: "Den" },
    "webhook/audit": { url: "https://h.example/", basicAuth: { username: "u" } },
  };

  test("is neither compared nor sent once it is there", () => {
    expect(changesOf(sketchPlan(manifest, live))).toEqual([]);
  });

  test("is sent again where it is named, and only there", () => {
    const writeSecrets = [
      "group/den#password",
      "user/ann#metadata.@private",
      "webhook/audit#basicAuth.password",
    ];
    expect(callsOf(sketchPlan(manifest, live, { writeSecrets }))).toEqual([
      's1 PUT /users/ann {"metadata":{"@private":{"$secret":"user/ann#metadata.@private"},"floor":2,"seat":1}}',
      's2 PUT /groups/den {"password":{"$secret":"group/den#password"}}',
      's3 PUT /apps//webhooks/audit {"useBasicAuth":true,"username":"u","password":{"$secret":"webhook/audit#basicAuth.password"}}',
    ]);
    expect(callsOf(sketchPlan(manifest, live, { writeSecrets: ["group/den#password"] }))).toEqual([
      's1 PUT /groups/den {"password":{"$secret":"group/den#password"}}',
    ]);
  });

  test("is sent again together with what differs beside it", () => {
    const plan = sketchPlan(
      manifest,
      { ...live, "user/ann": { metadata: { seat: 3 } } },
      {
        writeSecrets: ["user/ann#metadata.@private"],
      },
    );
    expect(changesOf(plan)).toEqual([
      'update user/ann | metadata.@private: null → {"$secret":"user/ann#metadata.@private"} | metadata.seat: 3 → 1',
    ]);
  });
});
