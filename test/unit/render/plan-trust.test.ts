import picocolors from "picocolors";
import { expect, test } from "vitest";
import type { SourceRange } from "../../../src/model/diagnostic.ts";
import type { PlanScope } from "../../../src/model/plan.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { type PlanView, renderPlan } from "../../../src/render/plan.ts";
import { toBlocked, toChange, toPlan, toStep } from "../../support/plan.ts";

type Given = Parameters<typeof toPlan>[0];

function render(plan: Given, view: Partial<PlanView> = {}): string {
  return renderPlan(toPlan(plan), { paint: plainPaint, width: 80, ...view });
}

/** The lines between the header and the calls, without the empty ones around them. */
function bodyOf(plan: Given, view: Partial<PlanView> = {}): string {
  const text = render(plan, { width: 100, ...view });
  return text.slice(text.indexOf("\n\n") + 2, text.search(/\n +\d+ calls?\b/));
}

const at = (line: number): SourceRange => ({ file: "cometform.yaml", line, column: 3 });

const scope: PlanScope = {
  only: ["groups", "user/alice"],
  except: ["role/vip"],
  pulledIn: [{ address: "role/lead", neededBy: "user/alice" }],
  leftOut: [{ address: "user/bob", needs: "role/vip" }],
  beyond: 12,
};

const full: Given = {
  changes: [
    toChange("update", "user/alice", {
      source: at(15),
      attributes: [{ path: "protect", before: null, after: true }],
    }),
    toChange("update", "user/carol", {
      source: at(17),
      attributes: [{ path: "protect", before: true, after: null }],
    }),
    toChange("adopt", "user/bob", { source: at(19), mark: "acme", unmark: "other" }),
    toChange("forget", "group/attic", { source: at(5), unmark: "acme" }),
    toChange("update", "group/vault", {
      source: at(21),
      reversal: "lossy",
      attributes: [{ path: "password", before: null, after: { $secret: "group/vault#password" } }],
    }),
    toChange("delete", "role/guest", { reason: "not declared, owned" }),
    toChange("delete", "webhook/audit", { reversal: "lossy", reason: "not declared, prune all" }),
    toChange("delete", "group/old-lobby", { children: 14, reason: "not declared, owned" }),
    toChange("delete", "membership/old-lobby:alice", {
      impliedBy: "group/old-lobby",
      reversal: "irreversible",
    }),
    toChange("delete", "user/erin", { soft: true, reason: "not declared, owned" }),
  ],
  steps: [toStep("1", { method: "PUT", path: "/users/alice" }, ["user/alice"])],
  blocked: [
    toBlocked("user/ceo", { by: "policy.protect user/ceo", source: at(7) }),
    toBlocked("group/board"),
  ],
  scope,
  overrides: {
    bulk: "auto",
    prune: { users: "all" },
    allow: ["delete:user=30"],
    takeOver: ["user/bob"],
  },
  diagnostics: [{ severity: "warning", code: "policy/no-mark", summary: "webhooks carry no mark" }],
};

