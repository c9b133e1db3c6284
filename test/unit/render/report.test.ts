import { describe, expect, test } from "vitest";
import type { Outcome, Report } from "../../../src/model/report.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { type ReportView, renderReport } from "../../../src/render/report.ts";

const done: Report = {
  formatVersion: 1,
  summary: { applied: 7998, failed: 0, skipped: 0, unknown: 0 },
  outcomes: [],
  calls: { sent: 8000, retried: 0, throttled: 0 },
  converged: true,
  reread: { looks: 1, calls: 3 },
  residue: [],
  interrupted: false,
  durationMs: 51_200,
};

function render(report: Partial<Report>, view: Partial<ReportView> = {}): string {
  return renderReport({ ...done, ...report }, { paint: plainPaint, width: 100, ...view });
}

test("an apply that did everything says so in two lines", () => {
  expect(render({})).toMatchInlineSnapshot(`
    "✓ 7,998 applied in 51 s, 8,000 calls, 0 throttled

    Read again: everything is as planned.
    "
  `);
});

test("what was not applied is listed with its error, its place and what to do, and the exit code", () => {
  const outcomes: readonly Outcome[] = [
    { address: "user/alice", action: "update", status: "applied", durationMs: 12 },
    {
      address: "membership/lobby:dave",
      action: "create",
      status: "failed",
      error: { code: "ERR_UID_NOT_FOUND", message: "dave was deleted while we worked" },
      durationMs: 12,
    },
    {
      address: "user/zoe",
      action: "create",
      status: "failed",
      error: {
        code: "ERR_BAD_REQUEST",
        message:
          'role "vipp" does not exist, so the service did not take the user; create the role, or name another one',
      },
      durationMs: 12,
    },
    {
      address: "webhook/audit",
      action: "create",
      status: "unknown",
      error: { code: "NO_ANSWER", message: "the connection was lost" },
      durationMs: 12,
    },
    {
      address: "group/zoes-room",
      action: "create",
      status: "skipped",
      error: { code: "SKIPPED", message: "needs user/zoe" },
      durationMs: 0,
    },
  ];
  const report: Partial<Report> = {
    summary: { applied: 1, failed: 2, skipped: 1, unknown: 1 },
    outcomes,
    calls: { sent: 4, retried: 2, throttled: 1 },
    converged: false,
    residue: [
      {
        address: "user/zoe",
        action: "create",
        attributes: [{ path: "name", before: null, after: "Zoe" }],
      },
      { address: "group/zoes-room", action: "create", attributes: [] },
    ],
    durationMs: 130_000,
  };
  const sources = new Map([
    ["membership/lobby:dave", { file: "cometform.yaml", line: 31, column: 7 }],
  ]);
  expect(render(report, { sources, exit: 5 })).toMatchInlineSnapshot(`
    "✓ 1 applied in 2 min 10 s, 4 calls, 2 retried, 1 throttled
    ✗ 2 failed
        membership/lobby:dave  ERR_UID_NOT_FOUND  dave was deleted while we worked (cometform.yaml:31)
        user/zoe               ERR_BAD_REQUEST    role "vipp" does not exist, so the service did not
                                                  take the user; create the role, or name another one
    ? 1 unknown: sent, but no answer says what came of it
        webhook/audit  NO_ANSWER  the connection was lost
    – 1 skipped
        group/zoes-room  SKIPPED  needs user/zoe

    Read again: 2 objects still differ. Not converged.                                            exit 5
        user/zoe         to create: name
        group/zoes-room  to create
    Mend what failed, then run apply again: what is done already is not done twice.
    "
  `);
  expect(render(report, { sources, exit: 5, width: 60, verbose: true })).toMatchInlineSnapshot(`
    "✓ 1 applied in 2 min 10 s, 4 calls, 2 retried, 1 throttled
        updated user/alice
    ✗ 2 failed
        membership/lobby:dave  ERR_UID_NOT_FOUND
            dave was deleted while we worked (cometform.yaml:31)
        user/zoe               ERR_BAD_REQUEST
            role "vipp" does not exist, so the service did not
            take the user; create the role, or name another one
    ? 1 unknown: sent, but no answer says what came of it
        webhook/audit  NO_ANSWER  the connection was lost
    – 1 skipped
        group/zoes-room  SKIPPED  needs user/zoe

    Read again: 2 objects still differ. Not converged.    exit 5
        user/zoe         to create: name
        group/zoes-room  to create
    Mend what failed, then run apply again: what is done already is not done twice.
    "
  `);
});

test("an apply that was interrupted says how to finish it", () => {
  const report: Partial<Report> = {
    summary: { applied: 1, failed: 0, skipped: 1, unknown: 0 },
    outcomes: [{ address: "user/bob", action: "create", status: "skipped", durationMs: 0 }],
    converged: false,
    interrupted: true,
    durationMs: 900,
  };
  expect(render(report, { exit: 130 })).toMatchInlineSnapshot(`
    "✓ 1 applied in 0.9 s, 8,000 calls, 0 throttled
    – 1 skipped
        user/bob

    Interrupted: not read again, so nothing is known about convergence.                         exit 130
    Finish it with cometform apply --resume, or run apply again: what is done is not done twice.
    "
  `);
});

