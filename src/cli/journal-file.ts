import { randomBytes } from "node:crypto";
import { chmod, type FileHandle, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Declared } from "../model/declared.ts";
import type { Recorder, RunRecord, StampedRecord } from "../model/journal.ts";
import type { Plan } from "../model/plan.ts";
import { sealPlan } from "../planner/digest.ts";
import type { Context } from "./command.ts";
import { errorCode, openStateFolder, stateFolder, unwritable } from "./files.ts";
import { createLineFile } from "./line-file.ts";
import { isSavedPlan } from "./saved-file.ts";
import { stale } from "./saved-plan.ts";
import { type RunText, readRecords } from "./saved-run.ts";

const folder = "journal";
const nameForm = /^\d{8}T\d{6}Z-[0-9a-f]{6}\.ndjson$/;
/** Runs that are remembered; older journals are of no use to anybody. */
const journalsMax = 50;

/** The journal of a run, open for more. */
export interface Journal extends Recorder {
  readonly run: string;
  /** As it is named to people. */
  readonly file: string;
  /** How it begins, and all of it, what was there before included, where a receipt is wanted. */
  readonly records: readonly StampedRecord[];
  /** Writes a record so that it outlives this process. */
  keep(record: RunRecord): Promise<void>;
  /** Ends it; tells why it is not complete, if so, and never throws. */
  close(): Promise<string | undefined>;
}

/** A journal as it was found. */
export interface FoundJournal {
  readonly file: string;
  readonly path: string;
  readonly records: readonly StampedRecord[];
  /** Bytes of it that are whole records; a crash may have torn the last one. */
  readonly bytes: number;
  /** Bytes of the file, whatever they are. */
  readonly size: number;
  /** Why no more than these records can be made of it, if something else follows. */
  readonly problem?: string;
}

/**
 * Begins the journal of a new run with the plan that was approved.
 *
 * @throws Failure when it cannot be kept; then nothing may be sent.
 */
export async function startJournal(
  context: Context,
  plan: Plan,
  declared?: Declared,
): Promise<Journal> {
  const name = `${stampOf(new Date())}-${randomBytes(3).toString("hex")}`;
  const file = join(stateFolder, folder, `${name}.ndjson`);
  try {
    const place = await openFolder(context);
    const handle = await open(join(place, `${name}.ndjson`), "ax", 0o600);
    await syncFolders(context, place);
    const journal = createJournal(context, handle, { run: name, file, records: [] });
    const known = declared === undefined ? {} : { declared };
    await journal.keep({
      ...{ type: "begin", formatVersion: 1, run: name, plan: sealPlan(plan), ...known },
    });
    announce(context, file);
    await dropOldest(place);
    return journal;
  } catch (error) {
    throw unwritable(file, error);
  }
}

/**
 * Goes on with the journal of a run that was cut short, after the last whole record.
 *
 * @throws Failure when it cannot be kept; then nothing may be sent.
 */
export async function continueJournal(
  context: Context,
  found: FoundJournal,
  run: string,
): Promise<Journal> {
  const { path, file, bytes, size, records } = found;
  try {
    const handle = await open(path, "a", 0o600);
    // What was written since it was read tells of calls: none of it may be cut off.
    if ((await handle.stat()).size !== size) {
      await handle.close();
      throw stale(`${file} was written to meanwhile: nothing was sent`);
    }
    await handle.truncate(bytes);
    const journal = createJournal(context, handle, { run, file, records });
    await journal.keep({ type: "resume" });
    return journal;
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Lets whoever stops the run at once know where it is written down how far it came. */
export function announce({ terminal, command }: Context, file: string): void {
  terminal.setLastWords(
    `${file} tells what was under way; cometform ${command} --resume goes on with it.`,
  );
}

/** The journals here, the newest first. */
export async function* findJournals({ terminal }: Context): AsyncGenerator<FoundJournal> {
  const place = join(terminal.cwd, stateFolder, folder);
  for (const name of (await namesIn(place)).reverse()) {
    const path = join(place, name);
    yield { file: join(stateFolder, folder, name), path, ...(await readWhole(path)) };
  }
}

/** One that cannot be read is no reason not to look at the others. */
async function readWhole(path: string): Promise<Omit<FoundJournal, "file" | "path">> {
  try {
    const content = await readFile(path);
    return { ...readJournal(content.toString("utf8")), size: content.length };
  } catch (error) {
    const problem = `it cannot be read (${errorCode(error) ?? "unknown"})`;
    return { records: [], bytes: 0, size: 0, problem };
  }
}

/** The records of a journal's text up to the first that is not whole. */
export function readJournal(text: string): RunText {
  return readRecords(text, isSavedPlan);
}

async function namesIn(place: string): Promise<string[]> {
  const names = await readdir(place).catch(() => []);
  return names.filter((name) => nameForm.test(name)).sort();
}

async function openFolder(context: Context): Promise<string> {
  const place = join(await openStateFolder(context.terminal.cwd), folder);
  await mkdir(place, { recursive: true, mode: 0o700 });
  await chmod(place, 0o700);
  return place;
}

/** A file outlives a power cut only if its name does, and that of each folder that was made for it. */
async function syncFolders({ terminal }: Context, place: string): Promise<void> {
  for (const folder of [place, dirname(place), terminal.cwd]) {
    try {
      const handle = await open(folder, "r");
      await handle.sync().finally(() => handle.close());
    } catch (error) {
      // Some systems have no such thing: Windows, and file systems over a network.
      if (!notForFolders.has(errorCode(error) ?? "")) throw error;
    }
  }
}

const notForFolders = new Set(["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP"]);

async function dropOldest(place: string): Promise<void> {
  const names = await namesIn(place);
  for (const name of names.slice(0, Math.max(0, names.length - journalsMax))) {
    await rm(join(place, name), { force: true });
  }
}

/** `20261123T081500Z`: names sort by time. */
function stampOf(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** Appends records to a file, each stamped with the time. */
function createJournal(
  { flags }: Context,
  handle: FileHandle,
  { run, file, records }: Pick<Journal, "run" | "file" | "records">,
): Journal {
  const lines = createLineFile(handle);
  const all: StampedRecord[] = [...records];
  const toLine = (record: RunRecord): string => {
    const stamped: StampedRecord = { at: new Date().toISOString(), ...record };
    if (flags.receipt !== undefined || record.type === "begin" || record.type === "resume") {
      all.push(stamped);
    }
    return JSON.stringify(stamped);
  };
  const keep = (record: RunRecord): Promise<void> => lines.keep(toLine(record));
  return {
    run,
    file,
    records: all,
    note: (record) => lines.append(toLine(record)),
    intend: keep,
    keep,
    close: async () => {
      const trouble = await lines.close();
      return trouble && (errorCode(trouble.reason) ?? "unknown");
    },
  };
}
