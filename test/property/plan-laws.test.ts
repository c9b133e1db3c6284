import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, test } from "vitest";
import planSchema from "../../schemas/plan.schema.json" with { type: "json" };
import { findConflicts } from "../../src/conflicts.ts";
import { isApplicable, type Plan } from "../../src/model/plan.ts";
import { stateOf } from "../support/app-state.ts";
import { countCalls } from "../support/bound.ts";
import { connectTo, type TestApp } from "../support/in-process.ts";
import { applyIt, type Loaded, load } from "../support/manifest.ts";
import { shuffleKeys, shuffleRows } from "../support/shuffle.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { comesBack, executeInAnyOrder, numbers, raise, writesIn } from "../support/trust/play.ts";
import { findTouched } from "../support/untouched.ts";
import { toRequest } from "../support/world/requests.ts";
import { type World, world } from "../support/world.ts";

const isPlan = new Ajv({ strict: false }).compile(planSchema);

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 2_000);

interface Tally {
  applied: number;
  refused: number;
  changes: number;
  calls: number;
  reactivated: number;
  blocked: number;
  taken: number;
  forgotten: number;
}

async function checkWorld(one: World, tally: Tally): Promise<void> {
  const app = await raise(one);
  const session = await connectTo(app);
  const loaded = load(one.manifest);
  const request = toRequest(one.asked);
  const before = stateOf(app);
  const writesBefore = writesIn(app);

  const plan = await planAsked(session, loaded, request);
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
  const bound = countCalls({ ...boundInput(one, loaded), read: groupsRead(plan), before, after });
  expect(plan.calls.total, "minimality: as many calls as the states need").toBe(bound);
  expect(plan.calls.lowerBound, "the printed bound is the real one").toBe(bound);

  let second = await planAsked(session, loaded, request);
  if (plan.summary.reactivate > 0 && second.changes.length > 0) {
    tally.reactivated += 1;
    const kinds = new Set(second.changes.map(({ kind }) => kind));
    expect([...kinds], "a second apply is about memberships only").toEqual(["membership"]);
    await executeInAnyOrder(session, second, numbers(one.order));
    second = await planAsked(session, loaded, request);
  }
  expect(second.changes, "convergence: the next plan is empty").toEqual([]);
  count(tally, plan);
}

function groupsRead({ reads }: Plan): ReadonlySet<string> {
  return new Set(
    reads.collections.flatMap(({ collection }) =>
      collection.startsWith("group/") ? collection.slice("group/".length) : [],
    ),
  );
}

function count(tally: Tally, plan: Plan): void {
  tally.applied += 1;
  tally.changes += plan.changes.length;
  tally.calls += plan.calls.total;
  tally.blocked += plan.blocked.length;
  tally.taken += plan.changes.filter(({ mark, unmark }) => mark && unmark).length;
  tally.forgotten += plan.summary.forget;
}

async function checkDeterminism(app: TestApp, one: World, plan: Plan): Promise<void> {
  const transport = shuffleRows(app.transport, numbers(one.order));
  const session = await connectTo(app, { transport });
  const shuffled = load(shuffleKeys(one.manifest, numbers(one.order)));
  const again = await planAsked(session, shuffled, toRequest(one.asked));
  // Of several who hold a role and are not known otherwise, it is the service that names one.
  const isAsked = plan.reads.collections.some(({ collection }) => /^user of /.test(collection));
  const declared = Object.keys((one.manifest["users"] as object | undefined) ?? {});
  const isStranger = (uid: string) => isAsked && !declared.includes(uid);
  const unnamed = (text: string) =>
    text.replaceAll(/user\/(\w+)/g, (name, uid: string) => (isStranger(uid) ? "somebody" : name));
  const withoutPlaces = ({ changes, blocked, diagnostics, ...rest }: Plan) => ({
    ...rest,
    changes: changes.map(({ source: _, ...change }) => change),
    blocked: blocked.map(({ source: _, by, ...change }) => ({ ...change, by: unnamed(by) })),
    diagnostics: diagnostics.map(({ range: _, summary, detail = "", hint = "", ...rest }) => ({
      ...rest,
      ...{ summary: unnamed(summary), detail: unnamed(detail), hint: unnamed(hint) },
    })),
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
  const tally: Tally = {
    applied: 0,
    refused: 0,
    changes: 0,
    calls: 0,
    reactivated: 0,
    blocked: 0,
    taken: 0,
    forgotten: 0,
  };
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
  const request = toRequest(one.asked);
  for (const mode of ["apply", "destroy"] as const) {
    const plan = await planAsked(session, loaded, request, mode);
    if (!isApplicable(plan)) continue;
    expect(await findConflicts(plan, session), "a fresh plan is not stale").toEqual([]);
    const report = await applyIt(session, loaded, plan);
    const missing = report.outcomes.filter(({ status }) => status !== "applied");
    const isBack = missing.some(({ address }) => comesBack(plan, address));
    const failed = missing.filter(
      ({ address, status }) => !comesBack(plan, address) && !(isBack && status === "skipped"),
    );
    expect(failed, "everything planned is applied").toEqual([]);
    const second = await planAsked(session, loaded, request, mode);
    expect(report.converged, "converged means that the next plan is empty").toBe(
      second.changes.length === 0,
    );
    if (plan.changes.length > 0) {
      expect(await findConflicts(plan, session), "an applied plan is stale").not.toEqual([]);
    }
  }
}

const REPORTS = Math.ceil(WORLDS / 4);

test(`the report tells the truth in ${REPORTS} random worlds`, async () => {
  await fc.assert(fc.asyncProperty(world, checkReport), { numRuns: REPORTS });
});
