import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildCli, root } from "../support/cli.ts";

beforeAll(buildCli, 120_000);

test("the benchmark of quotas runs, and finds none refused of what fits one window", () => {
  const script = join(root, "scripts", "bench-quota.mjs");
  const { status, stdout } = spawnSync(process.execPath, [script, "--smoke"], { encoding: "utf8" });
  expect(stdout).toMatch(/a part of one window +1 +600 +60 +0 /);
  expect(status).toBe(0);
});

test("the benchmark of manifests runs", () => {
  const script = join(root, "scripts", "bench", "manifest.mjs");
  const { status, stdout } = spawnSync(process.execPath, [script, "100"], { encoding: "utf8" });
  expect(status).toBe(0);
  const { manifests } = JSON.parse(stdout);
  expect(manifests).toHaveLength(1);
  expect(manifests[0]).toMatchObject({ users: 100 });
  const { yamlAloneMs, validateYamlMs, validateCsvMs, validateCsvRssMb } = manifests[0];
  for (const number of [yamlAloneMs, validateYamlMs, validateCsvMs, validateCsvRssMb]) {
    expect(number).toBeGreaterThan(0);
  }
});
