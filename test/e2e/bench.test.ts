import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildCli, root } from "../support/cli.ts";
import { useWorkshop } from "../support/workshop.ts";

beforeAll(buildCli, 120_000);

const workshop = useWorkshop();

function bench(name: string, flags: readonly string[]) {
  const script = join(root, "scripts", `${name}.mjs`);
  return spawnSync(process.execPath, [script, ...flags], { encoding: "utf8" });
}

test("the benchmark of quotas runs, and finds none refused of what fits one window", () => {
  const { status, stdout } = bench("bench-quota", ["--smoke"]);
  expect(stdout).toMatch(/a part of one window \| 1 +\| 600 +\| 60 +\| 0 /);
  expect(status).toBe(0);
});

test("the benchmark counts no call too many and none too few in worlds of 550 and 1,000 objects", () => {
  const { status, stdout } = bench("bench", ["--quick"]);
  expect(stdout).not.toContain("FAIL");
  for (const dialect of ["vendor", "collection"]) {
    expect(stdout).toMatch(new RegExp(`550 0ms ${dialect} no-quota, no-op: reads .* pass`));
    expect(stdout).toMatch(new RegExp(`1000 0ms ${dialect} no-quota, cold: writes.* pass`));
  }
  expect(stdout).toMatch(/every count is exact/);
  expect(status).toBe(0);
});

test("the benchmark fails where an app makes us send more reads than the formula's", () => {
  const { status, stdout } = bench("bench", [
    ...["--quick", "--only", "550 0ms vendor"],
    ...["--page-max", "50"],
  ]);
  // 330 users and 55 groups do not fit one page of 50, as they do in the formula.
  expect(stdout).toMatch(/550 0ms vendor no-quota, no-op: reads +\| \d+ +\| = 59 +\| FAIL/);
  expect(stdout).toMatch(/1 count is wrong/);
  expect(status).toBe(1);
});

test("the benchmark of manifests runs", async () => {
  const { measureManifests } = await import(join(root, "scripts", "bench", "manifest.mjs"));
  const cli = join(root, "dist", "cli", "main.js");
  const bench = { cli, folder: workshop.folder, progress: () => undefined };
  const [row, ...others] = measureManifests(bench, [100]);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ users: 100 });
  const { yamlAloneMs, validateYamlMs, validateCsvMs, validateCsvRssMb } = row;
  for (const number of [yamlAloneMs, validateYamlMs, validateCsvMs, validateCsvRssMb]) {
    expect(number).toBeGreaterThan(0);
  }
});
