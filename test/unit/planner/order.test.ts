import { expect, test } from "vitest";
import { callsOf, type LiveSketch, refusalsOf, sketchPlan } from "../../support/sketch.ts";

const ours = { $: { stack: "acme" } };

/** A full app, in which two deactivations cannot go out together, and so many users who are new. */
function crowded(newUsers: number) {
  const full = Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`role/r${i}`, {}]));
  const live: LiveSketch = {
    ...full,
    "role/old": ours,
    // Her deactivation makes room for the new role …
    "user/ann": { role: "old", ...ours },
    // … which the new owner needs, to whom he hands over before he is deactivated.
    "user/bob": ours,
    "group/den": { owner: "bob", ...ours },
  };
  const others = Array.from({ length: newUsers }, (_, at) => [`n${at}`, { name: "New" }]);
  const manifest = {
    stack: "acme",
    policy: { prune: { groups: "none" } },
    roles: { fresh: { name: "Fresh" } },
    users: { cat: { name: "Cat", role: "fresh" }, ...Object.fromEntries(others) },
    groups: { den: { owner: "cat" } },
  };
  const allow = [{ action: "delete", subject: "user", count: 2 } as const];
  return { manifest, live, request: { allow } };
}

test("a batch is split where it would make two calls wait for each other", () => {
  const { manifest, live, request } = crowded(0);
  const plan = sketchPlan(manifest, live, { request });
  expect(refusalsOf(plan)).toEqual([]);
  expect(callsOf(plan)).toEqual([
    's1 DELETE /users {"uidsToDeactivate":["ann"]}',
    "s2 DELETE /roles/old needs s1",
    's3 POST /roles {"role":"fresh","metadata":{"cometform":{"stack":"acme"}},"name":"Fresh"} needs s2',
    's4 POST /users {"uid":"cat","name":"Cat","role":"fresh","tags":["cometform:acme"]} needs s3',
    's5 POST /groups/den/members {"admins":["cat"]} after s4',
    's6 PUT /groups/den {"owner":"cat"} needs s4 s5',
    's7 DELETE /users {"uidsToDeactivate":["bob"]} needs s6',
  ]);
  expect(plan.calls).toMatchObject({ total: 7, lowerBound: 6 });
});

test("the minutes of a plan are those of its calls, or are not told where circles have parted some", () => {
  const told = Array.from({ length: 30 }, (_, at) => {
    const allowances = { core: at + 5, standard: 100, import: 1 };
    const { manifest, live, request } = crowded(60);
    const { calls, steps } = sketchPlan(manifest, live, { allowances, request });
    const uses = (["core", "standard", "import"] as const).map((quota) => {
      const count = steps.filter(({ call }) => call.quota === quota).length;
      return Math.ceil(count / allowances[quota]);
    });
    if (calls.split !== null) expect(calls.split.minutes).toBe(Math.max(...uses));
    return { isTold: calls.split !== null, minutes: Math.max(...uses) };
  });
  const last = told.findLastIndex(({ minutes }) => minutes === 2);
  expect(told[last]).toEqual({ isTold: false, minutes: 2 });
  expect(told.slice(last + 1, last + 3)).toEqual([
    { isTold: true, minutes: 1 },
    { isTold: true, minutes: 1 },
  ]);
});

test("in a batch of deactivations each row names what it alone waits for", () => {
  const plan = sketchPlan(
    {
      stack: "acme",
      users: { cat: {} },
      groups: { den: { owner: "cat" } },
    },
    {
      "user/ann": ours,
      "user/bob": ours,
      "user/cat": ours,
      "group/den": { owner: "bob", ...ours },
    },
  );
  const last = plan.steps.at(-1);
  expect(last?.call.body).toEqual({ uidsToDeactivate: ["ann", "bob"] });
  expect(last?.needs).toEqual([]);
  expect(last?.rowNeeds).toEqual({ "user/bob": ["group/den"] });
});
