import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/model/json.ts";
import { type Given, loadText, manifestOf, problemsOf } from "../../support/manifest-text.ts";

/** What a value becomes that is written like this. */
function resolved(written: string, given: Given): Json | undefined {
  const { sections } = manifestOf(
    `version: 1\nusers:\n  a:\n    metadata: { v: ${written} }\n`,
    given,
  );
  const metadata = sections["users"]?.["a"]?.["metadata"];
  return (metadata as { readonly v: Json }).v;
}

describe("a variable", () => {
  const given: Given = {
    variables: { NAME: "given", EMPTY: "" },
    environment: { NAME: "environment", HOME: "/home/me", GONE: undefined },
  };

  test.each([
    ['"${NAME}"', "given"],
    ['"${HOME}"', "/home/me"],
    ["'<${NAME} ${HOME}>'", "<given /home/me>"],
    ['"${NONE:-fallback}"', "fallback"],
    ['"${NONE:-}"', ""],
    ['"${NAME:-fallback}"', "given"],
    ['"${EMPTY}"', ""],
    ['"${EMPTY:-fallback}"', "fallback"],
    ['"${GONE:-fallback}"', "fallback"],
    ['"${NONE:-a:-b $x}"', "a:-b $x"],
    ['"$${NAME}"', "${NAME}"],
    ['"$$${NAME}"', "$${NAME}"],
    ['"$NAME $ $$ {NAME}"', "$NAME $ $$ {NAME}"],
  ])("%s becomes %s", (written, value) => {
    expect(resolved(written, given)).toBe(value);
  });

  test("is replaced in texts of every style, and not in keys", () => {
    const { sections } = manifestOf(
      `version: 1
users:
  a:
    name: Dr. \${NAME}
    statusMessage: >-
      \${NAME} and
      \${HOME}
    metadata: { "\${NAME}": kept }
`,
      given,
    );
    expect(sections["users"]?.["a"]).toEqual({
      name: "Dr. given",
      statusMessage: "given and /home/me",
      metadata: { "${NAME}": "kept" },
    });
  });

  test("holds text only, and no further variables", () => {
    expect(resolved('"${OUTER}"', { variables: { OUTER: "${INNER}", INNER: "x" } })).toBe(
      "${INNER}",
    );
  });
});

describe("a plain variable that is true or false", () => {
  test("becomes a boolean", () => {
    const text = `version: 1
webhooks:
  a: { enabled: true }
  b:
    enabled: \${ON}
    retryOnFailure: \${OFF:-false}
`;
    expect(manifestOf(text, { variables: { ON: "true" } }).sections["webhooks"]?.["b"]).toEqual({
      enabled: true,
      retryOnFailure: false,
    });
  });

  test("stays a text in quotes, in part, or as another word", () => {
    const text = `version: 1
users:
  a: { name: "\${T}" }
  b:
    name: \${T}!
  c:
    name: \${YES}
`;
    const given = { variables: { T: "true", YES: "True" } };
    expect(manifestOf(text, given).sections["users"]).toEqual({
      a: { name: "true" },
      b: { name: "true!" },
      c: { name: "True" },
    });
    expect(problemsOf("version: 1\nwebhooks:\n  a:\n    enabled: ${YES}\n", given)).toEqual([
      "m.yaml:4:14 manifest/wrong-type: enabled must be true or false, not a string",
    ]);
  });

  test("is not taken for a text", () => {
    expect(
      problemsOf("version: 1\nusers:\n  a:\n    name: ${T}\n", { variables: { T: "true" } }),
    ).toEqual([
      'm.yaml:4:11 manifest/wrong-type: name must be a string, not true (write it in quotes: "${T}")',
    ]);
  });
});

describe("what is wrong with a variable is told with its place", () => {
  test("not set", () => {
    const given = { variables: { LOBBY_NAME: "x" }, environment: { LOBBY_NAMF: "y" } };
    expect(
      problemsOf('version: 1\ngroups:\n  a: { name: "The ${LOBY_NAME}, ${OTHER}" }\n', given),
    ).toEqual([
      'm.yaml:3:19 manifest/unset-variable: variable LOBY_NAME is not set (did you mean "LOBBY_NAME"?)',
      "m.yaml:3:33 manifest/unset-variable: variable OTHER is not set (--var OTHER=… or export OTHER)",
    ]);
  });

  test("inherited names are not set either", () => {
    expect(problemsOf("version: 1\nstack: ${constructor}\n")).toEqual([
      "m.yaml:2:8 manifest/unset-variable: variable constructor is not set (--var constructor=… or export constructor)",
    ]);
  });

  test.each(["${}", "${1A}", "${A-b}", "${A:b}", "${A B}", "${OPEN", "${A:-${B}}"])(
    "%s is malformed",
    (written) => {
      const [problem] = problemsOf(`version: 1\nusers:\n  a: { name: '${written}' }\n`, {
        variables: { B: "b" },
      });
      expect(problem).toBe(
        "m.yaml:3:15 manifest/malformed-variable: this is not a variable (write $${ for a literal ${)",
      );
    },
  );

  test.each(["COMETCHAT_API_KEY", "COMETCHAT_MANAGEMENT_KEY", "COMETCHAT_MANAGEMENT_SECRET"])(
    "%s is never replaced",
    (name) => {
      const given = { variables: { [name]: "s3cret" }, environment: { [name]: "s3cret" } };
      const result = loadText(`version: 1\nusers:\n  a: { name: "\${${name}:-x}" }\n`, given);
      expect(JSON.stringify(result)).not.toContain("s3cret");
      expect(result.diagnostics).toMatchObject([
        { code: "manifest/forbidden-variable", range: { line: 3, column: 15 } },
      ]);
    },
  );

  test("the app and the region may be named", () => {
    const text = `version: 1
provider:
  appId: \${COMETCHAT_APP_ID}
  region: \${COMETCHAT_REGION}
`;
    const environment = { COMETCHAT_APP_ID: "2634f0", COMETCHAT_REGION: "eu" };
    expect(manifestOf(text, { environment }).provider).toEqual({
      name: "cometchat",
      appId: "2634f0",
      region: "eu",
    });
    expect(problemsOf(text, { environment: { ...environment, COMETCHAT_REGION: "mars" } })).toEqual(
      ["m.yaml:4:11 manifest/invalid-value: region must be us, eu or in"],
    );
  });

  test("a place inside a folded text is the text's own", () => {
    expect(problemsOf('version: 1\nusers:\n  a: { name: "\\x24{NOPE}" }\n')).toEqual([
      "m.yaml:3:14 manifest/unset-variable: variable NOPE is not set (--var NOPE=… or export NOPE)",
    ]);
  });
});

