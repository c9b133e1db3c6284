import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { continueJournal, findJournals, startJournal } from "../../../src/cli/journal-file.ts";
import { openWorkshop, type Workshop } from "../../support/cli.ts";
import { connectTo, createApp } from "../../support/in-process.ts";
import { load, planIt } from "../../support/manifest.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

/** Folders whose entries were made to outlive a power cut, and what is thrown instead of that. */
const synced = vi.hoisted(() => ({
  folders: [] as string[],
  code: undefined as string | undefined,
}));
vi.mock("node:fs/promises", async (load) => {
  const files = await load<typeof import("node:fs/promises")>();
  const open: typeof files.open = async (path, flags, mode) => {
    if (flags !== "r") return await files.open(path, flags, mode);
    const { code } = synced;
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    const handle = await files.open(path, flags, mode);
    const sync = handle.sync.bind(handle);
    handle.sync = async () => {
      await sync();
      synced.folders.push(String(path));
    };
    return handle;
  };
  return { ...files, open };
});

let workshop: Workshop;
beforeEach(() => {
  workshop = openWorkshop();
  synced.folders = [];
  synced.code = undefined;
});
afterEach(() => workshop.dispose());

const place = (): string => join(workshop.folder, ".cometform", "journal");

function contextOf(): Context {
  const terminal = openFakeTerminal({ cwd: workshop.folder });
  return { command: "apply", flags: { receipt: "r.json" }, terminal } as unknown as Context;
}

async function start() {
  const session = await connectTo(createApp("vendor"));
  const plan = await planIt(session, load({ version: 1, users: { ann: { name: "Ann" } } }));
  return startJournal(contextOf(), plan);
}

async function found() {
  const journals = [];
  for await (const journal of findJournals(contextOf())) journals.push(journal);
  return journals;
}

const intent = { type: "intent", step: "s1", attempt: 1, addresses: ["user/ann"] } as const;

describe("the journals of a folder", () => {
  test("are found newest first, as they were written", async () => {
    const journal = await start();
    await journal.intend(intent);
    journal.note({ type: "skip", step: "s1", rows: [] });
    await journal.close();
    mkdirSync(place(), { recursive: true });
    writeFileSync(join(place(), "20200101T000000Z-000000.ndjson"), "");
    writeFileSync(join(place(), "notes.txt"), "not ours");
    const [newest, oldest, ...others] = await found();
    expect(others).toEqual([]);
    expect(newest).toMatchObject({ file: journal.file });
    expect(newest).not.toHaveProperty("problem");
    expect(newest?.records).toEqual(JSON.parse(JSON.stringify(journal.records)));
    expect(newest?.records.map(({ type }) => type)).toEqual(["begin", "intent", "skip"]);
    expect(oldest).toMatchObject({ records: [], bytes: 0, size: 0 });
    expect(oldest).not.toHaveProperty("problem");
  });

  test("are fifty at most: the oldest one goes, and nothing that is not a journal", async () => {
    mkdirSync(place(), { recursive: true });
    const names = Array.from(
      { length: 60 },
      (_, index) => `20200101T0000${String(index).padStart(2, "0")}Z-000000.ndjson`,
    );
    for (const name of [...names, "notes.txt"]) writeFileSync(join(place(), name), "");
    const journal = await start();
    await journal.close();
    expect(readdirSync(place()).sort()).toEqual([
      ...names.slice(11),
      `${journal.run}.ndjson`,
      "notes.txt",
    ]);
  });

  test("outlive a power cut by name, up to the folder they are made in", async () => {
    await (await start()).close();
    expect(synced.folders).toEqual([place(), join(place(), ".."), workshop.folder]);
  });

  test.each(["EISDIR", "EPERM"])("begin where folders know no such thing: %s", async (code) => {
    synced.code = code;
    await expect((await start()).close()).resolves.toBeUndefined();
  });

  test("do not begin where their folder cannot be kept", async () => {
    synced.code = "EIO";
    await expect(start()).rejects.toThrow("cannot be written (EIO)");
  });

  test("go on where the last whole record ends", async () => {
    const journal = await start();
    await journal.intend(intent);
    await journal.close();
    const path = join(place(), `${journal.run}.ndjson`);
    const whole = readFileSync(path, "utf8");
    // What was torn may end within a letter.
    writeFileSync(
      path,
      Buffer.concat([Buffer.from(whole), Buffer.from('{"at":"\u00fc').subarray(0, 8)]),
    );
    const [torn] = await found();
    if (torn === undefined) throw new Error("there is no journal");
    expect(torn).toMatchObject({ bytes: Buffer.byteLength(whole), size: statSync(path).size });
    const again = await continueJournal(contextOf(), torn, journal.run);
    await again.close();
    const text = readFileSync(path, "utf8");
    expect(text.startsWith(whole)).toBe(true);
    expect(JSON.parse(text.slice(whole.length))).toMatchObject({ type: "resume" });
  });

  test("are not gone on with once somebody else has, and keep what that one wrote", async () => {
    const journal = await start();
    await journal.intend(intent);
    const [read] = await found();
    if (read === undefined) throw new Error("there is no journal");
    await journal.intend({ ...intent, attempt: 2 });
    await journal.close();
    const path = join(place(), `${journal.run}.ndjson`);
    const text = readFileSync(path, "utf8");
    const again = continueJournal(contextOf(), read, journal.run);
    await expect(again).rejects.toThrow(
      `${journal.file} was written to meanwhile: nothing was sent`,
    );
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("that cannot be read are found with the reason, and those before them as well", async () => {
    const journal = await start();
    await journal.close();
    const later = (name: string): string => join(place(), `${name}-000000.ndjson`);
    mkdirSync(later("29990101T000000Z"));
    const format = { at: "2999-01-01T00:00:00.000Z", type: "begin", formatVersion: 2 };
    writeFileSync(later("29980101T000000Z"), `${JSON.stringify(format)}\n`);
    expect((await found()).map(({ problem }) => problem)).toEqual([
      "it cannot be read (EISDIR)",
      "its format 2 is not known",
      undefined,
    ]);
  });

  test.each([
    ["a line that is no record", (text: string) => text.replace("\n", "\n{}\n")],
    ["a record of another shape", (text: string) => text.replace('"step":"s1"', '"step":1')],
    ["a second beginning", (text: string) => text.replace(/^.*\n/, "$&$&")],
    ["a line that is cut off", (text: string) => text.replace('"type":"intent"', '"ty')],
    ["an empty line", (text: string) => text.replace("\n", "\n\n")],
  ])("are damaged by %s", async (_, damage) => {
    const journal = await start();
    await journal.intend(intent);
    await journal.close();
    const path = join(place(), `${journal.run}.ndjson`);
    writeFileSync(path, damage(readFileSync(path, "utf8")));
    const [damaged] = await found();
    expect(damaged).toMatchObject({ problem: "its line 2 is no record of a run" });
    expect(damaged?.records.map(({ type }) => type)).toEqual(["begin"]);
  });
});
