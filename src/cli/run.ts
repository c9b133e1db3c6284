import { apply } from "../apply.ts";
import type { PastRun } from "../executor/journal.ts";
import { toReceipt } from "../executor/receipt.ts";
import type { Json } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import type { Report } from "../model/report.ts";
import { seal } from "../planner/digest.ts";
import type { Session } from "../providers/provider.ts";
import { type Context, say } from "./command.ts";
import { type EventSink, openEvents } from "./events.ts";
import { BrokenRun } from "./exit.ts";
import { requirePlace, writePrivately } from "./files.ts";
import { concurrencyDefault } from "./flags.ts";
import type { Journal } from "./journal-file.ts";
import { showProgress } from "./progress.ts";
import { toRecorder } from "./recorders.ts";
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

/**
 * Executes an approved plan, or the rest of it, under the eyes of whoever watches: the journal, the
 * events, the progress. Writes the receipt, whatever came of the run.
 *
 * @throws BrokenRun for a fault of ours, after calls may have been sent.
 */
export async function runPlan(
  context: Context,
  runnable: Runnable,
  { journal, past }: { readonly journal: Journal; readonly past?: PastRun | undefined },
): Promise<Report> {
  const { signal } = context.terminal;
  const source = { pace: () => runnable.session.pace() };
  const events = await openEventsIfAsked(context, source, journal);
  const progress = showProgress(context, source);
  const watchers = [progress, ...(events === undefined ? [] : [events])];
  tellBeginning(journal, past, watchers);
  const warn = (): void => {
    progress.say(
      "\nStopping: what is under way is finished, nothing new is sent. Again to stop at once.\n",
    );
  };
  signal.addEventListener("abort", warn, { once: true });
  try {
    const recorder = toRecorder(journal, watchers);
    const report = await apply({
      plan: runnable.plan,
      secrets: runnable.secrets,
      session: runnable.session,
      ageMs: runnable.ageMs?.() ?? 0,
      concurrency: context.flags.concurrency ?? concurrencyDefault,
      signal,
      recorder,
      ...(past === undefined ? {} : { past: past.steps }),
    });
    recorder.note({ type: "end", report });
    return report;
  } catch (error) {
    throw new BrokenRun(journal.file, error);
  } finally {
    progress.stop();
    signal.removeEventListener("abort", warn);
    await journal.close();
    await endEvents(context, events);
    await writeReceipt(context, journal);
  }
}

/**
 * Makes sure that the receipt can be written where it is asked for, before anything is done.
 *
 * @throws Failure when something else is there.
 */
export async function requireReceiptPlace(context: Context): Promise<void> {
  const { receipt: file } = context.flags;
  if (file === undefined) {
    return;
  }
  const isReceipt = (text: string): boolean => readSavedFile(text).type === "receipt";
  await requirePlace(context, { file, flag: "--receipt" }, isReceipt);
}

/** Without its events nothing of a run is sent, so its journal is closed again. */
async function openEventsIfAsked(
  context: Context,
  source: Parameters<typeof openEvents>[2],
  journal: Journal,
): Promise<EventSink | undefined> {
  const { events: file } = context.flags;
  if (file === undefined) {
    return undefined;
  }
  try {
    return await openEvents(context, file, source);
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** Those who watch are told what the journal had before they came: where it begins, and how far it is. */
function tellBeginning(
  { records }: Journal,
  past: PastRun | undefined,
  watchers: readonly Pick<EventSink, "note">[],
): void {
  const told = records.filter(({ type }) => type === "begin" || type === "resume");
  for (const watcher of watchers) {
    for (const record of past === undefined ? told : [...told.slice(0, 1), ...told.slice(-1)]) {
      watcher.note(record);
    }
  }
}

async function endEvents(context: Context, events: EventSink | undefined): Promise<void> {
  const trouble = await events?.close();
  if (trouble !== undefined) {
    say(context, trouble);
  }
}

/** What was done is done: that it cannot be written down elsewhere is no reason to hide it. */
async function writeReceipt(context: Context, { file: journal, records }: Journal): Promise<void> {
  const { receipt: file } = context.flags;
  if (file === undefined) {
    return;
  }
  try {
    const text = `${JSON.stringify(seal(toReceipt(records)), null, 2)}\n`;
    await writePrivately(context.terminal.cwd, file, text);
  } catch {
    context.terminal.note(
      `The receipt ${file} cannot be written; ${journal} has all that is in it.\n`,
    );
  }
}