test("what still differs without a failure is told apart, with what may have happened", () => {
  const residue = [{ address: "membership/a:b", action: "create" as const, attributes: [] }];
  expect(render({ converged: false, residue }, { exit: 5 })).toMatchInlineSnapshot(`
    "✓ 7,998 applied in 51 s, 8,000 calls, 0 throttled

    Read again: 1 object still differs. Not converged.                                            exit 5
        membership/a:b  to create
    The service took the calls, and the app does not show it: its lists lag behind, or somebody else
    has changed it since. Run plan in a minute: it shows what is still missing.
    "
  `);
  expect(render({ converged: false }, { exit: 5 })).toContain("Not converged.");
});

test("of long lists the first fifty are shown and the rest is counted", () => {
  const outcomes = Array.from(
    { length: 53 },
    (_, index): Outcome => ({
      address: `user/u${index}`,
      action: "create",
      status: "failed",
      durationMs: 1,
    }),
  );
  const residue = outcomes.map(({ address, action }) => ({ address, action, attributes: [] }));
  const lines = render({
    summary: { applied: 0, failed: 53, skipped: 0, unknown: 0 },
    outcomes,
    residue,
    converged: false,
  }).split("\n");
  expect(lines.filter((line) => line === "    and 3 more (--json lists them all)")).toHaveLength(2);
  expect(lines).toHaveLength(1 + 1 + 51 + 1 + 1 + 51 + 1 + 1);
});

test("an outcome without an error says at least which change it was", () => {
  const outcomes: readonly Outcome[] = [
    { address: "user/a", action: "create", status: "failed", durationMs: 1 },
    {
      address: "user/b",
      action: "create",
      status: "failed",
      error: { code: "ERR", message: "no" },
      durationMs: 1,
    },
  ];
  const summary = { applied: 0, failed: 2, skipped: 0, unknown: 0 };
  expect(render({ summary, outcomes, converged: false })).toContain(
    "✗ 2 failed\n    user/a\n    user/b  ERR  no\n",
  );
});

test("what was forgotten is told as done, or as still marked", () => {
  const outcomes: readonly Outcome[] = [
    { address: "user/bob", action: "forget", status: "applied", durationMs: 1 },
  ];
  const residue = [
    { address: "user/bob", action: "forget" as const, attributes: [] },
    { address: "group/attic", action: "adopt" as const, attributes: [] },
  ];
  const text = render({ outcomes, residue, converged: false }, { verbose: true });
  expect(text).toContain("    forgotten user/bob\n");
  expect(text).toContain("    user/bob     still marked as ours\n    group/attic  to adopt\n");
});

describe("what to do", () => {
  const failed = (address: string, hint?: string): Outcome => ({
    address,
    action: "create",
    status: "failed",
    error: { code: "ERR", message: "no", ...(hint === undefined ? {} : { hint }) },
    durationMs: 1,
  });
  const sources = new Map([["user/b", { file: "cometform.yaml", line: 31, column: 7 }]]);

  test("is said once below all it is about", () => {
    const outcomes = [
      failed(
        "user/a",
        "Create the role vipp under roles or name another one, then run apply again.",
      ),
      failed("user/b", "Wait."),
      failed(
        "user/c",
        "Create the role vipp under roles or name another one, then run apply again.",
      ),
      failed("user/d"),
    ];
    const summary = { applied: 0, failed: 4, skipped: 0, unknown: 0 };
    const text = render({ summary, outcomes, converged: false }, { sources, width: 60 });
    expect(text).toMatchInlineSnapshot(`
      "✓ 0 applied in 51 s, 8,000 calls, 0 throttled
      ✗ 4 failed
          user/a  ERR  no
          user/c  ERR  no
              → Create the role vipp under roles or name another
                one, then run apply again.
          user/b  ERR  no (cometform.yaml:31)
              → Wait.
          user/d  ERR  no

      Not converged.
      Mend what failed, then run apply again: what is done already is not done twice.
      "
    `);
  });

  test("of five hundred failures with one cause is said once, and no rare cause is hidden by it", () => {
    const many = Array.from({ length: 500 }, (_, index) => failed(`user/u${index}`, "Wait."));
    const outcomes = [...many, failed("user/zoe", "Rename zoe.")];
    const summary = { applied: 0, failed: 501, skipped: 0, unknown: 0 };
    const lines = render({ summary, outcomes, converged: false }).split("\n");
    expect(lines.filter((line) => line.includes("Wait."))).toEqual(["        → Wait."]);
    expect(lines).toContain("    and 475 more (--json lists them all)");
    expect(lines.slice(-6, -4)).toEqual(["    user/zoe  ERR  no", "        → Rename zoe."]);
  });

  test("about an app that cannot be read again is said as well", () => {
    const unread = { code: "ECONNREFUSED", message: "GET /users got no answer", hint: "Look." };
    expect(render({ converged: false, unread }, { exit: 5 })).toContain(
      "    GET /users got no answer\n    Look.\nRun plan: it shows what is still missing.\n",
    );
  });
});
