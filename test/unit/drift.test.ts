import fc from "fast-check";
import { expect, test } from "vitest";
import { type DriftInput, tellCauses } from "../../src/drift.ts";
import { fingerprint } from "../../src/manifest/declared.ts";
import type { Declared } from "../../src/model/declared.ts";
import { isEqual } from "../../src/model/equal.ts";
import type { Json } from "../../src/model/json.ts";
import type { Action, PlanChange } from "../../src/model/plan.ts";
import { kindIn } from "../../src/model/resource.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";

const change = (action: Action, address: string, more: Partial<PlanChange> = {}): PlanChange => ({
  ...{ action, address, kind: kindIn(address), attributes: [], reversal: "reversible" },
  ...more,
});

const asked = (resources: Declared["resources"], whole = true): Declared => ({
  ...{ whole, frame: "f", resources },
});

/** Causes of changes, where the same was asked for by the last run of all. */
function causes(changes: readonly PlanChange[], given: Partial<DriftInput> = {}) {
  const all = Object.fromEntries(changes.map(({ address }) => [address, {}]));
  const then = { declared: asked(all), isSame: true, open: new Set<string>() };
  const input = { now: asked(all), then, halfRead: new Set<string>(), ...given };
  const kinds = cometchat.kinds("vendor");
  return tellCauses({ changes, kinds, ...input }).map(({ cause }) => cause);
}

test("what is missing from a listing that was not read to its end is untold", () => {
  const halfRead = new Set(["user", "group/desk"]);
  const there = [change("create", "group/hall"), change("create", "membership/hall:ann")];
  const doubtful = [change("create", "user/ann"), change("create", "membership/desk:ann")];
  expect(causes([...there, ...doubtful], { halfRead })).toEqual([
    ...["drift", "drift", "untold", "untold"],
  ]);
  expect(causes([change("update", "user/ann")], { halfRead })).toEqual(["drift"]);
});

test("what was not read is untold, unless what it lives in is gone", () => {
  const member = change("create", "membership/desk:ann", { blind: true });
  expect(causes([member])).toEqual(["untold"]);
  expect(causes([change("create", "group/desk"), member])).toEqual(["drift", "drift"]);
});

test("what goes along with its parent goes for the parent's reason, wherever it stands", () => {
  const member = change("delete", "membership/desk:guest", { impliedBy: "group/desk" });
  const then = {
    ...{ declared: asked({ "group/desk": {} }), isSame: false, open: new Set<string>() },
  };
  const now = asked({});
  expect(causes([member, change("delete", "group/desk")], { now, then })).toEqual([
    ...["pending", "pending"],
  ]);
});

test("an attribute is compared as the service would: nothing is nothing, however it is written", () => {
  const attributes = [{ path: "tags", before: null, after: ["a"] }];
  const declared = asked({ "user/ann": { tags: fingerprint([]) } });
  const then = { declared, isSame: false, open: new Set<string>() };
  expect(causes([change("update", "user/ann", { attributes })], { then })).toEqual(["pending"]);
});

test("each attribute has the cause that its two sides tell, whatever they are", () => {
  const value = fc.constantFrom<Json>("a", "b", "", null, ["x"], { k: 1 });
  const sides = fc.record({
    path: fc.stringMatching(/^[a-e]$/),
    was: fc.option(value),
    live: value,
    now: value,
  });
  const any = fc.uniqueArray(sides, { minLength: 1, selector: ({ path }) => path });
  fc.assert(
    fc.property(any, (attributes) => {
      const known = attributes.filter(({ was }) => was !== null);
      const declared = asked({
        "user/ann": Object.fromEntries(known.map(({ path, was }) => [path, fingerprint(was)])),
      });
      const differing = attributes.filter(({ live, now }) => !isEqual(live, now));
      const changes = [
        change("update", "user/ann", {
          attributes: differing.map(({ path, live, now }) => ({ path, before: live, after: now })),
        }),
      ];
      const then = { declared, isSame: false, open: new Set<string>() };
      const kinds = cometchat.kinds("vendor");
      const told = tellCauses({ changes, now: declared, then, halfRead: new Set(), kinds });
      const causeOf = (wanted: string) =>
        told.find(({ attributes }) => attributes.some(({ path }) => path === wanted))?.cause;
      for (const { path, was, live } of differing) {
        const isPending = was === null || isEqual(was, live);
        expect(causeOf(path)).toBe(isPending ? "pending" : "drift");
      }
      expect(told.flatMap((one) => one.attributes)).toHaveLength(differing.length);
    }),
  );
});
