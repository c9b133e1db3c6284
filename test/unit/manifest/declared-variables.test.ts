import { describe, expect, test } from "vitest";
import { renderDiagnostics } from "../../../src/render/diagnostics.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { loadText, manifestOf, problemsOf } from "../../support/manifest-text.ts";

/** The metadata of one user, under these declarations. */
function metadataOf(
  declarations: string,
  metadata: string,
  given?: Parameters<typeof manifestOf>[1],
): unknown {
  const text = `version: 1\nvariables: ${declarations}\nusers:\n  ann:\n    metadata:\n      ${metadata}\n`;
  const { users = {} } = manifestOf(text, given).sections;
  return users["ann"]?.["metadata"];
}

describe("a declared variable", () => {
  test.each([
    ["{ N: { type: number, default: 20 } }", "n: ${N}", { n: 20 }],
    ["{ N: { type: number, default: 2.5 } }", "n: a ${N} b", { n: "a 2.5 b" }],
    ["{ N: { type: number, default: 20 } }", 'n: "${N}"', { n: "20" }],
    ["{ N: { type: boolean, default: false } }", "n: ${N}", { n: false }],
    ["{ N: { default: 'true' } }", "n: ${N}", { n: "true" }],
    ["{ N: { default: '007' } }", "n: ${N}", { n: "007" }],
    ["{ N: { default: '' } }", "n: ${N}", { n: "" }],
  ])("%s makes %j a value of its type", (declarations, metadata, value) => {
    expect(metadataOf(declarations, metadata)).toEqual(value);
    // Read with a syntax tree, for its anchor, the same text says the same.
    expect(metadataOf(declarations.replace(/^\{/, "&a {"), metadata)).toEqual(value);
  });

  test("has the value that is given, then that of the environment, then its default", () => {
    const declarations = "{ N: { type: number, default: 1 } }";
    const environment = { N: "2" };
    expect(metadataOf(declarations, "n: ${N}")).toEqual({ n: 1 });
    expect(metadataOf(declarations, "n: ${N}", { environment })).toEqual({ n: 2 });
    expect(metadataOf(declarations, "n: ${N}", { environment, variables: { N: "-3e2" } })).toEqual({
      n: -300,
    });
  });

  test("may be declared in an included file, and otherwise in an environment", () => {
    const text =
      "version: 1\ninclude: v.yaml\nenvironments:\n  s:\n    variables:\n      N: { default: 5 }\n      M: { default: m }\nusers:\n  ann:\n    metadata:\n      n: ${N}\n";
    const files = {
      "v.yaml": "variables:\n  N: { type: number, default: 1 }\n",
      "v.p.yaml": "variables: { N: { default: 7 } }",
    };
    const found = (env?: string) =>
      manifestOf(text, { files, ...(env === undefined ? {} : { env }) }).sections["users"];
    expect(found()).toEqual({ ann: { metadata: { n: 1 } } });
    expect(found("s")).toEqual({ ann: { metadata: { n: 5 } } });
    expect(found("p")).toEqual({ ann: { metadata: { n: 7 } } });
  });

  test("leaves undeclared ones as they are", () => {
    const environment = { B: "true", C: "3" };
    expect(metadataOf("{ N: {} }", "n: [ '${B}', x ]", { environment })).toEqual({
      n: ["true", "x"],
    });
    expect(metadataOf("{ N: {} }", "n: ${B}", { environment })).toEqual({ n: true });
    expect(metadataOf("{ N: {} }", "n: ${C}", { environment })).toEqual({ n: "3" });
  });
});

describe("a value that a variable may not have", () => {
  const value = "the-value";
  test.each([
    [
      "{ type: number }",
      { variables: { N: value } },
      "2:14",
      "a number, and what --var gives is not",
    ],
    [
      "{ type: number }",
      { variables: { N: value }, variableFiles: { N: "prod.env" } },
      "2:14",
      "a number, and what prod.env gives is not",
    ],
    [
      "{ type: boolean }",
      { environment: { N: value } },
      "2:14",
      "true or false, and what the environment gives is not",
    ],
    [
      "{ type: number }",
      { variables: { N: "12345678901234567890" } },
      "2:14",
      "a number, and what --var gives is not",
    ],
    [
      "{ type: number }",
      { variables: { N: "007" } },
      "2:14",
      "a number, and what --var gives is not",
    ],
    [
      "{ enum: [a, b] }",
      { variables: { N: value } },
      "2:14",
      "a or b, and what --var gives is not",
    ],
    ["{ type: number, default: the-value }", {}, "2:42", "a number, and its default is not"],
    ["{ default: 5 }", {}, "2:28", "a string, and its default is not"],
    [
      "{ sensitive: true, type: number }",
      { variables: { N: value } },
      "2:14",
      "a number, and what --var gives is not",
    ],
  ])(
    "is told once, where it is declared, and not repeated: %s",
    (declaration, given, place, words) => {
      const text = `version: 1\nvariables: { N: ${declaration} }\nusers: { ann: { name: "\${N}", statusMessage: "\${N}" } }\n`;
      const problems = problemsOf(
        text.replace(/users.*\n/, declaration.includes("sens") ? "" : "$&"),
        given,
      );
      expect(problems.map((line) => line.replace(/ \([^(]*\)$/, ""))).toEqual([
        `m.yaml:${place} manifest/bad-variable: variable N must be ${words}`,
      ]);
      expect(problems.join()).not.toContain(value);
    },
  );

  test("is told where it is used, if there is none", () => {
    const text =
      "version: 1\nvariables: { N: { description: How many } }\nusers: { ann: { name: '${N}' } }\n";
    expect(problemsOf(text)).toEqual([
      "m.yaml:3:24 manifest/unset-variable: variable N is not set (--var N=… or export N)",
    ]);
  });

  test("cannot be a default beside the declared one", () => {
    const text = "version: 1\nvariables: { N: {} }\nusers: { ann: { name: '${N:-x}' } }\n";
    expect(problemsOf(text)).toEqual([
      "m.yaml:3:24 manifest/malformed-variable: N is declared, so its default stands there (write ${N}, and default: under variables)",
    ]);
  });

  test("cannot be one of the API's keys", () => {
    const text = "version: 1\nvariables:\n  COMETCHAT_API_KEY: {}\n";
    expect(problemsOf(text, { environment: { COMETCHAT_API_KEY: "the-key" } })).toEqual([
      "m.yaml:3:3 manifest/forbidden-variable: ${COMETCHAT_API_KEY} cannot be used in a manifest (the keys are read from the environment, never from the manifest)",
    ]);
  });
});

describe("once variables are declared", () => {
  const text = "version: 1\nvariables: { SEATS: {}, DESKS: {} }\n";
  test("a name that is given and declared nowhere is a slip", () => {
    expect(problemsOf(text, { variables: { SEATZ: "1", SEATS: "2", OTHER: "secret" } })).toEqual([
      'manifest/undeclared-variable: --var SEATZ: no such variable is declared (did you mean "SEATS"?)',
      "manifest/undeclared-variable: --var OTHER: no such variable is declared (declared are: SEATS, DESKS)",
    ]);
  });

  test("a file of variables may have more, and so may the environment", () => {
    const given = { variables: { MORE: "1" }, variableFiles: { MORE: "x.env" } };
    expect(problemsOf(text, { ...given, environment: { PATH: "x" } })).toEqual([]);
    expect(problemsOf("version: 1\n", { variables: { MORE: "1" } })).toEqual([]);
  });
});

describe("a sensitive variable", () => {
  const declared = "version: 1\nvariables: { S: { sensitive: true } }\n";
  const given = { variables: { S: "hunter2" } };

  test.each([
    'groups: { g: { type: password, password: "${S}" } }',
    'webhooks: { w: { url: "https://h.example.com", basicAuth: { username: u, password: "${S}" } } }',
    'users: { ann: { metadata: { "@private": { key: "a ${S}", list: ["${S}"] } } } }',
    'defaults: { groups: { password: "${S}" } }\ngroups: { g: { type: password } }',
    'generate: [{ kind: users, count: 2, id: "u{n}", metadata: { "@private": { key: "${S}" } } }]',
    'environments: { e: { generate: [{ kind: users, count: 1, id: u, metadata: { "@private": { key: "${S}" } } }] } }',
    "roles: { r: { metadata: { '@private': { key: '${S}' } } } }",
  ])("may stand where secrets are kept: %s", (rest) => {
    expect(problemsOf(`${declared}${rest}\n`, given)).toEqual([]);
  });

  test.each([
    ['users: { ann: { name: "${S}" } }', "name"],
    ["users:\n  ann:\n    avatar: https://x.example.com/${S}", "avatar"],
    ["users: { ann: { metadata: { key: [x, '${S}'] } } }", "key[1]"],
    ["users: { ann: { tags: ['${S}', '${S}'] } }", "tags[0]"],
    ["users:\n  bob: &b { metadata: { '@private': &s '${S}' }, link: *s }", "link"],
    ["stack: ${S}", "stack"],
    ["provider: { appId: '${S}' }", "appId"],
    ["policy: { protect: ['${S}'] }", "protect[0]"],
    ["users: { $from: '${S}.csv' }", "$from"],
    ["defaults: { users: { statusMessage: '${S}' } }", "statusMessage"],
    ["generate: [{ kind: users, count: 1, id: '${S}' }]", "id"],
    ["environments: { e: { users: { ann: { name: '${S}' } } } }", "name"],
  ])("is refused wherever it could be seen, and nothing else is told: %s", (rest, name) => {
    const problems = problemsOf(`${declared}${rest}\noops: "\${S}"\n`, given);
    expect(problems[0]).toMatch(/^m\.yaml:\d+:\d+ manifest\/exposed-secret: /);
    expect(problems.map((line) => line.replace(/ \(.*/, ""))).toContainEqual(
      expect.stringMatching(
        ` manifest/exposed-secret: ${name.replaceAll(/[[\]$]/g, "\\$&")} cannot hold a sensitive variable$`,
      ),
    );
    expect(problems.filter((line) => !line.includes("exposed-secret"))).toEqual([]);
    expect(problems.join()).not.toContain("hunter2");
  });

  test.each(["sensitive: true", "sensitive: yes", "sensitive: null"])(
    "has no default: that would be a secret in the manifest (%s)",
    (sensitive) => {
      const text = `version: 1\nvariables:\n  S: { ${sensitive}, default: hunter2 }\nuser: {}\n`;
      expect(problemsOf(text)).toEqual([
        "m.yaml:3:3 manifest/literal-secret: variable S is sensitive, so it cannot have a default (remove the default, and give --var S=… or export S)",
      ]);
    },
  );

  test.each([
    "{ sensitive: true, default: hunter2 }",
    "{ sensitive, default: hunter2 }",
    "\n    default: hunter2\n    sensitive: yes",
    "{ sensitive: true, default: *given }\n  X: { default: &given hunter2 }",
  ])("is shown where it is declared, and its default is not: %s", (declaration) => {
    const text = `version: 1\nvariables:\n  S: ${declaration}\n`;
    const shown = renderDiagnostics(loadText(text).diagnostics, {
      sources: new Map([["m.yaml", text]]),
      paint: plainPaint,
    });
    expect(shown).toContain("m.yaml:3:3");
    expect(shown).toContain("  S:");
    expect(shown).not.toContain("hunter2");
  });

  test("has no default in an overlay either, used or not", () => {
    const text = `${declared}environments: { e: { variables: { S: { default: hunter2 } } } }\n`;
    for (const one of [{}, { env: "e" }]) {
      expect(problemsOf(text, one)).toEqual([
        "manifest/literal-secret: variable S is sensitive, so it cannot have a default (remove the default, and give --var S=… or export S)",
      ]);
    }
  });
});
