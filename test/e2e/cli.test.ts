import { execFile, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { hasTerminals, root, runAtTerminal, serveApp } from "../support/cli.ts";
import { setStage } from "../support/stage.ts";

const main = join(root, "dist", "cli", "main.js");
const small = "version: 1\nstack: acme\nusers: { alice: { name: Alice }, bob: { name: Bob } }\n";

const stage = setStage("each");

const { run, put } = stage;

describe("exit codes", () => {
  test("0 when there is nothing to do, 2 when changes are pending and that was asked", async () => {
    put("cometform.yaml", small);
    expect(await run(["plan", "--detailed-exitcode"])).toMatchObject({ exit: 2 });
    expect(await run(["plan"])).toMatchObject({ exit: 0 });
    expect(await run(["apply", "--yes"])).toMatchObject({ exit: 0 });
    expect(await run(["plan", "--detailed-exitcode"])).toMatchObject({ exit: 0 });
    const { exit, stdout } = await run(["apply", "--yes", "--json"]);
    expect({ exit, ...JSON.parse(stdout) }).toMatchObject({
      exit: 0,
      outcomes: [],
      converged: true,
    });
  });

  test("64 when a plan could not be saved, before anything is read", async () => {
    put("cometform.yaml", small);
    const { exit, stdout, stderr } = await run(["plan", "--out", "no/plan.json"]);
    expect({ exit, stdout, stderr }).toMatchObject({
      exit: 64,
      stdout: "",
      stderr: expect.stringContaining("no/plan.json cannot be written (ENOENT)"),
    });
  });

  test("4 when the plan is refused; nothing is sent or saved, and --json has the whole plan", async () => {
    put("cometform.yaml", "version: 1\nusers: { alice: { name: Alice, role: nobody } }\n");
    const { exit, stdout } = await run(["plan", "--out", "plan.json"]);
    expect(exit).toBe(4);
    expect(stdout).toContain("REFUSED  reference/missing");
    expect(existsSync(join(stage.folder, "plan.json"))).toBe(false);
    const applied = await run(["apply", "--yes", "--json"]);
    expect(applied.exit).toBe(4);
    expect(JSON.parse(applied.stdout)).toMatchObject({
      formatVersion: 1,
      changes: [{}],
      steps: [{}],
    });
    expect((await stage.app.takeLog()).filter((line) => !line.startsWith("GET "))).toEqual([]);
  });

  test("64 without a terminal and without --yes, before anything is read", async () => {
    for (const command of ["apply", "destroy"]) {
      const { exit, stdout, stderr } = await run([command]);
      expect({ exit, stdout }).toEqual({ exit: 64, stdout: "" });
      expect(stderr).toContain(`${command} asks before it changes anything`);
      expect(stderr).toContain("--yes");
    }
    expect(await stage.app.takeLog()).toEqual([]);
  });
});

test("an interrupted apply finishes what is under way, says what is left, and can be run again", async () => {
  const slow = await serveApp({ latencyMs: 150 });
  onTestFinished(slow.close);
  const { env } = slow;
  const users = Array.from({ length: 30 }, (_, index) => `u${index}: { name: U${index} }`);
  put("cometform.yaml", `version: 1\nusers: { ${users.join(", ")} }\n`);
  let isKilled = false;
  const { exit, stdout, stderr } = await run(
    ["apply", "--yes", "--bulk", "off", "--concurrency", "2", "--json"],
    {
      env,
      onError: (text, kill) => {
        if (!isKilled && text.includes("digest")) {
          isKilled = true;
          setTimeout(() => kill("SIGINT"), 700);
        }
      },
    },
  );
  expect(exit).toBe(130);
  expect(stderr).toContain("Stopping: what is under way is finished");
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ interrupted: true, converged: false });
  expect(report.summary.applied).toBeGreaterThan(0);
  expect(report.summary.skipped).toBeGreaterThan(0);
  expect(report.summary.applied + report.summary.skipped).toBe(30);
  expect(await run(["apply", "--yes"], { env })).toMatchObject({ exit: 0 });
  expect(await run(["plan", "--detailed-exitcode"], { env })).toMatchObject({ exit: 0 });
});

test.skipIf(!hasTerminals)(
  "at a terminal, changes are asked for, and Ctrl-C changes nothing",
  async () => {
    put("cometform.yaml", small);
    const options = { cwd: stage.folder, env: stage.app.env };
    const interrupted = await runAtTerminal(["apply"], ["\u0003"], options);
    expect(interrupted.exit).toBe(130);
    expect(interrupted.stdout).toContain("Interrupted. Nothing was changed.");
    const refused = await runAtTerminal(["apply"], ["y\n", "no\n"], options);
    expect(refused.exit).toBe(0);
    expect(refused.stdout).toContain("Please answer with the whole word");
    expect(refused.stdout).toContain("Nothing was changed.");
    expect((await stage.app.takeLog()).filter((line) => !line.startsWith("GET "))).toEqual([]);
    const applied = await runAtTerminal(["apply"], ["show calls\n", "yes\n"], options);
    expect(applied.exit).toBe(0);
    expect(applied.stdout).toContain("  1  POST /data_import/users  2 users: alice, bob");
    expect(applied.stdout).toContain("✓ 2 applied");
    const destroyed = await runAtTerminal(["destroy"], ["emulator\n"], options);
    expect(destroyed.exit).toBe(0);
  },
);

test("--version answers in at most 2.5 times what an empty Node program takes", () => {
  const timeMs = (args: readonly string[]): number => {
    const startMs = performance.now();
    spawnSync(process.execPath, args);
    return performance.now() - startMs;
  };
  // Taken in turns and at its best, so that what else the machine does counts for neither.
  const turns = Array.from({ length: 15 }, () => [
    timeMs([main, "--version"]),
    timeMs(["-e", "0"]),
  ]);
  const best = (column: number): number => Math.min(...turns.map((times) => times[column] ?? 0));
  expect(best(0) / best(1)).toBeLessThan(2.5);
});

test("the version is the package's, and help is there for every command", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const flag of ["--version", "-V"]) {
    expect(await run([flag])).toEqual({ exit: 0, stdout: `${version}\n`, stderr: "" });
  }
  const help = await run(["--help"]);
  for (const { name } of commands) {
    expect(help.stdout).toContain(`  ${name} `);
    expect(await run([name, "--help"])).toMatchObject({ exit: 0, stderr: "" });
  }
});

test("a reader that goes away, as head does, is no trouble", async () => {
  const users = Array.from({ length: 3000 }, (_, index) => `  u${index}: { name: U${index} }`);
  put("cometform.yaml", `version: 1\nusers:\n${users.join("\n")}\n`);
  const script = `"${process.execPath}" "${main}" plan --verbose | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await promisify(execFile)("bash", ["--norc", "-c", script], {
    cwd: stage.folder,
    env: { PATH: process.env["PATH"], ...stage.app.env },
  });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^app emulator \(us\) · vendor API .*\n0\n$/);
});
