import fc from "fast-check";
import { expect, test } from "vitest";
import { isApplicable, type Plan } from "../../src/model/plan.ts";
import type { Session } from "../../src/providers/provider.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { type Loaded, load, planLifted } from "../support/manifest.ts";
import { familiesOf, importFamilies } from "../support/search/families.ts";
import { isReached } from "../support/search/goal.ts";
import { observe } from "../support/search/observe.ts";
import { toGoal, type World } from "../support/search/planned.ts";
import { callsTo, toRequest } from "../support/search/requests.ts";
import { findFewest, type Quest } from "../support/search/search.ts";
import { createShape, type Dialect, type Shape } from "../support/search/shape.ts";
import * as values from "../support/search/values.ts";
import { toManifest, type Wish } from "../support/search/wish.ts";
import { makeWorld, type Recipe } from "../support/search/worlds.ts";

/** Worlds of each family, dialect and size of batch. */
const WORLDS = Number(process.env["COMETFORM_SEARCH"] ?? 12);
/** States after which a search of everything gives up; the search that is guided never does. */
const STATES_MAX = process.env["COMETFORM_SEARCH"] === undefined ? 2_000 : 30_000;

/** The plan that is made where this many rows share a call. All that is known here of the planner. */
function planFor(
  session: Session,
  loaded: Loaded,
  { rowsMax, importMax, rolesMax }: Shape,
): Promise<Plan> {
  const kinds = session.kinds.map((kind) => ({
    ...kind,
    ...(kind.name === "role" ? { countMax: rolesMax + 1 } : {}),
    draft: (change: Parameters<typeof kind.draft>[0]) =>
      kind.draft(change).map(({ rowsMax: asIs, rides, bulk, ...draft }) => ({
        ...draft,
        ...(bulk === undefined ? {} : { bulk: { ...bulk, rowsMax: importMax } }),
        ...(asIs === undefined ? {} : { rowsMax }),
        ...(rides === undefined ? {} : { rides: { ...rides, rowsMax } }),
      })),
    cost: (change: Parameters<typeof kind.cost>[0]) =>
      kind.cost(change).map((cost) => {
        const { bulk, ...own } = cost;
        const inBulk = bulk === undefined ? {} : { bulk: { ...bulk, rowsMax: importMax } };
        if ("calls" in own) return { ...own, ...inBulk };
        const { ride, ...pool } = { ...own, ...inBulk };
        return { ...pool, rowsMax, ...(ride === undefined ? {} : { ride: { ...ride, rowsMax } }) };
      }),
  }));
  const bulk = importMax > 0 ? "auto" : "off";
  return planLifted({ ...session, kinds }, loaded, { bulk });
}

async function raise({ shape, start }: World): Promise<TestApp> {
  const app = createApp(shape.dialect);
  for (const one of callsTo(shape, start)) {
    const { hookIds } = observe(shape, app.emulator.snapshot());
    const { method, path, body } = toRequest(shape, one, hookIds);
    await call(app, method, path, body);
  }
  expect(observe(shape, app.emulator.snapshot()).state).toEqual(start);
  return app;
}

interface Tally {
  applied: number;
  refused: number;
  calls: number;
  callsMax: number;
  /** Worlds in which every sequence of fewer calls was followed up. */
  searchedWhole: number;
  states: number;
}

async function checkWorld(world: World, tally: Tally): Promise<void> {
  const { shape, start } = world;
  const app = await raise(world);
  const session = await connectTo(app);
  const manifest = toManifest(shape, world.wish);
  const plan = await planFor(session, load(manifest), shape);
  if (!isApplicable(plan)) {
    tally.refused += 1;
    return;
  }
  const { total, lowerBound } = plan.calls;
  const sent = plan.steps.map((step) => step.call);
  const about = JSON.stringify({ dialect: shape.dialect, start, manifest, sent }, undefined, 1);
  const quest = { shape, start, goal: toGoal(world), callsMax: total };
  expect(findFewest(quest).way, `as few calls as the search needs: ${about}`).toHaveLength(total);
  const whole = findFewest({
    ...quest,
    callsMax: total - 1,
    isWhole: true,
    statesMax: STATES_MAX,
  });
  expect(whole.way, `no fewer calls would do: ${about}`).toBe(undefined);
  expect(lowerBound, `the printed bound is that number: ${about}`).toBe(total);
  expect(await execute(app, session, plan, quest), about).toEqual([]);
  tally.applied += 1;
  tally.calls += total;
  tally.callsMax = Math.max(tally.callsMax, total);
  tally.searchedWhole += whole.isGivenUp ? 0 : 1;
  tally.states += whole.states;
}

/** What the service refuses, and what is not as it has to be when all is done. */
async function execute(app: TestApp, session: Session, plan: Plan, quest: Quest) {
  const refused: string[] = [];
  for (const step of plan.steps) {
    const errors = await session.writer.send(step.call, step.changes);
    refused.push(...[...errors].map(([address, { code }]) => `${address}: ${code}`));
  }
  const { state } = observe(quest.shape, app.emulator.snapshot());
  return isReached(state, quest.goal) ? refused : [...refused, ...state, "is not", ...quest.goal];
}

