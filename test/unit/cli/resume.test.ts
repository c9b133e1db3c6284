import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { withLock } from "../../../src/cli/lock.ts";
import { placeOf } from "../../../src/cli/place.ts";
import { run } from "../../../src/cli/program.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { openFakeTerminal } from "../../support/terminal.ts";
import { ONE_USER, useWorkshop } from "../../support/workshop.ts";

const workshop = useWorkshop(ONE_USER);

function openTerminal() {
  const { folder } = workshop;
  return openFakeTerminal({ cwd: folder, environment: { HOME: folder } });
}

interface Result {
  readonly exit: number;
  readonly output: string;
  readonly notes: string;
}

async function call(line: string): Promise<Result> {
  const terminal = openTerminal();
  const exit = await run(line.split(" "), terminal, "1.2.3");
  // Where a line of a message ends depends on the length of the folder's name.
  const notes = terminal.notes().replaceAll(/\s+/g, " ");
  return { exit, output: terminal.output(), notes };
}

const apply = "apply --emulator --yes";
const waiting = `${apply} --resume --lock-timeout 1m`;
const place = (): string => join(workshop.folder, ".cometform", "journal");

/** Applies once, and gives the journal with what it says when it has just begun, and when it is done. */
async function applyOnce() {
  expect(await call(apply)).toMatchObject({ exit: 0 });
  const [name = ""] = readdirSync(place());
  const file = join(place(), name);
  const text = readFileSync(file, "utf8");
  return { file, text, begun: text.slice(0, text.indexOf("\n") + 1) };
}

/** Holds the emulated app's lock while something is done, so long that others find it held. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  const context = { command: "apply", flags: { emulator: true }, terminal: openTerminal() };
  const held = context as unknown as Context;
  const subject = {
    appId: "emulator",
    place: await placeOf(held, cometchat, { appId: "emulator", region: "us" }),
  };
  await withLock(held, subject, work);
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));

describe("a run that is to be resumed", () => {
  test("is judged by what its journal says once nobody else is at it", async () => {
    const { file, text, begun } = await applyOnce();
    writeFileSync(file, begun);
    let resumed: Promise<Result> | undefined;
    await whileLocked(async () => {
      resumed = call(waiting);
      await soon();
      writeFileSync(file, text);
    });
    const { exit, notes } = (await resumed) ?? {};
    expect({ exit, notes }).toMatchObject({ exit: 0 });
    expect(notes).toContain("Nothing to resume");
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test("is left alone where another one was begun while it was waited for", async () => {
    const { file, begun } = await applyOnce();
    writeFileSync(file, begun);
    const later = "29990101T000000Z-000000";
    let resumed: Promise<Result> | undefined;
    await whileLocked(async () => {
      resumed = call(waiting);
      await soon();
      writeFileSync(join(place(), `${later}.ndjson`), begun);
    });
    const { exit, notes } = (await resumed) ?? {};
    expect(exit).toBe(7);
    expect(notes).toContain("Another run was begun here meanwhile");
    expect(notes).toContain(later);
    expect(readFileSync(file, "utf8")).toBe(begun);
  });

  test("is not told of while it is under way", async () => {
    const { file, begun } = await applyOnce();
    writeFileSync(file, begun);
    await whileLocked(async () => {
      const { exit, notes } = await call(apply);
      expect(exit).toBe(5);
      expect(notes).not.toContain("did not finish");
    });
    expect((await call(apply)).notes).toContain("The last run here did not finish");
  });
});

describe("a journal that cannot be read", () => {
  const later = join(".cometform", "journal", "29990101T000000Z-000000.ndjson");

  test.each([
    ["a folder", "it cannot be read (EISDIR)", (file: string) => void mkdirSync(file)],
    [
      "of a later format",
      "its format 2 is not known",
      (file: string) =>
        writeFileSync(file, '{"at":"2999-01-01T00:00:00Z","type":"begin","formatVersion":2}\n'),
    ],
    [
      "without a plan",
      "its line 1 is no record of a run",
      (file: string) =>
        writeFileSync(file, '{"at":"2999-01-01T00:00:00Z","type":"begin","formatVersion":1}\n'),
    ],
  ])(
    "because it is %s keeps nobody from applying, and is named by --resume",
    async (_, reason, make) => {
      await applyOnce();
      make(join(workshop.folder, later));
      expect(await call(apply)).toMatchObject({ exit: 0 });
      const { exit, notes } = await call(`${apply} --resume`);
      expect(exit).toBe(7);
      expect(notes).toContain(`${later} is no journal that can be read, ${reason}`);
      expect(notes).not.toContain("bug of ours");
    },
  );
});
