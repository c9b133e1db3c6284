import { expect, test } from "vitest";
import { callsOf, type LiveSketch, refusalsOf, sketchPlan } from "../../support/sketch.ts";

const ours = { $: { stack: "acme" } };

test("a batch is split where it would make two calls wait for each other", () => {
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
  const plan = sketchPlan(
    {
      stack: "acme",
      policy: { prune: { groups: "none" } },
      roles: { fresh: { name: "Fresh" } },
      users: { cat: { name: "Cat", role: "fresh" } },
      groups: { den: { owner: "cat" } },
    },
    live,
    { request: { allow: [{ action: "delete", subject: "user", count: 2 }] } },
  );
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
