import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal } from "../../src/cli/journal-file.ts";
import type { StampedRecord } from "../../src/model/journal.ts";

/** The journals in a folder, the newest last. */
export function journalsIn(folder: string): readonly string[] {
  const place = join(folder, ".cometform", "journal");
  return readdirSync(place)
    .sort()
    .map((name) => join(place, name));
}

/** The records of the newest journal in a folder. */
export function recordsIn(folder: string): readonly StampedRecord[] {
  const newest = journalsIn(folder).at(-1);
  return newest === undefined ? [] : readJournal(readFileSync(newest, "utf8")).records;
}
