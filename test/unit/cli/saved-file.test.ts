import { describe, expect, test } from "vitest";
import { isReplaceable, readSavedFile } from "../../../src/cli/saved-file.ts";
import { toReceipt } from "../../../src/executor/receipt.ts";
import type { StampedRecord } from "../../../src/model/journal.ts";
import type { Report } from "../../../src/model/report.ts";
import { toBlocked, toChange, toPlan, toStep } from "../../support/plan.ts";
import { recordRun } from "../../support/recorded-run.ts";

const plan = toPlan({
  changes: [
    toChange("create", "user/alice", {
      attributes: [{ path: "name", before: null, after: "Alice" }],
    }),
  ],
  steps: [toStep("1", { method: "POST", path: "/users", body: {} }, ["user/alice"])],
  diagnostics: [{ severity: "warning", code: "policy/no-mark", summary: "c" }],
  kept: ["user/bob"],
  blocked: [toBlocked("user/ceo")],
  scope: {
    only: ["users"],
    except: ["user/eve"],
    pulledIn: [{ address: "role/vip", neededBy: "user/alice" }],
    leftOut: [{ address: "user/bob", needs: "role/guest" }],
    beyond: 2,
  },
  overrides: {
    bulk: "auto",
    prune: { users: "all" },
    allow: ["delete:user=3"],
    takeOver: ["user/zoe"],
  },
});

const report: Report = {
  formatVersion: 1,
  summary: { applied: 1, failed: 0, skipped: 0, unknown: 0 },
  outcomes: [{ address: "user/alice", action: "create", status: "applied", durationMs: 1 }],
  calls: { sent: 1, retried: 0, throttled: 0 },
  converged: true,
  reread: { looks: 1, calls: 3 },
  residue: [{ address: "user/alice", action: "create", attributes: [] }],
  interrupted: false,
  durationMs: 1,
};

test("a saved plan and a saved report are recognised by what is in them", () => {
  expect(readSavedFile(JSON.stringify(plan))).toEqual({ type: "plan", plan });
  expect(readSavedFile(JSON.stringify(report, null, 2))).toEqual({ type: "report", report });
});

test("a saved plan with imports is one too, and is as it was saved", () => {
  const body = { users: { alice: { uid: "alice" }, bob: { uid: "bob" } } };
  const call = { method: "POST", path: "/data_import/users", body, quota: "import" } as const;
  const made = toPlan({
    changes: ["user/alice", "user/bob"].map((address) => toChange("create", address)),
    steps: [toStep("1", call, ["user/alice", "user/bob"])],
    overrides: { ...plan.overrides, bulk: "off" },
  });
  const split = { minutes: 3, fewestMinutes: 4 };
  const hasty = { ...made, calls: { ...made.calls, lowerBound: 0, split } };
  expect(readSavedFile(JSON.stringify(hasty))).toEqual({ type: "plan", plan: hasty });
});

test("a saved plan that was limited to nothing, or is refused, is one too", () => {
  const refused = toPlan({ scope: null, applicable: false });
  expect(readSavedFile(JSON.stringify(refused))).toEqual({ type: "plan", plan: refused });
});

const [change] = plan.changes;
const [step] = plan.steps;

test.each([
  ["scope", { scope: undefined }],
  ["scope.only", { scope: { ...plan.scope, only: "users" } }],
  ["scope.pulledIn", { scope: { ...plan.scope, pulledIn: [{ address: "role/vip" }] } }],
  ["scope.leftOut", { scope: { ...plan.scope, leftOut: [{ address: "user/bob" }] } }],
  ["scope.beyond", { scope: { ...plan.scope, beyond: "2" } }],
  ["overrides", { overrides: null }],
  ["overrides.prune", { overrides: { ...plan.overrides, prune: { users: true } } }],
  ["overrides.allow", { overrides: { ...plan.overrides, allow: {} } }],
  ["overrides.takeOver", { overrides: { ...plan.overrides, takeOver: [1] } }],
  ["overrides.bulk", { overrides: { ...plan.overrides, bulk: undefined } }],
  ["overrides.bulk, to a mode there is none of", { overrides: { ...plan.overrides, bulk: "on" } }],
  ["calls.import", { calls: { ...plan.calls, import: undefined } }],
  ["calls.split", { calls: { ...plan.calls, split: undefined } }],
  ["calls.split.minutes", { calls: { ...plan.calls, split: { fewestMinutes: 4 } } }],
  ["applicable", { applicable: "yes" }],
  ["blocked", { blocked: [{ address: "user/ceo", kind: "user" }] }],
  ["summary.forget", { summary: { ...plan.summary, forget: undefined } }],
  ["summary.protected", { summary: { ...plan.summary, protected: undefined } }],
  ["the change's action", { changes: [{ ...change, action: "replace" }] }],
  ["the change's reversal", { changes: [{ ...change, reversal: undefined }] }],
  ["the step's reversal", { steps: [{ ...step, reversal: "never" }] }],
])("a plan of which %s is not as it should be is damaged", (_, parts) => {
  expect(readSavedFile(JSON.stringify({ ...plan, ...parts }))).toMatchObject({ type: "damaged" });
});

