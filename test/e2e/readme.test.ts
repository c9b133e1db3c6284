import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** What differs from run to run: how long things took. */
function withoutTimes(text: string): string {
  return text.replace(/\b[\d.]+ (ms|s)\b/g, "T");
}

test("the README shows what the demo prints", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, shown = ""] = readme.match(/```console\n([\s\S]*?)```/) ?? [];
  const demo = spawnSync(process.execPath, ["scripts/demo.mjs"], { cwd: ROOT, encoding: "utf8" });
  expect(demo.stderr).toBe("");
  expect(demo.status).toBe(0);
  const printed = withoutTimes(demo.stdout).split("\n");
  let place = 0;
  for (const line of withoutTimes(shown).split("\n").filter(Boolean)) {
    const found = printed.indexOf(line, place);
    expect(found, `the demo prints ${JSON.stringify(line)} there`).toBeGreaterThanOrEqual(0);
    place = found + 1;
  }
});
