import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import {
  buildCli,
  type CliOptions,
  type CliResult,
  openWorkshop,
  root,
  runCli,
  type ServedApp,
  serveApp,
  type Workshop,
} from "../support/cli.ts";

const main = join(root, "dist", "cli", "main.js");
const small = "version: 1\nstack: acme\nusers: { alice: { name: Alice }, bob: { name: Bob } }\n";

let app: ServedApp;
let workshop: Workshop;

beforeAll(buildCli, 120_000);

beforeEach(async () => {
  app = await serveApp();
  workshop = openWorkshop();
});

afterEach(async () => {
  await app.close();
  workshop.dispose();
});

function run(args: readonly string[], options: Partial<CliOptions> = {}): Promise<CliResult> {
  return runCli(args, { cwd: workshop.folder, env: app.env, ...options });
}

const put = (name: string, text: string): void => writeFileSync(join(workshop.folder, name), text);

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

  test("1 when a plan cannot be saved", async () => {
    put("cometform.yaml", small);
    const { exit, stderr } = await run(["plan", "--out", "no/plan.json"]);
    expect({ exit, stderr }).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("no/plan.json cannot be written (ENOENT)"),
    });
  });

  test("4 when the plan is refused; nothing is sent or saved, and --json has the whole plan", async () => {
    put("cometform.yaml", "version: 1\nusers: { alice: { name: Alice, role: nobody } }\n");
    const { exit, stdout } = await run(["plan", "--out", "plan.json"]);
    expect(exit).toBe(4);
    expect(stdout).toContain("REFUSED  reference/missing");
    expect(existsSync(join(workshop.folder, "plan.json"))).toBe(false);
    const applied = await run(["apply", "--yes", "--json"]);
    expect(applied.exit).toBe(4);
    expect(JSON.parse(applied.stdout)).toMatchObject({
      formatVersion: 1,
      changes: [{}],
      steps: [{}],
    });
    expect((await app.takeLog()).filter((line) => !line.startsWith("GET "))).toEqual([]);
  });

  test("64 without a terminal and without --yes, before anything is read", async () => {
    for (const command of ["apply", "destroy"]) {
      const { exit, stdout, stderr } = await run([command]);
      expect({ exit, stdout }).toEqual({ exit: 64, stdout: "" });
      expect(stderr).toContain(`${command} asks before it changes anything`);
      expect(stderr).toContain("--yes");
    }
    expect(await app.takeLog()).toEqual([]);
  });
});

test("an interrupted apply finishes what is under way, says what is left, and can be run again", async () => {
  await app.close();
  app = await serveApp({ latencyMs: 150 });
  const users = Array.from({ length: 30 }, (_, index) => `u${index}: { name: U${index} }`);
  put("cometform.yaml", `version: 1\nusers: { ${users.join(", ")} }\n`);
  let isKilled = false;
  const { exit, stdout, stderr } = await run(["apply", "--yes", "--concurrency", "2", "--json"], {
    onError: (text, kill) => {
      if (!isKilled && text.includes("digest")) {
        isKilled = true;
        setTimeout(() => kill("SIGINT"), 700);
      }
    },
  });
  expect(exit).toBe(130);
  expect(stderr).toContain("Stopping: what is under way is finished");
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ interrupted: true, converged: false });
  expect(report.summary.applied).toBeGreaterThan(0);
  expect(report.summary.skipped).toBeGreaterThan(0);
  expect(report.summary.applied + report.summary.skipped).toBe(30);
  expect(await run(["apply", "--yes"])).toMatchObject({ exit: 0 });
  expect(await run(["plan", "--detailed-exitcode"])).toMatchObject({ exit: 0 });
});

test("--version answers in at most 2.5 times what an empty Node program takes", () => {
  const medianMs = (args: readonly string[]): number => {
    const times = Array.from({ length: 11 }, () => {
      const startMs = performance.now();
      spawnSync(process.execPath, args);
      return performance.now() - startMs;
    });
    return times.sort((a, b) => a - b)[5] ?? 0;
  };
  expect(medianMs([main, "--version"]) / medianMs(["-e", "0"])).toBeLessThan(2.5);
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
    cwd: workshop.folder,
    env: { PATH: process.env["PATH"], ...app.env },
  });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^app emulator \(us\) · vendor API .*\n0\n$/);
});

