import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findErrorPage, readErrorPages } from "../../src/cli/error-pages.ts";
import { toDesired } from "../../src/manifest/desired.ts";
import { DIAGNOSTIC_CODES } from "../../src/model/diagnostic-code.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import { loadText } from "../support/manifest-text.ts";

const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, "docs/errors.md"), "utf8");
const pages = readErrorPages(text);

const src = join(root, "src");
const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.includes("emulator/"))
  .filter((file) => !file.endsWith("diagnostic-code.ts"))
  .map((file) => readFileSync(join(src, file), "utf8"))
  .join("\n");

/** The codes that a manifest gives, as `validate` does. */
function codesOf(manifest: string): readonly string[] {
  const loaded = loadText(manifest);
  const wanted = loaded.ok ? toDesired(loaded.value, cometchat.kinds("vendor")) : undefined;
  return [...loaded.diagnostics, ...(wanted?.diagnostics ?? [])].map(({ code }) => code);
}

describe("the page of errors", () => {
  test("has one section for each code, and none for a code that does not exist", () => {
    const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, code]) => code);
    expect(headings.toSorted()).toEqual([...DIAGNOSTIC_CODES]);
    expect(new Set(headings).size).toBe(headings.length);
  });

  test("has no code that nothing in the sources says", () => {
    // Of these, the last word is put in.
    const stems = ["limit/", "app/other-", "cli/"].map((stem) => `\`${stem}$`);
    const isSaid = (code: string) =>
      sources.includes(`"${code}"`) ||
      stems.some((stem) => code.startsWith(stem.slice(1, -1)) && sources.includes(stem));
    expect(DIAGNOSTIC_CODES.filter((code) => !isSaid(code))).toEqual([]);
  });

  test("says of each what happened, why, and what to do", () => {
    for (const page of pages.values()) {
      for (const part of [page.what, page.why, page.remedy]) expect(part).toMatch(/^.{4,}[.`]$/);
    }
  });

  const examples = [...pages.values()].filter(({ wrong }) => wrong !== undefined);

  test("has an example of most mistakes in manifests", () => {
    expect(examples.length).toBeGreaterThan(28);
    const blocks = [...text.matchAll(/^```yaml (\S+)/gm)].map(([, info]) => info);
    const known = [...pages.values()].flatMap(({ code, wrong, right }) => [
      ...(wrong === undefined ? [] : [`error=${code}`]),
      ...(right === undefined ? [] : ["fixed"]),
    ]);
    expect(blocks).toEqual(known);
  });

  test.each(examples.map((page) => [page.code, page] as const))(
    "%s is what its example gives",
    (code, page) => {
      expect([...new Set(codesOf(page.wrong ?? ""))]).toEqual([code]);
      expect(page.right === undefined ? [] : codesOf(page.right)).toEqual([]);
    },
  );

  test("has all codes of ours that reports have, and no others", () => {
    const said = [...sources.matchAll(/code: "([A-Z]+(?:_[A-Z]+)*)"/g)].map(([, code]) => code);
    // The service's own and the system's, which we say in their place.
    const theirs = /^(?:ERR_(?!UNKNOWN$)|EBADF$)/;
    const ours = said.filter((code = "") => !theirs.test(code));
    const [, report = ""] = text.split("## In reports");
    const told = [...report.matchAll(/^\| `([A-Z_]+)` /gm)].map(([, code]) => code);
    expect(told.toSorted()).toEqual([...new Set(ours)].toSorted());
  });

  test("is found by code, as the version at hand has it", async () => {
    expect(await findErrorPage("manifest/empty")).toEqual({
      code: "manifest/empty",
      what: "A file has nothing in it, or the library was given an empty list of texts.",
      why: "A manifest says at least its version; an empty file is more likely to be one that was not written.",
      remedy: "Write `version: 1`, or name another file; give `loadManifest` at least one text.",
      wrong: "# nothing yet\n",
      right: "version: 1\n",
    });
    expect((await findErrorPage("manifest/bad-row"))?.remedy).toMatch(/See tables\.$/);
    expect(await findErrorPage("manifest/none")).toBeUndefined();
  });
});
