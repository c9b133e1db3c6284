import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../src/cli/program.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

const untidy = 'users:\n    ann: {name: "Ann"}   # here\nversion: 1\n';
const tidy = "version: 1\n\nusers:\n  ann: { name: Ann } # here\n";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cometform-fmt-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

async function fmt(args: readonly string[] = [], input = "") {
  const terminal = openFakeTerminal({ cwd: folder, input });
  const exit = await run(["fmt", ...args], terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

test("an untidy file is rewritten and listed, a tidy one is not", async () => {
  put("cometform.yaml", untidy);
  expect(await fmt()).toEqual({ exit: 0, output: "cometform.yaml\n", notes: "" });
  expect(read("cometform.yaml")).toBe(tidy);
  const before = statSync(join(folder, "cometform.yaml")).ino;
  const again = await fmt();
  expect(again).toEqual({ exit: 0, output: "", notes: "1 file is canonical already.\n" });
  expect(statSync(join(folder, "cometform.yaml")).ino).toBe(before);
});

test("--check writes nothing and exits with 2 when a file would change", async () => {
  put("a.yaml", untidy);
  put("b.yaml", tidy);
  expect(await fmt(["--check", "."])).toEqual({
    exit: 2,
    output: "a.yaml\n",
    notes: "1 file is not in canonical form.\n",
  });
  expect(read("a.yaml")).toBe(untidy);
  expect(await fmt(["--check", "b.yaml"])).toMatchObject({ exit: 0, output: "" });
});

test("--diff shows what changes, without what is secret", async () => {
  put(
    "cometform.yaml",
    'users:\n  ann: { name: A, metadata: { "@private": { pin: "1234" } } }\nversion: 1\n',
  );
  const { exit, output } = await fmt(["--check", "--diff"]);
  expect(exit).toBe(2);
  expect(output).toContain("--- cometform.yaml\n+++ cometform.yaml\n@@ -1,3 +1,4 @@\n");
  expect(output).toContain("+version: 1\n");
  expect(output).not.toContain("1234");
});

test("- is from standard input to standard output", async () => {
  expect(await fmt(["-"], untidy)).toEqual({ exit: 0, output: tidy, notes: "" });
  expect(await fmt(["--check", "-"], untidy)).toMatchObject({
    exit: 2,
    output: "standard input\n",
  });
});

test("a file that is not valid YAML stays as it is, and the others do not wait for it", async () => {
  put("a.yaml", "version: [\n");
  put("b.yaml", untidy);
  const { exit, output, notes } = await fmt(["."]);
  expect({ exit, output }).toEqual({ exit: 3, output: "b.yaml\n" });
  expect(notes).toContain("not valid YAML");
  expect(read("a.yaml")).toBe("version: [\n");
  expect(read("b.yaml")).toBe(tidy);
});

test("permissions stay, and a link is followed", async () => {
  put("real.yaml", untidy);
  chmodSync(join(folder, "real.yaml"), 0o664);
  symlinkSync("real.yaml", join(folder, "cometform.yaml"));
  expect((await fmt()).exit).toBe(0);
  expect(lstatSync(join(folder, "cometform.yaml")).isSymbolicLink()).toBe(true);
  expect(read("real.yaml")).toBe(tidy);
  expect(statSync(join(folder, "real.yaml")).mode & 0o777).toBe(0o664);
});

test("a saved plan is no manifest, and stays as it is", async () => {
  const plan = '{"formatVersion":1,"changes":[],"steps":[],"digest":"x"}';
  put("plan.json", plan);
  expect((await fmt(["plan.json"])).exit).toBe(3);
  expect(read("plan.json")).toBe(plan);
});
