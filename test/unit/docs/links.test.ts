import { describe, expect, test } from "vitest";
import { root } from "../../support/cli.ts";
import { anchorsOf, brokenLinks, linksOf, reachableFrom } from "../../support/docs/links.ts";
import { readPages, readRecords } from "../../support/docs/pages.ts";

const pages = [...readPages(), ...readRecords()];

describe("the pages", () => {
  test("link to files and headings that are there", () => {
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(80);
    expect(brokenLinks(pages, root)).toEqual([]);
  });

  test("can all be reached from the README", () => {
    const reached = reachableFrom("README.md", pages, root);
    expect(pages.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([]);
  });
});

describe("a link", () => {
  const page = (text: string) => [{ file: "docs/limits.md", text }];

  test.each([
    ["to no file", "[a](gone.md)", "docs/limits.md:1: gone.md leads nowhere"],
    ["out of the repository", "[a](../../x.md)", "docs/limits.md:1: ../../x.md leads nowhere"],
    ["to no heading", "# B\n[a](#c)", "docs/limits.md:2: #c names no heading of docs/limits.md"],
    ["behind a picture", "[![p](p.png)](#b)\n# B", "docs/limits.md:1: p.png leads nowhere"],
    [
      "to a line of a file that has no headings",
      "[a](../package.json#L3)",
      "docs/limits.md:1: ../package.json#L3 names no heading of package.json",
    ],
  ])("%s is told with its place", (_, text, problem) => {
    expect(brokenLinks(page(text), root)).toEqual([problem]);
  });

  test.each([
    ["in a block of code", "```md\n[a](gone.md)\n```"],
    ["in a line of code", "`[a](gone.md)`"],
    ["to the rest of the world", "[a](https://example.com/#x) <mailto:a@example.com>"],
    ["to a heading of another form", "## What *is* `not` done?\n[a](#what-is-not-done)"],
    ["to the second heading of that name", "# A\n# A\n[a](#a-1)"],
  ])("%s is no problem", (_, text) => {
    expect(brokenLinks(page(text), root)).toEqual([]);
  });

  test("leads to a heading under the name that GitHub gives it", () => {
    expect([...anchorsOf("# A – b/c: `d_e` & [f](g.md)!\n## Übung 2")]).toEqual([
      "a--bc-d_e--f",
      "übung-2",
    ]);
  });
});
