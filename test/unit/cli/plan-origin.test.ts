import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { run } from "../../../src/cli/program.ts";
import { openFakeTerminal } from "../../support/terminal.ts";
import { useWorkshop } from "../../support/workshop.ts";

const rows = "uid,name,metadata.@private.email\nann,Ann,ann@example.com\n";
const manifest = "version: 1\nusers: { $from: data/u.csv }\n";

// The first command of a file loads all of them, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const workshop = useWorkshop();

function put(name: string, text: string): void {
  mkdirSync(join(workshop.folder, name, ".."), { recursive: true });
  writeFileSync(join(workshop.folder, name), text);
}

async function call(args: string, input = "") {
  const { folder } = workshop;
  const terminal = openFakeTerminal({ cwd: folder, environment: { HOME: folder }, input });
  const exit = await run(args.split(" "), terminal, "1.2.3");
  return { exit, notes: terminal.notes().replaceAll(/\s+/g, " ") };
}

const plan = (args = "", input = "") => call(`plan --emulator --out p.json${args}`, input);
const apply = (args = "") => call(`apply --emulator --yes p.json${args}`);

test("a plan whose changes all stand in a table finds the manifest in the folder above", async () => {
  put("cometform.yaml", manifest);
  put("data/u.csv", rows);
  expect(await plan()).toMatchObject({ exit: 0 });
  expect(await apply()).toMatchObject({ exit: 0 });
});

test("a plan whose changes all stand in a table finds a manifest of another name above it", async () => {
  put("apps/chat.yaml", manifest.replace("data", "data/eu"));
  put("apps/data/eu/u.csv", rows);
  expect(await plan(" apps/chat.yaml")).toMatchObject({ exit: 0 });
  expect(await apply()).toMatchObject({ exit: 0 });
});

const notFound =
  "none of the manifests beside its tables is the one it was made from plan/no-manifest Name it: cometform apply plan.json -f FILE.";

test("a manifest that is not beside its table is asked for, and not looked for in vain", async () => {
  put("cometform.yaml", manifest);
  put("data/u.csv", rows);
  await plan();
  mkdirSync(join(workshop.folder, "elsewhere"));
  renameSync(join(workshop.folder, "cometform.yaml"), join(workshop.folder, "elsewhere/c.yaml"));
  const { exit, notes } = await apply();
  expect(exit).toBe(7);
  expect(notes).toContain(notFound);
  expect(notes).not.toContain("folder data");
});

test("a manifest from standard input is asked for, even if its changes stand in a table", async () => {
  put("data/u.csv", rows);
  expect(await plan(" -", manifest)).toMatchObject({ exit: 0 });
  const { exit, notes } = await apply();
  expect(exit).toBe(7);
  expect(notes).toContain(notFound);
  put("found.yaml", manifest);
  expect(await apply(" -f found.yaml")).toMatchObject({ exit: 0 });
  expect(readFileSync(join(workshop.folder, "p.json"), "utf8")).not.toContain("ann@example.com");
});
