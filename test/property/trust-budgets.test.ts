import fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import type { Allowance } from "../../src/model/request.ts";
import { stateOf } from "../support/app-state.ts";
import { connectTo } from "../support/in-process.ts";
import { liftAll } from "../support/lift.ts";
import { load, planIt } from "../support/manifest.ts";
import { crowd } from "../support/trust/crowd.ts";
import { raise } from "../support/trust/play.ts";
import { spendingsOf } from "../support/trust/spending.ts";
import { toRequest } from "../support/world/requests.ts";
import { limitedWorld, type World, world } from "../support/world.ts";

const WORLDS = Math.ceil(Number(process.env["COMETFORM_WORLDS"] ?? 100) / 2);

const errorsOf = (plan: Plan) => plan.diagnostics.filter(({ severity }) => severity === "error");

/** The budgets a plan is refused for, as it says what would lift them. */
const refusedFor = (plan: Plan): string[] =>
  liftAll(plan)
    .allow.map(({ action, subject, count }) => `${action}:${subject}=${count}`)
    .sort();

interface Tally {
  plans: number;
  over: number;
  lifted: number;
}

async function checkBudgets(one: World, tally: Tally): Promise<void> {
  const app = await raise(one);
  const session = await connectTo(app);
  const loaded = load(one.manifest);
  const request = toRequest(one.asked);
  const plan = await planIt(session, loaded, "apply", request);
  const spendings = spendingsOf(one, stateOf(app), plan);
  const over = spendings.filter(({ isOver }) => isOver);
  const due = over.map(({ name, spent }) => `${name}=${spent}`).sort();
  const isPartlyRead = plan.reads.collections.some(({ markedBy }) => markedBy !== undefined);
  if (isPartlyRead || plan.scope !== null) {
    // What is marked in metadata alone is not seen then, so that less is taken for all there is; and
    // a part of all there is counts as the whole.
    expect(refusedFor(plan), "refused for all that is over").toEqual(expect.arrayContaining(due));
    return;
  }
  expect(refusedFor(plan), "refused for exactly what is over").toEqual(due);
  tally.plans += 1;
  tally.over += over.length;
  if (over.length === 0) return;
  expect(plan.applicable, "what is over a budget is not applicable").toBe(false);
  const others = errorsOf(plan).filter(({ code }) => code !== "policy/budget");
  const { allow } = liftAll(plan);
  const whole = await planIt(session, loaded, "apply", { ...request, allow });
  expect(errorsOf(whole), "allowed by name, nothing else stands in the way").toEqual(others);
  tally.lifted += whole.applicable ? 1 : 0;
  for (const [i, { action, subject, count }] of allow.entries()) {
    const name = `${action}:${subject}=${count}`;
    const without = allow.filter((_, other) => other !== i);
    const less: Allowance = { action, subject, count: count - 1 };
    const short = await planIt(session, loaded, "apply", { ...request, allow: [...without, less] });
    expect(refusedFor(short), "a smaller allowance lifts nothing").toEqual([name]);
    const rest = await planIt(session, loaded, "apply", { ...request, allow: without });
    expect(refusedFor(rest), "an allowance lifts no other budget").toEqual([name]);
  }
}

async function checkAll(worlds: fc.Arbitrary<World>): Promise<Tally> {
  const tally: Tally = { plans: 0, over: 0, lifted: 0 };
  await fc.assert(
    fc.asyncProperty(worlds, (one) => checkBudgets(one, tally)),
    { numRuns: WORLDS },
  );
  return tally;
}

test(`no applicable plan exceeds a budget that was not lifted by name, in ${WORLDS} crowded apps`, async () => {
  const tally = await checkAll(crowd);
  console.info(`${WORLDS} crowds: ${JSON.stringify(tally)}`);
  expect(tally.lifted, "many are lifted, or this says little").toBeGreaterThan(WORLDS / 5);
});

/** Webhooks in the collection have ids of the service's own; they are left to the crowds' kinds. */
const withoutHooks = fc.oneof(world, limitedWorld).map((one) => {
  const { webhooks: _, ...manifest } = one.manifest;
  return { ...one, manifest };
});

test(`budgets are counted the same in ${WORLDS} small worlds of every sort`, async () => {
  await checkAll(withoutHooks);
});

test(`a destroy knows no budgets, in ${WORLDS} crowded apps`, async () => {
  await fc.assert(
    fc.asyncProperty(crowd, async (one) => {
      const session = await connectTo(await raise(one));
      expect(refusedFor(await planIt(session, load(one.manifest), "destroy"))).toEqual([]);
    }),
    { numRuns: Math.ceil(WORLDS / 5) },
  );
});
