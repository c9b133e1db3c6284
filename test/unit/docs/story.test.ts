import { describe, expect, test } from "vitest";
import { readStory } from "../../support/docs/story.ts";

/** A block of a page. */
function block(language: string, ...lines: readonly string[]): string {
  return ["```".concat(language), ...lines, "```", ""].join("\n");
}

describe("a block of a shell", () => {
  test("is a command for each line, without comments and with what goes on behind a backslash", () => {
    const text = block("sh", "a one", "# said", "", "b two \\", "  three   # why", "c # exit 4");
    expect(readStory(text).steps).toEqual([
      { type: "command", line: 2, text: "a one", exit: 0 },
      { type: "command", line: 5, text: "b two \\\n  three   # why", exit: 0 },
      { type: "command", line: 7, text: "c", exit: 4 },
    ]);
  });

  test("is one script where its lines belong together", () => {
    const loop = ["for a in 1 2; do", "  echo $a", "done"];
    expect(readStory(block("sh", ...loop)).steps).toMatchObject([{ text: loop.join("\n") }]);
    const here = ["cat > a <<E", "b", "E"];
    expect(readStory(block("bash", ...here)).steps).toMatchObject([{ text: here.join("\n") }]);
  });

  test("is not run where a note says why, and is then told", () => {
    const text = `<!-- not run: it takes an account -->\n${block("sh", "a")}`;
    expect(readStory(text)).toMatchObject({
      steps: [{ type: "skipped", line: 2, reason: "it takes an account" }],
      problems: [],
    });
  });

  test("has its last exit code from a note above it", () => {
    const text = `<!-- exit: 2 -->\n\n${block("sh", "a", "b")}`;
    expect(readStory(text).steps).toMatchObject([{ exit: 0 }, { exit: 2 }]);
  });

  test("in a list is read without what stands in front of it", () => {
    const text = "- so:\n\n  ```console\n  $ a\n  b\n  ```\n";
    expect(readStory(text).steps).toMatchObject([
      { text: "a", shown: { line: 5, indent: "  ", lines: ["b"] } },
    ]);
  });
});

describe("a block of a console", () => {
  test("has commands behind $, what goes on with them behind >, and what they print", () => {
    const text = block("console", "$ a \\", "> b", "one", "", "$ c # exit 1", "$ d", "two");
    expect(readStory(text).steps).toEqual([
      {
        type: "command",
        line: 2,
        text: "a \\\nb",
        exit: 0,
        shown: { line: 4, indent: "", lines: ["one", ""] },
      },
      { type: "command", line: 6, text: "c", exit: 1, shown: { line: 7, indent: "", lines: [] } },
      {
        type: "command",
        line: 7,
        text: "d",
        exit: 0,
        shown: { line: 8, indent: "", lines: ["two"] },
      },
    ]);
  });

  test("that begins with output shows it of no command", () => {
    expect(readStory(block("console", "one", "$ a")).problems).toEqual([
      "line 1: a console block begins with a command behind $",
    ]);
  });
});

describe("a page", () => {
  test("is one story: files are written and commands run in the order in which they stand", () => {
    const file = `<!-- file: a/b.yaml -->\n${block("yaml", "version: 1")}`;
    const hidden = `<!-- run:\nexport A=1\n-->\n${block("sh", "a")}`;
    expect(readStory(`${block("sh", "z")}${file}${hidden}`).steps).toMatchObject([
      { type: "command", text: "z" },
      { type: "file", name: "a/b.yaml", text: "version: 1\n" },
      { type: "command", text: "export A=1" },
      { type: "command", text: "a" },
    ]);
  });

  test("names its app once, and has none otherwise", () => {
    expect(readStory("# A").cast).toEqual({ app: "none", dialect: "vendor" });
    expect(readStory("<!-- app: sample collection -->\n# A").cast).toEqual({
      app: "sample",
      dialect: "collection",
    });
    expect(readStory("<!-- app: mine -->").problems).toHaveLength(1);
    expect(readStory("<!-- app: empty -->\n\na\n\n<!-- app: empty -->").problems).toHaveLength(1);
  });

  test.each([
    ["a block without a language, which might be a shell's", block("", "$ cometform plan")],
    ["commands that pass for a text", block("text", "$ cometform plan")],
    ["a note that nobody reads", `<!-- notrun: because -->\n${block("sh", "a")}`],
    ["a reason that is none", `<!-- not run: -->\n${block("sh", "a")}`],
  ])("with %s is wrong", (_, text) => {
    expect(readStory(text).problems).toHaveLength(1);
  });
});
