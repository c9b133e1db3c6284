import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import { renderDiagnostics } from "../../../src/render/diagnostics.ts";
import { type Paint, plainPaint } from "../../../src/render/paint.ts";
import { cpuMsOf } from "../../support/cpu.ts";

const problem: Diagnostic = {
  severity: "error",
  code: "manifest/unknown-attribute",
  summary: 'unknown attribute "nmae"',
  hint: 'did you mean "name"?',
  range: { file: "m.yaml", line: 3, column: 5, endColumn: 9 },
};

/** The diagnostics as lines, in the file `m.yaml` with that text. */
function linesOf(
  diagnostics: readonly Diagnostic[] | Diagnostic,
  text: string,
  width = 80,
  paint: Paint = plainPaint,
): readonly string[] {
  const all = [diagnostics].flat() as readonly Diagnostic[];
  const sources = new Map([["m.yaml", text]]);
  return renderDiagnostics(all, { sources, paint, width }).split("\n");
}

/** The line a diagnostic at that place would show, and the one with the carets. */
function shownAt(
  text: string,
  line: number,
  column: number,
  endColumn?: number,
): readonly string[] {
  const range = { file: "m.yaml", line, column, ...(endColumn === undefined ? {} : { endColumn }) };
  return linesOf({ severity: "error", code: "webhook/id", summary: "x", range }, text).slice(-2);
}

describe("a diagnostic", () => {
  test("shows its line with the one before it, carets, and the hint behind them", () => {
    expect(linesOf(problem, "users:\n  alice:\n    nmae: Alice\n    role: vip\n")).toEqual([
      'm.yaml:3:5  unknown attribute "nmae"                  manifest/unknown-attribute',
      "    2 |   alice:",
      "    3 |     nmae: Alice",
      '      |     ^^^^  did you mean "name"?',
    ]);
  });

  test("gives its reason below the first line, in lines that fit", () => {
    const detail =
      "It is wrong for a reason that takes more than one line of forty columns to tell.";
    expect(linesOf({ ...problem, detail }, "\n\n    nmae: Alice\n", 40)).toEqual([
      'm.yaml:3:5  unknown attribute "nmae"  manifest/unknown-attribute',
      "   It is wrong for a reason that takes",
      "   more than one line of forty columns",
      "   to tell.",
      "    3 |     nmae: Alice",
      '      |     ^^^^  did you mean "name"?',
    ]);
  });

  test("that is a warning says so, and has the hint on its own line where it does not fit", () => {
    const warning: Diagnostic = {
      ...problem,
      severity: "warning",
      hint: "a hint that is longer than the line",
    };
    expect(linesOf(warning, "a\nb\n    nmae: Alice\n", 48)).toEqual([
      'm.yaml:3:5  warning: unknown attribute "nmae"  manifest/unknown-attribute',
      "    2 | b",
      "    3 |     nmae: Alice",
      "      |     ^^^^",
      "      | a hint that is longer than the line",
    ]);
  });

  test("without a text, a line or a place has its hint below", () => {
    const expected = [
      'm.yaml:3:5  unknown attribute "nmae"                  manifest/unknown-attribute',
      '   did you mean "name"?',
    ];
    expect(linesOf(problem, "only one line")).toEqual(expected);
    expect(renderDiagnostics([problem], { sources: new Map(), paint: plainPaint, width: 80 })).toBe(
      expected.join("\n"),
    );
    const { range: _, ...nowhere } = problem;
    expect(linesOf(nowhere, "")[0]).toBe(
      'unknown attribute "nmae"                              manifest/unknown-attribute',
    );
    expect(linesOf({ ...nowhere, address: "user/alice" }, "")[0]).toBe(
      'user/alice  unknown attribute "nmae"                  manifest/unknown-attribute',
    );
  });

  test("is 100 columns wide if nothing else is said", () => {
    const text = renderDiagnostics([problem], { sources: new Map(), paint: plainPaint });
    expect(text.split("\n")[0]).toHaveLength(100);
  });

  test("is coloured by its severity, and reads the same without colours", () => {
    const paint: Paint = {
      red: (text) => `<r ${text}>`,
      yellow: (text) => `<y ${text}>`,
      green: (text) => text,
      cyan: (text) => text,
      dim: (text) => `<d ${text}>`,
      bold: (text) => `<b ${text}>`,
    };
    const both = [problem, { ...problem, severity: "warning", code: "webhook/id" } as const];
    expect(linesOf(both, "\n\n    nmae: Alice\n", 10, paint)).toEqual([
      '<b m.yaml:3:5>  <r unknown attribute "nmae">  <d manifest/unknown-attribute>',
      "<d     3 |>     nmae: Alice",
      "<d       |>     <r ^^^^>",
      '<d       |> did you mean "name"?',
      "",
      '<b m.yaml:3:5>  <y warning:> unknown attribute "nmae"  <d webhook/id>',
      "<d     3 |>     nmae: Alice",
      "<d       |>     <y ^^^^>",
      '<d       |> did you mean "name"?',
    ]);
  });
});

