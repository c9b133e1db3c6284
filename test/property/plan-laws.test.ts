import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, test } from "vitest";
import planSchema from "../../schemas/plan.schema.json" with { type: "json" };
import { isApplicable, type Plan, type Step } from "../../src/model/plan.ts";
import { findConflicts } from "../../src/pipeline.ts";
import type { Session } from "../../src/providers/provider.ts";
import { stateOf } from "../support/app-state.ts";
import { countCalls } from "../support/bound.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { applyIt, type Loaded, load, planIt } from "../support/manifest.ts";
import { shuffleKeys, shuffleRows } from "../support/shuffle.ts";
import { findTouched } from "../support/untouched.ts";
import { type World, world } from "../support/world.ts";

const isPlan = new Ajv({ strict: false }).compile(planSchema);

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 2_000);

/** A generator of numbers from 0 to 1 that a seed decides. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function raise({ dialect, seeds }: World): Promise<TestApp> {
  const app = createApp(dialect, { pageMax: 4 });
  for (const { method, path, body } of seeds) await call(app, method, path, body);
  return app;
}

/** Sends every step once, in a random order that respects what each waits for. */
async function executeInAnyOrder(session: Session, plan: Plan, random: () => number) {
  const open = [...plan.steps];
  const ended = new Set<string>();
  const refused: string[] = [];
  while (open.length > 0) {
    const ready = open.filter((step) =>
      [...step.dependsOn, ...step.after].every((id) => ended.has(id)),
    );
    const step = ready[Math.floor(random() * ready.length)] as Step;
    open.splice(open.indexOf(step), 1);
    for (const [address, error] of await session.writer.send(step.call, step.changes)) {
      refused.push(`${address}: ${error.code}`);
    }
    ended.add(step.id);
  }
  return refused;
}

function writesIn(app: TestApp): number {
  return app.emulator.log().filter(({ method }) => method !== "GET").length;
}

interface Tally {
  applied: number;
  refused: number;
  changes: number;
  calls: number;
  reactivated: number;
}

async function checkWorld(one: World, tally: Tally): Promise<void> {
  const app = await raise(one);
  const session = await connectTo(app);
  const loaded = load(one.manifest);
  const before = stateOf(app);
  const writesBefore = writesIn(app);

  const plan = await planIt(session, loaded);
  expect(writesIn(app), "silence: planning sends no write").toBe(writesBefore);
  isPlan(JSON.parse(JSON.stringify(plan)));
  expect(isPlan.errors, "the plan is as its schema says").toBe(null);
  await checkDeterminism(app, one, plan);
  if (!isApplicable(plan)) {
    tally.refused += 1;
    return;
  }
  const refused = await executeInAnyOrder(session, plan, numbers(one.order));
  expect(refused, "order freedom: every call is accepted").toEqual([]);

  const after = stateOf(app);
  expect(findTouched(one, before, after), "nothing else is touched").toEqual([]);
  const bound = countCalls({ ...boundInput(one, loaded), before, after });
  expect(plan.calls.total, "minimality: as many calls as the states need").toBe(bound);
  expect(plan.calls.lowerBound, "the printed bound is the real one").toBe(bound);

  let second = await planIt(session, loaded);
  if (plan.summary.reactivate > 0 && second.changes.length > 0) {
    tally.reactivated += 1;
    const kinds = new Set(second.changes.map(({ kind }) => kind));
    expect([...kinds], "a second apply is about memberships only").toEqual(["membership"]);
    await executeInAnyOrder(session, second, numbers(one.order));
    second = await planIt(session, loaded);
  }
  expect(second.changes, "convergence: the next plan is empty").toEqual([]);
  tally.applied += 1;
  tally.changes += plan.changes.length;
  tally.calls += plan.calls.total;
}

async function checkDeterminism(app: TestApp, one: World, plan: Plan): Promise<void> {
  const transport = shuffleRows(app.transport, numbers(one.order));
  const session = await connectTo(app, { transport });
  const again = await planIt(session, load(shuffleKeys(one.manifest, numbers(one.order))));
  const withoutPlaces = ({ changes, diagnostics, ...rest }: Plan) => ({
    ...rest,
    changes: changes.map(({ source: _, ...change }) => change),
    diagnostics: diagnostics.map(({ range: _, ...diagnostic }) => diagnostic),
  });
  expect(JSON.stringify(withoutPlaces(again)), "determinism: shuffled inputs, same bytes").toBe(
    JSON.stringify(withoutPlaces(plan)),
  );
}

function boundInput(one: World, { desired }: Loaded) {
  const declared: { [guid: string]: Set<string> } = {};
  for (const address of desired.children.keys())
    declared[address.slice("group/".length)] = new Set();
  for (const { kind, key } of desired.resources.values()) {
    const [guid = "", uid = ""] = key.split(":");
    if (kind === "membership") declared[guid]?.add(uid);
  }
  const users = [...desired.resources.values()].filter(({ kind }) => kind === "user");
  const withRole = users.filter(({ attributes }) => attributes["role"] !== undefined);
  return {
    dialect: one.dialect,
    withRole: new Set(withRole.map(({ key }) => key)),
    declared,
    closed: new Set(
      [...desired.children]
        .filter(([, mode]) => mode === "authoritative")
        .map(([address]) => address.slice("group/".length)),
    ),
  };
}

test(`the laws of planning hold in ${WORLDS} random worlds, both dialects`, async () => {
  const tally: Tally = { applied: 0, refused: 0, changes: 0, calls: 0, reactivated: 0 };
  await fc.assert(
    fc.asyncProperty(world, (one) => checkWorld(one, tally)),
    { numRuns: WORLDS },
  );
  console.info(`${WORLDS} worlds: ${JSON.stringify(tally)}`);
  expect(tally.applied, "most worlds are applied, or the laws say little").toBeGreaterThan(
    WORLDS / 3,
  );
});

/** Applies and destroys as the pipeline does, and holds what it says against a second plan. */
async function checkReport(one: World): Promise<void> {
  const app = await raise(one);
  const session = await connectTo(app);
  const loaded = load(one.manifest);
  for (const mode of ["apply", "destroy"] as const) {
    const plan = await planIt(session, loaded, mode);
    if (!isApplicable(plan)) continue;
    expect(await findConflicts(plan, session), "a fresh plan is not stale").toEqual([]);
    const report = await applyIt(session, loaded, plan);
    const failed = report.outcomes.filter(({ status }) => status !== "applied");
    expect(failed, "everything planned is applied").toEqual([]);
    const second = await planIt(session, loaded, mode);
    expect(report.converged, "converged means that the next plan is empty").toBe(
      second.changes.length === 0,
    );
    if (plan.changes.length > 0) {
      expect(await findConflicts(plan, session), "an applied plan is stale").not.toEqual([]);
    }
  }
}

test(`the report tells the truth in ${WORLDS} random worlds`, async () => {
  await fc.assert(fc.asyncProperty(world, checkReport), { numRuns: WORLDS });
});
