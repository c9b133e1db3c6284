import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { Failure } from "../../../src/cli/exit.ts";
import { openStateFolder, writePrivately } from "../../../src/cli/files.ts";
import { readSources } from "../../../src/cli/sources.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cometform-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function read(
  names: readonly string[],
  input?: string | Uint8Array,
): Promise<readonly string[]> {
  const context: Context = {
    command: "plan",
    flags: {},
    operands: [],
    terminal: openFakeTerminal({ cwd: folder, ...(input === undefined ? {} : { input }) }),
    version: "1.2.3",
    paint: plainPaint,
    notePaint: plainPaint,
  };
  return (await readSources(context, names)).map(({ file, text }) => `${file}: ${text}`);
}

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) {
    throw error;
  }
  return error.diagnostics.map(({ code, summary }) => `${error.exit} ${code}: ${summary}`).join();
}

const put = (name: string, text: string | Uint8Array): void =>
  writeFileSync(join(folder, name), text);

test("without a name the default manifest is read, .yaml before .yml", async () => {
  expect(await reasonOf(read([]))).toBe("3 file/not-found: There is no cometform.yaml here");
  put("cometform.yml", "b");
  expect(await read([])).toEqual(["cometform.yml: b"]);
  put("cometform.yaml", "a");
  expect(await read([])).toEqual(["cometform.yaml: a"]);
});

test("a folder stands for its YAML files in order, hidden ones and folders apart", async () => {
  for (const name of ["b.yml", "a.yaml", "c.json", ".hidden.yaml"]) {
    put(name, name);
  }
  mkdirSync(join(folder, "inner.yaml"));
  expect(await read(["."])).toEqual(["a.yaml: a.yaml", "b.yml: b.yml"]);
  expect(await reasonOf(read(["inner.yaml"]))).toBe(
    "3 file/empty-folder: The folder inner.yaml has no *.yaml or *.yml file",
  );
});

test("standard input is one of the files, and none is read twice", async () => {
  put("a.yaml", "a");
  expect(await read(["-", "a.yaml", "a.yaml"], "\ufeffin")).toEqual(["-: in", "a.yaml: a"]);
});

test("what is not there, or not text, is named", async () => {
  expect(await reasonOf(read(["no.yaml"]))).toBe("3 file/not-found: no.yaml does not exist");
  put("bin.yaml", new Uint8Array([0xff, 0xfe, 0x00]));
  expect(await reasonOf(read(["bin.yaml"]))).toBe("3 file/not-text: bin.yaml is not UTF-8 text");
  expect(await reasonOf(read(["bin.yaml/x"]))).toBe("3 file/not-found: bin.yaml/x does not exist");
  expect(await reasonOf(read(["-"], new Uint8Array([0xc3])))).toBe(
    "3 file/not-text: standard input is not UTF-8 text",
  );
});

test("a file is written for its owner alone, whole, and leaves nothing else behind", async () => {
  put("plan.json", "old");
  chmodSync(join(folder, "plan.json"), 0o644);
  symlinkSync("plan.json", join(folder, "link.json"));
  await writePrivately(folder, "link.json", "new");
  expect(readFileSync(join(folder, "plan.json"), "utf8")).toBe("new");
  expect(statSync(join(folder, "plan.json")).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(["link.json", "plan.json"]);
});

test("a file that cannot be written is an error that says so", async () => {
  expect(await reasonOf(writePrivately(folder, "no/plan.json", "x"))).toBe(
    "1 file/unwritable: no/plan.json cannot be written (ENOENT)",
  );
  expect(await reasonOf(writePrivately(folder, ".", "x"))).toBe(
    "1 file/unwritable: . cannot be written (EISDIR)",
  );
  put(".cometform", "a file in the way");
  expect(await reasonOf(openStateFolder(folder))).toBe(
    "1 file/unwritable: .cometform/ cannot be written (EEXIST)",
  );
});

test("the state folder is closed to others and to git", async () => {
  const path = await openStateFolder(folder);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(path, ".gitignore"), "utf8")).toBe("*\n");
});
