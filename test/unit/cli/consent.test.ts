import { expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { askConsent, requireConsent } from "../../../src/cli/consent.ts";
import type { Flags } from "../../../src/cli/flags.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { toChange, toPlan, toStep } from "../../support/plan.ts";
import { type FakeTerminal, openFakeTerminal } from "../../support/terminal.ts";

function toContext(terminal: FakeTerminal, flags: Flags = {}): Context {
  return {
    command: "apply",
    flags,
    operands: [],
    terminal,
    version: "1.2.3",
    paint: plainPaint,
    notePaint: plainPaint,
  };
}

async function ask(plan: Plan, answers: readonly string[]): Promise<readonly string[]> {
  const terminal = openFakeTerminal({ answers });
  const consent = await askConsent(toContext(terminal), plan);
  return [...terminal.questions(), consent];
}

const harmless = toPlan({
  changes: [toChange("create", "user/alice"), toChange("delete", "user/bob", { soft: true })],
});

test("only the whole word yes goes on, no refuses, the end of input interrupts", async () => {
  const question = "Apply these 2 changes to app 2634f0 (us)?  yes / no / show calls ›  ";
  expect(await ask(harmless, ["yes"])).toEqual([question, "given"]);
  expect(await ask(harmless, ["NO"])).toEqual([question, "refused"]);
  expect(await ask(harmless, ["y", "", "no"])).toEqual([question, question, question, "refused"]);
  expect(await ask(harmless, [])).toEqual([question, "interrupted"]);
});

test("the calls are shown on request, before the question is put again", async () => {
  const terminal = openFakeTerminal({ answers: ["show calls", "yes"] });
  const body = { name: "Alice", password: { $secret: "user/alice#password" } };
  const plan = toPlan({
    changes: [toChange("create", "user/alice")],
    steps: [toStep("1", { method: "POST", path: "/users", body }, ["user/alice"])],
  });
  expect(await askConsent(toContext(terminal), plan)).toBe("given");
  expect(terminal.questions()).toHaveLength(2);
  expect(terminal.notes()).toBe('\n  1  POST /users {"name":"Alice","password":"***"}\n');
});

test("what cannot be undone is asked for by name, one by one", async () => {
  const plan = toPlan({
    changes: [
      toChange("delete", "group/old-lobby", { children: 14 }),
      toChange("delete", "membership/old-lobby:bob", { impliedBy: "group/old-lobby" }),
      toChange("delete", "user/erin"),
      toChange("delete", "role/guest"),
      toChange("delete", "webhook/audit", { reversal: "lossy" }),
      toChange("delete", "membership/lobby:bob"),
    ],
  });
  const [, first, second] = await ask(plan, ["yes", "old-lobby", "erin"]);
  expect(first).toBe(
    "2 of them cannot be undone: group/old-lobby and its 14 members. Type old-lobby to go on ›  ",
  );
  expect(second).toBe("And user/erin. Type erin to go on ›  ");
  expect((await ask(plan, ["yes", "old-lobby", "erin"])).at(-1)).toBe("given");
  expect((await ask(plan, ["yes", "old-lobby", "yes"])).at(-1)).toBe("refused");
  expect((await ask(plan, ["yes"])).at(-1)).toBe("interrupted");
});

test("whatever is said to be irreversible is asked for, a removal and an update too", async () => {
  const plan = toPlan({
    changes: [
      toChange("update", "group/lobby", { reversal: "irreversible" }),
      toChange("delete", "membership/lobby:bob", { reversal: "irreversible" }),
      toChange("delete", "membership/lobby:eve", { impliedBy: "user/eve" }),
    ],
  });
  const [, first, second, consent] = await ask(plan, ["yes", "lobby", "lobby:bob"]);
  expect([first, second, consent]).toEqual([
    "2 of them cannot be undone: group/lobby. Type lobby to go on ›  ",
    "And membership/lobby:bob. Type lobby:bob to go on ›  ",
    "given",
  ]);
});

test("what can be made again or switched on again is not asked for by name", async () => {
  const changes = [
    toChange("delete", "role/guest"),
    toChange("delete", "webhook/audit", { reversal: "lossy" }),
    toChange("delete", "user/erin", { soft: true }),
    toChange("forget", "user/fred"),
  ];
  expect(await ask(toPlan({ changes }), ["yes"])).toEqual([
    "Apply these 4 changes to app 2634f0 (us)?  yes / no / show calls ›  ",
    "given",
  ]);
});

test("more than three that cannot be undone are confirmed by their number", async () => {
  const changes = ["a", "b", "c", "d"].map((key) => toChange("delete", `group/${key}`));
  expect(await ask(toPlan({ changes }), ["yes", "4"])).toEqual([
    "Apply these 4 changes to app 2634f0 (us)?  yes / no / show calls ›  ",
    "4 of them cannot be undone. Type 4 to go on ›  ",
    "given",
  ]);
});

test("destroying asks for the app's id", async () => {
  const plan = toPlan({ mode: "destroy", changes: [toChange("delete", "group/lobby")] });
  const question = "This deletes 1 object of app 2634f0 (us). Type 2634f0 to go on ›  ";
  expect(await ask(plan, ["2634f0"])).toEqual([question, "given"]);
  expect(await ask(plan, ["yes"])).toEqual([question, "refused"]);
});

test("--yes asks nothing, and without it somebody must be there to be asked", async () => {
  const terminal = openFakeTerminal();
  expect(await askConsent(toContext(terminal, { yes: true }), harmless)).toBe("given");
  expect(() => requireConsent(toContext(terminal, { yes: true }))).not.toThrow();
  expect(() => requireConsent(toContext(openFakeTerminal({ answers: [] })))).not.toThrow();
  expect(() => requireConsent(toContext(terminal))).toThrow(
    "apply asks before it changes anything, and there is no terminal to ask at",
  );
});
