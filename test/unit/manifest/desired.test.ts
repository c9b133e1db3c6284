import { describe, expect, test } from "vitest";
import { toDesired } from "../../../src/manifest/desired.ts";
import type { Diagnostic, Result } from "../../../src/model/diagnostic.ts";
import type { KindSpec } from "../../../src/model/kind.ts";
import type { Manifest } from "../../../src/model/manifest.ts";
import { type DesiredGraph, sourceOf } from "../../../src/model/resource.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { listProblems, manifestOf } from "../../support/manifest-text.ts";

const kinds = cometchat.kinds("vendor");

function desiredOf(text: string, given = {}): Result<DesiredGraph> {
  return toDesired(manifestOf(`version: 1\n${text}`, given), kinds);
}

function graphOf(text: string, given = {}): DesiredGraph {
  const result = desiredOf(text, given);
  if (!result.ok) {
    throw new Error(listProblems(result.diagnostics).join("\n"));
  }
  return result.value;
}

function detailsOf(diagnostics: readonly Diagnostic[]): readonly (string | undefined)[] {
  return diagnostics.map(({ detail }) => detail);
}

describe("resources", () => {
  test("are what the entries declare, in the manifest's order, with their places", () => {
    const graph = graphOf(`groups:
  Lobby:
    name: Lobby
    members:
      moderators: [Bob]
      participants:
        - alice
users:
  Bob: { name: Bob }
  alice: {}
`);
    const found = [...graph.resources.values()].map(({ path, ...resource }) => ({
      ...resource,
      source: sourceOf(graph, path === undefined ? undefined : { path }),
    }));
    expect(found).toEqual([
      {
        address: "group/lobby",
        kind: "group",
        key: "lobby",
        attributes: { name: "Lobby" },
        source: { file: "m.yaml", line: 3, column: 3, endColumn: 8 },
      },
      {
        address: "membership/lobby:bob",
        kind: "membership",
        key: "lobby:bob",
        attributes: { scope: "moderator" },
        source: { file: "m.yaml", line: 6, column: 20, endColumn: 23 },
      },
      {
        address: "membership/lobby:alice",
        kind: "membership",
        key: "lobby:alice",
        attributes: { scope: "participant" },
        source: { file: "m.yaml", line: 8, column: 11, endColumn: 16 },
      },
      {
        address: "user/bob",
        kind: "user",
        key: "bob",
        attributes: { name: "Bob" },
        source: { file: "m.yaml", line: 10, column: 3, endColumn: 6 },
      },
      {
        address: "user/alice",
        kind: "user",
        key: "alice",
        attributes: {},
        source: { file: "m.yaml", line: 11, column: 3, endColumn: 8 },
      },
    ]);
    expect([...graph.resources.keys()][0]).toBe("group/lobby");
  });

  test("hold references in place of write-only values", () => {
    const text = `users:
  a: { metadata: { seat: 4, "@private": { email: a@x.org } } }
groups:
  g: { type: password, password: "\${PW}" }
webhooks:
  W: { basicAuth: { username: u, password: "\${PW}" } }
`;
    const { resources, secrets } = graphOf(text, { variables: { PW: "s3cret" } });
    expect([...resources.values()].map(({ attributes }) => attributes)).toEqual([
      { metadata: { seat: 4, "@private": { $secret: "user/a#metadata.@private" } } },
      { type: "password", password: { $secret: "group/g#password" } },
      expect.objectContaining({
        basicAuth: { username: "u", password: { $secret: "webhook/W#basicAuth.password" } },
      }),
    ]);
    expect([...secrets]).toEqual([
      ["user/a#metadata.@private", { email: "a@x.org" }],
      ["group/g#password", "s3cret"],
      ["webhook/W#basicAuth.password", "s3cret"],
    ]);
  });
});

describe("kinds", () => {
  test("are managed if they have a section, children with their parents", () => {
    expect([...graphOf("users: {}\nwebhooks: {}\n").managed]).toEqual(["user", "webhook"]);
    expect([...graphOf("groups: {}\n").managed]).toEqual(["group", "membership"]);
    expect([...graphOf("stack: acme\n").managed]).toEqual([]);
  });

  test("that the provider does not have are not there", () => {
    const manifest = manifestOf("version: 1\nusers: { a: {} }\n");
    expect(toDesired(manifest, [])).toMatchObject({ ok: true, value: { resources: new Map() } });
  });
});