describe("manifests", () => {
  test("come from standard input, from folders, from several files and with variables", async () => {
    mkdirSync(join(workshop.folder, "deploy"));
    put("deploy/a.yaml", "version: 1\nusers: { alice: { name: '${FIRST}' } }\n");
    put("deploy/b.yml", "users: { bob: { name: '${SECOND:-Bob}' } }\n");
    put("values.yaml", "FIRST: Alice\n");
    const counted = "valid: 2 users\n";
    const folder = await run(["validate", "deploy", "--var-file", "values.yaml"]);
    expect(folder).toEqual({
      exit: 0,
      stdout: `deploy/a.yaml and deploy/b.yml are ${counted}`,
      stderr: "",
    });
    const files = ["-f", "deploy/a.yaml", "--file", "deploy/b.yml", "--var", "FIRST=x"];
    expect((await run(["validate", ...files])).stdout).toContain(counted);
    expect(await run(["validate", "-"], { input: small })).toEqual({
      exit: 0,
      stdout: `standard input is ${counted}`,
      stderr: "",
    });
    expect((await run(["validate", "--quiet", "-"], { input: small })).stdout).toBe("");
    const json = await run(["validate", "--json", "-"], { input: small });
    expect(JSON.parse(json.stdout)).toEqual({
      formatVersion: 1,
      valid: true,
      diagnostics: [],
      counts: { user: 2 },
    });
  });

  test("of an app that exists are exported, and planning with them changes nothing", async () => {
    put("cometform.yaml", small);
    await run(["apply", "--yes"]);
    const exported = await run(["export", "--out", "exported.yaml"]);
    expect(exported).toEqual({ exit: 0, stdout: "", stderr: "Saved to exported.yaml.\n" });
    const text = readFileSync(join(workshop.folder, "exported.yaml"), "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=.*\nversion: 1\n\s*stack: acme\n/);
    expect((await run(["export"])).stdout).toBe(text);
    expect(await run(["plan", "--detailed-exitcode", "exported.yaml"])).toMatchObject({ exit: 0 });
  });

  test("of an app whose webhooks cannot be read are exported without them, with a warning", async () => {
    const { COMETCHAT_MANAGEMENT_KEY: _, ...env } = app.env;
    const { exit, stdout, stderr } = await run(["export"], { env });
    expect(exit).toBe(0);
    expect(stdout).not.toContain("webhooks:");
    expect(stderr).toContain("webhooks are left out");
    expect(stderr).toContain("COMETCHAT_MANAGEMENT_KEY");
  });
});

describe("the emulator", () => {
  test("runs inside a command, keeps its app between runs, and needs no account", async () => {
    put("cometform.yaml", small);
    const options = { env: {} };
    expect(await run(["plan", "--emulator", "--detailed-exitcode"], options)).toMatchObject({
      exit: 2,
    });
    expect(await run(["apply", "--emulator", "--yes"], options)).toMatchObject({ exit: 0 });
    const again = await run(["plan", "--emulator", "--detailed-exitcode"], options);
    expect(again).toMatchObject({ exit: 0, stderr: "" });
    expect(readFileSync(join(workshop.folder, ".cometform/.gitignore"), "utf8")).toBe("*\n");
    const other = ["--emulator", "--emulator-data", "other.json", "--detailed-exitcode"];
    expect(await run(["plan", ...other], options)).toMatchObject({ exit: 2 });
    expect(await run(["destroy", "--emulator", "--yes"], options)).toMatchObject({ exit: 0 });
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "prints how to reach it and ends cleanly on %s",
    async (signal) => {
      let isUsed = false;
      const { exit, stdout, stderr } = await run(
        ["emulate", "--port", "0", "--memory", "--sample"],
        {
          env: {},
          onOutput: (text, kill) => {
            const url = /COMETCHAT_BASE_URL=(\S+)/.exec(text)?.[1];
            if (!isUsed && url !== undefined && text.includes("Ctrl-C")) {
              isUsed = true;
              void fetch(`${url}/users`, { headers: { apikey: "emulator-key" } })
                .then((response) => response.text())
                .then((body) => expect(body).toContain("cometchat-uid-1"))
                .finally(() => kill(signal));
            }
          },
        },
      );
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
      expect(stdout.replaceAll(/127\.0\.0\.1:\d+/g, "HOST")).toMatchInlineSnapshot(`
        "CometChat API emulator (vendor) on http://HOST/v3   management http://HOST
          key  emulator-key    data  in memory    quota  10,000 core / 20,000 standard a minute
          try  export COMETCHAT_APP_ID=emulator COMETCHAT_REGION=us COMETCHAT_API_KEY=emulator-key \\
                      COMETCHAT_BASE_URL=http://HOST/v3 COMETCHAT_MANAGEMENT_URL=http://HOST \\
                      COMETCHAT_MANAGEMENT_KEY=emulator-key COMETCHAT_MANAGEMENT_SECRET=emulator-secret
               cometform plan examples/cometchat.yaml
          stop with Ctrl-C
        "
      `);
    },
  );

  test("says so when its port is taken", async () => {
    const port = new URL(app.chatUrl).port;
    const { exit, stderr } = await run(["emulate", "--memory", "--port", port]);
    expect(exit).toBe(1);
    expect(stderr).toContain(`cannot start on 127.0.0.1:${port} (EADDRINUSE)`);
    expect(stderr).toContain("--port 0 picks a free port");
  });
});
