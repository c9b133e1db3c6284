import { describe, expect, test } from "vitest";
import { manifestOf, problemsOf } from "../../support/manifest-text.ts";

const base = `version: 1
stack: acme
environments:
  staging:
    stack: acme-staging
    users:
      ann: { name: Ann S, tags: [s], metadata: { desk: null, floor: 2 } }
      bob: null
      cid:
        name: Cid
  production: {}
users:
  ann:
    name: Ann
    avatar: https://x.example.com/a
    tags: [a, b]
    metadata: { desk: 1, seat: 2 }
  bob: { name: Bob }
`;

describe("an overlay", () => {
  test("is laid over the manifest: maps are merged, other values replaced, null removes", () => {
    const { stack, sections } = manifestOf(base, { env: "staging" });
    expect(stack).toBe("acme-staging");
    expect(sections["users"]).toEqual({
      ann: {
        name: "Ann S",
        avatar: "https://x.example.com/a",
        tags: ["s"],
        metadata: { seat: 2, floor: 2 },
      },
      cid: { name: "Cid" },
    });
  });

  test("counts for nothing unless its environment is asked for", () => {
    for (const given of [{}, { env: "production" }]) {
      const { stack, sections } = manifestOf(base, given);
      expect([stack, Object.keys(sections["users"] ?? {})]).toEqual(["acme", ["ann", "bob"]]);
    }
  });

  test("has the places of what it gives, and the manifest has those of the rest", () => {
    const { locate } = manifestOf(base, { env: "staging" });
    const lines = (...path: readonly string[]) => locate(path).line;
    expect(lines("users", "ann")).toBe(13);
    expect(lines("users", "ann", "name")).toBe(7);
    expect(lines("users", "ann", "tags", "0")).toBe(7);
    expect(lines("users", "ann", "avatar")).toBe(15);
    expect(lines("users", "ann", "metadata")).toBe(17);
    expect(lines("users", "ann", "metadata", "floor")).toBe(7);
    expect(lines("users", "ann", "metadata", "desk")).toBe(17);
    expect(lines("users", "cid")).toBe(9);
    expect(lines("users", "cid", "name")).toBe(10);
    expect(lines("users", "bob")).toBe(12);
    expect(lines("stack")).toBe(5);
  });

  test("may be a file beside the manifest, also beside an included one", () => {
    const text = "version: 1\ninclude: more.yaml\nusers:\n  ann: { name: A }\n";
    const files = {
      "more.yaml": "users:\n  bob: { name: B }\n",
      "m.staging.yaml": "users:\n  ann: { name: AS }\n",
      "more.staging.yaml": "users:\n  bob: null\n",
      "more.other.yaml": "users: oops\n",
    };
    const { sections, files: read, locate } = manifestOf(text, { files, env: "staging" });
    expect(sections["users"]).toEqual({ ann: { name: "AS" } });
    expect(read).toEqual(["m.yaml", "more.yaml", "m.staging.yaml", "more.staging.yaml"]);
    expect(locate(["users", "ann", "name"])).toMatchObject({ file: "m.staging.yaml", line: 2 });
    expect(manifestOf(text, { files }).sections["users"]).toEqual({
      ann: { name: "A" },
      bob: { name: "B" },
    });
  });

  test("is judged whether or not it is used", () => {
    const text =
      "version: 1\nenvironments:\n  staging:\n    stak: x\n    users:\n      ann: { nmae: A, name: null, avatar: 3 }\n";
    const problems = [
      'm.yaml:4:5 manifest/unknown-attribute: unknown attribute "stak" (did you mean "stack"?)',
      'm.yaml:6:14 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
      'm.yaml:6:43 manifest/wrong-type: avatar must be a string, not a number (write it in quotes: "3")',
    ];
    expect(problemsOf(text)).toEqual(problems);
    expect(problemsOf(text, { env: "staging" })).toEqual(problems);
  });

  test("is judged together with what it is laid over", () => {
    const text =
      "version: 1\nenvironments:\n  staging:\n    groups:\n      g: { members: { admins: [ann] } }\ngroups:\n  g:\n    members:\n      participants: [ann]\n";
    expect(problemsOf(text)).toEqual([]);
    expect(problemsOf(text, { env: "staging" })).toEqual([
      'm.yaml:9:22 manifest/duplicate-member: "ann" is listed twice (first at m.yaml:5:32)',
    ]);
  });

  test("that is not used needs no values for its variables", () => {
    const text =
      "version: 1\nenvironments:\n  staging:\n    groups:\n      g: { password: '${WORD}' }\ngroups:\n  g: { name: G }\n";
    expect(problemsOf(text)).toEqual([]);
    expect(problemsOf(text, { env: "staging" })).toEqual([
      "m.yaml:5:23 manifest/unset-variable: variable WORD is not set (--var WORD=… or export WORD)",
    ]);
    expect(problemsOf(text, { env: "staging", variables: { WORD: "x" } })).toEqual([]);
    expect(problemsOf(text.replace("'${WORD}'", "literal"))).toEqual([
      "m.yaml:5:22 manifest/literal-secret: password must be a variable and nothing else (write password: ${NAME})",
    ]);
  });

  test("has no overlays of its own and includes nothing", () => {
    const files = { "m.staging.yaml": "include: x.yaml\nenvironments: {}\n" };
    expect(problemsOf("version: 1\n", { files, env: "staging" })).toEqual([
      'm.staging.yaml:1:1 manifest/unknown-attribute: "include" cannot stand in an overlay (write it into the manifest itself)',
      'm.staging.yaml:2:1 manifest/unknown-attribute: "environments" cannot stand in an overlay (write it into the manifest itself)',
    ]);
    const text = "version: 1\nenvironments:\n  staging:\n    include: x.yaml\n";
    expect(problemsOf(text)).toHaveLength(1);
  });

  test.each(["", "\n", "# nothing yet\n", "---\n", "~\n"])(
    "may be a file with nothing in it: %j",
    (empty) => {
      const text = "version: 1\nusers:\n  ann: { name: A }\n";
      const files = { "m.staging.yaml": empty };
      expect(manifestOf(text, { files, env: "staging" }).sections).toEqual({
        users: { ann: { name: "A" } },
      });
    },
  );

  test("in a file that cannot be read is told as such, and not as one that nobody knows", () => {
    const problems = problemsOf("version: 1\n", {
      files: { "m.staging.yaml": "[" },
      env: "staging",
    });
    expect(problems.join()).not.toContain("unknown-environment");
    expect(problems.join()).toContain("m.staging.yaml:1:");
  });

  test("and another one of the same environment cannot say two things", () => {
    const text =
      "version: 1\nenvironments: { staging: { users: { ann: { name: A, tags: [x] } } } }\nusers: { ann: {} }\n";
    const files = { "m.staging.yaml": "users: { ann: { name: B, tags: [x] } }\n" };
    expect(problemsOf(text, { files, env: "staging" })).toEqual([
      'm.staging.yaml:1:17 manifest/duplicate-key: "name" is given twice for this environment (first at m.yaml:2:44)',
    ]);
  });
});

