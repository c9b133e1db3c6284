import { beforeEach, describe, expect, test, vi } from "vitest";
import { run as call } from "../../src/cli/program.ts";
import type { Plan } from "../../src/model/plan.ts";
import { type CliResult, hasTerminals, runAtTerminal } from "../support/cli.ts";
import { setStage } from "../support/stage.ts";
import { openFakeTerminal } from "../support/terminal.ts";

const manifest = [
  "version: 1",
  "stack: acme",
  "users: { alice: { name: Alice }, bob: { name: Bob } }",
  "groups:",
  "  lobby: { name: Lobby, type: public, members: { participants: [bob] } }",
  "",
].join("\n");

const stage = setStage("each");

beforeEach(async () => {
  put("cometform.yaml", manifest);
  await stage.app.send("POST", "/users", { uid: "alice", name: "Al", tags: ["cometform:acme"] });
});

const { put } = stage;

function run(...args: readonly string[]): Promise<CliResult> {
  const env = { ...stage.app.env, DEN_PASSWORD: "canaryDen" };
  return stage.run(args, { env });
}

async function writesSince(work: () => Promise<unknown>): Promise<readonly string[]> {
  await stage.app.takeLog();
  await work();
  return (await stage.app.takeLog()).filter((line) => !line.startsWith("GET "));
}

async function planned(...args: readonly string[]): Promise<Plan> {
  return JSON.parse((await run("plan", "--json", ...args)).stdout);
}

describe("apply with the digest of the plan that was reviewed", () => {
  const expecting = (digest: string) => run("apply", "--yes", "--expect-digest", digest);

  test("applies that plan, although somebody signed up meanwhile whom it does not touch", async () => {
    const { digest } = await planned();
    await stage.app.send("POST", "/users", { uid: "zoe", name: "Zoe" });
    await stage.app.send("POST", "/groups", { guid: "theirs", name: "Theirs", type: "public" });
    expect(await expecting(digest)).toMatchObject({ exit: 0 });
    expect(await run("plan", "--detailed-exitcode")).toMatchObject({ exit: 0 });
  });

  test("applies no other one: nothing is sent, and the new plan is shown", async () => {
    const { digest } = await planned();
    const other = digest.startsWith("0") ? `1${digest.slice(1)}` : `0${digest.slice(1)}`;
    const writes = await writesSince(async () => {
      const { exit, stdout, stderr } = await expecting(other);
      expect(exit).toBe(7);
      expect(stdout).toContain(`digest ${digest}`);
      expect(stderr).toContain(digest);
    });
    expect(writes).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      "a user it changes was changed",
      () => stage.app.send("PUT", "/users/alice", { name: "Ally" }),
    ],
    [
      "a user it creates is there",
      () => stage.app.send("POST", "/users", { uid: "bob", name: "Bob" }),
    ],
    ["the manifest says something else", async () => put("cometform.yaml", `${manifest}roles: {}`)],
    [
      "the manifest gained a protection",
      async () => put("cometform.yaml", `${manifest}policy: { protect: [users] }\n`),
    ],
  ])("applies nothing once %s", async (_, change) => {
    const { digest } = await planned();
    await change();
    expect(
      await writesSince(async () => {
        expect(await expecting(digest)).toMatchObject({ exit: 7 });
      }),
    ).toEqual([]);
  });

  test("applies nothing where other flags would make the same changes", async () => {
    const { digest } = await planned();
    for (const flags of [
      ["--only", "*"],
      ["--allow", "delete:user=9"],
      ["--prune", "users=none"],
    ]) {
      const refused = await run("apply", "--yes", "--expect-digest", digest, ...flags);
      expect(refused).toMatchObject({ exit: 7 });
    }
    expect(await expecting(digest)).toMatchObject({ exit: 0 });
  });
});

