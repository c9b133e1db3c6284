import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../../src/cli/program.ts";
import { formatManifest } from "../../../src/manifest/format.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cometform-init-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const read = (name: string): string => readFileSync(join(folder, name), "utf8");

async function call(line: string) {
  const terminal = openFakeTerminal({ cwd: folder });
  const exit = await run(line.split(" "), terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

test("the starter is valid at once, canonical, and can be applied to an emulated app", async () => {
  expect(await call("init --stack 007")).toEqual({
    exit: 0,
    output: "",
    notes: "Created cometform.yaml. See what it would do: cometform plan --emulator\n",
  });
  const text = read("cometform.yaml");
  expect(text).toContain('\nstack: "007"\n');
  expect(formatManifest({ file: "m.yaml", text }, cometchat.schema)).toMatchObject({ value: text });
  expect((await call("validate")).output).toContain("1 role, 2 users, 1 group");
  expect((await call("apply --yes --emulator")).exit).toBe(0);
  expect((await call("plan --detailed-exitcode --emulator")).exit).toBe(0);
});

describe("nothing is replaced", () => {
  test.each([
    ["cometform.yaml", "init"],
    ["cometform.yml", "init"],
    ["my.yaml", "init my.yaml"],
    ["my.yaml", "init --from-app --emulator my.yaml"],
  ])("not %s by %s", async (file, line) => {
    writeFileSync(join(folder, file), "mine");
    const { exit, notes } = await call(line);
    expect(exit).toBe(64);
    expect(notes).toContain(`${file} is there already: it is left as it is`);
    expect(read(file)).toBe("mine");
    expect(existsSync(join(folder, ".cometform"))).toBe(false);
  });
});

test("- is standard output", async () => {
  const { exit, output } = await call("init -");
  expect({ exit, start: output.slice(0, 22) }).toEqual({
    exit: 0,
    start: "# yaml-language-server",
  });
  expect(existsSync(join(folder, "cometform.yaml"))).toBe(false);
});

test("a name that no stack can have is refused", async () => {
  const { exit, notes } = await call("init --stack Acme!");
  expect(exit).toBe(64);
  expect(notes).toContain("Acme! cannot be a stack's name");
});

test.each(["vendor", "collection"])(
  "what an app has is described with comments, privately, and plans empty in the %s dialect",
  async (dialect) => {
    const app = `--emulator --dialect ${dialect}`;
    await call("init starter.yaml");
    expect((await call(`apply --yes ${app} starter.yaml`)).exit).toBe(0);
    expect(await call(`init --from-app ${app}`)).toMatchObject({ exit: 0, output: "" });
    const text = read("cometform.yaml");
    expect(text).toContain("# What the app has. cometform plan finds nothing to do");
    expect(text).toContain("\nstack: my-app\n");
    expect(text).toContain("# By uid.");
    expect(formatManifest({ file: "m.yaml", text }, cometchat.schema)).toMatchObject({
      value: text,
    });
    expect(statSync(join(folder, "cometform.yaml")).mode & 0o777).toBe(0o600);
    expect((await call(`plan --detailed-exitcode ${app}`)).exit).toBe(0);
  },
);
