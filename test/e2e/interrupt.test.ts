import { beforeEach, describe, expect, test } from "vitest";
import type { StampedRecord } from "../../src/model/journal.ts";
import type { Report } from "../../src/model/report.ts";
import { type CliResult, hasTerminals, runAtTerminal } from "../support/cli.ts";
import { recordsIn } from "../support/journal.ts";
import { setStage } from "../support/stage.ts";

const stage = setStage("each");
const people = Array.from({ length: 12 }, (_, index) => [`user-${index}`, { name: "Somebody" }]);
// One call for each user, so that there is something to interrupt.
const apply = ["apply", "--yes", "--json", "--bulk", "off", "--concurrency"];

beforeEach(() => {
  const users = Object.fromEntries(people);
  stage.put("cometform.yaml", JSON.stringify({ version: 1, stack: "acme", users }));
});

function setFaults(...rules: readonly object[]): Promise<unknown> {
  return stage.app.send("POST", "/_emulator/faults", { seed: 1, rules });
}

const slowWrites = (ms: number) => ({ method: "POST", fault: "delay", when: "after", ms });

interface Interrupted extends CliResult {
  /** When the signals were sent, in milliseconds since 1970. */
  readonly sentMs: readonly number[];
  readonly endedMs: number;
}

/** Runs a command line and sends it signals, the first so long after it has said this. */
async function interrupt(
  args: readonly string[],
  said: RegExp,
  signals: readonly (readonly [NodeJS.Signals, afterMs: number])[],
): Promise<Interrupted> {
  const sentMs: number[] = [];
  let isArmed = false;
  const result = await stage.run(args, {
    env: { ...stage.app.env, HOME: stage.folder },
    onError: (text, kill) => {
      if (isArmed || !said.test(text)) return;
      isArmed = true;
      let waitMs = 0;
      for (const [signal, afterMs] of signals) {
        waitMs += afterMs;
        setTimeout(() => {
          sentMs.push(Date.now());
          kill(signal);
        }, waitMs);
      }
    },
  });
  return { ...result, sentMs, endedMs: Date.now() };
}

function intentsOf(records: readonly StampedRecord[]): readonly string[] {
  return records.flatMap((record) => (record.type === "intent" ? record.addresses : []));
}

function answeredIn(records: readonly StampedRecord[]): readonly string[] {
  return records.flatMap((record) =>
    record.type === "outcome" ? record.rows.map(({ address }) => address) : [],
  );
}

async function committed(): Promise<number> {
  const log = (await stage.app.send("GET", "/_emulator/log")) as { readonly committed: boolean }[];
  return log.filter((entry) => entry.committed).length;
}

async function expectFinished(): Promise<void> {
  await setFaults();
  const resumed = await stage.run(["apply", "--resume", "--json"]);
  const { converged, summary }: Report = JSON.parse(resumed.stdout);
  expect({ exit: resumed.exit, converged, ...summary }).toEqual({
    ...{ exit: 0, converged: true, applied: 12, failed: 0, skipped: 0, unknown: 0 },
  });
  expect(await committed(), "nothing is done twice").toBe(12);
}

