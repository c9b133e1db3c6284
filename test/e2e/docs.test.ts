import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCli, root } from "../support/cli.ts";
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