describe("an environment that nobody knows", () => {
  test.each([
    ["stagin", ' (did you mean "staging"? known: beside, production, staging)'],
    ["xyz", " (known: beside, production, staging)"],
  ])("%s is told with those that are known", (env, hint) => {
    const files = { "m.beside.yaml": "{}" };
    expect(problemsOf(base, { env, files })).toEqual([
      `manifest/unknown-environment: there is no environment "${env}"${hint}`,
    ]);
  });

  test("is told with how to make one", () => {
    expect(problemsOf("version: 1\n", { env: "staging" })).toEqual([
      'manifest/unknown-environment: there is no environment "staging" (declare it under environments, or write m.staging.yaml)',
    ]);
  });
});

describe("an overlay and tables", () => {
  const tables = {
    "users.csv": "uid,name\nann,Ann\nbob,Bob\n",
    "few.csv": "uid,name\ncid,Cid\n",
    "lobby.csv": "uid,scope\nann,participant\n",
    "late.csv": "uid,scope\nbob,participant\n",
  };

  test("a row is changed and removed like an entry", () => {
    const text =
      "version: 1\nenvironments:\n  s:\n    users:\n      ann: { name: S }\n      bob: null\nusers: { $from: users.csv }\n";
    const { sections, locate } = manifestOf(text, { tables, env: "s" });
    expect(sections["users"]).toEqual({ ann: { name: "S" } });
    expect(locate(["users", "ann"])).toMatchObject({ file: "users.csv", line: 2 });
    expect(locate(["users", "ann", "name"])).toMatchObject({ file: "m.yaml", line: 5 });
  });

  test("other tables take the place of those of the manifest", () => {
    const text =
      "version: 1\nenvironments:\n  s: { users: { $from: few.csv } }\n  none: { users: { $from: null } }\nusers: { $from: users.csv, own: { name: O } }\n";
    const ids = (env: string) =>
      Object.keys(manifestOf(text, { tables, env }).sections["users"] ?? {});
    expect(ids("s")).toEqual(["own", "cid"]);
    expect(ids("none")).toEqual(["own"]);
  });

  test.each([
    ["$from: late.csv", { admins: ["own"], participants: ["bob"] }],
    ["admins: [new]", { admins: ["new"], participants: ["ann"] }],
    ["$from: null", { admins: ["own"] }],
    ["admins: null, $from: late.csv", { participants: ["bob"] }],
  ])("lists are merged as they are written: %s", (overlay, members) => {
    const text = `version: 1\nenvironments:\n  s: { groups: { g: { members: { ${overlay} } } } }\ngroups:\n  g: { name: G, type: public, members: { admins: [own], $from: lobby.csv } }\n`;
    const manifest = manifestOf(text, { tables, env: "s" });
    expect(manifest.sections["groups"]).toEqual({ g: { name: "G", type: "public", members } });
  });
});
