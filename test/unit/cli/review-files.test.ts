import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { run } from "../../../src/cli/program.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { openWorkshop, type Workshop } from "../../support/cli.ts";
import { headlineOf, pageHeadOf } from "../../support/review/read-back.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

const manifest = [
  "version: 1",
  "stack: acme",
  "users: { alice: { name: Alice }, bob: { name: Bob } }",
  "groups:",
  "  lobby: { name: Lobby, type: public, owner: alice, members: { participants: [bob] } }",
  "",
].join("\n");

// The first run of a form loads what it takes.
vi.setConfig({ testTimeout: 30_000 });

let workshop: Workshop;

beforeEach(() => {
  workshop = openWorkshop();
  put("cometform.yaml", manifest);
});

afterEach(() => workshop.dispose());

const put = (name: string, text: string): void => writeFileSync(join(workshop.folder, name), text);
const read = (name: string): string => readFileSync(join(workshop.folder, name), "utf8");

async function call(line: string) {
  const terminal = openFakeTerminal({ cwd: workshop.folder });
  const exit = await run(line.split(" "), terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

const files = "--markdown plan.md --html plan.html --json-file whole.json";

describe("plan", () => {
  test("writes all of its forms in one run, beside what it shows, and they agree", async () => {
    const { exit, output, notes } = await call(`plan --emulator ${files}`);
    expect(exit).toBe(0);
    expect(output).toContain("Plan: 4 to create, 0 to update, 0 to delete");
    expect(notes).toBe("Saved to whole.json.\nSaved to plan.html.\nSaved to plan.md.\n");
    const plan: Plan = JSON.parse(read("whole.json"));
    const counts = { create: 4, update: 0, delete: 0 };
    expect(plan.summary).toMatchObject(counts);
    expect(headlineOf(read("plan.md"))).toEqual(counts);
    expect(pageHeadOf(read("plan.html"))).toEqual(counts);
    const next = `cometform apply --emulator --expect-digest ${plan.digest}`;
    for (const file of ["plan.md", "plan.html"]) expect(read(file)).toContain(next);
    expect(read("plan.md").split("\n", 1)).toEqual(["<!-- cometform:plan acme -->"]);
    for (const file of ["plan.md", "plan.html", "whole.json"]) {
      expect(statSync(join(workshop.folder, file)).mode & 0o777).toBe(0o600);
    }
  });

  test("asks nothing of the app where a file could not be written in the end", async () => {
    put("file", "");
    for (const flag of ["--markdown", "--html", "--json-file", "--out"]) {
      for (const [place, code] of [
        ["none/x", "ENOENT"],
        ["file/x", "ENOTDIR"],
      ]) {
        const { exit, output, notes } = await call(`plan --emulator ${flag} ${place}`);
        expect({ exit, output }).toEqual({ exit: 64, output: "" });
        expect(notes).toContain(`${place} cannot be written (${code})`);
      }
    }
    const { exit, notes } = await call("apply --emulator --yes --receipt none/r.json");
    expect({ exit, notes }).toEqual({
      exit: 64,
      notes: expect.stringContaining("file/unwritable"),
    });
  });

  test("replaces what it wrote before, and nothing else", async () => {
    await call(`plan --emulator ${files}`);
    expect(await call(`plan --emulator ${files}`)).toMatchObject({ exit: 0 });
    for (const flag of ["--markdown", "--html", "--json-file"]) {
      put("notes.txt", "mine\n");
      const { exit, notes } = await call(`plan --emulator ${flag} notes.txt`);
      expect(exit).toBe(64);
      expect(notes).toContain(`Name another file for ${flag}.`);
      expect(read("notes.txt")).toBe("mine\n");
    }
  });

  test("prints the comment and nothing else where its file is -", async () => {
    const { exit, output } = await call("plan --emulator --markdown -");
    expect(exit).toBe(0);
    expect(output.startsWith("<!-- cometform:plan acme -->\n### Plan: **+ 4** to create")).toBe(
      true,
    );
    expect(output).not.toContain("Apply with:");
  });

  test("writes a refused plan as well, which says so, and exits with 4", async () => {
    put("cometform.yaml", "version: 1\nusers: { alice: { name: Alice, role: nobody } }\n");
    expect(await call(`plan --emulator ${files}`)).toMatchObject({ exit: 4 });
    expect(JSON.parse(read("whole.json"))).toMatchObject({ applicable: false });
    expect(read("plan.md")).toContain("> **Refused** `reference/missing`");
    expect(read("plan.html")).toContain("This plan is refused");
    for (const file of ["plan.md", "plan.html"])
      expect(read(file)).not.toContain("cometform apply");
  });

  test.each([
    ["--markdown a --html a", "--html and --markdown both want a"],
    ["--out a --json-file a", "--json-file and --out both want a"],
    ["--json --markdown -", "--json and --markdown - both want standard output"],
    ["--html -", "- is no file that could be written"],
  ])("refuses %s, before anything is read", async (flags, message) => {
    const { exit, notes } = await call(`plan --emulator ${flags}`);
    expect(exit).toBe(64);
    expect(notes).toContain(message);
    expect(existsSync(join(workshop.folder, ".cometform"))).toBe(false);
  });
});

test("apply writes what it is about to do, before it asks", async () => {
  const { exit, notes } = await call(`apply --emulator --yes ${files}`);
  expect(exit).toBe(0);
  expect(notes).toContain("Saved to plan.md.");
  expect(headlineOf(read("plan.md"))).toEqual({ create: 4, update: 0, delete: 0 });
  const printed = await call("apply --emulator --yes --markdown -");
  expect(printed).toMatchObject({ exit: 64, output: "" });
  expect((await call(`apply --emulator --resume ${files}`)).exit).toBe(64);
});

describe("show", () => {
  test("writes the forms of a saved plan, with the command that applies it", async () => {
    await call("plan --emulator --out plan.json");
    expect(await call(`show plan.json ${files}`)).toMatchObject({ exit: 0 });
    expect(read("plan.md")).toContain("cometform apply plan.json");
    expect(JSON.parse(read("whole.json"))).toEqual(JSON.parse(read("plan.json")));
  });

  test("says where there is no plan to write", async () => {
    const report = await call("apply --emulator --yes --json");
    put("report.json", report.output);
    const { exit, notes } = await call("show report.json --html plan.html");
    expect(exit).toBe(64);
    expect(notes).toContain("--html writes a plan, and report.json is none");
  });
});

describe("graph", () => {
  test("draws a saved plan, or one made anew, in each of its formats", async () => {
    await call("plan --emulator --out plan.json");
    const mermaid = await call("graph plan.json");
    expect(mermaid).toMatchObject({ exit: 0, output: (await call("graph --emulator")).output });
    expect(mermaid.output.split("\n").slice(0, 4)).toEqual([
      "flowchart LR",
      '  n1["#43; 2 users<br>POST /data_import/users"]:::create',
      '  n2["#43; group/lobby and 1 more<br>POST /groups"]:::create',
      "  n1 --> n2",
    ]);
    expect((await call("graph --format dot plan.json")).output).toMatch(/^digraph plan \{\n/);
    expect((await call("graph --format svg plan.json")).output).toContain(
      '<svg xmlns="http://www.w3.org/2000/svg"',
    );
  });

  test("takes the format from the ending, and refuses one that does not go with it", async () => {
    await call("plan --emulator --out plan.json");
    for (const [name, begin] of [
      ["g.svg", "<?xml"],
      ["g.dot", "digraph plan {"],
      ["g.gv", "digraph plan {"],
      ["g.mmd", "flowchart LR"],
      ["g.md", "```mermaid\nflowchart LR"],
    ] as const) {
      for (const _ of ["anew", "again"]) {
        expect(await call(`graph --out ${name} plan.json`)).toMatchObject({ exit: 0 });
      }
      expect(read(name).startsWith(begin)).toBe(true);
    }
    const { exit, notes } = await call("graph --format dot --out other.svg plan.json");
    expect({ exit, notes }).toEqual({ exit: 64, notes: expect.stringContaining("cli/format") });
    expect(existsSync(join(workshop.folder, "other.svg"))).toBe(false);
  });

  test("says that there is nothing to do, or nothing that it could draw", async () => {
    put("none.yaml", "version: 1\n");
    for (const format of ["mermaid", "dot", "svg"]) {
      const { output } = await call(`graph --emulator --format ${format} none.yaml`);
      expect(output).toContain("nothing to do");
    }
    put("e.json", "{}");
    const { exit, notes } = await call("graph --emulator e.json");
    expect({ exit, notes }).toEqual({
      exit: 3,
      notes: expect.stringContaining("e.json is neither a plan nor a manifest"),
    });
    const shown = await call("show .");
    expect(shown).toMatchObject({ exit: 3, notes: expect.stringContaining(". is a folder") });
  });

  test("replaces its own drawings only, and draws nothing but plans", async () => {
    await call("plan --emulator --out plan.json");
    for (const format of ["mermaid", "dot", "svg"]) {
      expect(await call(`graph --format ${format} --out graph.txt plan.json`)).toMatchObject({
        exit: 0,
        output: "",
        notes: "Saved to graph.txt.\n",
      });
    }
    expect((await call("graph --out plan.json plan.json")).exit).toBe(64);
    put("report.json", (await call("apply --emulator --yes --json")).output);
    const { exit, notes } = await call("graph report.json");
    expect(exit).toBe(3);
    expect(notes).toContain("report.json is no saved plan that could be drawn");
  });
});
