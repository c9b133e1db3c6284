import { type RunEvent, toEvent } from "../model/event.ts";
import type { RunRecord } from "../model/journal.ts";
import { type ClassPace, waitsIn } from "../model/pace.ts";
import type { Context } from "./command.ts";
import { openEventFile } from "./event-file.ts";
import { errorCode } from "./files.ts";
import type { ProgressSource } from "./progress.ts";

/** Tells what happens to whoever reads the events. */
export interface EventSink {
  note(record: RunRecord): void;
  /** Writes what is left and ends; tells why not all could be written, if so, and never throws. */
  close(): Promise<string | undefined>;
}

const paceIntervalMs = 250;
/** Whoever does not read what is left for so long does not read it any more. */
const closeMsMax = 2_000;

/**
 * Opens the events that `--events` asks for, one JSON document a line, each written as it happens. The
 * run goes on whatever becomes of its reader.
 *
 * @throws Failure when they cannot be written where they are asked for; then nothing may be sent.
 */
export async function openEvents(
  context: Context,
  file: string,
  { pace }: ProgressSource = {},
): Promise<EventSink> {
  const target = await openEventFile(context, file);
  let lines: string[] = [];
  let writing: Promise<void> | undefined;
  let trouble: string | undefined;
  let closeAtMs = Number.POSITIVE_INFINITY;

  const flush = async (): Promise<void> => {
    while (lines.length > 0 && trouble === undefined) {
      const batch = lines.join("");
      lines = [];
      try {
        await target.write(batch, () => performance.now() > closeAtMs);
      } catch (error) {
        trouble = reasonOf(error);
      }
    }
    writing = undefined;
  };
  const tell = (event: RunEvent): void => {
    if (trouble !== undefined) {
      return;
    }
    lines.push(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
    writing ??= flush();
  };
  const watch = watchWaits(tell, pace);
  return {
    note: (record) => tell(toEvent(record)),
    close: async () => {
      watch.stop();
      closeAtMs = performance.now() + closeMsMax;
      await writing;
      try {
        await target.close();
      } catch (error) {
        trouble ??= reasonOf(error);
      }
      return trouble === undefined
        ? undefined
        : `The events in ${file} are not complete (${trouble}).`;
    },
  };
}

function reasonOf(error: unknown): string {
  return errorCode(error) ?? (error instanceof Error ? error.message : String(error));
}

/** Looks at the quotas from time to time, and tells when a wait begins and when it is over. */
function watchWaits(
  tell: (event: RunEvent) => void,
  pace: (() => readonly ClassPace[]) | undefined,
): { stop(): void } {
  if (pace === undefined) {
    return { stop: () => undefined };
  }
  const told = new Set<string>();
  const look = (waits: readonly ClassPace[]): void => {
    const waited = new Set(waits.map(({ quota }) => quota));
    for (const { quota, waitMs } of waits) {
      if (!told.has(quota)) {
        told.add(quota);
        tell({ type: "wait", quota, waitMs: Math.round(waitMs) });
      }
    }
    for (const quota of [...told].filter((one) => !waited.has(one))) {
      told.delete(quota);
      tell({ type: "wait", quota, waitMs: 0 });
    }
  };
  // A wait that was told goes on until nothing waits, however short what is left of it.
  const present = (): readonly ClassPace[] => {
    const paces = pace();
    const long = waitsIn(paces);
    return [
      ...long,
      ...paces.filter((one) => told.has(one.quota) && one.waitMs > 0 && !long.includes(one)),
    ];
  };
  const timer = setInterval(() => look(present()), paceIntervalMs);
  return {
    stop: () => {
      clearInterval(timer);
      look([]);
    },
  };
}
