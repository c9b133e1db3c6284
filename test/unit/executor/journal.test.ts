import { describe, expect, test } from "vitest";
import { toPastRun } from "../../../src/executor/journal.ts";
import type { RunRecord } from "../../../src/model/journal.ts";
import type { Plan, Step } from "../../../src/model/plan.ts";
import type { OutcomeStatus, Report } from "../../../src/model/report.ts";

const plan = {
  steps: [
    { id: "s1", changes: ["user/a"] },
    { id: "s2", changes: ["membership/g:a", "membership/g:b"] },
  ] as readonly Partial<Step>[],
} as Plan;
const report = { converged: true } as Report;

const begin: RunRecord = { type: "begin", formatVersion: 1, run: "run", plan };
const resume: RunRecord = { type: "resume" };
const end: RunRecord = { type: "end", report };

function intent(step: string, attempt: number, ...addresses: readonly string[]): RunRecord {
  return { type: "intent", step, attempt, addresses };
}

function outcome(
  step: string,
  attempt: number,
  rows: { readonly [address: string]: OutcomeStatus },
) {
  return {
    type: "outcome",
    step,
    attempt,
    by: "reply",
    rows: Object.entries(rows).map(([address, status]) => ({ address, status })),
    durationMs: 1,
  } as const satisfies RunRecord;
}

function told(...records: readonly RunRecord[]): string {
  const past = toPastRun([begin, ...records]);
  const steps = [...(past?.steps ?? [])].map(([id, { applied, open, attempts }]) => {
    const parts = [`applied ${[...applied]}`, `open ${[...open]}`, `attempts ${attempts}`];
    return `${id}: ${parts.join(", ")}`;
  });
  const ended = past?.report === undefined ? "not ended" : "ended";
  return [...steps, `begun ${[...(past?.begun ?? [])]}`, past?.isDone, ended].join("; ");
}

const a = "user/a";
const ga = "membership/g:a";
const gb = "membership/g:b";

describe("what a journal tells of its run", () => {
  test("is nothing where it does not begin with a plan", () => {
    expect(toPastRun([])).toBeUndefined();
    expect(toPastRun([intent("s1", 1, a), begin])).toBeUndefined();
  });

  test.each<[tells: string, records: readonly RunRecord[], past: string]>([
    ["nothing was begun", [], "begun ; false; not ended"],
    [
      "an intent alone leaves its rows open",
      [intent("s1", 1, a)],
      "s1: applied , open user/a, attempts 1; begun user/a; false; not ended",
    ],
    [
      "a row that was applied is closed",
      [intent("s1", 1, a), outcome("s1", 1, { [a]: "applied" })],
      "s1: applied user/a, open , attempts 1; begun user/a; false; not ended",
    ],
    [
      "a row of unknown outcome stays open",
      [intent("s1", 1, a), outcome("s1", 1, { [a]: "unknown" })],
      "s1: applied , open user/a, attempts 1; begun user/a; false; not ended",
    ],
    [
      "until it is found out that it was not done",
      [
        intent("s1", 1, a),
        outcome("s1", 1, { [a]: "unknown" }),
        outcome("s1", 1, { [a]: "failed" }),
      ],
      "s1: applied , open , attempts 1; begun user/a; false; not ended",
    ],
    [
      "rows of one call go their own ways",
      [intent("s2", 1, ga, gb), outcome("s2", 1, { [ga]: "applied", [gb]: "failed" })],
      `s2: applied ${ga}, open , attempts 1; begun ${ga},${gb}; false; not ended`,
    ],
    [
      "what is sent again is open again, and counted",
      [
        intent("s2", 1, ga, gb),
        outcome("s2", 1, { [ga]: "applied", [gb]: "unknown" }),
        resume,
        intent("s2", 2, gb),
      ],
      `s2: applied ${ga}, open ${gb}, attempts 2; begun ${ga},${gb}; false; not ended`,
    ],
    [
      "all is done once every row of every step is",
      [
        intent("s1", 1, a),
        outcome("s1", 1, { [a]: "applied" }),
        intent("s2", 1, ga, gb),
        outcome("s2", 1, { [ga]: "applied", [gb]: "applied" }),
        end,
      ],
      `s1: applied user/a, open , attempts 1; s2: applied ${ga},${gb}, open , attempts 1; begun user/a,${ga},${gb}; true; ended`,
    ],
    [
      "a run that was resumed after its end has not ended",
      [end, resume],
      "begun ; false; not ended",
    ],
    ["unless it ended again", [end, resume, end], "begun ; false; ended"],
  ])("%s", (_, records, past) => {
    expect(told(...records)).toBe(past);
  });
});
