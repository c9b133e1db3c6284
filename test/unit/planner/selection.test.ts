import { describe, expect, test } from "vitest";
import type { KindSpec } from "../../../src/model/kind.ts";
import { parseSelector, type Selector } from "../../../src/model/selector.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { changesOf, refusalsOf, sketchPlan } from "../../support/sketch.ts";

const kinds: readonly KindSpec[] = cometchat.kinds("vendor");
const ours = { $: { stack: "acme" } };

function selectors(...texts: readonly string[]): Selector[] {
  return texts.map((text) => {
    const selector = parseSelector(text, kinds);
    if (selector === undefined) throw new Error(`${text} is no selector`);
    return selector;
  });
}

const manifest = {
  stack: "acme",
  roles: { vip: { name: "VIP" }, staff: { name: "Staff" } },
  users: { ann: { name: "Ann", role: "vip" }, bob: { name: "Bob" } },
  groups: {
    den: { name: "Den", members: { participants: ["ann", "bob"] } },
    hall: { name: "Hall" },
  },
};

function limited(only: readonly string[], except: readonly string[] = [], live = {}) {
  const request = { only: selectors(...only), except: selectors(...except) };
  return sketchPlan(manifest, live, { request });
}

function addressesOf(plan: ReturnType<typeof sketchPlan>): string[] {
  return plan.changes.map(({ address }) => address);
}

describe("a plan limited to some", () => {
  test("leaves the rest out and counts it", () => {
    const plan = limited(["user/bob"]);
    expect(addressesOf(plan)).toEqual(["user/bob"]);
    expect(plan.scope).toEqual({
      only: ["user/bob"],
      except: [],
      pulledIn: [],
      leftOut: [],
      beyond: 7,
    });
  });

  test("pulls in what a selected one needs, and says for whom", () => {
    const plan = limited(["user/ann"]);
    expect(addressesOf(plan)).toEqual(["role/vip", "user/ann"]);
    expect(plan.scope?.pulledIn).toEqual([{ address: "role/vip", neededBy: "user/ann" }]);
  });

  test("takes the members of a selected group along, and their users and roles", () => {
    const plan = limited(["group/den"]);
    expect(addressesOf(plan)).toEqual([
      "role/vip",
      "user/ann",
      "user/bob",
      "group/den",
      "membership/den:ann",
      "membership/den:bob",
    ]);
    expect(plan.scope?.pulledIn).toEqual([
      { address: "role/vip", neededBy: "user/ann" },
      { address: "user/ann", neededBy: "membership/den:ann" },
      { address: "user/bob", neededBy: "membership/den:bob" },
    ]);
  });

  test.each([
    ["a kind", "roles", ["role/staff", "role/vip"]],
    ["a kind in the singular", "role", ["role/staff", "role/vip"]],
    ["a pattern", "group/h*", ["group/hall"]],
    ["a pattern of any kind", "*/staff", ["role/staff"]],
    ["another spelling", "group/HALL", ["group/hall"]],
  ])("takes %s", (_, only, addresses) => {
    expect(addressesOf(limited([only]))).toEqual(addresses);
  });

  test("counts as unchanged only what it is about", () => {
    const live = { "user/bob": { name: "Bob", ...ours }, "role/staff": { name: "Staff", ...ours } };
    expect(limited(["users"], [], live).summary.unchanged).toBe(1);
  });

  test("is not refused for what is wrong elsewhere", () => {
    const live = { "group/hall": { $: { stack: "other" } } };
    expect(refusalsOf(limited(["user/bob"], [], live))).toEqual([]);
    expect(refusalsOf(limited(["group/hall"], [], live))).toHaveLength(1);
  });
});

