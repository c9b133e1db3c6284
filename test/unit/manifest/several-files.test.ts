import { expect, test } from "vitest";
import { manifestOf, problemsOf } from "../../support/manifest-text.ts";

test("sections are merged by id, and each place is found in its own file", () => {
  const manifest = manifestOf({
    "a.yaml": "version: 1\nstack: acme\nusers:\n  alice: { name: Alice }\n",
    "b.yaml": "users:\n  bob: { name: Bob }\nroles: {}\n",
  });
  expect(manifest.files).toEqual(["a.yaml", "b.yaml"]);
  expect(manifest.stack).toBe("acme");
  expect(manifest.sections).toEqual({
    users: { alice: { name: "Alice" }, bob: { name: "Bob" } },
    roles: {},
  });
  expect(manifest.locate(["users", "alice"])).toMatchObject({ file: "a.yaml", line: 4 });
  expect(manifest.locate(["users", "bob", "name"])).toMatchObject({ file: "b.yaml", line: 2 });
  expect(manifest.locate(["roles"])).toMatchObject({ file: "b.yaml", line: 3 });
  expect(manifest.locate(["groups"])).toMatchObject({ file: "a.yaml", line: 1 });
});

test("files may say the same thing twice at the top, but not two things", () => {
  expect(
    problemsOf({
      "a.yaml": "version: 1\nstack: acme\nprovider: { appId: app, region: us }\n",
      "b.yaml": "version: 1\nstack: other\nprovider: { region: us, appId: app }\n",
    }),
  ).toEqual(['b.yaml:2:1 manifest/duplicate-key: "stack" is given twice (first at a.yaml:2:1)']);
});

test("an entry stands in one file", () => {
  expect(
    problemsOf({
      "a.yaml": "version: 1\nusers:\n  alice: {}\n",
      "b.yaml": "users:\n  alice: {}\n  Alice: {}\n",
    }),
  ).toEqual([
    'b.yaml:2:3 manifest/duplicate-key: "alice" is given twice (first at a.yaml:3:3)',
    'b.yaml:3:3 manifest/duplicate-id: "Alice" and "alice" are the same user (first at a.yaml:3:3)',
  ]);
});

test("the version is missed once, and not where a file could not be read", () => {
  expect(problemsOf({ "a.yaml": "users: {}\n", "b.yaml": "roles: {}\n" })).toEqual([
    "a.yaml:1:1 manifest/missing-attribute: the manifest has no version (begin with: version: 1)",
  ]);
  expect(problemsOf({ "a.yaml": "users: {}\n", "b.yaml": "" })).toEqual([
    "b.yaml:1:1 manifest/empty: b.yaml is empty (begin with: version: 1)",
  ]);
});

test("problems of all files are told, in the order of the files", () => {
  expect(
    problemsOf({
      "z.yaml": "version: 1\nuser: {}\n",
      "a.yaml": "users:\n\talice: {}\n",
      "m.yaml": "users:\n  bob: { nmae: Bob }\n",
    }).map((problem) => problem.split(" ").slice(0, 2).join(" ")),
  ).toEqual([
    "z.yaml:2:1 manifest/unknown-attribute:",
    "a.yaml:2:1 manifest/syntax:",
    "m.yaml:2:10 manifest/unknown-attribute:",
  ]);
});

test("a stack in one file counts for the tags in another", () => {
  const tags = Array.from({ length: 25 }, (_, index) => `t${index}`).join(", ");
  const users = `users:\n  a: { tags: [${tags}] }\n`;
  expect(problemsOf({ "a.yaml": "version: 1\n", "b.yaml": users })).toEqual([]);
  expect(problemsOf({ "a.yaml": "version: 1\nstack: x\n", "b.yaml": users })).toEqual([
    "b.yaml:2:8 manifest/too-many: tags has 25 entries, the limit is 24",
  ]);
});

test("a section that is broken in one file does not hide the other", () => {
  expect(
    problemsOf({ "a.yaml": "version: 1\nusers: [a]\n", "b.yaml": "users:\n  b: 5\n" }),
  ).toEqual([
    "a.yaml:2:1 manifest/wrong-type: users must be a map, not a list",
    'b.yaml:1:1 manifest/duplicate-key: "users" is given twice (first at a.yaml:2:1)',
    "b.yaml:2:6 manifest/wrong-type: b must be a map, not a number",
  ]);
});

test("no file at all has no version", () => {
  const { locate } = manifestOf({ "a.yaml": "version: 1" });
  expect(locate(["anything"])).toMatchObject({ file: "a.yaml", line: 1, column: 1 });
});

test("policy and forget stand in one file, or say the same in each", () => {
  const trust = "policy: { protect: [user/ceo] }\nforget: [user/alice]\n";
  const { policy, forget } = manifestOf({
    "a.yaml": `version: 1\nstack: acme\n${trust}`,
    "b.yaml": trust,
  });
  expect(policy.protect).toMatchObject([
    { selector: { text: "user/ceo" }, source: { file: "a.yaml", line: 3, column: 21 } },
  ]);
  expect([...forget.keys()]).toEqual(["user/alice"]);
  expect(
    problemsOf({
      "a.yaml": "version: 1\nstack: acme\nforget: [user/alice]\n",
      "b.yaml": "forget: [user/bob]\n",
    }),
  ).toEqual(['b.yaml:1:1 manifest/duplicate-key: "forget" is given twice (first at a.yaml:3:1)']);
});

test("what one file forgets must not be declared in another", () => {
  expect(
    problemsOf({
      "a.yaml": "version: 1\nstack: acme\nforget: [user/alice]\n",
      "b.yaml": "users:\n  Alice: {}\n",
    }),
  ).toEqual([
    "a.yaml:3:10 manifest/forgotten-and-declared: user/alice is to be forgotten, and it is declared (declared at b.yaml:2:3; remove one of the two)",
  ]);
});

test("a stack may stand in another file than what is forgotten, and in one that cannot be read", () => {
  const forget = "forget: [user/alice]\n";
  expect(problemsOf({ "a.yaml": "version: 1\nstack: acme\n", "b.yaml": forget })).toEqual([]);
  expect(problemsOf({ "a.yaml": "version: 1\n\tstack: acme\n", "b.yaml": forget })).toEqual([
    expect.stringMatching(/^a\.yaml:2:1 manifest\/syntax/),
  ]);
});