test("several are separated by an empty line, none is nothing", () => {
  expect(linesOf([], "")).toEqual([""]);
  const { hint: _, ...bare } = problem;
  expect(linesOf([bare, bare], "\n\n    nmae: Alice\n")).toEqual([
    'm.yaml:3:5  unknown attribute "nmae"                  manifest/unknown-attribute',
    "    3 |     nmae: Alice",
    "      |     ^^^^",
    "",
    'm.yaml:3:5  unknown attribute "nmae"                  manifest/unknown-attribute',
    "    3 |     nmae: Alice",
    "      |     ^^^^",
  ]);
});

test("more than fifty of one sort are counted", () => {
  const all = [
    ...Array(60).fill(problem),
    { ...problem, code: "webhook/id" },
  ] as readonly Diagnostic[];
  const lines = linesOf(all, "");
  expect(lines.filter((line) => line.startsWith("m.yaml:3:5"))).toHaveLength(51);
  expect(lines.slice(-2)).toEqual(["", "10 more of the sort manifest/unknown-attribute"]);
});

describe("carets stand under what they mean", () => {
  test.each([
    ["tabs", "\t\tname: x", 3, 7, ["    1 |         name: x", "      |         ^^^^"]],
    ["wide characters", "名前: 値 x", 5, 6, ["    1 | 名前: 値 x", "      |       ^^"]],
    ["emoji", '"🚲": x', 7, 8, ['    1 | "🚲": x', "      |       ^"]],
    ["Windows line ends", "name: x\r\nb: c\r\n", 7, 8, ["    1 | name: x", "      |       ^"]],
    ["a byte order mark", "\uFEFFname: x", 7, 8, ["    1 | name: x", "      |       ^"]],
    [
      "control characters",
      "a: \u001b[31mx",
      9,
      10,
      ["    1 | a: \\u001b[31mx", "      |              ^"],
    ],
    ["the end of a line", "name:", 6, 7, ["    1 | name:", "      |      ^"]],
    ["more than the line", "name: x", 7, 99, ["    1 | name: x", "      |       ^"]],
  ] as const)("after %s", (_, text, column, endColumn, lines) => {
    expect(shownAt(text, 1, column, endColumn)).toEqual(lines);
  });

  test("one caret where no end is given", () => {
    expect(shownAt("name: x", 1, 1)).toEqual(["    1 | name: x", "      | ^"]);
  });

  test("in a window on a line that is too long", () => {
    const long = `${"a".repeat(1_000_000)}BAD${"c".repeat(1_000_000)}`;
    const [line, carets] = shownAt(long, 1, 1_000_001, 1_000_004);
    expect(line).toBe(`    1 | …${"a".repeat(23)}BAD${"c".repeat(42)}…`);
    expect(carets).toBe(`      | ${" ".repeat(24)}^^^`);
  });

  test("in a window at either end of a long line", () => {
    const long = "x".repeat(200);
    expect(shownAt(long, 1, 3, 5)).toEqual([`    1 | ${"x".repeat(68)}…`, "      |   ^^"]);
    expect(shownAt(long, 1, 199, 201)).toEqual([
      `    1 | …${"x".repeat(25)}`,
      `      | ${" ".repeat(24)}^^`,
    ]);
  });

  test("with a long line before, of which the same part is shown", () => {
    const text = `${"y".repeat(200)}\nname: x`;
    expect(
      linesOf({ ...problem, range: { file: "m.yaml", line: 2, column: 1, endColumn: 5 } }, text),
    ).toEqual([
      'm.yaml:2:1  unknown attribute "nmae"                  manifest/unknown-attribute',
      `    1 | ${"y".repeat(69)}…`,
      "    2 | name: x",
      '      | ^^^^  did you mean "name"?',
    ]);
  });
});