describe("a password", () => {
  const given = { variables: { PW: "s3cret", EMPTY: "", LONG: "x".repeat(101), T: "true" } };

  test("comes from one variable", () => {
    const text = `version: 1
groups:
  a: { password: "\${PW}" }
  b:
    password: \${PW}
  c: { password: &p '\${PW}' }
  d: { password: *p }
webhooks:
  w:
    basicAuth:
      username: cc
      password: \${PW}
`;
    const { sections } = manifestOf(text, given);
    expect(Object.values(sections["groups"] ?? {})).toEqual(Array(4).fill({ password: "s3cret" }));
    expect(sections["webhooks"]?.["w"]).toEqual({
      basicAuth: { username: "cc", password: "s3cret" },
    });
  });

  test.each([
    "s3cret",
    '"s3cret"',
    "123",
    "true",
    "x${PW}",
    '"${PW} "',
    "${PW:-s3cret}",
    "[s3cret]",
    "{ a: s3cret }",
    "$${PW}",
  ])("%s is not one", (written) => {
    const text = `version: 1\ngroups:\n  a:\n    password: ${written}\nwebhooks:\n  w:\n    basicAuth:\n      username: cc\n      password: ${written}\n`;
    const { diagnostics } = loadText(text, given);
    expect(diagnostics.map(({ code }) => code)).toEqual([
      "manifest/literal-secret",
      "manifest/literal-secret",
    ]);
    expect(JSON.stringify(diagnostics)).not.toContain("s3cret");
  });

  test("says what to write instead", () => {
    expect(problemsOf("version: 1\ngroups:\n  a:\n    password: hunter2\n")).toEqual([
      "m.yaml:4:15 manifest/literal-secret: password must be a variable and nothing else (write password: ${NAME})",
    ]);
  });

  test("is checked without being shown", () => {
    const text = (name: string): string =>
      `version: 1\ngroups:\n  a:\n    password: \${${name}}\nwebhooks:\n  w:\n    basicAuth:\n      username: cc\n      password: \${PW}\n`;
    expect(problemsOf(text("EMPTY"), given)).toEqual([
      "m.yaml:4:15 manifest/too-short: password is empty",
    ]);
    expect(problemsOf(text("LONG"), given)).toEqual([
      "m.yaml:4:15 manifest/too-long: password is 101 characters long, the limit is 100",
    ]);
    expect(problemsOf(text("T"), given)).toEqual([
      'm.yaml:4:15 manifest/wrong-type: password must be a string (write the variable in quotes: "${NAME}")',
    ]);
    expect(problemsOf(text("PW"), { variables: { PW: "not-alnum" } })).toEqual([
      "m.yaml:9:17 manifest/invalid-value: password must be letters and digits only",
    ]);
    expect(problemsOf(text("NOPE"), given)).toEqual([
      "m.yaml:4:15 manifest/unset-variable: variable NOPE is not set (--var NOPE=… or export NOPE)",
    ]);
  });

  test("cannot be null", () => {
    expect(problemsOf("version: 1\ngroups:\n  a: { password: null }\n")).toEqual([
      "m.yaml:3:18 manifest/null-value: password cannot be null (leave it out to leave it as it is)",
    ]);
  });
});

test("what hangs on a variable that is not set is not told as well", () => {
  const text = `version: 1
stack: \${NO}
provider:
  region: \${NO}
users:
  a: &a { avatar: "\${NO}", tags: ["\${NO}"] }
  b: *a
  c: { link: &link "\${NO}" }
  d: { avatar: *link }
webhooks:
  w: { enabled: "\${NO}" }
`;
  expect(problemsOf(text).map((problem) => problem.split(":").slice(1, 3).join(":"))).toEqual([
    "2:8 manifest/unset-variable",
    "4:11 manifest/unset-variable",
    "6:20 manifest/unset-variable",
    "6:36 manifest/unset-variable",
    "8:21 manifest/unset-variable",
    "11:18 manifest/unset-variable",
  ]);
});
