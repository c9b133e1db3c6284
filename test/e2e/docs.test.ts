import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCli, root, runNode } from "../support/cli.ts";
import { runInside } from "../support/docs/inside.ts";
import { readManifests } from "../support/docs/manifests.ts";
import { performPage } from "../support/docs/page.ts";
import { readPages } from "../support/docs/pages.ts";
import { readStory } from "../support/docs/story.ts";

beforeAll(buildCli, 120_000);

const pages = readPages();

describe("each command of a page runs, and prints what the page shows", () => {
  for (const { file, text } of pages) {
    test.concurrent(file, async ({ expect }) => {
      const { problems, mended } = await performPage(text);
      // With -u the page is written anew, with what was printed in place of what it shows wrongly.
      await expect(mended, problems.join("\n\n")).toMatchFileSnapshot(join(root, file));
      expect(problems.filter((one) => mended === text || / ends with /.test(one))).toEqual([]);
    });
  }
});

test("what is not run says why, and is counted here", async () => {
  const skipped = pages.flatMap(({ file, text }) =>
    readStory(text).steps.flatMap((step) =>
      step.type === "skipped" ? [`${file}: ${step.reason}`] : [],
    ),
  );
  const list = [`${skipped.length} blocks are not run.`, "", ...skipped, ""].join("\n");
  await expect(list).toMatchFileSnapshot(join(root, "test/e2e/cases/blocks-not-run.txt"));
});

test("the page of every attribute is what the schemas and the dialects say", async () => {
  const check = await runNode([join(root, "scripts", "reference.mjs"), "--check"], { cwd: root });
  expect(check).toMatchObject({ exit: 0, stderr: "" });
});

test("every piece of a manifest that a page shows is valid", async () => {
  const pieces = pages.flatMap(({ file, text }) =>
    readManifests(text).map((piece) => ({ place: `${file}:${piece.line}`, ...piece })),
  );
  expect(pieces.length).toBeGreaterThan(10);
  for (const { place, text, environment } of pieces) {
    const where = { cwd: root, environment, answer: () => undefined, input: text };
    const { exit, printed } = await runInside(["validate", "--quiet", "-"], where);
    expect({ place, exit, printed: exit === 0 ? "" : printed }).toEqual({
      place,
      exit: 0,
      printed: "",
    });
  }
});

describe("a page that lies", () => {
  const page = (...lines: readonly string[]) =>
    ["<!-- app: empty -->", "# A", "", ...lines, ""].join("\n");
  const shown = (...lines: readonly string[]) => page("```console", ...lines, "```");

  test("about what is printed is told with its line, and shown as it would be true", async () => {
    const text = shown("$ cometform --version", "0.0.7", "", "$ cometform help emulate", "…");
    const { problems, mended } = await performPage(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^line 5: \$ cometform --version\n[\s\S]*\n-0\.0\.7\n\+\d/);
    expect(await performPage(mended)).toEqual({ problems: [], mended });
    expect(mended).toMatch(
      /console\n\$ cometform --version\n\d.*\n\n\$ cometform help emulate\n…\n/,
    );
  });

  test.each([
    ["about an exit code", page("```sh", "cometform validate gone.yaml", "```"), 3],
    ["about one that it names", page("```sh", "cometform --version # exit 2", "```"), 0],
    ["about a command of a shell", page("```sh", "false | cat", "```"), 1],
    ["about a variable that nobody has", page("```sh", "export A=…", "```"), 1],
    ["in a note that nobody sees", page("<!-- run: false -->", "```sh", "true", "```"), 1],
  ])("%s is told, and is not mended", async (_, text, exit) => {
    const { problems, mended } = await performPage(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`ends with ${exit}, not with `);
    expect(mended).toBe(text);
  });

  test("is not played any further than its first failure", async () => {
    const text = page("```sh", "false", "cometform validate gone.yaml", "```");
    expect((await performPage(text)).problems).toHaveLength(1);
  });
});

test("what a page asks is answered as the page shows it, and by yes where it shows nothing", async () => {
  const file = [
    "<!-- file: cometform.yaml -->",
    "```yaml",
    "version: 1",
    "roles: { a: { name: A } }",
  ];
  const asked = "Apply this change to app emulator (us)?  yes / no / show calls ›  ";
  const text = [
    "<!-- app: empty -->",
    ...file,
    "```",
    "```console",
    "$ cometform apply",
    "…",
    `${asked}no`,
    "…",
    "$ cometform plan --detailed-exitcode --quiet # exit 2",
    "…",
    "```",
    "```sh",
    "cometform apply",
    "cometform plan --detailed-exitcode --quiet",
    "```",
  ].join("\n");
  expect(await performPage(text)).toEqual({ problems: [], mended: text });
});