describe("a plan without some", () => {
  test("leaves out what needs them, and says why", () => {
    const plan = limited([], ["role/vip"]);
    expect(addressesOf(plan)).toEqual([
      "role/staff",
      "user/bob",
      "group/den",
      "group/hall",
      "membership/den:bob",
    ]);
    expect(plan.scope).toEqual({
      only: [],
      except: ["role/vip"],
      pulledIn: [],
      leftOut: [
        { address: "membership/den:ann", needs: "user/ann" },
        { address: "user/ann", needs: "role/vip" },
      ],
      beyond: 1,
    });
    expect(refusalsOf(plan)).toEqual([]);
  });

  test("leaves the members of an excepted group out", () => {
    const plan = limited(["groups"], ["group/den"]);
    expect(addressesOf(plan)).toEqual(["group/hall"]);
  });

  test("never pulls in what is excepted", () => {
    const plan = limited(["user/ann"], ["roles"]);
    expect(addressesOf(plan)).toEqual([]);
    expect(plan.scope?.leftOut).toEqual([{ address: "user/ann", needs: "role/vip" }]);
  });
});

test("what is excepted keeps what would take it along", () => {
  const inside = {
    "user/ann": { name: "Ann", role: "vip", ...ours },
    "user/bob": { name: "Bob", ...ours },
    "user/erin": ours,
    "group/den": { name: "Den", owner: "app_system", ...ours },
    "membership/den:erin": { scope: "participant" },
    "membership/den:ann": { scope: "participant" },
    "membership/den:bob": { scope: "participant" },
  };
  const closed = {
    ...manifest,
    roles: { vip: { name: "VIP" } },
    policy: { delete: { users: "permanent" }, prune: { roles: "none" } },
    groups: { den: { members: { mode: "authoritative", participants: ["ann", "bob"] } } },
  };
  const request = { only: [], except: selectors("membership/den:erin", "roles") };
  const plan = sketchPlan(closed, inside, { request });
  expect(plan.changes.map(({ address }) => address)).not.toContain("user/erin");
  expect(plan.scope?.leftOut).toContainEqual({
    address: "user/erin",
    needs: "membership/den:erin",
  });
});

test("what was asked for and means nothing is told", () => {
  const request = { only: selectors("user/alcie"), except: selectors("role/nobody") };
  const plan = sketchPlan({ ...manifest, forget: ["user/zoe"] }, {}, { request });
  expect(plan.diagnostics.map(({ summary }) => summary)).toEqual([
    "--only user/alcie means nothing that is declared, ours or may be deleted; --except role/nobody means nothing that is declared, ours or may be deleted; forget: user/zoe is not in the app",
  ]);
  const prune = { groups: "all", users: "owned" } as const;
  const modes = sketchPlan({ users: {} }, {}, { request: { prune } });
  expect(modes.diagnostics.map(({ summary }) => summary)).toEqual([
    "--prune groups=all: the manifest has no groups; --prune users=owned: without a stack nothing is marked as owned",
  ]);
});

describe("a delete", () => {
  const live = {
    "role/old": ours,
    "user/ann": { name: "Ann", role: "old", ...ours },
    "user/erin": { role: "old", ...ours },
  };

  test("is never pulled in: what needs it is left out", () => {
    const plan = limited(["role/old"], [], live);
    expect(changesOf(plan)).toEqual([]);
    expect(plan.scope?.leftOut).toEqual([{ address: "role/old", needs: "user/erin" }]);
  });

  test("pulls in the update it waits for", () => {
    const { "user/erin": _, ...others } = live;
    const plan = limited(["role/old"], [], others);
    expect(addressesOf(plan)).toEqual(["role/vip", "user/ann", "role/old"]);
    expect(refusalsOf(plan)).toEqual([]);
  });

  test("is left out where it is excepted", () => {
    const plan = limited(["role/old", "user/*"], ["user/erin"], live);
    expect(plan.scope?.leftOut).toEqual([{ address: "role/old", needs: "user/erin" }]);
    expect(addressesOf(plan)).toEqual(["role/vip", "user/ann", "user/bob"]);
  });

  test("that would have gone with another is made by itself where that one stays", () => {
    const inside = {
      "user/ann": { name: "Ann", role: "vip", ...ours },
      "user/erin": ours,
      "group/den": { name: "Den", owner: "app_system", ...ours },
      "membership/den:ann": { scope: "participant" },
      "membership/den:erin": { scope: "participant" },
    };
    const closed = {
      ...manifest,
      policy: { delete: { users: "permanent" } },
      groups: { den: { members: { mode: "authoritative", participants: ["ann"] } } },
    };
    const request = { only: selectors("group/den"), except: [] };
    expect(changesOf(sketchPlan(closed, inside, { request }))).toEqual([
      "delete membership/den:erin",
    ]);
    expect(
      changesOf(
        sketchPlan(closed, inside, { request: { ...request, only: selectors("user/erin") } }),
      ),
    ).toEqual(["delete membership/den:erin | with user/erin", "delete user/erin"]);
  });
});