test("a plan says what is taken over, forgotten, kept, limited and allowed, before the counts", () => {
  expect(render(full, { next: "cometform apply" })).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · vendor API
    read 1,204 objects in 9 calls, complete

      ~ user/alice                                                 cometform.yaml:15
          protect       (none) → true

      ~ user/carol                                                 cometform.yaml:17
          protect       true → (none)

      > user/bob            taken over from stack "other"          cometform.yaml:19

      < group/attic                                                 cometform.yaml:5
          forgotten: kept, and no longer marked as ours

      ~ group/vault         cannot be undone without loss          cometform.yaml:21
          password      (secret), written

      − role/guest          deleted; can be made again           not declared, owned

      − webhook/audit                                        not declared, prune all
          deleted; can be made again, but not all of it

      − group/old-lobby                                          not declared, owned
          deleted with 14 members; cannot be undone

      − user/erin           deactivated; its data is kept        not declared, owned

      = user/ceo     kept: protected by policy.protect user/ceo     cometform.yaml:7
      = group/board  kept: protected by its own mark             not declared, owned

    note     policy/no-mark: webhooks carry no mark

    limited to groups, user/alice · without role/vip
      pulled in: role/lead (user/alice needs it)
      left out: user/bob (needs role/vip)
      12 other changes of what was read are beyond this scope
    for this plan only: prune users=all · allow delete:user=30 ·
        take over user/bob

    Plan: 0 to create, 3 to update, 1 to adopt, 1 to forget, 5 to delete
          2 protected, kept · 0 unchanged
          1 of them cannot be undone, 2 not without loss
          1 call (1 core), the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7

    Apply with: cometform apply
    "
  `);
});

test("on a wider screen what belongs together stands on one line", () => {
  expect(render(full, { width: 100 })).toMatchInlineSnapshot(`
    "acme-staging · app 2634f0 (us) · vendor API                  read 1,204 objects in 9 calls, complete

      ~ user/alice                                                                     cometform.yaml:15
          protect       (none) → true

      ~ user/carol                                                                     cometform.yaml:17
          protect       true → (none)

      > user/bob            taken over from stack "other"                              cometform.yaml:19
      < group/attic         forgotten: kept, and no longer marked as ours               cometform.yaml:5

      ~ group/vault         cannot be undone without loss                              cometform.yaml:21
          password      (secret), written

      − role/guest          deleted; can be made again                               not declared, owned
      − webhook/audit       deleted; can be made again, but not all of it        not declared, prune all
      − group/old-lobby     deleted with 14 members; cannot be undone                not declared, owned
      − user/erin           deactivated; its data is kept                            not declared, owned

      = user/ceo     kept: protected by policy.protect user/ceo                         cometform.yaml:7
      = group/board  kept: protected by its own mark                                 not declared, owned

    note     policy/no-mark: webhooks carry no mark

    limited to groups, user/alice · without role/vip
      pulled in: role/lead (user/alice needs it)
      left out: user/bob (needs role/vip)
      12 other changes of what was read are beyond this scope
    for this plan only: prune users=all · allow delete:user=30 · take over user/bob

    Plan: 0 to create, 3 to update, 1 to adopt, 1 to forget, 5 to delete
          2 protected, kept · 0 unchanged
          1 of them cannot be undone, 2 not without loss
          1 call (1 core), the fewest possible
          digest 9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7
    "
  `);
});

test("every colour stands at a sign or a word, and takes no room", () => {
  const text = render(full, { paint: picocolors.createColors(true), width: 100 });
  const start = String.fromCharCode(27);
  const painted = new RegExp(`${start}\\[(\\d+)m(.*?)${start}\\[\\d+m`, "g");
  expect(text.replaceAll(painted, "$2")).toBe(render(full, { width: 100 }));
  const names: { readonly [code: string]: string } = {
    "1": "bold",
    "2": "dim",
    "31": "red",
    "33": "yellow",
    "36": "cyan",
  };
  const parts = [...text.matchAll(painted)].map(
    ([, code = "", part]) => `${names[code] ?? code}: ${part}`,
  );
  expect(parts.filter((part) => !part.startsWith("bold")).join("\n")).toMatchInlineSnapshot(`
    "dim: read 1,204 objects in 9 calls, complete
    yellow: ~ user/alice
    dim: cometform.yaml:15
    yellow: ~ user/carol
    dim: cometform.yaml:17
    cyan: > user/bob
    dim: cometform.yaml:19
    cyan: < group/attic
    dim: cometform.yaml:5
    yellow: ~ group/vault
    dim: cometform.yaml:21
    red: − role/guest
    dim: not declared, owned
    red: − webhook/audit
    dim: not declared, prune all
    red: − group/old-lobby
    dim: not declared, owned
    red: − user/erin
    dim: not declared, owned
    dim: = user/ceo
    dim: cometform.yaml:7
    dim: = group/board
    dim: not declared, owned
    yellow: note     "
  `);
});

test("a delete says how far it can be taken back", () => {
  const of = (address: string, rest: object): string => {
    const text = render({ changes: [toChange("delete", address, rest)] });
    return /− \S+ +(.*)/.exec(text)?.[1] ?? text;
  };
  expect([
    of("role/a", { reversal: "reversible" }),
    of("role/a", { reversal: "lossy" }),
    of("role/a", { reversal: "irreversible" }),
    of("group/a", { reversal: "reversible", children: 1 }),
    of("user/a", { soft: true, reversal: "reversible" }),
    of("user/a", { soft: true, reversal: "lossy" }),
    of("user/a", { soft: true, reversal: "irreversible" }),
  ]).toEqual([
    "deleted; can be made again",
    "deleted; can be made again, but not all of it",
    "deleted; cannot be undone",
    "deleted with 1 member; can be made again",
    "deactivated; its data is kept",
    "deactivated; its data is kept",
    "deactivated; cannot be undone",
  ]);
});

test("a change that keeps its resource says what goes with it", () => {
  const of = (action: "update" | "adopt" | "reactivate", rest: object): string => {
    const text = render({ changes: [toChange(action, "user/a", rest)] }, { width: 100 });
    return /[~>] user\/a *(.*)/.exec(text)?.[1] ?? text;
  };
  expect([
    of("adopt", {}),
    of("adopt", { unmark: "oth\u001ber" }),
    of("reactivate", { unmark: "other" }),
    of("update", {}),
    of("update", { reversal: "lossy" }),
    of("update", { reversal: "irreversible" }),
  ]).toEqual([
    "adopted: exists, not yet marked as ours",
    'taken over from stack "oth\\u001ber"',
    'reactivated: was deactivated; taken over from stack "other"',
    "",
    "cannot be undone without loss",
    "cannot be undone",
  ]);
});

test("the counts tell how many changes cannot be undone, without what a deletion takes along", () => {
  const of = (...reversals: readonly ("reversible" | "lossy" | "irreversible")[]) =>
    render({
      changes: [
        ...reversals.map((reversal, index) => toChange("update", `user/u${index}`, { reversal })),
        toChange("delete", "membership/a:b", {
          impliedBy: "group/a",
          reversal: "irreversible",
        }),
      ],
    })
      .split("\n")
      .filter((line) => line.includes("of them"));
  expect(of("reversible")).toEqual([]);
  expect(of("lossy", "lossy")).toEqual(["      2 of them cannot be undone without loss"]);
  expect(of("irreversible")).toEqual(["      1 of them cannot be undone"]);
  expect(of("irreversible", "lossy", "lossy")).toEqual([
    "      1 of them cannot be undone, 2 not without loss",
  ]);
});

const manyBlocked = Array.from({ length: 23 }, (_, index) => toBlocked(`user/u${index}`));

test("of more than twenty protected ones the rest is counted, and listed when asked for", () => {
  const changes = [toChange("create", "user/alice")];
  const kept = (view: Partial<PlanView>): readonly string[] =>
    render({ changes, blocked: manyBlocked }, view)
      .split("\n")
      .filter((line) => /^ {2}= |more are kept/.test(line));
  expect(kept({})).toHaveLength(21);
  expect(kept({}).at(-1)).toBe("    and 3 more are kept (--verbose lists them)");
  expect(kept({ verbose: true })).toHaveLength(23);
  expect(kept({ quiet: true })).toEqual([]);
  expect(render({ changes, blocked: manyBlocked }, { quiet: true })).toContain(
    "0 to delete · 23 protected, kept · 0 unchanged",
  );
});

test("a protected one that has no room for its reason has it below, and moves no other one", () => {
  const by = "policy.protect membership/the-lobby-of-the-whole-company:*";
  const blocked = [
    toBlocked("membership/the-lobby-of-the-whole-company:alice", { by, source: at(7) }),
    toBlocked("user/\u001b[2Jeve", { by: "its own mark" }),
    toBlocked("user/a-rather-long-name", { by: "its own mark", source: at(7) }),
    toBlocked("user/ceo", { by: "policy.protect user/ceo", source: at(7) }),
  ];
  expect(
    bodyOf({ blocked, changes: [toChange("create", "role/a")] }, { width: 80 }),
  ).toMatchInlineSnapshot(`
    "  + role/a

      = membership/the-lobby-of-the-whole-company:alice             cometform.yaml:7
          kept: protected by policy.protect membership/the-lobby-of-the-whole-company:*
      = user/\\u001b[2Jeve  kept: protected by its own mark       not declared, owned
      = user/a-rather-long-name  kept: protected by its own mark    cometform.yaml:7
      = user/ceo        kept: protected by policy.protect user/ceo  cometform.yaml:7

    Plan: 1 to create, 0 to update, 0 to delete · 4 protected, kept · 0 unchanged"
  `);
});

test("with nothing to do the protected ones and the limits come before the one line", () => {
  const blocked = [toBlocked("user/ceo", { by: "policy.protect user/c*", source: at(7) })];
  expect(render({ blocked, scope })).toMatchInlineSnapshot(`
    "  = user/ceo  kept: protected by policy.protect user/c*         cometform.yaml:7

    limited to groups, user/alice · without role/vip
      pulled in: role/lead (user/alice needs it)
      left out: user/bob (needs role/vip)
      12 other changes of what was read are beyond this scope
    acme-staging · app 2634f0 (us) · 0 objects match (9 calls) · 1 protected, kept
    "
  `);
  expect(render({ blocked, mode: "destroy" }, { quiet: true })).toBe(
    "destroy · acme-staging · app 2634f0 (us) · nothing to destroy (9 calls) · 1 protected, kept\n",
  );
});

test("limits are told alone, too, and what is one in the singular", () => {
  const nothing: PlanScope = { only: [], except: [], pulledIn: [], leftOut: [], beyond: 0 };
  const of = (given: Partial<PlanScope>): readonly string[] =>
    render({ scope: { ...nothing, ...given } })
      .split("\n")
      .slice(0, -2);
  expect(of({ only: ["users"] })).toEqual(["limited to users"]);
  expect(of({ except: ["users", "role/vip"], beyond: 1 })).toEqual([
    "without users, role/vip",
    "  1 other change of what was read is beyond this scope",
  ]);
});

test("of many limits the first ten are told, in lines that fit", () => {
  const names = Array.from({ length: 12 }, (_, index) => `user/person-${index}`);
  const many: PlanScope = {
    only: names,
    except: [],
    pulledIn: names.map((address) => ({ address, neededBy: "group/lobby" })),
    leftOut: [],
    beyond: 1200,
  };
  expect(render({ scope: many })).toMatchInlineSnapshot(`
    "limited to user/person-0, user/person-1, user/person-2, user/person-3,
        user/person-4, user/person-5, user/person-6, user/person-7, user/person-8,
        user/person-9 and 2 more
      pulled in: user/person-0 (group/lobby needs it),
          user/person-1 (group/lobby needs it),
          user/person-2 (group/lobby needs it),
          user/person-3 (group/lobby needs it),
          user/person-4 (group/lobby needs it),
          user/person-5 (group/lobby needs it),
          user/person-6 (group/lobby needs it),
          user/person-7 (group/lobby needs it),
          user/person-8 (group/lobby needs it), user/person-9 (group/lobby needs it)
          and 2 more
      1,200 other changes of what was read are beyond this scope
    acme-staging · app 2634f0 (us) · 0 objects match (9 calls)
    "
  `);
});

test("counts that do not fit are broken between two of them", () => {
  const { summary } = toPlan();
  const counts = {
    create: 1000,
    update: 1000,
    adopt: 1000,
    reactivate: 1000,
    forget: 1000,
    delete: 1000,
    protected: 1000,
    unchanged: 1000,
  };
  const changes = [toChange("create", "user/alice")];
  const text = render({ changes, summary: { ...summary, ...counts } });
  expect(text.slice(text.indexOf("Plan:"), text.indexOf("      0 calls"))).toMatchInlineSnapshot(`
    "Plan: 1,000 to create, 1,000 to update, 1,000 to adopt, 1,000 to reactivate,
          1,000 to forget, 1,000 to delete
          1,000 protected, kept · 1,000 unchanged
    "
  `);
});

test("a plan that is refused for reasons it has lost says so", () => {
  const text = render({ changes: [], applicable: false }, { next: "x", width: 100 });
  expect(text).toContain(
    "REFUSED  plan/not-applicable: the plan says that it must not be applied, and not why\n         Make a new plan.\n",
  );
  expect(text).not.toContain("Apply with");
});
