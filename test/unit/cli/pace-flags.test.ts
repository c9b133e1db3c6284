import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatTime } from "../../../src/cli/pace-flags.ts";
import { run } from "../../../src/cli/program.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { digestPlan, isSealed } from "../../../src/planner/digest.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

/** More users than two calls a minute create in ten. */
const users = Array.from({ length: 30 }, (_, i) => `  u${i}: { name: U }`);
const manifest = ["version: 1", "users:", ...users, ""].join("\n");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cometform-"));
  writeFileSync(join(folder, "cometform.yaml"), manifest);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function call(line: string) {
  const terminal = openFakeTerminal({ cwd: folder, width: 100 });
  const exit = await run(line.split(" "), terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

const planOf = (text: string): Plan => JSON.parse(text) as Plan;
const slow = "--bulk off --quota core=2 --quota-share 100%";

describe("the pace of a plan", () => {
  test("follows from the quota that is stated and the share of it, and is told", async () => {
    const { output } = await call(
      `plan --emulator --bulk off --quota standard=20000,core=5 --quota-share 40`,
    );
    expect(output).toContain(
      "      about 14 to 15 min at 2 core calls a minute (40 % of 5, stated), 50 to 250 ms a call\n",
    );
    expect(output).toContain(
      "Apply with: cometform apply --emulator --quota-share 40% --quota standard=20000,core=5 --bulk off\n",
    );
  });

  test("is not told where there is hardly anything to wait for", async () => {
    expect((await call("plan --emulator")).output).not.toContain("about");
  });

  test("is no part of the plan, as long as nothing may go out in bulk", async () => {
    const fast = planOf((await call("plan --emulator --json --bulk off")).output);
    expect(planOf((await call(`plan --emulator --json ${slow}`)).output)).toEqual(fast);
    const enough = await call(`plan --emulator --json ${slow} --max-duration 1h`);
    expect(enough.exit).toBe(0);
    expect(planOf(enough.output)).toEqual(fast);
  });

  test("decides what goes out in bulk, where the quotas are short, and the plan says so", async () => {
    const roomy = planOf((await call("plan --emulator --json")).output);
    expect(roomy.calls).toMatchObject({ total: 1, import: 1, lowerBound: 1, split: null });
    const many = Array.from({ length: 400 }, (_, i) => `  u${i}: { name: U }`);
    writeFileSync(join(folder, "cometform.yaml"), ["version: 1", "users:", ...many, ""].join("\n"));
    const short = "--quota core=100,import=2 --quota-share 100";
    const { calls } = planOf((await call(`plan --emulator --json ${short}`)).output);
    const split = { minutes: 2, fewestMinutes: 4 };
    expect(calls).toEqual({ total: 204, core: 200, standard: 0, import: 4, lowerBound: 8, split });
    const { output } = await call(`plan --emulator ${short}`);
    expect(output).toContain(
      [
        "      204 calls (200 core, 4 import): 2 minutes of quota, the shortest possible",
        "      (8 calls would be the fewest, and take 4)",
        "",
      ].join("\n"),
    );
  });

  test.each([
    ["--quota-share 0", "It must be a whole percentage from 1 to 100, like 80%."],
    ["--quota-share 101%", "It must be a whole percentage from 1 to 100, like 80%."],
    ["--quota-share half", "It must be a whole percentage from 1 to 100, like 80%."],
    ["--quota 500", "It must be core=N, standard=N, import=N or some of them"],
    ["--quota core=0", "It must be core=N, standard=N, import=N or some of them"],
    ["--quota core=1,core=2", "It must be core=N, standard=N, import=N or some of them"],
    ["--quota other=1", "It must be core=N, standard=N, import=N or some of them"],
    ["--max-duration 10", "It must be a time like 90s, 10m or 1h30m."],
    ["--max-duration 0s", "It must be a time like 90s, 10m or 1h30m."],
    ["--max-duration 1m1h", "It must be a time like 90s, 10m or 1h30m."],
  ])("%s is wrong usage", async (flag, expected) => {
    const { exit, output, notes } = await call(`plan --emulator ${flag}`);
    expect({ exit, output }).toEqual({ exit: 64, output: "" });
    expect(notes.replaceAll(/\s+/g, " ")).toContain(expected);
  });

  test("is another matter than the quota of an emulator", async () => {
    const { exit, notes } = await call("plan --emulator --quota build");
    expect(exit).toBe(64);
    expect(notes).toContain("It must be core=N, standard=N, import=N or some");
    const twice = await call("emulate --quota import=5,import=6");
    expect(twice.exit).toBe(64);
    expect(twice.notes.replaceAll(/\s+/g, " ")).toContain(
      "It must be build, default, a number of calls a minute, or core=N, standard=N and import=N with commas between them.",
    );
  });
});

test.each([
  [90_000, "1m30s"],
  [5_400_000, "1h30m"],
  [36_000_000, "10h"],
])("%d ms is written as %s", (ms, expected) => {
  expect(formatTime(ms)).toBe(expected);
});

describe("with a maximal duration", () => {
  test("a plan that cannot fit is refused, with the reason and a way out, and not saved", async () => {
    const { exit, output, notes } = await call(
      `plan --emulator ${slow} --max-duration 10m --out plan.json`,
    );
    expect(exit).toBe(4);
    expect(output.slice(output.indexOf("REFUSED"))).toBe(
      [
        "REFUSED  plan/too-long: the plan takes about 14 to 15 min, and --max-duration allows 10m",
        "         That is at 2 core calls a minute (100 % of 2, stated), 50 to 250 ms a call.",
        "         Give it more time, --max-duration 15m, or apply it in parts with --only. If the app's plan",
        "         allows more, state it: --quota core=N.",
        "",
      ].join("\n"),
    );
    expect(notes).toContain("Not saved to plan.json: the plan is refused.");
    expect(readdirSync(folder)).not.toContain("plan.json");
  });

  test("as JSON the refused plan is whole, and of one piece with its digest", async () => {
    const fit = planOf((await call("plan --emulator --json --bulk off")).output);
    const { exit, output } = await call(`plan --emulator --json ${slow} --max-duration 90s`);
    expect(exit).toBe(4);
    const plan = planOf(output);
    expect(plan).toMatchObject({ applicable: false, diagnostics: [{ code: "plan/too-long" }] });
    expect(plan.steps).toEqual(fit.steps);
    const { digest, ...rest } = plan;
    expect([isSealed(plan), digestPlan(rest)]).toEqual([true, digest]);
    expect(digest).not.toBe(fit.digest);
  });

  test("apply sends nothing of it, whether the plan is fresh, saved or expected", async () => {
    await call("plan --emulator --bulk off --quiet --out plan.json");
    const { digest } = planOf(readFileSync(join(folder, "plan.json"), "utf8"));
    for (const what of [
      "cometform.yaml",
      "plan.json",
      `--expect-digest ${digest} cometform.yaml`,
    ]) {
      const pace = what === "plan.json" ? slow.replace("--bulk off ", "") : slow;
      const line = `apply --emulator --yes ${pace} --max-duration 1m ${what}`;
      const { exit, output, notes } = await call(line);
      expect(exit).toBe(4);
      expect(output).toContain("REFUSED  plan/too-long");
      expect(notes).toContain("Nothing was applied.");
    }
    expect((await call("plan --emulator --detailed-exitcode")).exit).toBe(2);
    const applied = await call("apply --emulator --yes --max-duration 1m plan.json");
    expect(applied.exit).toBe(0);
    const destroyed = await call("destroy --emulator --yes --quota core=1 --max-duration 30s");
    expect(destroyed.exit).toBe(4);
    expect((await call("plan --emulator --detailed-exitcode")).exit).toBe(0);
  });
});
