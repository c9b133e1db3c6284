import { describe, expect, test } from "vitest";
import { loadText, manifestOf, problemsOf } from "../../support/manifest-text.ts";

describe("a text without a manifest in it", () => {
  test.each([
    ["nothing at all", ""],
    ["only comments", "# one\n# two\n"],
    ["only a byte order mark", "\uFEFF"],
    ["null", "~\n"],
    ["an empty document", "---\n...\n"],
  ])("%s is empty", (_, text) => {
    expect(problemsOf(text)).toEqual([
      "m.yaml:1:1 manifest/empty: m.yaml is empty (begin with: version: 1)",
    ]);
  });

  test.each([
    ["a list", "- version: 1\n"],
    ["a JSON array", "[1, 2]"],
    ["a sentence", "Hello there"],
    ["a number", "42"],
  ])("%s is no manifest", (_, text) => {
    expect(problemsOf(text)).toEqual([
      "m.yaml:1:1 manifest/not-a-manifest: m.yaml is not a manifest (is this the right file?)",
    ]);
  });
});

describe("broken YAML", () => {
  test("tabs", () => {
    expect(problemsOf("version: 1\nusers:\n\talice: {}\n")).toEqual([
      "m.yaml:3:1 manifest/syntax: not valid YAML: tabs are not allowed as indentation (indent with spaces)",
    ]);
  });

  test("bad indentation", () => {
    expect(problemsOf("version: 1\nusers:\n  alice: {}\n bob: {}\n")).toEqual([
      "m.yaml:4:1 manifest/syntax: not valid YAML: all mapping items must start at the same column (indent it like the lines around it)",
    ]);
  });

  test("several mistakes are all told, one for each line", () => {
    expect(
      problemsOf(
        'version: 1\nusers:\n  alice: { name: "A\\q" }\n  bob: { name: @b }\n  carol: !x {}\n',
      ),
    ).toEqual([
      "m.yaml:3:20 manifest/syntax: not valid YAML: an escape sequence that does not exist (write \\\\ for a backslash, or use 'single quotes')",
      "m.yaml:4:16 manifest/syntax: not valid YAML: plain value cannot start with reserved character @ (write the value in quotes)",
      "m.yaml:5:10 manifest/syntax: not valid YAML: a tag that means nothing here (leave the tag out)",
    ]);
  });

  test("what follows only from an earlier mistake is not told", () => {
    expect(problemsOf("version: 1\nusers: { alice: {name: ${NAME}} }\nroles: {}\n")).toEqual([
      'm.yaml:2:25 manifest/syntax: not valid YAML: inside { } and [ ], a variable needs quotes (write "${NAME}")',
    ]);
  });

  test("very many mistakes are counted", () => {
    const text = `version: 1\nusers:\n${"  a: @b\n".repeat(100)}`;
    const { diagnostics } = loadText(text);
    expect(diagnostics).toHaveLength(20);
    expect(diagnostics.at(-1)?.detail).toBe(
      "At least 80 more lines are not valid YAML. Is this the right file?",
    );
  });

  test("the parser's message does not repeat what may be a secret", () => {
    const texts = [
      'password: "a" s3cret',
      "password: >s3cret",
      "password: !s3cret x",
      "- s3cret: }",
    ];
    for (const text of texts) {
      const messages = loadText(`version: 1\ngroups:\n  g:\n    ${text}\n`).diagnostics.map(
        ({ summary, detail, hint }) => [summary, detail, hint].join(),
      );
      expect(messages.join()).not.toContain("s3cret");
    }
  });

  test("two documents", () => {
    expect(problemsOf("version: 1\n---\nversion: 1\n")).toEqual([
      "m.yaml:2:1 manifest/several-documents: a second document begins here (keep one document in a file)",
    ]);
  });

  test.each([
    ["brackets", `version: 1\nusers: ${"[".repeat(50_000)}`],
    [
      "maps",
      `version: 1\nusers:\n${Array.from({ length: 2_000 }, (_, depth) => `${" ".repeat(depth + 1)}a:\n`).join("")}`,
    ],
  ])("%s that are nested without end", (_, text) => {
    const [problem] = problemsOf(text);
    expect(problem).toContain("manifest/syntax: not valid YAML: it is nested too deep");
  });

  test("values that are nested deeper than anything means", () => {
    const text = `version: 1\nusers: { a: { metadata: { k: ${"[".repeat(98)}${"]".repeat(98)} } } }`;
    expect(problemsOf(text)).toEqual([
      "m.yaml:2:126 manifest/too-deep: this is nested more than 100 levels deep",
    ]);
  });
});