describe("the first interrupt", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "lets what is under way finish, begins nothing, reports, and --resume goes on: %s",
    async (signal) => {
      await setFaults(slowWrites(700));
      const result = await interrupt([...apply, "2"], /digest/, [[signal, 1_000]]);
      const { exit, sentMs, stderr } = result;
      expect(exit).toBe(130);
      expect(stderr).toContain("Stopping: what is under way is finished, nothing new is sent.");
      const report: Report = JSON.parse(result.stdout);
      const records = recordsIn(stage.folder);
      const late = records.filter(
        ({ type, at }) => type === "intent" && Date.parse(at) > (sentMs[0] ?? 0) + 250,
      );
      expect(late, "no call begins after the signal").toEqual([]);
      expect(intentsOf(records)).toEqual(answeredIn(records));
      expect(await committed()).toBe(report.summary.applied);
      expect(report.summary.applied).toBeGreaterThan(0);
      expect(report.summary.skipped).toBe(12 - report.summary.applied);
      expect(report).toMatchObject({ interrupted: true, converged: false });
      expect(records.at(-1)).toMatchObject({ type: "end", report: { interrupted: true } });
      await expectFinished();
    },
  );

  test("counts once where it comes twice at the same time, as package runners send it", async () => {
    await setFaults(slowWrites(700));
    const signals = [["SIGINT", 1_000] as const, ["SIGINT", 20] as const];
    const { exit, stdout } = await interrupt([...apply, "2"], /digest/, signals);
    expect(exit).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ interrupted: true });
  });

  test("ends the wait for the quota", async () => {
    const args = [...apply, "1", "--quota", "core=12"];
    const { exit, stdout, sentMs, endedMs } = await interrupt(args, /digest/, [["SIGINT", 1_500]]);
    expect(exit).toBe(130);
    // The quota lets the next call out after a minute only.
    expect(endedMs - (sentMs[0] ?? 0)).toBeLessThan(30_000);
    const { summary, interrupted }: Report = JSON.parse(stdout);
    expect({ interrupted, done: summary.applied === (await committed()) }).toEqual({
      interrupted: true,
      done: true,
    });
    await expectFinished();
  });

  test("ends the second look, and says what was done", async () => {
    await setFaults({ path: "/users**", fault: "lag", ms: 60_000 });
    const { exit, stdout, sentMs, endedMs } = await interrupt([...apply, "16"], /digest/, [
      ["SIGINT", 2_000],
    ]);
    expect(exit).toBe(130);
    expect(endedMs - (sentMs[0] ?? 0)).toBeLessThan(1_500);
    const report: Report = JSON.parse(stdout);
    expect(report).toMatchObject({ interrupted: true, converged: false });
    expect(report.summary).toEqual({ applied: 12, failed: 0, skipped: 0, unknown: 0 });
    await expectFinished();
  });

  test("ends the wait for somebody else's run", async () => {
    await setFaults(slowWrites(600));
    const other = stage.run([...apply, "1"], { env: { ...stage.app.env, HOME: stage.folder } });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const waiting = interrupt([...apply, "1", "--lock-timeout", "10m"], /Waiting until/, [
      ["SIGINT", 700],
    ]);
    const { exit, stdout, stderr } = await waiting;
    expect({ exit, stdout }).toEqual({ exit: 130, stdout: "" });
    expect(stderr).toContain("Interrupted. Nothing was changed.");
    expect(await other).toMatchObject({ exit: 0 });
    expect(await committed()).toBe(12);
  });

  test.skipIf(!hasTerminals)("at the prompt changes nothing", async () => {
    const { exit, stdout } = await runAtTerminal(["apply"], [String.fromCharCode(3)], {
      cwd: stage.folder,
      env: stage.app.env,
    });
    expect(exit).toBe(130);
    expect(stdout).toContain("Interrupted. Nothing was changed.");
    expect(await committed()).toBe(0);
  });
});

describe("the second interrupt", () => {
  test("ends at once, says where to look, and --resume finds out what came of it", async () => {
    await setFaults(slowWrites(60_000));
    const signals = [["SIGINT", 1_000] as const, ["SIGINT", 400] as const];
    const { exit, stdout, stderr, sentMs, endedMs } = await interrupt(
      [...apply, "3"],
      /digest/,
      signals,
    );
    expect({ exit, stdout }).toEqual({ exit: 130, stdout: "" });
    // The answers come after a minute only.
    expect(endedMs - (sentMs[1] ?? 0)).toBeLessThan(20_000);
    expect(stderr).toMatch(
      /Stopped at once\. \.cometform\/journal\/\S+\.ndjson tells what was under way; cometform apply --resume goes on with it\.\n$/,
    );
    const records = recordsIn(stage.folder);
    expect(records.filter(({ type }) => type === "end")).toEqual([]);
    const answered = answeredIn(records);
    const open = intentsOf(records).filter((address) => !answered.includes(address));
    expect(open.length).toBeGreaterThan(0);
    expect(await committed()).toBe(open.length);
    await expectFinished();
  });
});
