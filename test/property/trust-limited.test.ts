import fc from "fast-check";
import { expect, test } from "vitest";
import { isApplicable, type Plan } from "../../src/model/plan.ts";
import type { Session } from "../../src/providers/provider.ts";
import { stateOf } from "../support/app-state.ts";
import { connectTo } from "../support/in-process.ts";
import { type Loaded, load } from "../support/manifest.ts";
import { differences } from "../support/trust/differences.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { executeInAnyOrder, numbers, raise, writesIn } from "../support/trust/play.ts";
import { isAmong } from "../support/trust/selecting.ts";
import { toRequest } from "../support/world/requests.ts";
import { limitedWorld, type World } from "../support/world.ts";

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 200);

const isSelected = ({ asked: { only, except } }: World, address: string): boolean =>
  (only.length === 0 || isAmong(only, address)) && !isAmong(except, address);

/** Changes that are neither selected, nor pulled in, nor taken along by one that is. */
function strayChanges(one: World, plan: Plan): string[] {
  const pulledIn = new Set((plan.scope?.pulledIn ?? []).map(({ address }) => address));
  const isIn = (address: string) => isSelected(one, address) || pulledIn.has(address);
  return plan.changes
    .filter(({ address, impliedBy }) => !isIn(address) && !(impliedBy && isIn(impliedBy)))
    .map(({ action, address }) => `${action} ${address}`);
}

function checkScope(one: World, plan: Plan): void {
  const { only, except } = one.asked;
  expect(plan.scope?.only, "the scope names what was selected").toEqual([...only].sort());
  expect(plan.scope?.except, "the scope names what was excepted").toEqual([...except].sort());
  expect(strayChanges(one, plan), "nothing beyond the scope is planned").toEqual([]);
  const planned = plan.changes.map(({ address }) => address);
  // A membership cannot outlive its user or its group.
  const alone = plan.changes.filter(({ impliedBy }) => impliedBy === undefined);
  const excepted = alone.map(({ address }) => address).filter((one) => isAmong(except, one));
  expect(excepted, "what is excepted is not changed").toEqual([]);
  const actions = new Map(plan.changes.map(({ address, action }) => [address, action]));
  const pulled = (plan.scope?.pulledIn ?? []).map(({ address }) => actions.get(address));
  expect(pulled, "what is pulled in is planned").not.toContain(undefined);
  expect(pulled, "a delete is never pulled in").not.toContain("delete");
  const left = (plan.scope?.leftOut ?? []).map(({ address }) => address);
  expect(
    planned.filter((address) => left.includes(address)),
    "left out means left out",
  ).toEqual([]);
  expect(
    left.filter((address) => !isSelected(one, address)),
    "only selected is left out",
  ).toEqual([]);
  expect(plan.scope?.beyond, "beyond is a count").toBeGreaterThanOrEqual(0);
}

/** What differs although no change of the plan says so, nor follows from one that does. */
function straysIn(plan: Plan, changed: readonly string[]): string[] {
  const actions = new Map(plan.changes.map((change) => [change.address, change]));
  return changed.filter((address) => {
    if (actions.has(address)) return false;
    const [, guid = "", uid = ""] = /^membership\/([^:]+):(.+)$/.exec(address) ?? [];
    const group = actions.get(`group/${guid}`);
    const user = actions.get(`user/${uid}`);
    const isOwner = group?.attributes.some(({ path, after }) => path === "owner" && after === uid);
    const comesOrGoes = (action: string | undefined) =>
      action === "delete" || action === "create" || action === "reactivate";
    return !(isOwner || comesOrGoes(group?.action) || comesOrGoes(user?.action));
  });
}

interface Tally {
  applied: number;
  changes: number;
  pulledIn: number;
  leftOut: number;
}

async function converge(session: Session, loaded: Loaded, one: World, whole: boolean) {
  const request = toRequest(whole ? { ...one.asked, only: [], except: [] } : one.asked);
  let plan = await planAsked(session, loaded, request);
  // Who is reactivated comes back with memberships that only show afterwards.
  if (isApplicable(plan) && plan.changes.length > 0) {
    const refused = await executeInAnyOrder(session, plan, numbers(one.order));
    expect(refused, "every call is accepted").toEqual([]);
    const isBack = plan.summary.reactivate > 0;
    plan = await planAsked(session, loaded, request);
    if (isBack && isApplicable(plan) && plan.changes.length > 0) {
      await executeInAnyOrder(session, plan, numbers(one.order));
      plan = await planAsked(session, loaded, request);
    }
  }
  return plan;
}

