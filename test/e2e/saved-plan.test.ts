import { copyFileSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeEach, describe, expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { type CliResult, root, runCli } from "../support/cli.ts";
import { setStage } from "../support/stage.ts";

const manifest = [
  "version: 1",
  "users: { alice: { name: Alice } }",
  "groups:",
  "  vault: { name: Vault, type: password, password: '${VAULT_PASSWORD}' }",
  "",
].join("\n");

const stage = setStage("each");

beforeEach(async () => {
  put("cometform.yaml", manifest);
});

function run(
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<CliResult> {
  const variables = { ...stage.app.env, VAULT_PASSWORD: "canaryVault", ...env };
  return runCli(args, { cwd: stage.folder, env: variables });
}

const { put, read } = stage;

async function savePlan(...args: readonly string[]): Promise<Plan> {
  expect(await run(["plan", "--quiet", "--out", "plan.json", ...args])).toMatchObject({ exit: 0 });
  return JSON.parse(read("plan.json"));
}

async function expectStale(args: readonly string[], ...messages: readonly string[]): Promise<void> {
  await stage.app.takeLog();
  const { exit, stdout, stderr } = await run(["apply", "--yes", ...args]);
  expect({ exit, stdout }).toEqual({ exit: 7, stdout: "" });
  for (const message of messages) {
    expect(stderr).toContain(message);
  }
  expect((await stage.app.takeLog()).filter((line) => !line.startsWith("GET "))).toEqual([]);
  const json = await run(["apply", "--yes", "--json", ...args]);
  const { formatVersion, diagnostics, ...rest } = JSON.parse(json.stdout);
  expect([json.exit, formatVersion, rest]).toEqual([7, 1, {}]);
  expect(diagnostics[0]).toMatchObject({ severity: "error" });
}

test("a saved plan is what --json prints, is private, follows its schema and is applied as it is", async () => {
  const plan = await savePlan();
  expect(JSON.parse((await run(["plan", "--json"])).stdout)).toEqual(plan);
  expect(statSync(join(stage.folder, "plan.json")).mode & 0o777).toBe(0o600);
  const schema = JSON.parse(readFileSync(join(root, "schemas", "plan.schema.json"), "utf8"));
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  expect(validate(plan) || validate.errors).toBe(true);
  const shown = await run(["show", "plan.json"]);
  expect(shown.stdout).toBe((await run(["plan"])).stdout.replace(/\nApply with: .*\n$/, ""));
  expect(JSON.parse((await run(["show", "--json", "plan.json"])).stdout)).toEqual(plan);
  const applied = await run(["apply", "--yes", "--json", "plan.json"]);
  const report = JSON.parse(applied.stdout);
  expect({ exit: applied.exit, report }).toMatchObject({
    exit: 0,
    report: {
      formatVersion: 1,
      summary: { applied: plan.changes.length, failed: 0, skipped: 0, unknown: 0 },
      calls: { sent: plan.calls.total, retried: 0, throttled: 0 },
      converged: true,
      residue: [],
    },
  });
  expect(report.outcomes.map(({ address }: { address: string }) => address).sort()).toEqual(
    plan.changes.map(({ address }) => address).sort(),
  );
  put("report.json", applied.stdout);
  expect((await run(["show", "report.json"])).stdout).toContain("everything is as planned");
  expect(await run(["plan", "--detailed-exitcode"])).toMatchObject({ exit: 0 });
});

describe("a saved plan is not applied", () => {
  test("after the app has changed; each object is named", async () => {
    await savePlan();
    await stage.app.send("POST", "/users", { uid: "alice", name: "Somebody else" });
    await expectStale(["plan.json"], "The app has changed", "user/alice  not as the plan saw it");
    expect(await run(["show", "plan.json"])).toMatchObject({ exit: 0 });
  });

  test("after it was edited, cut off or damaged", async () => {
    const plan = await savePlan();
    put("plan.json", JSON.stringify(plan).replace('"Alice"', '"Mallory"'));
    await expectStale(["plan.json"], "edited by hand or damaged");
    put("plan.json", JSON.stringify(plan).slice(0, 300));
    await expectStale(["plan.json"], "it is cut off, or was edited");
    put("plan.json", JSON.stringify({ ...plan, steps: [{}] }));
    await expectStale(["plan.json"], "parts of it are missing");
    put("plan.json", JSON.stringify({ ...plan, formatVersion: 9 }));
    await expectStale(["plan.json"], "its format 9 is not known");
    put("plan.json", JSON.stringify({ ...plan, tool: { ...plan.tool, version: "9.9.9" } }));
    await expectStale(["plan.json"], "was made by cometform 9.9.9");
  });

  test("to another app or region", async () => {
    await savePlan();
    const message = "The saved plan is for app emulator, but --app-id says other";
    await expectStale(["plan.json", "--app-id", "other"], message);
    await expectStale(["plan.json", "--region", "eu"], "for region us, but --region says eu");
  });

  test("with other write-only values than those it was made with", async () => {
    await savePlan();
    renameSync(join(stage.folder, "cometform.yaml"), join(stage.folder, "moved.yaml"));
    expect(await run(["apply", "--yes", "plan.json"])).toMatchObject({ exit: 7 });
    put("cometform.yaml", manifest.replace("Alice", "Alicia"));
    await expectStale(["plan.json"], "The manifest is not the one the plan was made from");
    const moved = await run(["apply", "--yes", "plan.json", "-f", "moved.yaml"]);
    expect(moved).toMatchObject({ exit: 0 });
  });

  test("when it is the report of an apply", async () => {
    put("report.json", (await run(["apply", "--yes", "--json"])).stdout);
    await expectStale(["report.json"], "report.json is the report of an apply, not a plan");
  });
});

test("a plan from a folder finds its write-only values, even if some files have no changes", async () => {
  mkdirSync(join(stage.folder, "deploy"));
  copyFileSync(join(stage.folder, "cometform.yaml"), join(stage.folder, "deploy", "a.yaml"));
  put("deploy/b.yaml", "roles: {}\n");
  await savePlan("deploy");
  expect(await run(["apply", "--yes", "plan.json"])).toMatchObject({ exit: 0 });
});

test("an apply that cannot do everything is exit 5, and says what failed and where", async () => {
  await stage.app.send("POST", "/users", { uid: "bob", name: "Bob" });
  await stage.app.send("POST", "/groups", { guid: "lobby", name: "Lobby", type: "public" });
  put(
    "cometform.yaml",
    "version: 1\ngroups:\n  lobby: { name: Hall, members: { participants: [bob] } }\n",
  );
  await savePlan();
  // Nothing that the plan writes to changes, but somebody it needs is gone.
  await stage.app.send("DELETE", "/users/bob", { permanent: true });
  const { exit, stdout } = await run(["apply", "--yes", "plan.json"]);
  expect(exit).toBe(5);
  expect(stdout).toContain("✓ 1 applied in ");
  expect(stdout).toContain("✗ 1 failed\n    membership/lobby:bob  ERR_UID_NOT_FOUND");
  expect(stdout).toContain("(cometform.yaml:3)");
  expect(stdout).toContain("Read again: 1 object still differs. Not converged.");
});

test("what is secret is in no output and in no file", async () => {
  const secrets = {
    VAULT_PASSWORD: "canaryVault",
    HOOK_PASSWORD: "canaryHook",
    PRIVATE: "canaryPrivate",
  };
  put(
    "cometform.yaml",
    [
      manifest
        .replace(
          "name: Alice",
          "name: Alice, metadata: { '@private': { pin: '${PRIVATE}', x: canaryLiteral } }",
        )
        .trimEnd(),
      "webhooks:",
      "  audit:",
      "    url: https://a.example",
      "    triggers: [message_sent]",
      "    basicAuth: { username: bot, password: '${HOOK_PASSWORD}' }",
      "",
    ].join("\n"),
  );
  const keys = { COMETCHAT_API_KEY: "canary-key", COMETCHAT_MANAGEMENT_SECRET: "canary-secret" };
  const results = [
    await run(["validate"], secrets),
    await run(["plan", "--verbose", "--out", "plan.json"], secrets),
    await run(["plan", "--json"], secrets),
    await run(["show", "--verbose", "plan.json"]),
    await run(["apply", "--yes", "--verbose", "plan.json"], secrets),
    await run(["apply", "--yes", "--json"], secrets),
    await run(["export"], secrets),
    await run(["plan"], { ...secrets, ...keys }),
    await run(["plan"], { HOOK_PASSWORD: "not valid canaryHook", PRIVATE: "canaryPrivate" }),
    await run(["destroy", "--yes", "--verbose"], secrets),
  ];
  expect(results.map(({ exit }) => exit)).toEqual([0, 0, 0, 0, 0, 0, 0, 6, 3, 0]);
  expect(JSON.stringify(results)).not.toContain("canary");
  expect(read("plan.json")).not.toContain("canary");
  expect(read("plan.json")).toContain('"$secret": "group/vault#password"');
});

test("a plan never replaces a file that somebody wrote", async () => {
  put("mine.yaml", "version: 1\nusers: {}\n");
  const { exit, stderr } = await run(["plan", "--out", "mine.yaml"]);
  expect(exit).toBe(64);
  expect(stderr).toContain("mine.yaml is there already, and is not ours to replace");
  expect(read("mine.yaml")).toBe("version: 1\nusers: {}\n");
  await savePlan();
  await savePlan();
});

test("a plan of one dialect is not applied in another", async () => {
  await savePlan();
  await expectStale(["--dialect", "collection", "plan.json"], "vendor dialect", "--dialect says");
});

test("the command that applies a plan names the same app and values", async () => {
  const { stdout } = await run([
    "plan",
    "--app-id",
    "emulator",
    "--dialect",
    "vendor",
    "--var",
    "A=b",
  ]);
  expect(stdout).toContain(
    "Apply with: cometform apply --app-id emulator --dialect vendor --var A=…",
  );
});
