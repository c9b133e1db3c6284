import { describe, expect, test } from "vitest";
import { isSelected } from "../../../src/model/selector.ts";
import { manifestOf, problemsOf } from "../../support/manifest-text.ts";

describe("what is protected", () => {
  test("is told by addresses, patterns and kinds, each with its place", () => {
    const { policy } = manifestOf(`version: 1
policy:
  protect:
    - user/CEO
    - "group/team-*"
    - memberships/lobby:*
    - webhooks
    - "*/audit"
`);
    expect(
      policy.protect.map(({ selector: { text, kinds }, source }) => [
        `${source?.line}:${source?.column}`,
        text,
        [...kinds.keys()].join(),
        [...new Set(kinds.values())].join(),
      ]),
    ).toEqual([
      ["4:7", "user/CEO", "user", "ceo"],
      ["5:7", "group/team-*", "group", "team-*"],
      ["6:7", "memberships/lobby:*", "membership", "lobby:*"],
      ["7:7", "webhooks", "webhook", "*"],
      ["8:7", "*/audit", "role,user,group,membership,webhook", "audit"],
    ]);
    expect(policy.protect.filter(({ selector }) => isSelected(selector, "user/ceo"))).toHaveLength(
      1,
    );
  });

  test("may come from a variable, and need not exist", () => {
    const text = 'version: 1\nusers: {}\npolicy: { protect: ["user/${CEO}"] }\n';
    const { policy } = manifestOf(text, { variables: { CEO: "Eve" } });
    expect(policy.protect.map(({ selector }) => selector.kinds.get("user"))).toEqual(["eve"]);
    expect(problemsOf(text)).toEqual([
      "m.yaml:3:27 manifest/unset-variable: variable CEO is not set (--var CEO=… or export CEO)",
    ]);
  });

  test.each([
    ["usr/ceo", '21 manifest/unknown-kind: there is no kind "usr" (did you mean "user/ceo"?)'],
    ["user", undefined],
    ["grups", '21 manifest/unknown-kind: there is no kind "grups" (did you mean "groups"?)'],
    [
      "ceo@x",
      '21 manifest/unknown-kind: there is no kind "ceo@x" (write KIND/ID with one of the kinds role, user, group, membership, webhook)',
    ],
    [
      "user/",
      '21 manifest/invalid-value: "user/" has no id (write user/ID, or user/* for all of them)',
    ],
    [
      "membership/lobby",
      '21 manifest/invalid-value: "membership/lobby" names the group only (write membership/lobby:ID, or membership/lobby:* for all in that group)',
    ],
    [
      "constructor/x",
      '21 manifest/unknown-kind: there is no kind "constructor" (write KIND/ID with one of the kinds role, user, group, membership, webhook)',
    ],
    ["''", "21 manifest/too-short: protect[0] is empty"],
    [
      "5",
      '21 manifest/wrong-type: protect[0] must be a string, not a number (write it in quotes: "5")',
    ],
    [
      "user/a, user/a",
      '29 manifest/duplicate-item: "user/a" is listed twice (first at m.yaml:2:21)',
    ],
    ["${NO}", "21 manifest/unset-variable: variable NO is not set (--var NO=… or export NO)"],
  ])("by %s", (written, problem) => {
    const quoted = written.startsWith("$") ? `"${written}"` : written;
    const at = written.startsWith("$") ? problem?.replace(/^21/, "22") : problem;
    expect(problemsOf(`version: 1\npolicy: { protect: [${quoted}] }\n`)).toEqual(
      at === undefined ? [] : [`m.yaml:2:${at}`],
    );
  });

  test("is a list", () => {
    expect(problemsOf("version: 1\npolicy: { protect: user/ceo }\n")).toEqual([
      "m.yaml:2:20 manifest/wrong-type: protect must be a list, not a string (write it as a list: [user/ceo])",
    ]);
  });
});

describe("budgets", () => {
  test("are numbers and percentages, each with its place", () => {
    const { budgets } = manifestOf(`version: 1
policy:
  budgets:
    delete:
      users: 30%
      webhooks: 0
    update: { memberships: "12.5%", roles: "100%" }
    remove: 12
`).policy;
    const at = (line: number, column: number, endColumn: number) => ({
      source: { file: "m.yaml", line, column, endColumn },
    });
    expect(budgets).toEqual({
      delete: {
        users: { limit: { percent: 30 }, ...at(5, 14, 17) },
        webhooks: { limit: { count: 0 }, ...at(6, 17, 18) },
      },
      update: {
        memberships: { limit: { percent: 12.5 }, ...at(7, 28, 35) },
        roles: { limit: { percent: 100 }, ...at(7, 44, 50) },
      },
      remove: { limit: { count: 12 }, ...at(8, 13, 15) },
    });
  });

  test("may come from a variable, a number as well as a percentage", () => {
    const text = "version: 1\npolicy:\n  budgets:\n    remove: ${MOST}\n";
    const limitOf = (most: string) =>
      manifestOf(text, { variables: { MOST: most } }).policy.budgets.remove?.limit;
    expect(limitOf("20")).toEqual({ count: 20 });
    expect(limitOf("0.5%")).toEqual({ percent: 0.5 });
    expect(problemsOf(text, { variables: { MOST: "many" } })).toHaveLength(1);
    expect(problemsOf(text)).toEqual([
      "m.yaml:4:13 manifest/unset-variable: variable MOST is not set (--var MOST=… or export MOST)",
    ]);
  });

  const rule = "must be a number of resources, like 20, or a percentage, like 30%";

  test.each(["-1", "2.5", "0.3", "30 %", "101%", "100.01%", "-5%", "'%'", "many", "true", "[20]"])(
    "are not %s",
    (written) => {
      expect(
        problemsOf(`version: 1\npolicy:\n  budgets:\n    delete:\n      users: ${written}\n`),
      ).toEqual([
        expect.stringMatching(
          `^m\\.yaml:5:(7|14) manifest/invalid-value: users ${rule} \\(0 allows none, 100% allows all\\)$`,
        ),
      ]);
    },
  );

  test.each([
    [
      "delete: { memberships: 5 }",
      '22 manifest/unknown-attribute: unknown attribute "memberships" (known here: roles, users, groups, webhooks)',
    ],
    [
      "update: { user: 5 }",
      '22 manifest/unknown-attribute: unknown attribute "user" (did you mean "users"?)',
    ],
    [
      "removes: 5",
      '12 manifest/unknown-attribute: unknown attribute "removes" (did you mean "remove"?)',
    ],
    [
      "remove: { lobby: 5 }",
      `12 manifest/invalid-value: remove ${rule} (0 allows none, 100% allows all)`,
    ],
    [
      "remove: null",
      "20 manifest/null-value: remove cannot be null (leave it out to leave it as it is)",
    ],
  ])("are not %j", (written, problem) => {
    expect(problemsOf(`version: 1\npolicy: \n  budgets:\n         { ${written} }\n`)).toEqual([
      `m.yaml:4:${problem}`,
    ]);
  });
});
