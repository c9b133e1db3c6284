import { expect, test } from "vitest";
import { manifestOf, problemsOf } from "../../support/manifest-text.ts";

const text = `version: 1
defaults:
  users:
    role: crew
    tags: [x]
    metadata: { a: 1, inner: { b: 2 } }
roles: { crew: { name: Crew } }
users:
  ann: { name: Ann }
  bob: { name: Bob, role: null, tags: [y], metadata: { a: null, inner: { c: 3 } } }
  cid: { metadata: null }
`;

test("entries have what they leave out: maps key by key, and null still clears", () => {
  expect(manifestOf(text).sections["users"]).toEqual({
    ann: { name: "Ann", role: "crew", tags: ["x"], metadata: { a: 1, inner: { b: 2 } } },
    bob: { name: "Bob", role: null, tags: ["y"], metadata: { a: null, inner: { b: 2, c: 3 } } },
    cid: { role: "crew", tags: ["x"], metadata: null },
  });
});

test("a default stands where it is written, its entry where that is", () => {
  const { locate } = manifestOf(text);
  const line = (...path: readonly string[]) => locate(["users", ...path]).line;
  expect([line("ann"), line("ann", "role"), line("ann", "metadata", "inner", "b")]).toEqual([
    9, 4, 6,
  ]);
  expect([line("bob", "role"), line("bob", "metadata", "inner", "b")]).toEqual([10, 6]);
  expect([line("bob", "tags", "0"), line("cid", "metadata"), line("cid", "name")]).toEqual([
    10, 11, 11,
  ]);
});

test("rows of tables and generated entries have them as well", () => {
  const given = { tables: { "u.csv": "uid,name\nann,Ann\n" } };
  const more =
    "version: 1\ndefaults: { users: { statusMessage: hi } }\nusers: { $from: u.csv }\ngenerate: [{ kind: users, count: 1, id: bob }]\n";
  expect(manifestOf(more, given).sections["users"]).toEqual({
    ann: { name: "Ann", statusMessage: "hi" },
    bob: { statusMessage: "hi" },
  });
});

test("an environment may have others, and what an overlay removes is left to them", () => {
  const more =
    "version: 1\ndefaults: { users: { statusMessage: hi, link: null } }\nenvironments: { s: { defaults: { users: { statusMessage: yo } }, users: { ann: { name: null, statusMessage: null } } } }\nusers: { ann: { name: A, statusMessage: own } }\n";
  expect(manifestOf(more).sections["users"]).toEqual({
    ann: { name: "A", statusMessage: "own", link: null },
  });
  expect(manifestOf(more, { env: "s" }).sections["users"]).toEqual({
    ann: { statusMessage: "yo", link: null },
  });
});

test("the entry of a section without defaults is as it was", () => {
  expect(manifestOf(text).sections["roles"]).toEqual({ crew: { name: "Crew" } });
});

test.each([
  [
    "users: { nmae: A }",
    '2:22 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
  ],
  [
    "users: { avatar: 3 }",
    '2:30 manifest/wrong-type: avatar must be a string, not a number (write it in quotes: "3")',
  ],
  ["user: {}", '2:13 manifest/unknown-attribute: unknown attribute "user" (did you mean "users"?)'],
  ["users: [a]", "2:13 manifest/wrong-type: users must be a map, not a list"],
  [
    "groups: { password: word }",
    "2:33 manifest/literal-secret: password must be a variable and nothing else (write password: ${NAME})",
  ],
  [
    "groups: { members: { $from: a.csv } }",
    '2:34 manifest/unknown-attribute: "$from" cannot stand in defaults (name tables where the entries stand)',
  ],
  ["webhooks: { basicAuth: { username: u } }", undefined],
])("what is wrong with defaults is told once: %s", (defaults, problem) => {
  const entries = "users: { a: {}, b: {} }\ngroups: { a: {}, b: {} }\n";
  const whole = `version: 1\ndefaults: { ${defaults} }\n${entries}`;
  expect(problemsOf(whole)).toEqual(problem === undefined ? [] : [`m.yaml:${problem}`]);
});

test("what an entry and its defaults make together is judged", () => {
  const big = "x".repeat(3_000);
  const whole = `version: 1\ndefaults: { users: { metadata: { a: ${big} } } }\nusers:\n  ann: { metadata: { b: ${big} } }\n  bob: { metadata: { b: 1 } }\n`;
  expect(problemsOf(whole)).toEqual([
    "m.yaml:4:10 manifest/too-long: metadata takes 6,015 bytes as JSON, the limit is 5,120",
  ]);
});
