import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/safety.md"), "utf8");

/** A test that is named, or several of one file: “is kept” and “is shown” (`test/unit/x.test.ts`). */
const CITATION = /((?:“[^”]+”(?:\s+and\s+)?)+)\s+\(`(test\/[^`]+)`\)/g;

interface Named {
  readonly file: string;
  /** Titles from the outermost `describe` to the test. */
  readonly titles: readonly string[];
}

function namedIn(text: string): Named[] {
  return [...text.matchAll(CITATION)].flatMap(([, names = "", file = ""]) =>
    [...names.matchAll(/“([^”]+)”/g)].map(([, name = ""]) => ({
      file,
      titles: name.replaceAll(/\s+/g, " ").split(" › "),
    })),
  );
}

/** Whether titles stand in a file as a test's or a group's, each after the one before. */
function isThere({ file, titles }: Named): boolean {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  let rest = readFileSync(path, "utf8");
  return titles.every((title) => {
    const quoted = title.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const found = new RegExp(`\\(\\s*(["\`])${quoted}\\1\\s*,`).exec(rest);
    rest = found === null ? "" : rest.slice(found.index + found[0].length);
    return found !== null;
  });
}

/** The part of the page below a heading. */
function section(heading: string): string {
  const [, text = ""] = page.split(`\n## ${heading}\n`);
  return text.split("\n## ", 1)[0] ?? "";
}

describe("the page on safety", () => {
  test("names tests that are there, and only in this form", () => {
    const named = namedIn(page);
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter((one) => !isThere(one))).toEqual([]);
    expect(page.match(/“/g)).toHaveLength(named.length);
    const files = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file);
    expect(files).toEqual([...page.matchAll(CITATION)].map(([, , file]) => file));
  });

  test("has a test for each promise", () => {
    const promises = section("The promises").split("\n- ").slice(1);
    expect(promises.length).toBeGreaterThan(20);
    expect(promises.filter((promise) => namedIn(promise).length === 0)).toEqual([]);
    expect(promises.filter((promise) => !promise.startsWith("**"))).toEqual([]);
  });

  test("has all 32 incidents in order, each with its source and a test", () => {
    const rows = section("What has happened to others")
      .split("\n")
      .filter((line) => /^\| \d/.test(line))
      .map((line) => line.split(" | "));
    expect(rows.map(([number = ""]) => number.slice(2))).toEqual(
      Array.from({ length: 32 }, (_, i) => String(i + 1)),
    );
    for (const row of rows) {
      expect(row).toHaveLength(4);
      expect(row[1]).toMatch(/\([\w./-]+(?:#\d+|, releases)[^)]*\)$/);
      expect(namedIn(row[3] ?? "").length).toBeGreaterThan(0);
    }
  });

  test("is held to the tests by something that finds a wrong name", () => {
    const file = "test/unit/safety-page.test.ts";
    expect(isThere({ file, titles: ["the page on safety", "has a test for each promise"] })).toBe(
      true,
    );
    expect(isThere({ file, titles: ["has a test for each promise", "the page on safety"] })).toBe(
      false,
    );
    expect(isThere({ file, titles: ["has a test for each"] })).toBe(false);
    expect(isThere({ file: "test/unit/gone.test.ts", titles: ["the page on safety"] })).toBe(false);
  });
});
