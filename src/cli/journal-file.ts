import { randomBytes } from "node:crypto";
import {
  chmod,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  truncate,
} from "node:fs/promises";
import { join } from "node:path";
import type { Recorder, RunRecord, StampedRecord } from "../model/journal.ts";
import type { Plan } from "../model/plan.ts";
import { sealPlan } from "../planner/digest.ts";
import type { Context } from "./command.ts";
import { openStateFolder, stateFolder, unwritable } from "./files.ts";
import { createLineFile } from "./line-file.ts";

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
  close(): Promise<void>;
}

/** A journal as it was found. */
export interface FoundJournal {
  readonly file: string;
  readonly path: string;
  readonly records: readonly StampedRecord[];
  /** Bytes of it that are whole records; a crash may have torn the last one. */
  readonly bytes: number;
  /** Whether something follows that is no record. */
  readonly isDamaged: boolean;
}

/**
 * Begins the journal of a new run with the plan that was approved.
 *
 * @throws Failure when it cannot be kept; then nothing may be sent.
 */
export async function startJournal(context: Context, plan: Plan): Promise<Journal> {
  const name = `${stampOf(new Date())}-${randomBytes(3).toString("hex")}`;
  const file = join(stateFolder, folder, `${name}.ndjson`);
  try {
    const place = await openFolder(context);
    const handle = await open(join(place, `${name}.ndjson`), "ax", 0o600);
    const journal = createJournal(context, handle, { run: name, file, records: [] });
    await journal.keep({ type: "begin", formatVersion: 1, run: name, plan: sealPlan(plan) });
    announce(context, file);
    await dropOldest(place);
    return journal;
  } catch (error) {
    throw unwritable(file, error);
  }
}

/**
 * Goes on with the journal of a run that was cut short.
 *
 * @throws Failure when it cannot be kept; then nothing may be sent.
 */
export async function continueJournal(
  context: Context,
  found: FoundJournal,
  run: string,
): Promise<Journal> {
  const { path, file, bytes, records } = found;
  try {
    await truncate(path, bytes);
    const journal = createJournal(context, await open(path, "a", 0o600), { run, file, records });
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
    const text = await readFile(path, "utf8");
    yield { file: join(stateFolder, folder, name), path, ...readJournal(text) };
  }
}

/** The records of a journal's text up to the first that is not whole. */
export function readJournal(text: string): Omit<FoundJournal, "file" | "path"> {
  const records: StampedRecord[] = [];
  let end = 0;
  for (;;) {
    const next = text.indexOf("\n", end);
    const record = next < 0 ? undefined : parseRecord(text.slice(end, next));
    if (record === undefined) break;
    records.push(record);
    end = next + 1;
  }
  const bytes = Buffer.byteLength(text.slice(0, end));
  return { records, bytes, isDamaged: text.includes("\n", end) };
}

function parseRecord(line: string): StampedRecord | undefined {
  try {
    const value = JSON.parse(line) as Partial<StampedRecord> | null;
    const isRecord = typeof value?.type === "string" && typeof value.at === "string";
    return isRecord ? (value as StampedRecord) : undefined;
  } catch {
    return undefined;
  }
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

interface KeptJournal extends Journal {
  /** Writes a record so that it outlives this process. */
  keep(record: RunRecord): Promise<void>;
}

/** Appends records to a file, each stamped with the time. */
function createJournal(
  { flags }: Context,
  handle: FileHandle,
  { run, file, records }: Pick<Journal, "run" | "file" | "records">,
): KeptJournal {
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
    close: lines.close,
  };
}