async function checkLimited(one: World, tally: Tally): Promise<void> {
  const app = await raise(one);
  const session = await connectTo(app);
  const loaded = load(one.manifest);
  const before = stateOf(app);
  const writesBefore = writesIn(app);
  const plan = await planAsked(session, loaded, toRequest(one.asked));
  expect(writesIn(app), "planning sends no write").toBe(writesBefore);
  checkScope(one, plan);
  if (!isApplicable(plan)) return;
  tally.applied += 1;
  tally.changes += plan.changes.length;
  tally.pulledIn += plan.scope?.pulledIn.length ?? 0;
  tally.leftOut += plan.scope?.leftOut.length ?? 0;
  const refused = await executeInAnyOrder(session, plan, numbers(one.order));
  expect(refused, "every call is accepted in any allowed order").toEqual([]);
  // The collection's service makes ids of its own for webhooks, which the manifest does not know.
  const changed = differences(before, stateOf(app)).filter(
    (address) => one.dialect === "vendor" || !address.startsWith("webhook/"),
  );
  expect(straysIn(plan, changed), "nothing but what is planned is touched").toEqual([]);
  const second = await planAsked(session, loaded, toRequest(one.asked));
  if (plan.summary.reactivate === 0) {
    expect(second.changes, "the second limited plan is empty").toEqual([]);
  }
  const last = await converge(session, loaded, one, false);
  expect(last.changes, "limited plans converge").toEqual([]);
  const whole = await converge(session, loaded, one, true);
  if (isApplicable(whole)) expect(whole.changes, "the whole plan then converges").toEqual([]);
}

test(`a plan that is limited touches its scope and nothing else, and converges, in ${WORLDS} worlds`, async () => {
  const tally: Tally = { applied: 0, changes: 0, pulledIn: 0, leftOut: 0 };
  await fc.assert(
    fc.asyncProperty(limitedWorld, (one) => checkLimited(one, tally)),
    { numRuns: WORLDS },
  );
  console.info(`${WORLDS} limited worlds: ${JSON.stringify(tally)}`);
  expect(tally.pulledIn * tally.leftOut, "both happen, or the law says little").toBeGreaterThan(0);
});

/** What a part and then the whole come to is what the whole comes to by itself. */
async function checkDetour(one: World): Promise<void> {
  const loaded = load(one.manifest);
  const states = [];
  for (const parts of [[true], [false, true]]) {
    const app = await raise(one);
    const session = await connectTo(app);
    const plan = await planAsked(
      session,
      loaded,
      toRequest({ ...one.asked, only: [], except: [] }),
    );
    if (!isApplicable(plan)) return;
    // In the collection, the service's ids of webhooks follow the order in which they are made.
    for (const whole of parts) {
      const last = await converge(session, loaded, one, whole);
      if (!isApplicable(last)) return;
    }
    states.push(stateOf(app));
  }
  const [direct, detour] = states;
  if (direct !== undefined && detour !== undefined) {
    const isOfService = (address: string) =>
      one.dialect === "collection" && address.startsWith("webhook/");
    const different = differences(direct, detour).filter((address) => !isOfService(address));
    expect(different, "the detour makes no difference").toEqual([]);
  }
}

/** Who is a member of a group that does not declare any is not read, so it matters which groups there are. */
const unprotected = limitedWorld.map((one): World => {
  const { protect: _, ...policy } = one.manifest["policy"] as { readonly protect?: unknown };
  return { ...one, manifest: { ...one.manifest, policy } };
});

const DETOURS = Math.ceil(WORLDS / 3);

test(`a limited plan and then the whole come to what the whole alone does, in ${DETOURS} worlds`, async () => {
  await fc.assert(fc.asyncProperty(unprotected, checkDetour), { numRuns: DETOURS });
});
