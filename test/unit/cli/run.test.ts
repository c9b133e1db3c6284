import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import type { Flags } from "../../../src/cli/flags.ts";
import type { Journal } from "../../../src/cli/journal-file.ts";
import { run } from "../../../src/cli/program.ts";
import { runPlan } from "../../../src/cli/run.ts";
import type { RunRecord, StampedRecord } from "../../../src/model/journal.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { connectTo, createApp } from "../../support/in-process.ts";
import { load, planIt } from "../../support/manifest.ts";
import { openFakeTerminal } from "../../support/terminal.ts";
import { ONE_USER, useWorkshop } from "../../support/workshop.ts";

const workshop = useWorkshop(ONE_USER);

/** Runs a plan of one call with a journal in memory, which ends with `trouble`. */
async function runOnce(flags: Flags, trouble?: string) {
  const session = await connectTo(createApp("vendor"));
  const plan = await planIt(session, load({ version: 1, users: { ann: { name: "Ann" } } }));
  const terminal = openFakeTerminal({ cwd: workshop.folder });
  const context = { command: "apply", flags, operands: [], terminal, version: "1.2.3" };
  const at = "2026-11-23T08:15:00.000Z";
  const begin = { type: "begin", formatVersion: 1, run: "r1", plan } as const;
  const records: StampedRecord[] = [{ at, ...begin }];
  const kept: RunRecord["type"][] = [];
  const keep = async (record: RunRecord): Promise<void> => {
    kept.push(record.type);
    if (trouble !== undefined && record.type === "end") throw new Error(trouble);
    records.push({ at, ...record });
  };
  const journal: Journal = {
    run: "r1",
    file: "journal.ndjson",
    records,
    note: (record) => void records.push({ at, ...record }),
    intend: keep,
    keep,
    close: async () => trouble,
  };
  let hasBegun = false;
  const result = await runPlan(
    { ...context, paint: plainPaint, notePaint: plainPaint } as Context,
    { plan, secrets: new Map(), session },
    {
      begin: async () => {
        hasBegun = true;
        return journal;
      },
    },
  ).catch((error: Error) => error);
  return { result, kept, hasBegun, notes: terminal.notes() };
}

async function call(line: string) {
  const { folder } = workshop;
  const terminal = openFakeTerminal({ cwd: folder, environment: { HOME: folder } });
  const exit = await run(line.split(" "), terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

const converged = { report: { converged: true, summary: { applied: 1 } } };
const incomplete =
  "The journal journal.ndjson is not complete (ENOSPC): the report below is all that is known.\n";

describe("the end of a run", () => {
  test("is kept, not only written", async () => {
    const { result, kept } = await runOnce({ quiet: true });
    expect(result).toMatchObject({ ...converged, hasReceipt: true });
    expect(kept).toEqual(["intent", "end"]);
  });

  test("is told with what the journal does not have, and nothing is hidden for that", async () => {
    const { result, notes } = await runOnce({ quiet: true, receipt: "r.json" }, "ENOSPC");
    expect(result).toMatchObject({ ...converged, hasReceipt: true });
    expect(notes).toBe(incomplete);
    expect(existsSync(join(workshop.folder, "r.json"))).toBe(true);
  });

  test("does not send anybody from the receipt to a journal that has no more", async () => {
    const { result, notes } = await runOnce({ quiet: true, receipt: "none/r.json" }, "ENOSPC");
    expect(result).toMatchObject({ ...converged, hasReceipt: false });
    expect(notes).toBe(`${incomplete}The receipt none/r.json cannot be written.\n`);
  });

  test("is not a good one without the receipt that was asked for", async () => {
    // Only when it is renamed does it turn out that no file can have such a name.
    const file = "r".repeat(300);
    const { exit, output, notes } = await call(`apply --emulator --yes --receipt ${file}`);
    expect(exit).toBe(1);
    expect(output).toContain("exit 1");
    expect(notes).toMatch(/The receipt r+ cannot be written; .* has all that is in it\./);
  });
});

describe("events that cannot be written", () => {
  test("keep a run from beginning, so that no empty one hides another", async () => {
    const { result, hasBegun } = await runOnce({ quiet: true, events: "none/e.ndjson" });
    expect(result).toMatchObject({ exit: 1, message: "none/e.ndjson cannot be written (ENOENT)" });
    expect(hasBegun).toBe(false);
  });

  test.each([
    ["none/e.ndjson", 1, "cannot be written"],
    ["here", 1, "here cannot be written (EISDIR)"],
    ["cometform.yaml", 64, "is not ours to replace"],
  ])("are told of before anything is read: %s", async (file, exit, reason) => {
    mkdirSync(join(workshop.folder, "here"));
    const before = readFileSync(join(workshop.folder, "cometform.yaml"), "utf8");
    const line = `apply --emulator --yes --events ${file}`;
    for (const args of [line, `${line} --resume`]) {
      const result = await call(args);
      expect(result).toMatchObject({ exit, output: "" });
      expect(result.notes).toContain(reason);
    }
    expect(readdirSync(workshop.folder).sort()).toEqual(["cometform.yaml", "here"]);
    expect(readFileSync(join(workshop.folder, "cometform.yaml"), "utf8")).toBe(before);
  });
});