test("a delete is refused where something beyond the scope still refers to it", () => {
  const inside = { "user/ann": ours, "group/den": { name: "Den", owner: "ann", ...ours } };
  const owned = { stack: "acme", users: {}, groups: { den: { name: "One", owner: "ann" } } };
  const request = { only: [], except: selectors("group/d*") };
  expect(refusalsOf(sketchPlan(owned, inside, { request }))).toEqual([
    "group/last-admin: group/den would be left without an owner or an admin",
    "reference/in-use: user/ann cannot be deleted: group/den still refers to it",
  ]);
  expect(refusalsOf(sketchPlan(owned, inside))).toEqual([
    "group/last-admin: group/den would be left without an owner or an admin",
    "reference/missing: group/den needs user/ann (owner), which this plan deletes, because the manifest does not declare it",
  ]);
});

test("a group beyond the scope does not lose its last admin either", () => {
  const inside = {
    "user/ann": ours,
    "user/bob": { name: "Bob", ...ours },
    "group/den": { name: "Den", ...ours },
    "membership/den:ann": { scope: "admin" },
  };
  const closed = { members: { mode: "authoritative", participants: ["bob"] } };
  const refused = ["group/last-admin: group/den would be left without an owner or an admin"];
  const asking = (only: string) => ({ request: { only: selectors(only) } });
  const users = { bob: { name: "Bob" } };
  const manifests = { stack: "acme", users, groups: { den: closed } };
  expect(refusalsOf(sketchPlan(manifests, inside, asking("membership/den:ann")))).toEqual(refused);
  const additive = { ...manifests, groups: { den: { members: { participants: ["bob"] } } } };
  expect(refusalsOf(sketchPlan(additive, inside, asking("users")))).toEqual(refused);
});

test("a membership that comes with an owner is planned with the hand-over only", () => {
  const owned = { ...manifest, groups: { den: { owner: "bob" } } };
  const inside = {
    "user/bob": { name: "Bob", ...ours },
    "group/den": { owner: "app_system", ...ours },
  };
  const plan = (only: string) =>
    sketchPlan(owned, inside, { request: { only: selectors(only) }, unread: ["group/den"] });
  expect(addressesOf(plan("memberships"))).toEqual([]);
  expect(addressesOf(plan("group/den"))).toEqual(["group/den", "membership/den:bob"]);
});

test("a removal that would have gone with its user waits for the hand-over once it goes alone", () => {
  const inside = {
    "user/fay": ours,
    "group/attic": { name: "One", owner: "fay", ...ours },
    "membership/attic:fay": { scope: "admin" },
  };
  const plan = sketchPlan(
    {
      stack: "acme",
      policy: { delete: { users: "permanent" } },
      users: {},
      groups: { attic: { name: "One", owner: "app_system", members: { mode: "authoritative" } } },
    },
    inside,
    { request: { only: selectors("memberships") } },
  );
  expect(addressesOf(plan)).toEqual(["group/attic", "membership/attic:fay"]);
  expect(plan.scope?.pulledIn).toEqual([
    { address: "group/attic", neededBy: "membership/attic:fay" },
  ]);
  expect(plan.steps[1]?.dependsOn).toEqual(["s1"]);
});

test("a limited plan and the whole one have different digests, even where they do the same", () => {
  const everything = sketchPlan(manifest);
  expect(limited(["*"]).digest).not.toBe(everything.digest);
});
