import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../../src/cli/program.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { digestPlan, sealPlan } from "../../../src/planner/digest.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

const manifest = [
  "version: 1",
  "stack: acme",
  "users: { alice: { name: Alice }, bob: { name: Bob }, carol: { name: Carol } }",
  "groups:",
  "  lobby: { name: Lobby, type: public, owner: alice, members: { participants: [bob] } }",
  "",
].join("\n");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cometform-"));
  put("cometform.yaml", manifest);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const planIn = (name: string): Plan => JSON.parse(readFileSync(join(folder, name), "utf8"));

interface Result {
  readonly exit: number;
  readonly output: string;
  readonly notes: string;
}

/** Runs a command line in this process, against an emulator that keeps its app in the folder. */
async function call(...args: readonly string[]): Promise<Result> {
  const terminal = openFakeTerminal({ cwd: folder });
  const words = args.flatMap((text) => text.split(" "));
  const exit = await run(words, terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

const noPlan = (): Promise<Result> => call("plan --emulator --detailed-exitcode --quiet");

describe("flags that shape a plan", () => {
  test("are in the plan, and in the command that applies it", async () => {
    const flags =
      "--only users --only group/lob* --except user/carol --prune users=none --allow delete:user=3";
    const { exit, output } = await call(`plan --emulator ${flags}`);
    expect(exit).toBe(0);
    expect(output).toContain("limited to ");
    expect(output).toContain("for this plan only: prune users=none · allow delete:user=3\n");
    expect(output).toContain(
      "Apply with: cometform apply --emulator --only users --only 'group/lob*' --except user/carol --prune users=none --allow delete:user=3\n",
    );
    expect(output).not.toContain("+ user/carol");
    const plan: Plan = JSON.parse((await call(`plan --emulator --json ${flags}`)).output);
    expect(plan).toMatchObject({
      scope: { only: ["group/lob*", "users"], except: ["user/carol"] },
      overrides: { prune: { users: "none" }, allow: ["delete:user=3"], takeOver: [] },
    });
  });

  test("are part of a saved plan, and cannot be added to it", async () => {
    const saved = await call("plan --emulator --only user/alice --out plan.json");
    expect(saved.output).toContain("Apply with: cometform apply --emulator plan.json\n");
    for (const flag of [
      "--only users",
      "--except users",
      "--prune users=all",
      "--allow delete:user=3",
      "--take-over user/bob",
      "--write-secret group/vault#password",
      "--bulk off",
    ]) {
      const { exit, output, notes } = await call(`apply --emulator --yes ${flag} plan.json`);
      expect({ exit, output }).toEqual({ exit: 64, output: "" });
      expect(notes).toContain(`${flag} comes too late for a saved plan: it is applied as it is`);
    }
    expect(await call("apply --emulator --yes plan.json")).toMatchObject({ exit: 0 });
    const { output } = await call("plan --emulator");
    expect(output).not.toContain("user/alice");
    expect(output).toContain("+ user/bob");
  });

  test("limit a destroy", async () => {
    await call("apply --emulator --yes --quiet");
    const destroyed = await call("destroy --emulator --yes --only user/carol");
    expect(destroyed).toMatchObject({ exit: 0 });
    expect(destroyed.output).toContain("limited to user/carol");
    const { output } = await call("plan --emulator --verbose");
    expect(output).toContain("user/carol");
    expect(output).not.toContain("user/bob");
  });

  test.each([
    "plan --emulator --prune users",
    "apply --emulator --yes --allow delete:user",
    "plan --emulator --take-over user/nobody",
    "destroy --emulator --yes --only alice",
    "apply --emulator --yes --expect-digest abc",
    "destroy --emulator --yes --prune users=all",
  ])("%s is wrong usage, and reaches no app", async (line) => {
    expect(await call(line)).toMatchObject({ exit: 64, output: "" });
  });

  test("a digest is taken whole only", async () => {
    const digits = "a".repeat(63);
    for (const text of [digits, `${digits}A`, `${digits}g`]) {
      expect((await call(`apply --emulator --yes --expect-digest ${text}`)).notes).toContain(
        "It must be a whole digest",
      );
    }
  });
});

describe("apply with an expected digest", () => {
  test("applies the plan that was seen, and no other one", async () => {
    const { digest } = JSON.parse((await call("plan --emulator --json")).output) as Plan;
    const other = "0".repeat(64);
    const refused = await call(`apply --emulator --yes --expect-digest ${other}`);
    expect(refused.exit).toBe(7);
    expect(refused.output).toContain("Plan: 5 to create");
    expect(refused.notes).toContain("This is not the plan that was reviewed; nothing was applied");
    expect(refused.notes).toContain(digest);
    expect(refused.notes).toContain(other);
    expect(await noPlan()).toMatchObject({ exit: 2 });
    const applied = await call(`apply --emulator --yes --expect-digest ${digest}`);
    expect(applied).toMatchObject({ exit: 0 });
    const again = await call(`apply --emulator --yes --json --expect-digest ${digest}`);
    expect(again.exit).toBe(7);
    expect(JSON.parse(again.output)).toMatchObject({
      formatVersion: 1,
      diagnostics: [{ severity: "error", code: "plan/other-digest" }],
    });
    expect(again.notes).toContain("6 objects match");
  });

  test("applies a saved plan with that digest, and no other one", async () => {
    await call("plan --emulator --quiet --out plan.json");
    const { digest } = planIn("plan.json");
    const other = "0".repeat(64);
    const refused = await call(`apply --emulator --yes --expect-digest ${other} plan.json`);
    expect(refused).toMatchObject({ exit: 7, output: "" });
    expect(refused.notes).toContain(digest);
    expect(refused.notes).toContain("Name the saved plan that was meant");
    expect(await noPlan()).toMatchObject({ exit: 2 });
    const applied = await call(`apply --emulator --yes --expect-digest ${digest} plan.json`);
    expect(applied).toMatchObject({ exit: 0 });
  });
});

describe("a saved plan", () => {
  test("that is refused is shown and not applied, whatever the app has become", async () => {
    put("cometform.yaml", "version: 1\nusers: { alice: { name: A, role: nobody } }\n");
    put("plan.json", (await call("plan --emulator --json")).output);
    const { exit, output } = await call("apply --yes plan.json");
    expect(exit).toBe(4);
    expect(output).toContain("REFUSED");
    const json = await call("apply --yes --json plan.json");
    expect(json.exit).toBe(4);
    expect(JSON.parse(json.output)).toEqual(planIn("plan.json"));
    expect(await call("show plan.json")).toMatchObject({ exit: 0, output });
  });

  test("that says it must not be applied is not, even if no reason is left", async () => {
    await call("plan --emulator --quiet --out plan.json");
    const { digest: _, ...rest } = { ...planIn("plan.json"), applicable: false };
    put("plan.json", JSON.stringify(sealPlan({ ...rest, digest: digestPlan(rest) })));
    const { exit, output } = await call("apply --yes plan.json");
    expect(exit).toBe(4);
    expect(output).toContain("REFUSED  plan/not-applicable");
  });

  test("that was edited where the digest does not look is not applied, but shown", async () => {
    await call("plan --emulator --quiet --out plan.json");
    put("plan.json", JSON.stringify({ ...planIn("plan.json"), kept: ["user/somebody"] }));
    expect(await call("show plan.json")).toMatchObject({
      exit: 0,
      notes: expect.stringContaining("plan.json was edited since it was written"),
    });
    expect((await call("apply --emulator --yes plan.json")).exit).toBe(7);
  });

  test("is not applied beside a manifest that it was not made from", async () => {
    await call("plan --emulator --quiet --out plan.json");
    put("other.yaml", "version: 1\nusers: {}\n");
    expect((await call("apply --emulator --yes plan.json other.yaml")).exit).toBe(7);
    put("second.json", JSON.stringify(planIn("plan.json")));
    expect((await call("apply --emulator --yes plan.json second.json")).exit).toBe(3);
    expect((await call("apply --emulator --yes plan.json cometform.yaml")).exit).toBe(0);
  });

  test("is no manifest, and is told what it is for", async () => {
    await call("plan --emulator --quiet --out plan.json");
    put("report.json", (await call("apply --emulator --yes --json plan.json")).output);
    for (const line of ["plan --emulator", "validate", "destroy --emulator --yes"]) {
      const { exit, output, notes } = await call(`${line} plan.json`);
      expect({ exit, output }).toEqual({ exit: 3, output: "" });
      expect(notes).toContain("plan.json is a saved plan, not a manifest");
      expect(notes).toContain(
        "Apply it: cometform apply plan.json. Or look at it: cometform show plan.json.",
      );
    }
    const { exit, notes } = await call("validate report.json");
    expect(exit).toBe(3);
    expect(notes).toContain("report.json is the report of an apply, not a manifest");
    const mixed = await call("apply --emulator --yes cometform.yaml plan.json");
    expect(mixed.exit).toBe(3);
    expect(mixed.notes).toContain("plan.json is a saved plan, not a manifest");
    put("cut.json", JSON.stringify(planIn("plan.json")).slice(0, 300));
    expect((await call("plan --emulator cut.json")).notes).toContain(
      "cut.json is part of a saved plan or report, or of another format, not a manifest",
    );
    expect(JSON.parse((await call("validate --json plan.json")).output)).toMatchObject({
      valid: false,
      diagnostics: [{ code: "manifest/not-a-manifest" }],
    });
  });
});
