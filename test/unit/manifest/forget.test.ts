import { expect, test } from "vitest";
import { loadText, manifestOf, problemsOf } from "../../support/manifest-text.ts";

/** What is said about a list of what is to be forgotten, with its place from column 10 of line 3. */
function saidOf(list: string, more = ""): readonly string[] {
  return problemsOf(`version: 1\nstack: acme\nforget: [${list}]\n${more}`).map((problem) =>
    problem.replace("m.yaml:3:", ""),
  );
}

test("what is to be forgotten is told by address, each with its place", () => {
  const { forget } = manifestOf(`version: 1
stack: acme
forget:
  - user/Alice
  - groups/old-lobby
  - role/\${ROLE:-Vip}
users: { bob: {} }
`);
  expect([...forget]).toEqual([
    ["user/alice", { file: "m.yaml", line: 4, column: 5, endColumn: 15 }],
    ["group/old-lobby", { file: "m.yaml", line: 5, column: 5, endColumn: 21 }],
    ["role/vip", { file: "m.yaml", line: 6, column: 5, endColumn: 22 }],
  ]);
});

const unmarked = "carries no mark that could be taken off (remove it from the list)";

test.each([
  [
    "'user/team-*'",
    '10 manifest/not-forgettable: "user/team-*" is not one address (write each one by itself: user/ID)',
  ],
  [
    "groups",
    '10 manifest/not-forgettable: "groups" is not one address (write each one by itself: group/ID)',
  ],
  ["webhook/audit", `10 manifest/not-forgettable: "webhook/audit" ${unmarked}`],
  ["'membership/lobby:a'", `10 manifest/not-forgettable: "membership/lobby:a" ${unmarked}`],
  ["memberships", `10 manifest/not-forgettable: "memberships" ${unmarked}`],
  ["usr/a", '10 manifest/unknown-kind: there is no kind "usr" (did you mean "user/a"?)'],
  [
    "role/",
    '10 manifest/invalid-value: "role/" has no id (write role/ID, or role/* for all of them)',
  ],
  ["''", "10 manifest/too-short: forget[0] is empty"],
  ["null", "10 manifest/null-value: forget[0] cannot be null (leave it out to leave it as it is)"],
  [
    "5",
    '10 manifest/wrong-type: forget[0] must be a string, not a number (write it in quotes: "5")',
  ],
  ["user/a, user/a", '18 manifest/duplicate-item: "user/a" is listed twice (first at m.yaml:3:10)'],
  [
    "user/a, users/A",
    '18 manifest/duplicate-item: "users/A" and "user/a" are the same address (first at m.yaml:3:10)',
  ],
  ['"${NO}/a"', "11 manifest/unset-variable: variable NO is not set (--var NO=… or export NO)"],
])("%s cannot be forgotten", (list, problem) => {
  expect(saidOf(list)).toEqual([problem]);
});

test("what carries no mark is told what does", () => {
  expect(loadText("version: 1\nstack: acme\nforget: [webhook/audit]\n").diagnostics).toMatchObject([
    { detail: "Only roles, users and groups are marked as a stack's own." },
  ]);
});

test("what is declared cannot be forgotten; both places are named", () => {
  expect(saidOf("user/alice, user/bob, role/default", "users:\n  Alice: {}\n")).toEqual([
    "10 manifest/forgotten-and-declared: user/alice is to be forgotten, and it is declared (declared at m.yaml:5:3; remove one of the two)",
  ]);
});

test("all that is wrong is told at once, also about what the schema refuses", () => {
  expect(saidOf("5, usr/a, user/alice", "users:\n  alice: { nmae: A }\n")).toEqual([
    '10 manifest/wrong-type: forget[0] must be a string, not a number (write it in quotes: "5")',
    '13 manifest/unknown-kind: there is no kind "usr" (did you mean "user/a"?)',
    "20 manifest/forgotten-and-declared: user/alice is to be forgotten, and it is declared (declared at m.yaml:5:3; remove one of the two)",
    'm.yaml:5:12 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
  ]);
  expect(problemsOf("version: 1\nforget: user/a\nusers: 5\n")).toEqual([
    "m.yaml:2:9 manifest/wrong-type: forget must be a list, not a string (write it as a list: [user/a])",
    "m.yaml:3:8 manifest/wrong-type: users must be a map, not a number",
  ]);
});

test("without a stack there is no mark to take off, which is a warning", () => {
  const { ok, diagnostics } = loadText("version: 1\nforget: [user/alice]\n");
  expect(ok).toBe(true);
  expect(diagnostics).toEqual([
    {
      severity: "warning",
      code: "manifest/no-effect",
      summary: "forget has no effect without a stack",
      detail: "What is taken off is the mark of the manifest's own stack.",
      hint: "add stack: NAME with the name that the mark has",
      range: { file: "m.yaml", line: 2, column: 1, endColumn: 7 },
    },
  ]);
  expect(problemsOf("version: 1\nforget: []\n")).toEqual([]);
});
