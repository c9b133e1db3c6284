import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import { renderDiagnostics } from "../../../src/render/diagnostics.ts";
import { type Paint, plainPaint } from "../../../src/render/paint.ts";

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
  return linesOf({ severity: "error", code: "a/b", summary: "x", range }, text).slice(-2);
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
    const both = [problem, { ...problem, severity: "warning", code: "a/b" } as const];
    expect(linesOf(both, "\n\n    nmae: Alice\n", 10, paint)).toEqual([
      '<b m.yaml:3:5>  <r unknown attribute "nmae">  <d manifest/unknown-attribute>',
      "<d     3 |>     nmae: Alice",
      "<d       |>     <r ^^^^>",
      '<d       |> did you mean "name"?',
      "",
      '<b m.yaml:3:5>  <y warning:> unknown attribute "nmae"  <d a/b>',
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
  const all = [...Array(60).fill(problem), { ...problem, code: "a/b" }] as readonly Diagnostic[];
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
      code: "a/b",
      summary: "::error::\u001b[2J\u202e",
      detail: "one\n::two",
      hint: "\rthree",
      range: { file: "::set-output\u0007", line: 1, column: 1 },
    },
    "",
  );
  expect(lines.join("\n")).toBe(
    [
      "\\::set-output\\u0007:1:1  \\::error::\\u001b[2J\\u202e                           a/b",
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

  test("a long text with many of them does not take long", () => {
    const text =
      `${'password: {"a": ['.repeat(20)}\n`.repeat(5_000) + "password: { [\n".repeat(20_000);
    const start = performance.now();
    expect(shownAt(text, 1, 1)[0]).toBe("    1 | password: ***…");
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