test.each([
  ["a manifest", "version: 1\nusers: {}\n"],
  ["a manifest in JSON", '{"version": 1, "users": {}}'],
  ["a manifest in flow style", "{version: 1}"],
  ["nothing", ""],
])("%s is none of ours", (_, text) => {
  expect(readSavedFile(text)).toEqual({ type: "other" });
});

test.each([
  ["cut off", JSON.stringify(plan).slice(0, -20), "it is cut off, or was edited"],
  ["of a later format", '{"formatVersion": 2}', "its format 2 is not known"],
  [
    "without its steps",
    JSON.stringify({ ...plan, steps: undefined }),
    "parts of it are missing, or it is something else",
  ],
  [
    "with a step that is none",
    JSON.stringify({ ...plan, steps: [{ id: "1" }] }),
    "parts of it are missing, or it is something else",
  ],
  [
    "with counts that are none",
    JSON.stringify({ ...plan, summary: { ...plan.summary, create: "1" } }),
    "parts of it are missing, or it is something else",
  ],
])("a plan %s is damaged", (_, text, reason) => {
  expect(readSavedFile(text)).toEqual({ type: "damaged", reason });
});

describe("what tells of a run", () => {
  const lines = (records: readonly StampedRecord[]): string =>
    records.map((record) => `${JSON.stringify(record)}\n`).join("");

  test("is recognised: a receipt, and a journal with or without its last line torn", async () => {
    const { records } = await recordRun("refusal");
    const receipt = JSON.parse(JSON.stringify(toReceipt(records)));
    expect(readSavedFile(JSON.stringify(receipt, null, 2))).toEqual({ type: "receipt", receipt });
    const whole = { type: "journal", records: JSON.parse(JSON.stringify(records)) };
    expect(readSavedFile(lines(records))).toEqual(whole);
    expect(readSavedFile(lines(records).trimEnd())).toEqual(whole);
    const torn = lines(records).slice(0, -10);
    expect(readSavedFile(torn)).toEqual({ ...whole, records: whole.records.slice(0, -1) });
  });

  test("is damaged when a line before the last is none, and is not replaced by a plan", async () => {
    const { records } = await recordRun("none");
    const text = lines(records);
    const [first = "", second = ""] = text.split("\n");
    const damaged = (line: string) => readSavedFile(`${first}\n${line}\n${second}\n`);
    const reason = "its line 2 is no record of a run";
    const noRecords = ["", "{", "[]", '{"type":"resume"}', first, `{"at":"2026-07-23","type":"x"}`];
    for (const line of [...noRecords, second.replace('"s', '1,"s')]) {
      expect([line, damaged(line)]).toEqual([line, { type: "damaged", reason }]);
    }
    expect(isReplaceable(text)).toBe(false);
    expect(isReplaceable(`${first}\n{\n{\n`)).toBe(false);
    expect(isReplaceable(JSON.stringify(toReceipt(records)))).toBe(false);
    expect(isReplaceable(JSON.stringify(plan))).toBe(true);
  });

  test.each([
    ["no map", 1],
    ["of unknown reach", { frame: null, resources: null }],
    ["without a frame", { whole: true, resources: null }],
    ["with something else than fingerprints", { whole: true, frame: null, resources: { a: 1 } }],
  ])("a receipt with fingerprints that are %s is damaged", async (_, declared) => {
    const { records } = await recordRun("none");
    const receipt = { ...toReceipt(records), declared };
    expect(readSavedFile(JSON.stringify(receipt))).toMatchObject({ type: "damaged" });
  });

  test.each(["run", "startedAt", "calls", "outcomes", "summary", "converged", "tool", "provider"])(
    "a receipt without its %s is damaged",
    async (name) => {
      const { records } = await recordRun("none");
      const receipt = { ...toReceipt(records), [name]: undefined };
      expect(readSavedFile(JSON.stringify(receipt))).toMatchObject({ type: "damaged" });
    },
  );
});
