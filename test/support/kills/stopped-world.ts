import type { Recorder, RunRecord } from "../../../src/model/journal.ts";
import type { Transport } from "../../../src/providers/http/transport.ts";
import type { TestApp } from "../in-process.ts";

/** When a run is killed, and how its calls fall. */
export interface Death {
  /** After so many records it is over; the last of them may not have been written any more. */
  readonly records: number;
  readonly isLastKept: boolean;
  /** A number from 0 to 1: how long calls take, and which of those under way still arrive. */
  readonly random: () => number;
}

/** A process that can be killed: what it does goes through here. */
export interface StoppableWorld {
  readonly recorder: Recorder;
  readonly transport: Transport;
  /** What is in its journal. */
  readonly records: readonly RunRecord[];
  /** Resolves once it is dead and what it had under way has arrived or is lost. */
  readonly stopped: Promise<"stopped">;
}

/** A world in which a process works until its journal has so many records. */
export function createStoppableWorld(app: TestApp, death: Death): StoppableWorld {
  const records: RunRecord[] = [];
  let isDead = false;
  let underWay = 0;
  let count = 0;
  let tell: (word: "stopped") => void = () => undefined;
  const stopped = new Promise<"stopped">((resolve) => {
    tell = resolve;
  });
  const settle = (): void => {
    if (isDead && underWay === 0) tell("stopped");
  };
  const take = (record: RunRecord): void => {
    if (isDead) return;
    count += 1;
    isDead = count >= death.records;
    if (!isDead || death.isLastKept) records.push(record);
    settle();
  };
  const pause = async (): Promise<void> => {
    for (let turns = Math.floor(death.random() * 4); turns > 0; turns -= 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const transport: Transport = async (request) => {
    if (isDead) return never();
    underWay += 1;
    await pause();
    const reply = !isDead || death.random() < 0.5 ? await app.transport(request) : undefined;
    await pause();
    underWay -= 1;
    settle();
    return isDead || reply === undefined ? never() : reply;
  };
  return {
    records,
    transport,
    stopped,
    recorder: {
      note: (record) => {
        if (record.type !== "progress") take(record);
      },
      intend: async (record) => {
        // Disks are slow; nobody may go on before it is written.
        await pause();
        take(record);
        if (isDead) await never();
      },
    },
  };
}

/** What a dead process waits for. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
