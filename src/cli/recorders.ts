import type { Recorder, RunRecord } from "../model/journal.ts";

/** Something that is told what happens. */
export interface Watcher {
  note(record: RunRecord): void;
}

/** A recorder that keeps intents in a journal and tells everything to others as well. */
export function toRecorder(journal: Recorder, watchers: readonly Watcher[]): Recorder {
  const tell = (record: RunRecord): void => {
    for (const watcher of watchers) {
      watcher.note(record);
    }
  };
  return {
    note: (record) => {
      // How far it is follows from the rest.
      if (record.type !== "progress") {
        journal.note(record);
      }
      tell(record);
    },
    intend: async (intent) => {
      await journal.intend(intent);
      tell(intent);
    },
  };
}