test("groups with members tell how the others are treated", () => {
  const { children } = graphOf(`policy: { members: authoritative }
groups:
  a: { members: {} }
  b: { members: { mode: additive } }
  c: {}
`);
  expect([...children]).toEqual([
    ["group/a", "authoritative"],
    ["group/b", "additive"],
  ]);
});

test("what is to be forgotten is told, with where it is said", () => {
  const { forget, managed } = graphOf("stack: acme\nforget: [user/Alice]\n");
  expect([...forget]).toEqual([
    ["user/alice", { file: "m.yaml", line: 3, column: 10, endColumn: 20 }],
  ]);
  expect([...managed]).toEqual([]);
});

describe("references", () => {
  const text = `roles: { vip: {} }
users:
  alice: { role: vpi }
  bob: { role: default }
  carol: { role: VIP }
groups:
  lobby: { owner: alicia, members: { admins: [bob, dave], participants: [app_system] } }
  hall: { owner: app_system }
`;

  test("to what is not declared are warned about", () => {
    const { ok, diagnostics } = desiredOf(text);
    expect(ok).toBe(true);
    expect(listProblems(diagnostics)).toEqual([
      'm.yaml:4:18 warning manifest/undeclared-reference: role "vpi" is not declared (did you mean "vip"?)',
      'm.yaml:8:19 warning manifest/undeclared-reference: user "alicia" is not declared (did you mean "alice"?)',
      'm.yaml:8:52 warning manifest/undeclared-reference: user "dave" is not declared',
    ]);
    expect(new Set(detailsOf(diagnostics))).toEqual(
      new Set(["It is not declared here; plan looks for it in the app."]),
    );
  });

  test("to what pruning would take away are warnings too, for another stack's are kept", () => {
    const { ok, diagnostics } = desiredOf(`policy: { prune: { users: all } }\n${text}`);
    expect(ok).toBe(true);
    expect(diagnostics.map(({ severity }) => severity)).toEqual(["warning", "warning", "warning"]);
  });

  test("to a kind without a section are left to the plan", () => {
    expect(
      desiredOf("groups: { g: { owner: alice, members: { admins: [bob] } } }\n").diagnostics,
    ).toEqual([]);
  });

  test("are looked up for suggestions only as often as people read them", () => {
    const uids = Array.from({ length: 60 }, (_, index) => `alicf${index}`).join(", ");
    const { diagnostics } = desiredOf(
      `users: { alice: {} }\ngroups: { g: { members: { admins: [${uids}] } } }\n`,
    );
    expect(diagnostics).toHaveLength(60);
    expect(diagnostics.filter(({ hint }) => hint !== undefined)).toHaveLength(50);
  });
});

test("an owner who is listed with another scope is told that she is an admin anyway", () => {
  const { ok, diagnostics } = desiredOf(`groups:
  g: { owner: alice, members: { participants: [alice] } }
  h: { owner: alice, members: { admins: [alice] } }
`);
  expect(ok).toBe(true);
  expect(diagnostics).toEqual([
    {
      severity: "warning",
      code: "manifest/no-effect",
      summary: "scope participant has no effect here",
      detail: "membership/g:alice has scope admin because of group/g.",
      address: "membership/g:alice",
      range: { file: "m.yaml", line: 3, column: 48, endColumn: 53 },
    },
  ]);
});

test("an address that is declared twice is an error, whatever a kind makes of its entries", () => {
  const kind: KindSpec = {
    name: "thing",
    section: "users",
    refersTo: [],
    keyed: [],
    resent: [],
    markable: false,
    adoptable: () => false,
    toKey: (id) => id,
    declare: () => [{ kind: "thing", key: "same", attributes: {}, path: [] }],
    references: () => [],
    check: () => [],
    reversal: () => "reversible",
    draft: () => [],
    cost: () => [],
  };
  const manifest: Manifest = manifestOf("version: 1\nusers: { a: {}, b: {} }\n");
  const { ok, diagnostics } = toDesired(manifest, [kind]);
  expect(ok).toBe(false);
  expect(listProblems(diagnostics)).toEqual([
    "m.yaml:2:17 manifest/duplicate-id: thing/same is declared twice (first at m.yaml:2:10)",
  ]);
});
