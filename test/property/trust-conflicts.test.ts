import fc from "fast-check";
import { expect, test } from "vitest";
import { findConflicts } from "../../src/conflicts.ts";
import { stateOf } from "../support/app-state.ts";
import type { AppState } from "../support/bound.ts";
import { connectTo } from "../support/in-process.ts";
import { load } from "../support/manifest.ts";
import { differences } from "../support/trust/differences.ts";
import { anyOf, mutate, mutationsOf, whim } from "../support/trust/mutations.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { numbers, raise } from "../support/trust/play.ts";
import { toRequest } from "../support/world/requests.ts";
import { type World, world } from "../support/world.ts";

const WORLDS = Math.ceil(Number(process.env["COMETFORM_WORLDS"] ?? 100) / 2);

interface Tally {
  touched: number;
  untouched: number;
}

/** Everything that is there, by address. */
function addressesIn(state: AppState): string[] {
  return [
    ...(["roles", "users", "groups", "webhooks"] as const).flatMap((section) =>
      Object.keys(state[section]).map((id) => `${section.slice(0, -1)}/${id}`),
    ),
    ...Object.entries(state.members).flatMap(([guid, members]) =>
      Object.keys(members).map((uid) => `membership/${guid}:${uid}`),
    ),
  ];
}

async function checkMutation(one: World, seed: number, tally: Tally): Promise<void> {
  const random = numbers(seed);
  const app = await raise(one);
  const session = await connectTo(app);
  const plan = await planAsked(session, load(one.manifest), toRequest(one.asked));
  const touched = Object.keys(plan.preImages);
  const before = stateOf(app);
  const isAny = random() < 0.3;
  const address = anyOf(isAny ? addressesIn(before) : touched, random);
  if (address === undefined) return;
  const possible = mutationsOf(app, before, address);
  const mutation = anyOf(possible, random);
  if (mutation === undefined) return;
  await mutate(app, mutation);
  const found = await findConflicts(plan, session);
  if (touched.includes(address)) {
    tally.touched += 1;
    expect(found, `${mutation.method} ${mutation.path} is noticed`).toContain(address);
  } else tally.untouched += 1;
  const different = new Set(differences(before, stateOf(app)));
  // What the service makes ids for is known by other names.
  const isNamed = (one: string) => app.dialect === "vendor" || !one.startsWith("webhook/");
  // A group that is deleted is bound to how many go along, roughly.
  const isGroupGoing = (one: string) =>
    one.startsWith("group/") &&
    plan.changes.some(({ address, action }) => address === one && action === "delete");
  const wrongly = found.filter((one) => isNamed(one) && !isGroupGoing(one) && !different.has(one));
  expect(wrongly, `${mutation.method} ${mutation.path} is no conflict of others`).toEqual([]);
}

test(`whatever happens to a touched resource after the plan is noticed, in ${WORLDS} worlds`, async () => {
  const tally: Tally = { touched: 0, untouched: 0 };
  await fc.assert(
    fc.asyncProperty(world, whim, (one, seed) => checkMutation(one, seed, tally)),
    { numRuns: WORLDS },
  );
  console.info(`${WORLDS} mutations: ${JSON.stringify(tally)}`);
  expect(tally.touched, "most are of touched ones, or this says little").toBeGreaterThan(
    WORLDS / 4,
  );
});
