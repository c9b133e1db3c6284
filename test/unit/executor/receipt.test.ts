import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import schema from "../../../schemas/receipt.schema.json" with { type: "json" };
import type { apply } from "../../../src/apply.ts";
import { toReceipt, toUnfinished } from "../../../src/executor/receipt.ts";
import type { StampedRecord } from "../../../src/model/journal.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { type Mishap, recordRun } from "../../support/recorded-run.ts";

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

function expectValid(value: unknown): void {
  expect(validate(JSON.parse(JSON.stringify(value))) || validate.errors).toBe(true);
}

const mishaps: readonly Mishap[] = ["none", "refusal", "silence", "interruption"];

describe("the receipt of a real run", () => {
  test.each(mishaps)("with %s tells every call and agrees with the report", async (mishap) => {
    const { records, report, plan } = await recordRun(mishap);
    const receipt = toReceipt(records);
    expectValid(receipt);
    expect(toUnfinished(records)).toBeUndefined();
    const { summary, outcomes, residue, converged, interrupted, reread } = report;
    expect(receipt).toMatchObject({ summary, outcomes, residue, converged, interrupted, reread });
    expect(receipt.traffic).toEqual(report.calls);
    expect(receipt.calls).toHaveLength(records.filter(({ type }) => type === "intent").length);
    for (const { step, method, path, addresses, rows, status } of receipt.calls) {
      const call = plan.steps.find(({ id }) => id === step)?.call;
      expect({ method, path }).toEqual({ method: call?.method, path: call?.path });
      expect(rows.length === 0).toBe(status === "applied");
      expect(addresses).toEqual(expect.arrayContaining(rows.map(({ address }) => address)));
    }
  });

  test("cut off after any record tells what is known, and never that all is well", async () => {
    const runs = await Promise.all(mishaps.map((mishap) => recordRun(mishap)));
    const cuts = fc.constantFrom(...runs).chain(({ records, plan }) =>
      fc.tuple(
        fc.constant(plan),
        fc.integer({ min: 1, max: records.length - 1 }).map((end) => records.slice(0, end)),
      ),
    );
    fc.assert(
      fc.property(cuts, ([plan, records]) => {
        const receipt = toReceipt(records);
        expectValid(receipt);
        expect(receipt).toMatchObject({ interrupted: true, converged: false });
        expect(receipt.outcomes.map(({ address }) => address)).toEqual(
          plan.changes.map(({ address }) => address),
        );
        const unfinished = toUnfinished(records);
        expect(unfinished?.total).toBe(plan.steps.length);
        const open = openIn(records);
        const sent = records.filter(({ type }) => type === "intent").length;
        expect(receipt.traffic).toEqual({ sent, retried: 0, throttled: 0 });
        expect(unfinished?.underWay).toBe(open.length);
        const inDoubt = receipt.outcomes.filter(({ address }) =>
          open.some(({ addresses }) => addresses.includes(address)),
        );
        for (const { status } of inDoubt) expect(["unknown", "failed"]).toContain(status);
        for (const { step } of open) {
          expect(receipt.calls).toContainEqual(
            expect.objectContaining({ step, by: null, status: "unknown", durationMs: null }),
          );
        }
        for (const { status, error } of receipt.outcomes) {
          expect(status === "applied" || error?.hint !== undefined).toBe(true);
        }
        expect(notAppliedWithout(records, plan, receipt.outcomes)).toEqual([]);
      }),
    );
  });
});

/** Calls of which no outcome was written down. */
function openIn(
  records: readonly StampedRecord[],
): readonly Extract<StampedRecord, { readonly type: "intent" }>[] {
  const keyOf = (record: { readonly step: string; readonly attempt: number }) =>
    `${record.step} ${record.attempt}`;
  const answered = new Set(
    records.flatMap((record) => (record.type === "outcome" ? [keyOf(record)] : [])),
  );
  const sent = records.flatMap((record) => (record.type === "intent" ? [record] : []));
  return sent.filter((intent) => !answered.has(keyOf(intent)));
}

/** Changes that are called applied although not all of their calls were. */
function notAppliedWithout(
  records: readonly StampedRecord[],
  plan: Plan,
  outcomes: Awaited<ReturnType<typeof apply>>["outcomes"],
): readonly string[] {
  const done = new Set(
    records.flatMap((record) =>
      record.type === "outcome"
        ? record.rows
            .filter(({ status }) => status === "applied")
            .map(({ address }) => `${record.step} ${address}`)
        : [],
    ),
  );
  return outcomes
    .filter(({ status }) => status === "applied")
    .map(({ address }) => address)
    .filter((address) =>
      plan.steps.some(
        ({ id, changes }) => changes.includes(address) && !done.has(`${id} ${address}`),
      ),
    );
}

test("a run that was taken up again has not ended with its first end", async () => {
  const { records } = await recordRun("interruption");
  const at = "2026-07-23T10:05:00.000Z";
  const taken: readonly StampedRecord[] = [...records, { at, type: "resume" }];
  expect(toUnfinished(taken)).toMatchObject({ total: expect.any(Number) });
  expect(toReceipt(taken)).toMatchObject({ interrupted: true, endedAt: at });
  const end = records.at(-1) as StampedRecord;
  expect(toUnfinished([...taken, end])).toBeUndefined();
});

test("records without a beginning are none of a run", () => {
  expect(() => toReceipt([])).toThrow("the records do not begin");
});

test("the schema has a title and a description for everything", () => {
  const bare = (value: unknown, path: string): readonly string[] => {
    if (typeof value !== "object" || value === null || "$ref" in value) return [];
    const { properties = {}, items } = value as { properties?: object; items?: unknown };
    return [
      ...("title" in value && "description" in value ? [] : [path]),
      ...Object.entries(properties).flatMap(([name, inner]) => bare(inner, `${path}.${name}`)),
      ...bare(items, `${path}[]`),
    ];
  };
  expect(Object.entries(schema.$defs).flatMap(([name, value]) => bare(value, name))).toEqual([]);
});
