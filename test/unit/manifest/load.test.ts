import { expect, test } from "vitest";
import { manifestOf, problemsOf } from "../../support/manifest-text.ts";

test("a manifest needs a version and nothing else", () => {
  const { locate: _, ...manifest } = manifestOf("version: 1");
  expect(manifest).toEqual({
    version: 1,
    provider: { name: "cometchat" },
    policy: {
      prune: {},
      members: "additive",
      delete: { users: "deactivate" },
      protect: [],
      budgets: { delete: {}, update: {} },
    },
    forget: new Map(),
    sections: {},
    files: ["m.yaml"],
  });
});

test("what a manifest says about stack, provider and policy is kept", () => {
  const { locate: _, ...manifest } = manifestOf(`
version: 1
stack: acme
provider: { appId: 2634f0, region: us, dialect: vendor }
policy:
  prune: { users: owned, webhooks: all }
  members: authoritative
  delete: { users: permanent }
`);
  expect(manifest).toEqual({
    version: 1,
    stack: "acme",
    provider: { name: "cometchat", appId: "2634f0", region: "us", dialect: "vendor" },
    policy: {
      prune: { users: "owned", webhooks: "all" },
      members: "authoritative",
      delete: { users: "permanent" },
      protect: [],
      budgets: { delete: {}, update: {} },
    },
    forget: new Map(),
    sections: {},
    files: ["m.yaml"],
  });
});

test("sections keep ids and attributes as written, in their order", () => {
  const { sections } = manifestOf(`
version: 1
users:
  Bob: { name: Bob, avatar: null }
  alice: {}
roles: {}
`);
  expect(sections).toEqual({ users: { Bob: { name: "Bob", avatar: null }, alice: {} }, roles: {} });
  expect(Object.keys(sections)).toEqual(["users", "roles"]);
  expect(Object.keys(sections["users"] ?? {})).toEqual(["Bob", "alice"]);
});

test("JSON is YAML", () => {
  const text = '{\n\t"version": 1,\n\t"users": {"alice": {"name": "Alice"}}\n}';
  expect(manifestOf(text).sections).toEqual({ users: { alice: { name: "Alice" } } });
});

test("a byte order mark and Windows line ends make no difference", () => {
  const text = "\uFEFFversion: 1\r\nusers:\r\n  alice:\r\n    name: Alice\r\n";
  const manifest = manifestOf(text);
  expect(manifest.sections).toEqual({ users: { alice: { name: "Alice" } } });
  expect(manifest.locate(["users", "alice", "name"])).toEqual({
    file: "m.yaml",
    line: 4,
    column: 11,
    endColumn: 16,
  });
  expect(problemsOf("\uFEFFversoin: 1")).toEqual([
    'm.yaml:1:1 manifest/unknown-attribute: unknown attribute "versoin" (did you mean "version"?)',
  ]);
});

test("a map or a list is located by its key, a scalar by its value, what is missing by its parent", () => {
  const { locate } = manifestOf(`version: 1
groups:
  lobby:
    name: Lobby
    members:
      admins: [alice, bob]
`);
  const at = (...path: string[]): string => {
    const { line, column, endColumn } = locate(path);
    return `${line}:${column}-${endColumn}`;
  };
  expect(at()).toBe("1:1-11");
  expect(at("groups")).toBe("2:1-7");
  expect(at("groups", "lobby")).toBe("3:3-8");
  expect(at("groups", "lobby", "name")).toBe("4:11-16");
  expect(at("groups", "lobby", "members", "admins")).toBe("6:7-13");
  expect(at("groups", "lobby", "members", "admins", "1")).toBe("6:23-26");
  expect(at("groups", "lobby", "members", "admins", "1", "member")).toBe("6:23-26");
  expect(at("groups", "lobby", "owner")).toBe("3:3-8");
  expect(at("users", "alice")).toBe("1:1-11");
});

test("every problem is told at once, in the order of the file", () => {
  expect(
    problemsOf(`version: 2
users:
  alice:
    nmae: Alice
    nmae: Alice
  bob: { name: "\${NOBODY}", role: 5 }
`),
  ).toEqual([
    "m.yaml:1:10 manifest/invalid-value: version must be 1 (write version: 1)",
    'm.yaml:4:5 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
    'm.yaml:5:5 manifest/duplicate-key: "nmae" is given twice (first at m.yaml:4:5)',
    "m.yaml:6:17 manifest/unset-variable: variable NOBODY is not set (--var NOBODY=… or export NOBODY)",
    'm.yaml:6:35 manifest/wrong-type: role must be a string, not a number (write it in quotes: "5")',
  ]);
});

test("ids that the service would keep as the same one are refused, webhook ids keep their case", () => {
  expect(
    problemsOf(`version: 1
users:
  Alice: {}
  alice: {}
webhooks:
  Audit: {}
  audit: {}
`),
  ).toEqual([
    'm.yaml:4:3 manifest/duplicate-id: "alice" and "Alice" are the same user (first at m.yaml:3:3)',
  ]);
});

test("more roles than an app can have are refused, the built-in one counted once", () => {
  const roles = (count: number, more = ""): string =>
    `version: 1\nroles:\n${Array.from({ length: count }, (_, index) => `  r${index}: {}\n`).join("")}${more}`;
  expect(problemsOf(roles(24))).toEqual([]);
  expect(problemsOf(roles(24, "  default: { name: Everybody }\n"))).toEqual([]);
  expect(problemsOf(roles(25))).toEqual([
    "m.yaml:2:1 manifest/too-many: 26 roles, an app has at most 25",
  ]);
});

test("more webhooks than an app can have are refused", () => {
  const hooks = Array.from({ length: 26 }, (_, index) => `  w${index}: {}\n`).join("");
  expect(problemsOf(`version: 1\nwebhooks:\n${hooks}`)).toEqual([
    "m.yaml:2:1 manifest/too-many: 26 webhooks, an app has at most 25",
  ]);
});

test("20,000 users load in a fraction of what people wait for", () => {
  const users = Array.from(
    { length: 20_000 },
    (_, index) => `  user-${index}:\n    name: User ${index}\n    role: vip\n`,
  );
  const manifest = manifestOf(`version: 1\nusers:\n${users.join("")}`);
  expect(Object.keys(manifest.sections["users"] ?? {})).toHaveLength(20_000);
  expect(manifest.locate(["users", "user-19999", "role"]).line).toBe(60_002);
});
