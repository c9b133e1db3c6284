import { describe, expect, test } from "vitest";
import { toDesired } from "../../../src/manifest/desired.ts";
import { digestManifest } from "../../../src/manifest/digest.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { type Given, manifestOf } from "../../support/manifest-text.ts";

function digestOf(texts: Parameters<typeof manifestOf>[0], given?: Given): string {
  const manifest = manifestOf(texts, given);
  const desired = toDesired(manifest, cometchat.kinds("vendor"));
  if (!desired.ok) {
    throw new Error("The manifest is not valid");
  }
  return digestManifest(manifest, desired.value);
}

const text = `version: 1
stack: acme
users:
  alice: { name: Alice, metadata: { a: 1, b: { c: 2, d: 3 } } }
  bob: { name: Bob }
groups:
  g: { type: password, password: "\${PW}", members: { admins: [bob] } }
`;
const given: Given = { variables: { PW: "one" } };
const digest = digestOf(text, given);

test("a digest is SHA-256 in hex, and stays the same from release to release", () => {
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(digestOf("version: 1")).toBe(
    "7d64a1b7dd6ef35693db6dbc8ca10223d04dba1e57cfe07cd38e77e01b9864fc",
  );
});

test("order, comments, style, files and secrets do not change it", () => {
  const other = {
    "x.yaml": `# another order
groups: { G: { members: { admins: [BOB] }, password: "\${PW}", type: password } }
users: { bob: { name: "Bob" } }
`,
    "y.yaml": `stack: acme
version: 1
users:
  alice:
    metadata: { b: { d: 3, c: 2 }, a: 1 }
    name: Alice
`,
  };
  expect(digestOf(other, { variables: { PW: "two" } })).toBe(digest);
});

test.each([
  ["a value", "name: Bob", "name: Rob"],
  ["an attribute", "name: Bob", 'name: Bob, link: "https://x.org"'],
  ["null", "name: Bob", "name: Bob, role: null"],
  ["a type", "a: 1", 'a: "1"'],
  ["a list in place of a map", "b: { c: 2, d: 3 }", "b: [[c, 2], [d, 3]]"],
  ["the stack", "stack: acme", "stack: other"],
  ["the provider", "stack: acme", "stack: acme\nprovider: { region: us }"],
  ["the policy", "stack: acme", "stack: acme\npolicy: { prune: { users: all } }"],
  ["a protected address", "stack: acme", "stack: acme\npolicy: { protect: [user/bob] }"],
  ["a budget", "stack: acme", "stack: acme\npolicy: { budgets: { delete: { users: 30% } } }"],
  ["a limit for members", "stack: acme", "stack: acme\npolicy: { budgets: { remove: 0 } }"],
  ["what is forgotten", "stack: acme", "stack: acme\nforget: [user/carol]"],
  ["a mark that protects", "name: Bob", "name: Bob, protect: true"],
  ["a managed kind", "stack: acme", "stack: acme\nroles: {}"],
  ["the treatment of members", "admins: [bob]", "admins: [bob], mode: authoritative"],
  ["the declaration of a secret", 'password: "${PW}", ', ""],
])("%s changes it", (_, from, to) => {
  expect(text).toContain(from);
  expect(digestOf(text.replace(from, to), given)).not.toBe(digest);
});

describe("what is said about trust", () => {
  const digestWith = (policy: string): string => digestOf(`version: 1\nstack: acme\n${policy}`);

  test("is the same in any order, form and place", () => {
    const one = digestWith(`policy:
  protect: [user/ceo, "group/team-*"]
  budgets: { delete: { users: 30%, groups: 2 }, remove: 50% }
forget: [user/alice, group/lobby]
`);
    const other = digestWith(`
forget:
  - groups/Lobby
  - user/alice
policy:
  budgets:
    remove: 50.0%
    delete: { groups: "2", users: "30%" }
  protect: [ group/team-*, user/ceo ]
`);
    expect(other).toBe(one);
  });

  test("counts by what it means: a number is no percentage, a delete no update", () => {
    const budgets = ["delete: { users: 30 }", "delete: { users: 30% }", "update: { users: 30 }"];
    const digests = budgets.map((text) => digestWith(`policy: { budgets: { ${text} } }\n`));
    expect(new Set(digests).size).toBe(3);
  });

  test("is nothing where the lists and maps are empty", () => {
    const empty = "policy: { protect: [], budgets: { delete: {}, update: {} } }\nforget: []\n";
    expect(digestWith(empty)).toBe(digestWith(""));
  });
});
