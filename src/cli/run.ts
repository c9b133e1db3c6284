import { apply } from "../apply.ts";
import type { PastRun } from "../executor/journal.ts";
import { toReceipt } from "../executor/receipt.ts";
import type { Json } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import type { Report } from "../model/report.ts";
import { seal } from "../planner/digest.ts";
import type { Session } from "../providers/provider.ts";
import type { Context } from "./command.ts";
import { requireEventPlace } from "./event-file.ts";
import { type EventSink, openEvents } from "./events.ts";
import { BrokenRun } from "./exit.ts";
import { requirePlace, writePrivately } from "./files.ts";
import { concurrencyDefault } from "./flags.ts";
import type { Journal } from "./journal-file.ts";
import { type ProgressSource, showProgress } from "./progress.ts";
import { toRecorder, type Watcher } from "./recorders.ts";
import { requireReviewPlaces } from "./review-files.ts";
import { readSavedFile } from "./saved-file.ts";

/** What is run. */
export interface Runnable {
  readonly plan: Plan;
  /** Write-only values by `ADDRESS#attribute`. */
  readonly secrets: ReadonlyMap<string, Json>;
  readonly session: Session;
  /** How long ago the app was last read, in milliseconds. */
  readonly ageMs?: () => number;
}

/** What came of a run. */
export interface RunResult {
  readonly report: Report;
  /** Whether it is written down where that is asked for. */
  readonly hasReceipt: boolean;
}

/** How a run begins: by a new journal, or by going on with one. */
export interface Beginning {
  begin(): Promise<Journal>;
  readonly past?: PastRun;
}

/** Who watches a run. */
interface Eyes {
  readonly journal: Journal;
  readonly events: EventSink | undefined;
  readonly source: ProgressSource;
  readonly past: PastRun | undefined;
}

/**
 * Executes an approved plan, or the rest of it, under the eyes of whoever watches: the journal, the
 * events, the progress. Writes the receipt, whatever came of the run.
 *
 * @throws BrokenRun for a fault of ours, after calls may have been sent.
 */
export async function runPlan(
  context: Context,
  runnable: Runnable,
  { begin, past }: Beginning,
): Promise<RunResult> {
  const source = { pace: () => runnable.session.pace() };
  // Before the journal: a run without its events sends nothing, and would hide an earlier one.
  const events = await openEventsIfAsked(context, source);
  let journal: Journal;
  try {
    journal = await begin();
  } catch (error) {
    await endEvents(context, events);
    throw error;
  }
  let report: Report | undefined;
  let hasReceipt = false;
  try {
    report = await applyWatched(context, runnable, { journal, events, source, past });
  } catch (error) {
    throw new BrokenRun(journal.file, error);
  } finally {
    const isWhole = await endJournal(context, journal, report !== undefined);
    await endEvents(context, events);
    hasReceipt = await writeReceipt(context, journal, isWhole);
  }
  return { report, hasReceipt };
}

async function applyWatched(
  context: Context,
  runnable: Runnable,
  { journal, events, source, past }: Eyes,
): Promise<Report> {
  const { signal } = context.terminal;
  const progress = showProgress(context, source);
  const watchers = [progress, ...(events === undefined ? [] : [events])];
  const warn = (): void => {
    progress.say(
      "\nStopping: what is under way is finished, nothing new is sent. Again to stop at once.\n",
    );
  };
  signal.addEventListener("abort", warn, { once: true });
  try {
    tellBeginning(journal, past, watchers);
    const report = await apply({
      plan: runnable.plan,
      secrets: runnable.secrets,
      session: runnable.session,
      ageMs: runnable.ageMs?.() ?? 0,
      concurrency: context.flags.concurrency ?? concurrencyDefault,
      signal,
      recorder: toRecorder(journal, watchers),
      ...(past === undefined ? {} : { past: past.steps }),
    });
    await tellEnd(journal, report, watchers);
    return report;
  } finally {
    progress.stop();
    signal.removeEventListener("abort", warn);
  }
}

/**
 * Makes sure that the receipt, the events and the forms of the plan can be written where they are asked
 * for, before anything is done.
 *
 * @throws Failure when something else is there, or nothing can be.
 */
export async function requirePlaces(context: Context): Promise<void> {
  const { receipt, events } = context.flags;
  if (receipt !== undefined) {
    const isReceipt = (text: string): boolean => readSavedFile(text).type === "receipt";
    await requirePlace(context, { file: receipt, flag: "--receipt" }, isReceipt);
  }
  if (events !== undefined) {
    await requireEventPlace(context, events);
  }
  await requireReviewPlaces(context);
}

async function openEventsIfAsked(
  context: Context,
  source: ProgressSource,
): Promise<EventSink | undefined> {
  const { events: file } = context.flags;
  return file === undefined ? undefined : await openEvents(context, file, source);
}

/** Those who watch are told what the journal had before they came: where it begins, and how far it is. */
function tellBeginning(
  { records }: Journal,
  past: PastRun | undefined,
  watchers: readonly Watcher[],
): void {
  const told = records.filter(({ type }) => type === "begin" || type === "resume");
  for (const watcher of watchers) {
    for (const record of past === undefined ? told : [...told.slice(0, 1), ...told.slice(-1)]) {
      watcher.note(record);
    }
  }
}

/** Nothing follows that would find out whether it was kept, so that is waited for. */
async function tellEnd(
  journal: Journal,
  report: Report,
  watchers: readonly Watcher[],
): Promise<void> {
  const end = { type: "end", report } as const;
  // Why not is told when the journal is closed.
  await journal.keep(end).catch(() => undefined);
  for (const watcher of watchers) {
    watcher.note(end);
  }
}

/** Ends the journal, and tells whether it has all that was done. */
async function endJournal(
  { terminal }: Context,
  journal: Journal,
  hasReport: boolean,
): Promise<boolean> {
  const trouble = await journal.close();
  if (trouble === undefined) {
    return true;
  }
  const rest = hasReport ? ": the report below is all that is known" : "";
  terminal.note(`The journal ${journal.file} is not complete (${trouble})${rest}.\n`);
  return false;
}

async function endEvents(context: Context, events: EventSink | undefined): Promise<void> {
  const trouble = await events?.close();
  if (trouble !== undefined) {
    context.terminal.note(`${trouble}\n`);
  }
}

/**
 * Writes the receipt and tells whether it is there. What was done is done: that it cannot be written down
 * elsewhere is no reason to hide it.
 */
async function writeReceipt(
  context: Context,
  { file: journal, records }: Journal,
  isWhole: boolean,
): Promise<boolean> {
  const { receipt: file } = context.flags;
  if (file === undefined) {
    return true;
  }
  try {
    const text = `${JSON.stringify(seal(toReceipt(records)), null, 2)}\n`;
    await writePrivately(context.terminal.cwd, file, text);
    return true;
  } catch {
    const rest = isWhole ? `; ${journal} has all that is in it` : "";
    context.terminal.note(`The receipt ${file} cannot be written${rest}.\n`);
    return false;
  }
}
