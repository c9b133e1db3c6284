import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../src/cli/program.ts";
import { toReceipt } from "../../../src/executor/receipt.ts";
import { isSealed, seal } from "../../../src/planner/digest.ts";
import { openWorkshop, type Workshop } from "../../support/cli.ts";
import { type RecordedRun, recordRun } from "../../support/recorded-run.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

let workshop: Workshop;
let recorded: RecordedRun;

beforeEach(async () => {
  workshop = openWorkshop();
  recorded = await recordRun("refusal");
  put("receipt.json", JSON.stringify(seal(toReceipt(recorded.records))));
  const lines = recorded.records.map((record) => JSON.stringify(record));
  put("journal.ndjson", `${lines.join("\n")}\n`);
  put("cut.ndjson", `${lines.slice(0, 6).join("\n")}\n{"at":"2026-07`);
});

afterEach(() => workshop.dispose());

function put(name: string, text: string): void {
  writeFileSync(join(workshop.folder, name), text);
}

async function call(line: string) {
  const terminal = openFakeTerminal({ cwd: workshop.folder });
  const exit = await run(line.split(" "), terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

test("a receipt is shown, and one that was edited says so", async () => {
  const shown = await call("show receipt.json");
  expect(shown).toMatchObject({ exit: 0, notes: "" });
  expect(shown.output).toContain("✗ 2 failed");
  put("edited.json", JSON.stringify({ ...seal(toReceipt(recorded.records)), converged: true }));
  const edited = await call("show edited.json");
  expect(edited).toMatchObject({
    exit: 0,
    notes: "edited.json was edited since it was written.\n",
  });
});

test("a journal is shown with the places of its plan, finished or not", async () => {
  const ended = await call("show journal.ndjson");
  expect(ended).toMatchObject({ exit: 0, notes: "" });
  expect(ended.output).not.toContain("did not finish");
  const cut = await call("show cut.ndjson");
  expect(cut).toMatchObject({ exit: 0, notes: "" });
  expect(cut.output).toMatch(
    /\nThis run did not finish: .* of 6 steps done.*--resume\s+finishes\s+it\.\n$/s,
  );
});

test("as JSON a journal is its receipt, sealed", async () => {
  for (const file of ["journal.ndjson", "receipt.json"]) {
    const { exit, output } = await call(`show --json ${file}`);
    const receipt = JSON.parse(output);
    expect([exit, isSealed(receipt)]).toEqual([0, true]);
    expect(receipt).toEqual(JSON.parse(JSON.stringify(seal(toReceipt(recorded.records)))));
  }
});

test("what tells of a run is neither planned from nor applied", async () => {
  for (const file of ["receipt.json", "journal.ndjson"]) {
    const what = file === "receipt.json" ? "the receipt of a run" : "the journal of a run";
    const planned = await call(`plan --emulator ${file}`);
    expect(planned.exit).toBe(3);
    expect(planned.notes).toContain(`${file} is ${what}, not a manifest`);
    const applied = await call(`apply --yes --emulator ${file}`);
    expect(applied.exit).toBe(7);
    expect(applied.notes).toContain(`${file} is ${what}, not a plan`);
  }
});
