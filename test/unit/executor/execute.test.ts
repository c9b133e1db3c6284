import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { execute } from "../../../src/executor/execute.ts";
import { NO_RECORDER } from "../../../src/model/journal.ts";
import type { ApiCall, PlanChange, Step } from "../../../src/model/plan.ts";
import type { OutcomeStatus } from "../../../src/model/report.ts";
import { ProviderError, type Writer } from "../../../src/providers/provider.ts";
import { noTime } from "../../support/timer.ts";

type Verdict = "applied" | "failed" | "unknown";

interface Sketch {
  readonly id: string;
  readonly changes: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly after?: readonly string[];
  readonly needs?: readonly string[];
  readonly rowNeeds?: Step["rowNeeds"];
}

function toStep({ id, changes, dependsOn = [], after = [], needs = [], rowNeeds }: Sketch): Step {
  const call: ApiCall = {
    method: "POST",
    host: "chat",
    path: `/${id}`,
    body: { rows: [...changes] },
    quota: "core",
  };
  const reversal = "reversible";
  return {
    id,
    call,
    changes,
    dependsOn,
    after,
    needs,
    reversal,
    ...(rowNeeds ? { rowNeeds } : {}),
  };
}

function toChange(address: string): PlanChange {
  return { address, kind: "thing", action: "create", attributes: [], reversal: "reversible" };
}

/** A writer that fails what it is told to, and remembers what it was sent and when. */
function createWriter(verdicts: { readonly [address: string]: Verdict } = {}) {
  const sent: string[] = [];
  const failure = (verdict: Verdict) =>
    new ProviderError({
      kind: verdict === "unknown" ? "unknown-outcome" : "rejected",
      code: "ERR_X",
      message: "no",
    });
  const writer: Writer = {
    trim: (step, left) => ({
      ...step.call,
      body: { rows: step.changes.filter((address) => !left.has(address)) },
    }),
    async send(call, changes) {
      await new Promise((resolve) => setImmediate(resolve));
      sent.push(`${call.path} ${changes.join(" ")}`);
      const bad = changes.filter((address) => (verdicts[address] ?? "applied") !== "applied");
      const [first] = bad;
      if (changes.length === 1 && first !== undefined) throw failure(verdicts[first] ?? "failed");
      return new Map(bad.map((address) => [address, failure("failed")]));
    },
    look: async (_, changes) => new Map(changes.map((address) => [address, "untold"] as const)),
  };
  return { writer, sent };
}

async function run(
  steps: readonly Step[],
  writer: Writer,
  options: { concurrency?: number; signal?: AbortSignal } = {},
) {
  const addresses = [...new Set(steps.flatMap(({ changes }) => changes))];
  const { outcomes } = await execute({
    steps,
    changes: addresses.map(toChange),
    secrets: new Map(),
    writer,
    concurrency: options.concurrency ?? 4,
    timer: noTime,
    random: () => 0,
    recorder: NO_RECORDER,
    signal: options.signal,
  });
  return Object.fromEntries(outcomes.map(({ address, status }) => [address, status]));
}

