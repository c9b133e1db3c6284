import { afterAll, describe, expect, test, vi } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { execute } from "../../../src/cli/execution.ts";
import type { Flags } from "../../../src/cli/flags.ts";
import type { LiveGraph } from "../../../src/model/resource.ts";
import { ProviderError, type Session } from "../../../src/providers/provider.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { openWorkshop } from "../../support/cli.ts";
import { toChange, toPlan, toStep } from "../../support/plan.ts";
import { type FakeTerminal, openFakeTerminal } from "../../support/terminal.ts";

const workshop = openWorkshop();

afterAll(workshop.dispose);

/** A terminal in a folder of its own: what is executed keeps its journal there. */
function openTerminalHere(given: Parameters<typeof openFakeTerminal>[0] = {}): FakeTerminal {
  return openFakeTerminal({ cwd: workshop.folder, ...given });
}

const plan = toPlan({
  changes: [toChange("delete", "user/alice", { soft: true })],
  steps: [toStep("1", { method: "DELETE", path: "/users/alice" }, ["user/alice"])],
});

const unreachable = new ProviderError({
  kind: "unreachable",
  code: "ECONNREFUSED",
  message: "GET /users got no answer (ECONNREFUSED)",
});

/** A session whose one write does `onSend`, and whose reads answer with `read`. */
function toSession(read: () => LiveGraph, onSend: () => void = () => undefined): Session {
  return {
    target: plan.provider,
    kinds: [],
    reader: { read: async () => read(), find: async () => read(), holders: async () => read() },
    writer: {
      trim: ({ call }) => call,
      send: async () => {
        onSend();
        return new Map();
      },
      look: async () => new Map(),
    },
    closed: new Map(),
    counts: () => ({ sent: 0, retried: 0, throttled: 0 }),
    close: () => undefined,
    pace: () => [],
    toManifest: () => ({}),
  };
}

function toContext(terminal: FakeTerminal, flags: Flags = {}): Context {
  return {
    command: "apply",
    flags: { yes: true, quiet: true, ...flags },
    operands: [],
    terminal,
    version: "1.2.3",
    paint: plainPaint,
    notePaint: plainPaint,
  };
}

const nothing: LiveGraph = { resources: new Map(), evidence: new Map(), calls: 0, diagnostics: [] };

test("a plan that was executed but could not be verified never claims that nothing was changed", async () => {
  const session = toSession(() => {
    throw unreachable;
  });
  const terminal = openTerminalHere();
  expect(await execute(toContext(terminal), { plan, secrets: new Map(), session })).toBe(5);
  expect(terminal.output().replace(/in \d+ ms/, "in TIME")).toContain(
    [
      "✓ 1 applied in TIME, 0 calls, 0 throttled",
      "",
      "The app could not be read again, so nothing is known about convergence.   exit 5",
      "    GET /users got no answer (ECONNREFUSED)",
      "Run plan: it shows what is still missing.",
      "",
    ].join("\n"),
  );
});

test("what is our own bug stays one", async () => {
  const session = toSession(() => {
    throw new TypeError("ours");
  });
  const run = execute(toContext(openTerminalHere()), { plan, secrets: new Map(), session });
  await expect(run).rejects.toMatchObject({ cause: new TypeError("ours") });
});

test("an interrupt while calls are under way is said at once, and ends with 130", async () => {
  const interrupt = new AbortController();
  const terminal = openTerminalHere({ signal: interrupt.signal });
  const session = toSession(
    () => nothing,
    () => interrupt.abort(),
  );
  const exit = await execute(toContext(terminal), { plan, secrets: new Map(), session });
  expect(exit).toBe(130);
  expect(terminal.notes()).toContain("Stopping: what is under way is finished");
  expect(terminal.output()).toContain("Interrupted: not read again");
});

