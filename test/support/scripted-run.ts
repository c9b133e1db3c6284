import type { RunRecord } from "../../src/model/journal.ts";
import type { ClassPace } from "../../src/model/pace.ts";
import type { OutcomeStatus } from "../../src/model/report.ts";
import { toChange, toPlan, toStep } from "./plan.ts";

/** A run by hand: `send` lets calls be answered one after another. */
export interface ScriptedRun {
  readonly records: readonly RunRecord[];
  begin(): void;
  /** Sends so many calls and ends their steps, or leaves them under way. */
  send(count: number, status?: OutcomeStatus): void;
  start(count: number): void;
  look(residue: number): void;
}

/** A run of so many steps, each one call under one quota, noted with `note`. */
export function scriptRun(total: number, note: (record: RunRecord) => void): ScriptedRun {
  const steps = Array.from({ length: total }, (_, index) =>
    toStep(`s${index}`, { method: "POST", path: "/users" }, [`user/u${index}`]),
  );
  const plan = toPlan({
    steps,
    changes: steps.map(({ changes: [address = ""] }) => toChange("create", address)),
  });
  const records: RunRecord[] = [];
  let started = 0;
  let done = 0;
  let looks = 0;
  const tell = (record: RunRecord): void => {
    records.push(record);
    note(record);
  };
  const start = (): void => {
    const step = `s${started}`;
    tell({ type: "intent", step, attempt: 1, addresses: [`user/u${started}`] });
    started += 1;
  };
  const end = (status: OutcomeStatus): void => {
    const step = `s${done}`;
    const rows = [{ address: `user/u${done}`, status }];
    done += 1;
    tell({ type: "outcome", step, attempt: 1, by: "reply", rows, durationMs: 5 });
    tell({ type: "progress", step, status, done, total });
  };
  return {
    records,
    begin: () => tell({ type: "begin", formatVersion: 1, run: "20260723T100000Z-abcdef", plan }),
    send: (count, status = "applied") => {
      for (let left = count; left > 0; left -= 1) {
        if (started === done) start();
        end(status);
      }
    },
    start: (count) => {
      for (let left = count; left > 0; left -= 1) start();
    },
    look: (residue) => {
      looks += 1;
      tell({ type: "verify", look: looks, residue });
    },
  };
}

/** The core quota as it is when so many calls wait for it. */
export function corePace(waiting: number, waitMs: number): ClassPace {
  return { quota: "core", limit: 10_000, allowance: 8_000, source: "stated", waiting, waitMs };
}
