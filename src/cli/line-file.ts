import type { FileHandle } from "node:fs/promises";

/** A file that only grows, line by line. */
export interface LineFile {
  append(line: string): void;
  /**
   * Resolves once the line, and all before it, would outlive a crash.
   *
   * @throws what writing throws; after that the file takes nothing more.
   */
  keep(line: string): Promise<void>;
  /** Ends the file once everything is written; tells why not all of it is, if so, and never throws. */
  close(): Promise<Trouble | undefined>;
}

/** What kept a line from being written. */
export interface Trouble {
  readonly reason: unknown;
}

/** A line on its way, and who waits for it to be kept. */
interface Line {
  readonly text: string;
  readonly kept?: () => void;
  readonly failed?: (error: unknown) => void;
}

/**
 * Writes lines in the order in which they come. What several want kept at once is flushed together, so
 * that a flush costs as much for sixteen of them as for one.
 */
export function createLineFile(handle: FileHandle): LineFile {
  let lines: Line[] = [];
  let writing: Promise<void> | undefined;
  // After a line that was torn by a full disk nothing may follow: it would be lost with it.
  let broken: Trouble | undefined;

  const flush = async (batch: readonly Line[]): Promise<void> => {
    try {
      if (broken !== undefined) {
        throw broken.reason;
      }
      await handle.appendFile(batch.map(({ text }) => text).join(""));
      if (batch.some(({ kept }) => kept !== undefined)) {
        await handle.datasync();
      }
      for (const { kept } of batch) {
        kept?.();
      }
    } catch (error) {
      broken = { reason: error };
      for (const { failed } of batch) {
        failed?.(error);
      }
    }
  };
  const writeAll = async (): Promise<void> => {
    while (lines.length > 0) {
      const batch = lines;
      lines = [];
      await flush(batch);
    }
    writing = undefined;
  };
  const push = (line: Line): void => {
    lines.push(line);
    writing ??= writeAll();
  };
  return {
    append: (line) => push({ text: `${line}\n` }),
    keep: (line) => new Promise((kept, failed) => push({ text: `${line}\n`, kept, failed })),
    close: async () => {
      await writing;
      try {
        await handle.close();
      } catch (error) {
        broken ??= { reason: error };
      }
      return broken;
    },
  };
}