describe("the executor", () => {
  test("skips what needs a failed step, and what needs that, and goes on with the rest", async () => {
    const { writer, sent } = createWriter({ a: "failed" });
    const steps = [
      toStep({ id: "s1", changes: ["a"] }),
      toStep({ id: "s2", changes: ["b"], dependsOn: ["s1"], needs: ["a"] }),
      toStep({ id: "s3", changes: ["c"], dependsOn: ["s2"], needs: ["b"] }),
      toStep({ id: "s4", changes: ["d"] }),
    ];
    expect(await run(steps, writer)).toEqual({
      a: "failed",
      b: "skipped",
      c: "skipped",
      d: "applied",
    });
    expect(sent).toEqual(["/s1 a", "/s4 d"]);
  });

  test("goes on after a failed step that only had to end", async () => {
    const { writer } = createWriter({ a: "failed" });
    const steps = [
      toStep({ id: "s1", changes: ["a"] }),
      toStep({ id: "s2", changes: ["b"], after: ["s1"] }),
    ];
    expect(await run(steps, writer)).toEqual({ a: "failed", b: "applied" });
  });

  test("does not hold a step back for another row of the batch it waits for", async () => {
    const { writer } = createWriter({ b: "failed" });
    const steps = [
      toStep({ id: "s1", changes: ["a", "b"] }),
      toStep({ id: "s2", changes: ["c"], dependsOn: ["s1"], needs: ["a"] }),
      toStep({ id: "s3", changes: ["d"], dependsOn: ["s1"], needs: ["b"] }),
    ];
    expect(await run(steps, writer)).toEqual({
      a: "applied",
      b: "failed",
      c: "applied",
      d: "skipped",
    });
  });

  test("leaves a row out of a batch when what it alone needs has failed", async () => {
    const { writer, sent } = createWriter({ a: "failed" });
    const steps = [
      toStep({ id: "s1", changes: ["a"] }),
      toStep({ id: "s2", changes: ["b", "c"], dependsOn: ["s1"], rowNeeds: { b: ["a"] } }),
    ];
    expect(await run(steps, writer)).toEqual({ a: "failed", b: "skipped", c: "applied" });
    expect(sent).toEqual(["/s1 a", "/s2 c"]);
  });

  test("says of a change of two calls that failed in the second that it was partly applied", async () => {
    const { writer } = createWriter();
    const failing: Writer = {
      ...writer,
      send: async (call, changes) => {
        if (call.path === "/s2") {
          throw new ProviderError({ kind: "rejected", code: "ERR_X", message: "no" });
        }
        return writer.send(call, changes);
      },
    };
    const { outcomes } = await execute({
      steps: [
        toStep({ id: "s1", changes: ["a"] }),
        toStep({ id: "s2", changes: ["a"], dependsOn: ["s1"], needs: ["a"] }),
      ],
      changes: [toChange("a")],
      secrets: new Map(),
      writer: failing,
      concurrency: 1,
      timer: noTime,
      random: () => 0,
      recorder: NO_RECORDER,
    });
    expect(outcomes).toEqual([
      {
        address: "a",
        action: "create",
        status: "failed",
        error: { code: "ERR_X", message: "partly applied, then: no" },
        durationMs: 0,
      },
    ]);
  });

  test("counts a change that was begun and then interrupted as failed, not as skipped", async () => {
    const interruption = new AbortController();
    const { writer } = createWriter();
    const interrupting: Writer = {
      ...writer,
      send: (call, changes) => {
        interruption.abort();
        return writer.send(call, changes);
      },
    };
    const steps = [
      toStep({ id: "s1", changes: ["a"] }),
      toStep({ id: "s2", changes: ["a"], dependsOn: ["s1"], needs: ["a"] }),
    ];
    expect(await run(steps, interrupting, { signal: interruption.signal })).toEqual({
      a: "failed",
    });
  });

  test("reports a call without an answer as unknown and skips what needs it", async () => {
    const { writer } = createWriter({ a: "unknown" });
    const steps = [
      toStep({ id: "s1", changes: ["a"] }),
      toStep({ id: "s2", changes: ["b"], dependsOn: ["s1"], needs: ["a"] }),
    ];
    expect(await run(steps, writer)).toEqual({ a: "unknown", b: "skipped" });
  });

  test("makes no further call once it is interrupted", async () => {
    const interruption = new AbortController();
    const { writer, sent } = createWriter();
    const interrupting: Writer = {
      ...writer,
      send: (call, changes) => {
        interruption.abort();
        return writer.send(call, changes);
      },
    };
    const steps = ["a", "b", "c"].map((name, i) => toStep({ id: `s${i + 1}`, changes: [name] }));
    const outcomes = await run(steps, interrupting, {
      concurrency: 1,
      signal: interruption.signal,
    });
    expect(outcomes).toEqual({ a: "applied", b: "skipped", c: "skipped" });
    expect(sent).toEqual(["/s1 a"]);
  });

  test("fills write-only values into the call and nowhere else", async () => {
    const bodies: unknown[] = [];
    const writer: Writer = {
      trim: ({ call }) => call,
      send: async (call) => {
        bodies.push(call.body);
        return new Map();
      },
      look: async () => new Map(),
    };
    const step = toStep({ id: "s1", changes: ["a"] });
    const body = { password: { $secret: "a#password" }, list: [{ $secret: "a#password" }] };
    const { outcomes } = await execute({
      steps: [{ ...step, call: { ...step.call, body } }],
      changes: [toChange("a")],
      secrets: new Map([["a#password", "s3cret"]]),
      writer,
      concurrency: 1,
      timer: noTime,
      random: () => 0,
      recorder: NO_RECORDER,
    });
    expect(bodies).toEqual([{ password: "s3cret", list: ["s3cret"] }]);
    expect(JSON.stringify(outcomes)).not.toContain("s3cret");
  });
});