describe("a saved plan", () => {
  test("is applied once: the second time names what is not as it saw it", async () => {
    await run("plan", "--out", "plan.json");
    expect(await run("apply", "--yes", "plan.json")).toMatchObject({ exit: 0 });
    const writes = await writesSince(async () => {
      const { exit, stderr } = await run("apply", "--yes", "plan.json");
      expect(exit).toBe(7);
      for (const address of ["user/alice", "user/bob", "group/lobby"]) {
        expect(stderr).toContain(`${address}  not as the plan saw it`);
      }
    });
    expect(writes).toEqual([]);
  });

  test("is applied once, even if all it does is to write a password again", async () => {
    const den = "groups: { den: { name: Den, type: password, password: '${DEN_PASSWORD}' } }\n";
    put("cometform.yaml", `version: 1\n${den}`);
    expect(await run("apply", "--yes")).toMatchObject({ exit: 0 });
    // The service tells times in whole seconds, and by nothing else that something was written.
    await new Promise((done) => setTimeout(done, 1_100));
    const again = ["--write-secret", "group/den#password", "--out", "plan.json"];
    expect(await run("plan", ...again)).toMatchObject({ exit: 0 });
    expect(await run("apply", "--yes", "plan.json")).toMatchObject({ exit: 0 });
    const writes = await writesSince(async () => {
      const { exit, stderr } = await run("apply", "--yes", "plan.json");
      expect(exit).toBe(7);
      expect(stderr).toContain("group/den  not as the plan saw it");
    });
    expect(writes).toEqual([]);
  });

  test("that is stale, applied or refused is shown all the same", async () => {
    const { stdout } = await run("plan", "--out", "plan.json");
    const shown = stdout.replace(/\nApply with: .*\n$/, "");
    await run("apply", "--yes", "plan.json");
    await stage.app.send("DELETE", "/users/alice", { permanent: true });
    expect(await run("show", "plan.json")).toMatchObject({ exit: 0, stdout: shown });
    put("cometform.yaml", "version: 1\nusers: { bob: { role: nobody } }\n");
    put("refused.json", (await run("plan", "--json")).stdout);
    const refused = await run("show", "refused.json");
    expect(refused.exit).toBe(0);
    expect(refused.stdout).toContain("REFUSED  reference/missing");
  });

  test("that is refused is exit 4, and not even asked about", async () => {
    put("cometform.yaml", "version: 1\nusers: { alice: { role: nobody } }\n");
    const { exit, stdout } = await run("plan", "--json", "--out", "plan.json");
    expect(exit).toBe(4);
    put("plan.json", stdout);
    await stage.app.takeLog();
    const applied = await run("apply", "--yes", "plan.json");
    expect(applied.exit).toBe(4);
    expect(applied.stdout).toContain("REFUSED  reference/missing");
    expect(await stage.app.takeLog()).toEqual([]);
  });

  type Edit = (plan: Plan) => object;
  const first = (plan: Plan, of: "changes" | "steps", edit: object) => ({
    [of]: plan[of].map((one, i) => (i === 0 ? { ...one, ...edit } : one)),
  });
  const edits: [string, Edit][] = [
    ["which app", ({ provider }) => ({ provider: { ...provider, appId: "other" } })],
    ["which region", ({ provider }) => ({ provider: { ...provider, region: "eu" } })],
    ["which dialect", ({ provider }) => ({ provider: { ...provider, dialect: "collection" } })],
    ["whose stack", () => ({ stack: "other" })],
    ["the mode", () => ({ mode: "destroy" })],
    ["the manifest", () => ({ manifestDigest: "0".repeat(64) })],
    ["the scope", () => ({ scope: null })],
    [
      "what the scope leaves out",
      ({ scope }) => ({ scope: scope && { ...scope, except: ["user/zoe"] } }),
    ],
    ["a lifted budget", ({ overrides }) => ({ overrides: { ...overrides, allow: [] } })],
    ["a prune mode", ({ overrides }) => ({ overrides: { ...overrides, prune: {} } })],
    ["a take-over", ({ overrides }) => ({ overrides: { ...overrides, takeOver: ["user/alice"] } })],
    ["the summary", ({ summary }) => ({ summary: { ...summary, delete: 0, update: 2 } })],
    ["the number of calls", ({ calls }) => ({ calls: { ...calls, total: 1 } })],
    ["what a change is", (plan) => first(plan, "changes", { action: "delete" })],
    ["whose mark is written", (plan) => first(plan, "changes", { mark: "other" })],
    ["how far a change can be taken back", (plan) => first(plan, "changes", { reversal: "lossy" })],
    ["the attributes of a change", (plan) => first(plan, "changes", { attributes: [] })],
    [
      "a call",
      (plan) => first(plan, "steps", { call: { ...plan.steps[0]?.call, path: "/users/x" } }),
    ],
    [
      "what a call sends",
      (plan) => first(plan, "steps", { call: { ...plan.steps[0]?.call, body: {} } }),
    ],
    [
      "how far a call can be taken back",
      (plan) => first(plan, "steps", { reversal: "irreversible" }),
    ],
    ["what a call waits for", (plan) => first(plan, "steps", { needs: ["user/zoe"] })],
    ["the number of steps", ({ steps }) => ({ steps: steps.slice(1) })],
    [
      "what it saw",
      ({ preImages }) => ({ preImages: { ...preImages, "user/bob": "0".repeat(64) } }),
    ],
    ["that it sees nothing", () => ({ preImages: {} })],
    ["that it may be applied", () => ({ applicable: false })],
    ["whose members are all declared", () => ({ authoritative: ["group/lobby"] })],
    ["the digest", () => ({ digest: "0".repeat(64) })],
    ["what is left alone", () => ({ kept: ["user/zoe"] })],
    ["what is protected", ({ summary }) => ({ summary: { ...summary, protected: 7 } })],
    ["how much was read", ({ reads }) => ({ reads: { ...reads, complete: false } })],
    ["where a change stands", (plan) => first(plan, "changes", { source: undefined })],
    [
      "the words of a warning",
      () => ({ diagnostics: [{ severity: "warning", code: "a/b", summary: "All is well" }] }),
    ],
    ["how much is beyond the scope", ({ scope }) => ({ scope: scope && { ...scope, beyond: 9 } })],
    ["the checksum", () => ({ checksum: "0".repeat(64) })],
    ["that there is a checksum", () => ({ checksum: undefined })],
  ];

  test("is not applied after any part of it was edited by hand, one at a time", async () => {
    const flags = ["--except", "user/eve", "--prune", "users=owned", "--allow", "delete:user=2"];
    const plan = await planned(...flags);
    expect(plan.applicable).toBe(true);
    const writes = await writesSince(async () => {
      for (const [what, edit] of edits) {
        const edited = { ...plan, ...edit(plan) };
        expect(edited, what).not.toEqual(plan);
        put("plan.json", JSON.stringify(edited));
        const { exit, stderr } = await run("apply", "--yes", "plan.json");
        expect({ what, exit }).toEqual({ what, exit: 7 });
        expect(stderr).toContain("plan.json was edited by hand or damaged");
      }
    });
    expect(writes).toEqual([]);
    put("plan.json", JSON.stringify(plan));
    expect(await run("apply", "--yes", "plan.json")).toMatchObject({ exit: 0 });
  });

  test("is no manifest: another command does not run it", async () => {
    await run("plan", "--out", "plan.json");
    await stage.app.takeLog();
    for (const command of ["destroy", "plan"]) {
      const yes = command === "destroy" ? ["--yes"] : [];
      expect(await run(command, ...yes, "plan.json")).toMatchObject({ exit: 3 });
    }
    expect(await stage.app.takeLog()).toEqual([]);
  });
});