describe("not even text", () => {
  test("a NUL makes it a binary file, of which nothing is shown", () => {
    const { diagnostics } = loadText("\u007fELF\u0002\u0001\0\0");
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: "manifest/not-text" }]);
  });

  test("a NUL alone", () => {
    expect(problemsOf("version: 1\0")).toEqual([
      "manifest/not-text: m.yaml is not a text file (is this the right file?)",
    ]);
  });

  test("other control characters are named and located", () => {
    expect(problemsOf("version: 1\nstack: a\u001b[31m\n")).toEqual([
      "m.yaml:2:9 manifest/not-text: the control character U+001B cannot stand in a manifest (remove it, or write it as an escape in double quotes)",
    ]);
  });

  test("bytes that are no UTF-8", () => {
    expect(problemsOf("version: 1\nusers:\n  a: { name: M\uFFFDller }\n")).toEqual([
      "m.yaml:3:15 manifest/not-text: m.yaml is not a UTF-8 text (save it as UTF-8, or check that it is the right file)",
    ]);
  });
});

describe("megabytes of something else", () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => ({
    id: index,
    tags: ["a"],
    version: {},
  }));
  const foreign: readonly (readonly [string, string])[] = [
    ["a JSON array", JSON.stringify(rows)],
    [
      "a JSON object",
      JSON.stringify(Object.fromEntries(Object.entries(rows).map(([k, v]) => [`k${k}`, v]))),
    ],
    ["a log", "2026-01-01T12:00:00Z INFO [main] took 5ms: ok\n".repeat(100_000)],
    ["a log with colons", 'INFO: [main] took { 5ms ok "abc"\n'.repeat(100_000)],
    ["one line", "a".repeat(5_000_000)],
    ["a page", "<p class='users: a'>text: <b>bold</b></p>\n".repeat(100_000)],
    [
      "a program",
      `var e={version:1};${"function a(b,c){return b?{a:1,b:c}:[1]};".repeat(100_000)}`,
    ],
  ];

  test.each(foreign)("%s is told quickly", (_, text) => {
    const start = performance.now();
    const [problem] = problemsOf(text);
    expect(problem).toMatch(/^m\.yaml:1:1 manifest\/not-a-manifest/);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test("a text that is full of mistakes from its start is not parsed to its end", () => {
    const { diagnostics } = loadText('version: [main] took 5ms " ok "abc"\n'.repeat(100_000));
    expect(diagnostics).toHaveLength(3);
    expect(diagnostics.at(-1)?.detail).toMatch(/^At least \d+ more lines are not valid YAML/);
  });

  test("size alone is no error", () => {
    const comment = `# ${"x".repeat(98)}\n`.repeat(50_000);
    expect(manifestOf(`${comment}version: 1\n`).version).toBe(1);
    expect(
      manifestOf(`version: 1\nusers:\n  a: { statusMessage: "${"x".repeat(400_000)}" }\n`).version,
    ).toBe(1);
  });

  test("a large manifest with one mistake is told that one", () => {
    const users = Array.from({ length: 20_000 }, (_, index) => `  u${index}: { name: U }\n`).join(
      "",
    );
    expect(problemsOf(`version: 1\nusers:\n${users}  bad: { nmae: U }\n`)).toEqual([
      'm.yaml:20003:10 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
    ]);
  });

  test("a large JSON manifest that is broken falls back to the YAML parser", () => {
    const text = `{"version": 1, "users": {"a": {"statusMessage": "${"x".repeat(300_000)}"}`;
    expect(problemsOf(text)[0]).toContain("manifest/syntax");
  });
});