test("what comes from outside cannot move the cursor or give commands to a pipeline", () => {
  const lines = linesOf(
    {
      severity: "error",
      code: "webhook/id",
      summary: "::error::\u001b[2J\u202e",
      detail: "one\n::two",
      hint: "\rthree",
      range: { file: "::set-output\u0007", line: 1, column: 1 },
    },
    "",
  );
  expect(lines.join("\n")).toBe(
    [
      "\\::set-output\\u0007:1:1  \\::error::\\u001b[2J\\u202e                    webhook/id",
      "   one\\n::two",
      "   \\rthree",
    ].join("\n"),
  );
});

describe("secrets are not shown", () => {
  /** Every line of the text as it is shown. */
  function allShown(text: string): readonly string[] {
    return text
      .split("\n")
      .map((_, index) => shownAt(text, index + 1, 1)[0]?.replace(/^ +\d+ \| ?/, "") ?? "");
  }

  test.each([
    ["a password", "password: hunter2", ["password: ***"]],
    ["a login written as one text", 'basicAuth: "u:hunter2"', ["basicAuth: ***"]],
    [
      "the password of a login, and not its user",
      "basicAuth:\n  username: u\n  password: hunter2",
      ["basicAuth:", "  username: u", "  password: ***"],
    ],
    ["a password in quotes", 'password: "hunter2" # old', ["password: ***"]],
    [
      "a JSON password",
      '{"password": "hun\\"ter2", "name": "x"}',
      ['{"password": ***, "name": "x"}'],
    ],
    ["a JSON password without spaces", '{"password":123,"a":1}', ['{"password":***']],
    ["a password in braces", "{ password: 'it''s', a: b }", ["{ password: ***, a: b }"]],
    ["a plain password in braces", "{ a: b, password: hunter2 }", ["{ a: b, password: ***"]],
    ["a password that is a list", "password: [hunter2, ']']", ["password: ***"]],
    [
      "a password over lines",
      "password: >-\n  hunter2\n\n  a: b\nname: x",
      ["password: ***", "  ***", "", "  ***", "name: x"],
    ],
    [
      "a password on the next line",
      "  password:\n    hunter2\n  a: b",
      ["  password:", "    ***", "  a: b"],
    ],
    [
      "a password in quotes over lines",
      'password: "hun\n ter2"\na: b',
      ["password: ***", "***", "a: b"],
    ],
    ["a quote that is not closed", "password: 'hunter2\na: b", ["password: ***", "***"]],
    ["a brace that is not closed", "password: {hunter2\na: 'b", ["password: ***", "***"]],
    ["a password with a colon too many", "password:: hunter2", ["password:***"]],
    ["a misspelt password", "  passwrod: hunter2\n  a: b", ["  passwrod: ***", "  a: b"]],
    [
      "a password in other words",
      "client_secret: hunter2\nPWD: x",
      ["client_secret: ***", "PWD: ***"],
    ],
    ["a room that is called so", "secret-room:\n  name: x", ["secret-room:", "  name: x"]],
    [
      "private metadata",
      'metadata:\n  "@private":\n    email: a@x.org\n    "a b": c\n    deep:\n      pin: 1\n    - x\n  seat: 4',
      [
        "metadata:",
        '  "@private":',
        "    email: ***",
        '    "a b": ***',
        "    deep:",
        "      ***",
        "    ***",
        "  seat: 4",
      ],
    ],
    [
      "private metadata in braces",
      'm: { "@private": { pin: 1, a: [2, {}] }, seat: 4 }',
      ['m: { "@private": ***, seat: 4 }'],
    ],
    [
      "private metadata over lines",
      "'@private': {\n pin: 1,\n b: '}'\n}\na: b",
      ["'@private': ***", "***", "***", "***", "a: b"],
    ],
    ["private metadata that is a text", "'@private': >\n  a: b", ["'@private': ***", "  ***"]],
    [
      "a private password",
      "'@private':\n  password: hunter2\n  b: c",
      ["'@private':", "  password: ***", "  b: ***"],
    ],
    ["nothing at all", "password:", ["password:"]],
  ])("%s", (_, text, lines) => {
    expect(allShown(text)).toEqual(lines);
  });

  const backslash = "\\";

  test.each([
    ["an explicit key", '? "@private"\n: hunter2\n'],
    ["an explicit key with a comment", '? "@private" # a note\n# another\n\n: pin: hunter2\n'],
    ["an explicit key in a list", "- ? password\n  : hunter2\n"],
    ["an explicit key with the value below", "a:\n  ? password\n  :\n    hunter2\n"],
    ["an explicit key that is a block", "? |-\n  @private\n:\n- hunter2\n"],
    ["an explicit key of several lines", `? "pass${backslash}\n  word"\n: hunter2\n`],
    ["an explicit key in braces", `{ ? "${backslash}u0040private" : hunter2 }`],
    ["a key with escapes", `a:\n  "${backslash}u0040private":\n    pin: hunter2\n`],
    ["a key with escapes in JSON", `{"name":"x","p${backslash}u0061ssword":"hunter2","a":1}`],
    ["a key with escapes before its quote", `"pass${backslash}x77ord" : hunter2`],
    ["a key over lines in braces", `{ a: b, "pass${backslash}\n word": hunter2 }`],
    ["a key that is an alias", "type: &p password\n*p : hunter2\n"],
    ["a key that is an alias, without a space", "{ type: &p password, *p: hunter2 }"],
    ["a key with an anchor and a tag", '&k !!str "@private": hunter2'],
    ["JSON with a line for everything", '{\n"password"\n:\n"hunter2"\n}'],
    ["JSON with the value on the next line", '{\n"password":\n"hunter2",\n"name": "x"\n}'],
    ["JSON with a list on the next line", '{\n"@private":\n["x",\n"hunter2"],\n"name": 1\n}'],
    ["a plain value on the next line", "{\npassword:\nhunter2,\nname: x\n}"],
    ["a plain value over lines in braces", "{ password: very\nhunter2, name: x }"],
    ["a list that is not indented", '"@private":\n- a\n- hunter2\nname: x\n'],
    ["a list of maps that is not indented", 'm:\n  "@private":\n  - a: b\n    c: hunter2\n'],
    ["a value after an anchor and a tag", 'password: &p !!str "very\n hunter2"\na: b\n'],
    ["a value below an anchor", "password: &p\n  hunter2\n"],
    ["a value below a comment", "{ password: # a note\n# another\nhunter2 }"],
    ["a block with a comment behind its sign", "a:\n  password: |2- # a note\n     hunter2\n"],
    ["what an alias stands for", "a: &pw hunter2\npassword: *pw\n"],
    ["what an alias in private metadata stands for", 'm: &m\n  pin: hunter2\n"@private": *m\n'],
    ["what an alias of an alias stands for", 'a: &a hunter2\nb: &b\n- *a\n"@private": [*b]\n'],
    ["what an alias in braces stands for", "{ a: &a { pin: hunter2 }, password: *a }"],
    ["what a merge brings in", 'm: &m { pin: hunter2 }\n"@private":\n  <<: *m\n'],
    ["a list item that an alias stands for", "- &a\n  - hunter2\n- password: *a\n"],
    ["tabs", '    "@private":\n\t\tpin: hunter2\n'],
    ["tabs in front of a key", '\t"@private":\n\t\tpin: hunter2\n'],
    ["a private text over lines", '"@private":\n  a: "very\n  hunter2: x"\n'],
    ["a private map in braces over lines", '"@private":\n  a: {\n  hunter2, c: d }\n'],
    ["a text behind the closing quote", 'password: "a",hunter2\n'],
    ["a text behind the closing quote below", 'password:\n  "a"b\n  hunter2\n'],
    ["a login on the next line", "basicAuth:\n  u:hunter2\n"],
    ["a login behind an anchor", "basicAuth: &a u:hunter2\n"],
    ["another secret on the next line", "client_secret:\n  hunter2\n"],
    ["another secret in a block", "client_secret: |\n  a: hunter2\n"],
    ["other secrets in a list", "secrets:\n  - hunter2\n"],
    ["a misspelt private key", '"@pivate": x\n"@privat":\n  pin: hunter2\n'],
    ["a password without a colon", "  password hunter2\n"],
    ["a password in a list without a colon", '  - "password" hunter2\n'],
    ["a password with an equals sign", "  password=hunter2\n"],
    ["a password with a wide colon", "  password：hunter2\n"],
    ["a short word for it", "pass: hunter2"],
  ])("%s, with either line end", (_, text) => {
    expect(text).toContain("hunter2");
    expect(allShown(text).join("\n")).not.toContain("hunter2");
    expect(allShown(text.replaceAll("\n", "\r\n")).join("\n")).not.toContain("hunter2");
  });

  test.each([
    ["other keys", "name: x\n  role: vip\ntags: [a, b]\n"],
    ["what follows a password", "password:\nname: x\n- a\n? b\n"],
    ["texts with escapes", `{"name": "a${backslash}tb", "link": "x"}\n`],
    ["aliases and anchors of other things", "a: &a b\nc: *a\n"],
    ["words that have a secret's beginning", "compass: x\npassage: y\n"],
    ["the type of a group", "type: password\nname: x\ntypes: [password, public]\n"],
  ])("%s stay", (_, text) => {
    expect(allShown(text).join("\n")).toBe(text.trimEnd() + (text.endsWith("\n") ? "\n" : ""));
  });

  test("the carets stand under the mask", () => {
    expect(shownAt("    password: hunter2hunter2", 1, 15, 29)).toEqual([
      "    1 |     password: ***",
      "      |               ^^^",
    ]);
    expect(shownAt('{ password: "hunter2", nmae: x }', 1, 24, 28)).toEqual([
      "    1 | { password: ***, nmae: x }",
      "      |                  ^^^^",
    ]);
  });

  test("nothing of a file of variables is shown", () => {
    expect(linesOf({ ...problem, code: "manifest/variable-file" }, "A=1\nB\nC=s3cret")).toEqual([
      'm.yaml:3:5  unknown attribute "nmae"                      manifest/variable-file',
      '   did you mean "name"?',
    ]);
  });

  test.each([
    ["on one line", '{"password":"x","a":1},'.repeat(10_000)],
    ["with aliases", "{a: &a x, password: *a},".repeat(10_000)],
    ["with escapes", '"\\":'.repeat(20_000)],
    ["with keys below each other", '"x" password:\n'.repeat(10_000)],
    ["in words without an end", "passw".repeat(20_000)],
    ["behind dashes without an end", `${"- ".repeat(50_000)}password x`],
  ])("many of them %s do not take long", (_, text) => {
    const start = performance.now();
    expect(shownAt(text, 1, 1)).toHaveLength(2);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test("a long text with many of them does not take long", () => {
    const text =
      `${'password: {"a": ['.repeat(20)}\n`.repeat(5_000) + "password: { [\n".repeat(20_000);
    const cpuMs = cpuMsOf(() => expect(shownAt(text, 1, 1)[0]).toBe("    1 | password: ***…"));
    expect(cpuMs).toBeLessThan(2_000);
  });
});