test("an interrupt while the app is read again costs the verification and not the report", async () => {
  const interrupt = new AbortController();
  const session = toSession(() => {
    interrupt.abort();
    throw new Error("aborted");
  });
  const terminal = openTerminalHere({ signal: interrupt.signal });
  const exit = await execute(toContext(terminal), { plan, secrets: new Map(), session });
  expect(exit).toBe(130);
  expect(terminal.output()).toContain("1 applied");
  expect(terminal.output()).toContain("Interrupted: not read again");
});

test("as JSON, a plan with nothing to do is a report without outcomes", async () => {
  const terminal = openTerminalHere();
  const context = toContext(terminal, { json: true, quiet: false });
  const session = toSession(() => nothing);
  expect(await execute(context, { plan: toPlan(), secrets: new Map(), session })).toBe(0);
  expect(JSON.parse(terminal.output())).toMatchObject({ outcomes: [], converged: true });
  expect(terminal.notes()).toContain("0 objects match");
});

describe("whoever takes long to answer", () => {
  const gone = toPlan({ ...plan, preImages: { "user/alice": "as it was" } });
  const answerAfter = (ms: number): FakeTerminal =>
    openTerminalHere({
      answers: [],
      ask: async () => {
        vi.advanceTimersByTime(ms);
        return "yes";
      },
    });
  const answer = (ms: number): Promise<unknown> => {
    const context = toContext(answerAfter(ms), { yes: false });
    return execute(context, { plan: gone, secrets: new Map(), session: toSession(() => nothing) });
  };

  test("is told when the app has changed meanwhile, and nothing is sent", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    await expect(answer(10_001)).rejects.toMatchObject({
      exit: 7,
      diagnostics: [{ code: "plan/stale" }, { address: "user/alice" }],
    });
    expect(await answer(9_999), "in a while, what has changed is left alone").toBe(5);
    expect(await answer(1_999), "at once it is not looked at again").toBe(0);
    vi.useRealTimers();
  });
});

describe("with an expected digest", () => {
  const session = toSession(() => nothing);
  const expected = "0".repeat(64);
  const run = (given: typeof plan, terminal: FakeTerminal, flags: Flags): Promise<unknown> =>
    execute(toContext(terminal, { yes: false, ...flags }), {
      plan: given,
      secrets: new Map(),
      session,
    });

  test("another plan is shown, and neither asked about nor applied", async () => {
    const terminal = openTerminalHere({ answers: ["yes"] });
    await expect(run(plan, terminal, { expectDigest: expected })).rejects.toMatchObject({
      exit: 7,
      diagnostics: [
        {
          severity: "error",
          code: "plan/other-digest",
          summary: "This is not the plan that was reviewed; nothing was applied",
          detail: `Its digest is ${plan.digest}, expected was ${expected}.`,
          hint: "The manifest, the flags or the app have changed. Review the new plan; to apply it, name its digest.",
        },
      ],
    });
    expect(terminal.questions()).toEqual([]);
    expect(terminal.output()).toContain("− user/alice");
    expect(terminal.output()).not.toContain("applied in");
  });

  test("a plan with nothing to do, or one that is refused, is another plan, too", async () => {
    const refused = toPlan({
      diagnostics: [{ severity: "error", code: "policy/budget", summary: "too many" }],
    });
    for (const given of [toPlan(), refused]) {
      const terminal = openTerminalHere({ answers: ["yes"] });
      const failure = { exit: 7, diagnostics: [{ code: "plan/other-digest" }] };
      const flags = { expectDigest: expected };
      await expect(run(given, terminal, flags)).rejects.toMatchObject(failure);
      expect(terminal.output()).toContain("acme-staging");
    }
  });

  test("the plan that was seen is applied, and refused if it is", async () => {
    const terminal = openTerminalHere({ answers: ["yes"] });
    expect(await run(toPlan(), terminal, { expectDigest: plan.digest })).toBe(0);
    const diagnostics = [
      { severity: "error", code: "policy/budget", summary: "too many" },
    ] as const;
    const refused = run(toPlan({ diagnostics }), terminal, { expectDigest: plan.digest });
    expect(await refused).toBe(4);
  });
});