async function checkFamily(recipe: Recipe, dialect: Dialect): Promise<void> {
  const nothing = { applied: 0, refused: 0, calls: 0, callsMax: 0, searchedWhole: 0, states: 0 };
  const tally: Tally = { ...nothing };
  await fc.assert(
    fc.asyncProperty(fc.gen(), (generate) =>
      checkWorld(makeWorld(recipe, dialect, generate), tally),
    ),
    { numRuns: WORLDS },
  );
  console.info(`${recipe.name}, ${dialect}: ${JSON.stringify(tally)}`);
  expect(tally.applied, "enough worlds are applied").toBeGreaterThan(WORLDS / 3);
  expect(tally.searchedWhole, "most are searched whole").toBeGreaterThan(tally.applied / 2);
}

for (const recipe of importFamilies) {
  for (const importMax of [50, 2]) {
    const parts = { ...recipe.parts, rowsMax: importMax === 50 ? 25 : 1, importMax };
    test(`no fewer calls would do: ${recipe.name} (vendor, ${importMax} rows to an import)`, () =>
      checkFamily({ ...recipe, parts }, "vendor"));
  }
}

for (const dialect of ["vendor", "collection"] as const) {
  for (const recipe of familiesOf(dialect)) {
    for (const rowsMax of recipe.hasRows ? [25, 2] : [25]) {
      const parts = { ...recipe.parts, rowsMax };
      test(`no fewer calls would do: ${recipe.name} (${dialect}, ${rowsMax} rows to a call)`, () =>
        checkFamily({ ...recipe, parts }, dialect));
    }
  }
}

/** The calls of the plan, of its bound, and of the shortest way that the search finds. */
async function compare(world: World) {
  const session = await connectTo(await raise(world));
  const { shape, start } = world;
  const plan = await planFor(session, load(toManifest(shape, world.wish)), shape);
  expect(isApplicable(plan)).toBe(true);
  const { total, lowerBound } = plan.calls;
  const goal = toGoal(world);
  const { way } = findFewest({ shape, start, goal, callsMax: total });
  return { planned: total, bound: lowerBound, fewest: way?.length };
}

/** A manifest of which only the entries matter. */
function wishFor(entries: Wish["entries"], prune: Wish["prune"] = {}): Wish {
  return { entries, prune, members: "additive", isPermanent: false, hasStack: false };
}

const NAMED = {
  attributes: {
    role: [values.FIXED_NAME],
    user: [values.FIXED_NAME],
    group: [values.FIXED_NAME],
  },
};

test("a new owner is added although it is a member where nobody asked who is one", async () => {
  const shape = createShape({ dialect: "vendor", ids: { user: "a", group: "g" }, ...NAMED });
  const wish = wishFor({ group: { g: { attributes: ".", link: "a" } } });
  const counts = await compare({ shape, start: ["Ad1", "s1a"], wish });
  expect(counts).toEqual({ planned: 2, bound: 2, fewest: 1 });
});

for (const dialect of ["vendor", "collection"] as const) {
  test(`a membership that comes back by itself is added all the same (${dialect})`, async () => {
    const shape = createShape({ dialect, ids: { user: "a", group: "g" }, ...NAMED });
    const user = { a: { attributes: "1" } };
    const wish = wishFor({ user, group: { g: { attributes: ".", rows: "p" } } });
    const counts = await compare({ shape, start: ["Zd1", "s1p"], wish });
    expect(counts).toEqual({ planned: 2, bound: 2, fewest: 1 });
  });
}

test("calls that would wait for each other in a full app are split no further than they must", async () => {
  const ids = { role: "vw", user: "abce", group: "gh" };
  const shape = createShape({ dialect: "vendor", ids, ...NAMED, rolesMax: 1 });
  const wish = wishFor(
    {
      role: { w: { attributes: "1" } },
      user: { c: { attributes: "1", link: "w" }, e: { attributes: "1" } },
      group: {
        g: { attributes: ".", link: "c", rows: "----" },
        h: { attributes: ".", rows: "--aa" },
      },
    },
    { role: "all", user: "all" },
  );
  const start = ["1", "", "Av1", "Ad1", "", "Ad1", "b1-a--", "s1----"];
  // Users are deactivated in two calls, which the bound cannot know; `e` and `c` are added in one.
  expect(await compare({ shape, start, wish })).toEqual({ planned: 8, bound: 7, fewest: 8 });
});

test("a kinder service would take fewer calls, and the search would find them", () => {
  const find = (kindness: object, start: string, wanted: string) => {
    const ids = { user: "ab", group: "g" };
    const shape = createShape({ dialect: "vendor", ids, ...NAMED, ...kindness });
    const [from, to] = [["Ad1", "Ad1", start] as const, ["Ad1", "Ad1", wanted] as const];
    const quest = { shape, start: from, goal: to, callsMax: 3, isWhole: true };
    return findFewest(quest).way?.map(({ op }) => op);
  };
  expect(find({}, "s1pp", "s1am")).toEqual(["change-scope", "change-scope"]);
  expect(find({ addChangesScope: true }, "s1pp", "s1am")).toEqual(["add-members"]);
  expect(find({}, "s1--", "a1a-")).toEqual(["add-members", "update-group"]);
  expect(find({ ownerJoins: true }, "s1--", "a1a-")).toEqual(["update-group"]);
});
