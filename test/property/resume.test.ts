import fc from "fast-check";
import { expect, test } from "vitest";
import { apply } from "../../src/apply.ts";
import { findConflicts } from "../../src/conflicts.ts";
import { toPastRun } from "../../src/executor/journal.ts";
import type { RunRecord } from "../../src/model/journal.ts";
import { isApplicable, type Plan } from "../../src/model/plan.ts";
import type { Report } from "../../src/model/report.ts";
import type { PlanRequest } from "../../src/model/request.ts";
import { stateOf, toAnonymous } from "../support/app-state.ts";
import { connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { bigChange, smallChange } from "../support/kills/big-change.ts";
import { repeatedWrites } from "../support/kills/committed.ts";
import { createStoppableWorld } from "../support/kills/stopped-world.ts";
import { applyIt, type Loaded, load } from "../support/manifest.ts";
import { noTime } from "../support/timer.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { numbers, raise } from "../support/trust/play.ts";
import { toRequest } from "../support/world/requests.ts";
import { type World, world } from "../support/world.ts";

const WORLDS = Math.ceil(Number(process.env["COMETFORM_WORLDS"] ?? 400) / 10);

/** An app that can be made again and again, and what is asked of it. */
interface Scene {
  readonly loaded: Loaded;
  readonly request: Partial<PlanRequest>;
  readonly seed: number;
  make(): Promise<TestApp>;
}

/** What an undisturbed run comes to. */
interface Undisturbed {
  readonly state: ReturnType<typeof toAnonymous>;
  readonly records: number;
}

interface Tally {
  worlds: number;
  kills: number;
  untold: number;
}

function toScene(one: World): Scene {
  const request = toRequest(one.asked);
  return { loaded: load(one.manifest), request, seed: one.order, make: () => raise(one) };
}

async function runUndisturbed(scene: Scene): Promise<Undisturbed | undefined> {
  const app = await scene.make();
  const session = await connectTo(app);
  const plan = await planAsked(session, scene.loaded, scene.request);
  if (!isApplicable(plan) || plan.steps.length === 0) return undefined;
  let records = 1;
  const report = await apply({
    ...{ plan, session, secrets: scene.loaded.desired.secrets, concurrency: 16, timer: noTime },
    recorder: {
      note: ({ type }) => {
        records += type === "progress" ? 0 : 1;
      },
      intend: async () => {
        records += 1;
      },
    },
  });
  return report.converged ? { state: toAnonymous(stateOf(app)), records } : undefined;
}

/** A run that is killed, and what it left in its journal. */
async function runUntil(scene: Scene, app: TestApp, number: number) {
  const random = numbers(scene.seed + number);
  const stopping = createStoppableWorld(app, {
    records: number,
    isLastKept: random() < 0.7,
    random,
  });
  const session = await connectTo(app);
  const plan = await planAsked(session, scene.loaded, scene.request);
  const begin: RunRecord = { type: "begin", formatVersion: 1, run: "run", plan };
  const { transport, recorder, records, stopped } = stopping;
  const dying = await connectTo(app, { transport });
  const ended = apply({
    ...{ plan, session: dying, secrets: scene.loaded.desired.secrets, recorder, random },
    ...{ concurrency: random() < 0.3 ? 1 : 16, timer: noTime },
  });
  const how = await Promise.race([stopped, ended.then((report) => ({ report }))]);
  return { plan, how, records: [begin, ...records] };
}

/** Every beginning of a journal tells of no less than the one before it, and of nothing beyond the plan. */
function checkBeginnings(records: readonly RunRecord[]): void {
  let known = 0;
  let begun: ReadonlySet<string> = new Set();
  for (let end = 1; end <= records.length; end += 1) {
    const past = toPastRun(records.slice(0, end));
    if (past === undefined) throw new Error("there is no plan in the journal");
    const rows = new Map(past.plan.steps.map(({ id, changes }) => [id, new Set(changes)]));
    const applied = [...past.steps].flatMap(([id, step]) => {
      const strangers = [...step.applied, ...step.open].filter((row) => !rows.get(id)?.has(row));
      const both = [...step.applied].filter((row) => step.open.has(row));
      const hidden = [...step.applied, ...step.open].filter((row) => !past.begun.has(row));
      expect({ strangers, both, hidden }).toEqual({ strangers: [], both: [], hidden: [] });
      return [...step.applied];
    });
    const total = past.plan.steps.reduce((sum, { changes }) => sum + changes.length, 0);
    expect(past.isDone).toBe(applied.length === total);
    expect(applied.length).toBeGreaterThanOrEqual(known);
    expect([...begun].filter((row) => !past.begun.has(row))).toEqual([]);
    known = applied.length;
    begun = past.begun;
  }
}

async function goOn(scene: Scene, app: TestApp, records: readonly RunRecord[]): Promise<Report> {
  const past = toPastRun(records);
  if (past === undefined) throw new Error("there is no plan in the journal");
  const session = await connectTo(app);
  const { plan, steps, begun } = past;
  expect(await findConflicts(plan, session, { begun }), "it is not stale by itself").toEqual([]);
  const { secrets } = scene.loaded.desired;
  return apply({ plan, secrets, session, concurrency: 16, past: steps, timer: noTime });
}

/** Whether nothing that can be read tells whether a call was carried out. */
function isUntold(plan: Plan, report: Report): boolean {
  const open = report.outcomes.filter(({ status }) => status !== "applied");
  return (
    plan.provider.dialect === "collection" &&
    open.some(({ status }) => status === "unknown") &&
    open.every(({ address, action }) => address.startsWith("webhook/") && action === "create")
  );
}

/** A member that is added unread is added by every new plan; the service says that it is there already. */
function toBlindRow({ address, blind }: Plan["changes"][number]): readonly string[] {
  const [, guid, uid] = /^membership\/([^:]+):(.+)$/.exec(address) ?? [];
  return blind === true ? [`/v3/groups/${guid}/members ${uid}`] : [];
}

async function killAt(scene: Scene, number: number, expected: Undisturbed, tally: Tally) {
  const app = await scene.make();
  const writesBefore = app.emulator.log().length;
  const { plan, records } = await runUntil(scene, app, number);
  tally.kills += 1;
  checkBeginnings(records);
  const sent = app.emulator.log().slice(writesBefore);
  const intents = records.filter(({ type }) => type === "intent").length;
  expect(
    sent.filter(({ method }) => method !== "GET").length,
    "what was sent is in the journal",
  ).toBeLessThanOrEqual(intents);
  const finish = async (): Promise<Report> => {
    const session = await connectTo(app);
    const again = await planAsked(session, scene.loaded, scene.request);
    return applyIt(session, scene.loaded, again);
  };
  let report = number % 2 === 0 ? await finish() : await goOn(scene, app, records);
  if (isUntold(plan, report)) {
    tally.untold += 1;
    report = await finish();
  }
  const failed = report.outcomes.filter(({ status }) => status !== "applied");
  expect({ failed, converged: report.converged }).toEqual({ failed: [], converged: true });
  expect(toAnonymous(stateOf(app)), "as after an undisturbed run").toEqual(expected.state);
  const repeated = repeatedWrites(app.emulator.log().slice(writesBefore));
  const blind = new Set(plan.changes.flatMap(toBlindRow));
  expect(
    repeated.filter((row) => !blind.has(row)),
    "nothing twice",
  ).toEqual([]);
}

async function killEverywhere(scene: Scene, tally: Tally): Promise<void> {
  const expected = await runUndisturbed(scene);
  if (expected === undefined) return;
  tally.worlds += 1;
  for (let number = 1; number <= expected.records + 1; number += 1) {
    await killAt(scene, number, expected, tally);
  }
}

test(`a run that is killed at any record is finished by the next one, in ${WORLDS} worlds`, async () => {
  const tally: Tally = { worlds: 0, kills: 0, untold: 0 };
  await fc.assert(
    fc.asyncProperty(world, (one) => killEverywhere(toScene(one), tally)),
    { numRuns: WORLDS },
  );
  console.info(JSON.stringify(tally));
  expect(tally.kills).toBeGreaterThan(WORLDS);
});

test.each([
  ["vendor", bigChange],
  ["collection", smallChange],
] as const)(
  "and so is a big change, dialect %s, at each of its records",
  async (dialect, change) => {
    const tally: Tally = { worlds: 0, kills: 0, untold: 0 };
    const make = async (): Promise<TestApp> => {
      const app = createApp(dialect);
      const session = await connectTo(app);
      const before = load(change.before);
      await applyIt(session, before, await planAsked(session, before));
      return app;
    };
    for (const seed of [1, 2]) {
      await killEverywhere({ loaded: load(change.after), request: {}, seed, make }, tally);
    }
    expect(tally.kills).toBeGreaterThan(0);
  },
);
