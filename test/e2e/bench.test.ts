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
