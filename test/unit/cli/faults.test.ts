import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../src/cli/program.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cometform-"));
  put("cometform.yaml", "version: 1\nusers: { alice: { name: Alice }, bob: { name: Bob } }\n");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);

interface Result {
  readonly exit: number;
  readonly output: string;
  readonly notes: string;
}

async function call(line: string, signal = new AbortController().signal): Promise<Result> {
  const terminal = openFakeTerminal({ cwd: folder, signal });
  const exit = await run(line.split(" "), terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

test("a failure is rehearsed without an account, and mended by running again", async () => {
  const rule = { method: "POST", path: "/users", nth: 2, fault: "status", status: 400 };
  put("faults.json", JSON.stringify({ rules: [rule] }));
  const failed = await call("apply --emulator --bulk off --faults faults.json --yes --json");
  expect(failed).toMatchObject({ exit: 5 });
  expect(JSON.parse(failed.output)).toMatchObject({ summary: { applied: 1, failed: 1 } });
  expect(await call("apply --emulator --yes")).toMatchObject({ exit: 0 });
  expect(await call("plan --emulator --detailed-exitcode")).toMatchObject({ exit: 0 });
});

test("the command that applies a plan has the same faults", async () => {
  put("faults.json", '{"rules":[]}');
  const { exit, output } = await call("plan --emulator --faults faults.json");
  expect(exit).toBe(0);
  expect(output).toContain("Apply with: cometform apply --emulator --faults faults.json\n");
});

test("a file of faults that cannot be used stops the emulator, embedded or not", async () => {
  put("faults.json", '{"rules":[{"fault":"drop"},{"fault":"delay","ms":"long"}]}');
  for (const command of ["plan --emulator", "emulate --memory --port 0"]) {
    const wrong = await call(`${command} --faults faults.json`);
    expect(wrong).toMatchObject({ exit: 1, output: "" });
    expect(wrong.notes).toContain("faults.json: rules[1].ms must be a whole number from 0 to");
    const missing = await call(`${command} --faults none.json`);
    expect(missing).toMatchObject({ exit: 1, output: "" });
    expect(missing.notes).toContain("none.json cannot be read (ENOENT).");
  }
});

test("an emulator that gets things wrong says so when it starts", async () => {
  put("faults.json", '{"rules":[]}');
  const { exit, output } = await call(
    "emulate --memory --port 0 --faults faults.json",
    AbortSignal.abort(),
  );
  expect(exit).toBe(0);
  expect(output).toContain("\n  gets wrong what faults.json says\n");
});