describe("a call that waits", () => {
  test("for one quota keeps no call of another from going out", async () => {
    const { writer, sent } = createWriter();
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const waiting: Writer = {
      ...writer,
      send: async (call, changes) => {
        if (call.quota === "core") await opened;
        else open();
        return writer.send(call, changes);
      },
    };
    const core = [toStep({ id: "s1", changes: ["a"] }), toStep({ id: "s2", changes: ["b"] })];
    const third = toStep({ id: "s3", changes: ["c"] });
    const steps = [...core, { ...third, call: { ...third.call, quota: "standard" as const } }];
    expect(await run(steps, waiting, { concurrency: 2 })).toEqual({
      a: "applied",
      b: "applied",
      c: "applied",
    });
    expect(sent[0]).toBe("/s3 c");
  });

  test("to be sent again waits no longer because of what an earlier run has tried", async () => {
    const { writer } = createWriter({ a: "unknown" });
    const slept: number[] = [];
    const undone: Writer = {
      ...writer,
      look: async (_, changes) => new Map(changes.map((one) => [one, "undone"] as const)),
    };
    await execute({
      steps: [toStep({ id: "s1", changes: ["a"] })],
      changes: [toChange("a")],
      secrets: new Map(),
      writer: undone,
      concurrency: 1,
      timer: { nowMs: () => 0, sleep: async (ms) => void slept.push(ms) },
      random: () => 1,
      recorder: NO_RECORDER,
      past: new Map([["s1", { applied: new Set(), open: new Set(["a"]), attempts: 9 }]]),
    });
    expect(slept.filter((ms) => ms === 500 || ms === 1_000)).not.toEqual([]);
    expect(Math.max(...slept)).toBeLessThanOrEqual(4_000);
  });
});

test("what is written down of a call is what the report says of it", async () => {
  const errors = ["ETIMEDOUT", "HTTP_503", "HTTP_503"].map(
    (code) => new ProviderError({ kind: "unknown-outcome", code, message: "no answer" }),
  );
  const writer: Writer = {
    trim: ({ call }) => call,
    send: async () => {
      throw errors.shift();
    },
    look: async (_, changes) => new Map(changes.map((one) => [one, "undone"] as const)),
  };
  const said: OutcomeStatus[] = [];
  const { outcomes } = await execute({
    steps: [toStep({ id: "s1", changes: ["a"] })],
    changes: [toChange("a")],
    secrets: new Map(),
    writer,
    concurrency: 1,
    timer: noTime,
    random: () => 0,
    recorder: {
      ...NO_RECORDER,
      note: (record) => {
        if (record.type === "outcome") said.push(...record.rows.map(({ status }) => status));
      },
    },
  });
  expect(outcomes[0]?.status).toBe("unknown");
  expect(said.at(-1)).toBe("unknown");
});

test("no step goes out before what it waits for, none twice, whatever fails", async () => {
  const sketches = fc.array(
    fc.record({ before: fc.array(fc.nat(20), { maxLength: 4 }), hard: fc.boolean() }),
    { minLength: 1, maxLength: 20 },
  );
  const verdicts = fc.array(fc.constantFrom<Verdict>("applied", "applied", "failed", "unknown"), {
    minLength: 20,
    maxLength: 20,
  });
  const property = fc.asyncProperty(sketches, verdicts, async (drawn, fates) => {
    const steps = drawn.map(({ before, hard }, index) => {
      const ids = [...new Set(before.filter((other) => other < index))];
      const names = ids.map((other) => `s${other}`);
      const waits = hard ? { dependsOn: names, needs: ids.map((other) => `a${other}`) } : {};
      return toStep({
        id: `s${index}`,
        changes: [`a${index}`],
        after: hard ? [] : names,
        ...waits,
      });
    });
    const { writer, sent } = createWriter(
      Object.fromEntries(fates.map((fate, index) => [`a${index}`, fate])),
    );
    const outcomes: { readonly [address: string]: OutcomeStatus | undefined } = await run(
      steps,
      writer,
    );
    const order = sent.map((line) => line.slice(1).split(" ")[0]);
    expect(new Set(order).size).toBe(order.length);
    for (const [index, step] of steps.entries()) {
      const isHeld = step.needs.some((address) => outcomes[address] !== "applied");
      expect(outcomes[`a${index}`]).toBe(isHeld ? "skipped" : fates[index]);
      const place = order.indexOf(step.id);
      for (const id of place < 0 ? [] : [...step.dependsOn, ...step.after]) {
        expect(order.indexOf(id)).toBeLessThan(place);
      }
    }
  });
  await fc.assert(property, { numRuns: 200 });
});