describe("an app", () => {
  test("that was changed while the question was open is not written to", async () => {
    const now = performance.now.bind(performance);
    let skippedMs = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + skippedMs);
    const terminal = openFakeTerminal({
      cwd: stage.folder,
      environment: stage.app.env,
      ask: async () => {
        await stage.app.send("PUT", "/users/alice", { name: "Meanwhile" });
        skippedMs = 11_000;
        return "yes";
      },
    });
    try {
      const writes = await writesSince(async () => {
        expect(await call(["apply"], terminal, "0.1.0")).toBe(7);
      });
      expect(writes).toEqual(['PUT /v3/users/alice {"name":"Meanwhile"} 200']);
      expect(terminal.notes()).toContain("user/alice  not as the plan saw it");
    } finally {
      clock.mockRestore();
    }
  });
});

describe("what takes down everything", () => {
  const ids = Array.from({ length: 12 }, (_, i) => `user-${10 + i}`);

  beforeEach(async () => {
    const users = ids.map((id) => `  ${id}: { name: U }\n`).join("");
    put("cometform.yaml", `version: 1\nstack: acme\nusers:\n${users}`);
    await stage.app.send("DELETE", "/users/alice", { permanent: true });
    expect(await run("apply", "--yes", "--quiet")).toMatchObject({ exit: 0 });
  });

  const atTerminal = (answer: string): Promise<CliResult> =>
    runAtTerminal(["destroy"], [answer], { cwd: stage.folder, env: stage.app.env });

  test.skipIf(!hasTerminals)(
    "asks for the app's id, and takes nothing else for a yes",
    async () => {
      for (const answer of ["yes\n", "\n", "emulato\n", "EMULATOR\n"]) {
        const writes = await writesSince(async () => {
          const { stdout } = await atTerminal(answer);
          expect(stdout).toContain("This deletes 12 objects of app emulator (us). Type emulator");
          expect(stdout).toContain("Nothing was changed.");
        });
        expect(writes).toEqual([]);
      }
      const { exit, stdout } = await atTerminal("emulator\n");
      expect(exit).toBe(0);
      expect(stdout).toContain("12 applied");
    },
  );

  test("has no budgets, while an emptied section has them", async () => {
    expect(await run("plan")).toMatchObject({ exit: 0 });
    put("empty.yaml", "version: 1\nstack: acme\nusers: {}\n");
    const { exit, stdout } = await run("apply", "--yes", "empty.yaml");
    expect(exit).toBe(4);
    expect(stdout).toContain("all 12 owned users would be deactivated");
    expect(stdout).toContain("--allow delete:user=12");
    expect(await run("destroy", "--yes")).toMatchObject({ exit: 0 });
  });

  test.each(["apply", "destroy", "plan"])(
    "cannot be forced: %s has no --force",
    async (command) => {
      await stage.app.takeLog();
      const yes = command === "plan" ? [] : ["--yes"];
      const { exit, stdout, stderr } = await run(command, ...yes, "--force");
      expect({ exit, stdout }).toEqual({ exit: 64, stdout: "" });
      expect(stderr).toContain("Unknown option '--force'");
      expect(stderr).toContain("what a budget refuses is allowed by name, --allow");
      expect(await stage.app.takeLog()).toEqual([]);
    },
  );
});
