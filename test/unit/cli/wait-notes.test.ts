import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { requireFresh } from "../../../src/cli/conflicts.ts";
import { tellWaits } from "../../../src/cli/wait-notes.ts";
import type { ClassPace } from "../../../src/model/pace.ts";
import type { Session } from "../../../src/providers/provider.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { toChange, toPlan } from "../../support/plan.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const standard: ClassPace = {
  quota: "standard",
  limit: 500,
  allowance: 400,
  source: "learnt",
  waiting: 3,
  waitMs: 52_000,
};

/** What is said while something is read for two seconds, and quotas stand as they do each half second. */
async function notesOf(paces: readonly (readonly ClassPace[])[], flags = {}): Promise<string> {
  const terminal = openFakeTerminal();
  const context = { command: "plan", flags, operands: [], terminal, version: "1.2.3" };
  let looks = 0;
  const pace = (): readonly ClassPace[] => paces[Math.min(looks++, paces.length - 1)] ?? [];
  const read = () => new Promise<string>((done) => setTimeout(() => done("read"), 2_400));
  const session = { pace } as unknown as Session;
  const told = tellWaits({ ...context, paint: plainPaint, notePaint: plainPaint }, session, read);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await told).toBe("read");
  return terminal.notes();
}

test("whoever waits for a quota while the app is read is told once what for and for how long", async () => {
  expect(await notesOf([[standard]])).toBe(
    "Waiting for the standard quota, 52 s (500 a minute, 80 % ours)\n",
  );
});

test("a second wait is told again", async () => {
  const notes = await notesOf([[standard], [], [standard]]);
  expect(notes.match(/Waiting/g)).toHaveLength(2);
});

test("nothing is said of waits that are over in a moment, or to who wants to hear less", async () => {
  expect(await notesOf([[{ ...standard, waitMs: 2_900 }]])).toBe("");
  expect(await notesOf([[standard]], { quiet: true })).toBe("");
});

test("the look at what a saved plan touches is such a wait, too", async () => {
  const terminal = openFakeTerminal();
  const context = { command: "apply", flags: {}, operands: [], terminal, version: "1.2.3" };
  const nothing = { resources: new Map(), evidence: new Map(), calls: 0, diagnostics: [] };
  const find = () => new Promise((done) => setTimeout(() => done(nothing), 2_400));
  const session = { pace: () => [standard], reader: { find } } as unknown as Session;
  const plan = toPlan({ changes: [toChange("create", "user/ann")] });
  const fresh = requireFresh(
    { ...context, paint: plainPaint, notePaint: plainPaint },
    { plan },
    session,
  );
  await vi.advanceTimersByTimeAsync(10_000);
  await fresh;
  expect(terminal.notes()).toContain("Waiting for the standard quota");
});
