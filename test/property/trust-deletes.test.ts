import fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { stateOf } from "../support/app-state.ts";
import type { AppState } from "../support/bound.ts";
import { connectTo } from "../support/in-process.ts";
import { load } from "../support/manifest.ts";
import {
  isProtected,
  markedIn,
  mayGo,
  mayLeave,
  membershipsIn,
  protectedInside,
} from "../support/trust/in-scope.ts";
import { isForeign } from "../support/trust/marks-of.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { executeInAnyOrder, numbers, raise } from "../support/trust/play.ts";
import { toRequest } from "../support/world/requests.ts";
import { type World, world } from "../support/world.ts";

const WORLDS = Math.ceil(Number(process.env["COMETFORM_WORLDS"] ?? 100) / 2);

type Mode = "apply" | "destroy";

interface Tally {
  plans: number;
  deletes: number;
  blocked: number;
}

interface Made {
  readonly plan: Plan;
  readonly mode: Mode;
  readonly before: AppState;
  readonly after: AppState;
}

/** Plans, and runs what may be run, for apply and destroy of one world each. */
async function inBothModes(one: World, check: (made: Made) => void): Promise<void> {
  for (const mode of ["apply", "destroy"] as const) {
    const app = await raise(one);
    const session = await connectTo(app);
    const before = stateOf(app);
    const plan = await planAsked(session, load(one.manifest), toRequest(one.asked), mode);
    if (plan.applicable) await executeInAnyOrder(session, plan, numbers(one.order));
    check({ plan, mode, before, after: stateOf(app) });
  }
}

const deletesOf = (plan: Plan) => plan.changes.filter(({ action }) => action === "delete");

/** Deletes that nothing opens: neither the prune scope nor a members list, nor what takes them along. */
function strayDeletes(one: World, mode: Mode, plan: Plan, before: AppState): string[] {
  const things = new Map(markedIn(before).map(([address, , thing]) => [address, thing] as const));
  return deletesOf(plan)
    .map(({ address }) => address)
    .filter((address) => !address.startsWith("webhook/"))
    .filter((address) => {
      const [, guid = "", uid = ""] = /^membership\/([^:]+):(.+)$/.exec(address) ?? [];
      if (guid !== "") return mode === "destroy" || !mayLeave(one, before, guid, uid);
      const thing = things.get(address);
      return thing === undefined || !mayGo(one, mode, address, thing);
    });
}

/** Changes to what carries another stack's mark, or lives in such, that nobody claimed by name. */
function foreignChanges(one: World, plan: Plan, before: AppState): string[] {
  const { stack } = one.manifest;
  const foreign = markedIn(before)
    .filter(
      ([address, , thing]) => isForeign(thing, stack) && !one.asked.takeOver.includes(address),
    )
    .map(([address]) => address);
  const isIn = (address: string) =>
    foreign.some((holder) => {
      const [kind, id] = holder.split("/");
      return (
        address === holder || (kind === "group" && address.startsWith(`membership/${String(id)}:`))
      );
    });
  return plan.changes
    .filter(({ impliedBy }) => impliedBy === undefined)
    .map(({ address }) => address)
    .filter(isIn);
}

/** Protected things that were there and active, and are not any more. */
function lost(one: World, before: AppState, after: AppState): string[] {
  const left = new Set([
    ...markedIn(after).map(([address]) => address),
    ...membershipsIn(after).map(([address]) => address),
  ]);
  const things = markedIn(before)
    .filter(([address, , thing]) => isProtected(one, address, thing))
    .map(([address]) => address);
  const memberships = membershipsIn(before)
    .map(([address]) => address)
    .filter((address) => isProtected(one, address));
  return [...things, ...memberships].filter((address) => !left.has(address));
}

/** What is protected, or holds such, and would go: told without the plan. */
function kept(one: World, mode: Mode, before: AppState): string[] {
  const things = markedIn(before)
    .filter(
      ([address, , thing]) => mayGo(one, mode, address, thing) && isFound(one, address, thing),
    )
    .filter(
      ([address, , thing]) =>
        isProtected(one, address, thing) || protectedInside(one, before, address).length > 0,
    )
    .map(([address]) => address);
  if (mode === "destroy") return things;
  const members = membershipsIn(before)
    .filter(([address, guid, uid]) => mayLeave(one, before, guid, uid) && isProtected(one, address))
    .map(([address]) => address);
  return [...things, ...members];
}

/** Where what is ours is listed by its tag, a mark that stands elsewhere is not seen. */
function isFound(
  { dialect }: World,
  address: string,
  { tags, metadata }: { [name: string]: unknown },
) {
  const isTagged = address.startsWith("user/") && dialect === "vendor";
  const mark = (metadata as { cometform?: { stack?: string } } | undefined)?.cometform?.stack;
  const isHome = (tags as readonly string[] | undefined)?.some((tag) => /^cometform:\w/.test(tag));
  return !(isTagged || address.startsWith("group/")) || mark === undefined || isHome === true;
}

/** Blocked, and neither protected nor in possession of anything that is. */
function vainlyBlocked(one: World, plan: Plan, before: AppState): string[] {
  const holders = new Set([
    ...plan.blocked.map(({ address }) => address),
    ...((one.manifest["forget"] ?? []) as readonly string[]),
  ]);
  const things = new Map(markedIn(before).map(([address, , thing]) => [address, thing] as const));
  return plan.blocked
    .filter(({ address, by }) => {
      const isMarked = isProtected(one, address, things.get(address));
      const isUnread = /for what was not read of it$|under its former id$/.test(by);
      const isReferred = holders.has(/^(\S+), which is kept and refers to it$/.exec(by)?.[1] ?? "");
      const isVain = !isMarked && !isUnread && !isReferred;
      return isVain && protectedInside(one, before, address).length === 0;
    })
    .map(({ address, by }) => `${address}: ${by}`);
}

/** Where groups and users go for good, and some of their memberships must not. */
const guarded = world.map((one): World => {
  const policy = {
    ...(one.manifest["policy"] as object),
    prune: { users: "all", groups: "all" },
    delete: { users: "permanent" },
    protect: ["membership/lobby:*", "membership/den:bob"],
  };
  const { attic } = (one.manifest["groups"] ?? {}) as { readonly [guid: string]: unknown };
  const groups = attic === undefined ? {} : { attic };
  const manifest = { ...one.manifest, policy, forget: [], groups };
  return { ...one, manifest, asked: { ...one.asked, takeOver: [], prune: {} } };
});

async function checkAll(check: (one: World, made: Made) => void): Promise<Tally> {
  const tally: Tally = { plans: 0, deletes: 0, blocked: 0 };
  await fc.assert(
    fc.asyncProperty(fc.oneof(world, world, guarded), (one) =>
      inBothModes(one, (made) => {
        tally.plans += made.plan.applicable ? 1 : 0;
        tally.deletes += deletesOf(made.plan).length;
        tally.blocked += made.plan.blocked.length;
        check(one, made);
      }),
    ),
    { numRuns: WORLDS },
  );
  return tally;
}

test(`no delete is outside the prune scope, and nothing of another stack is changed, in ${WORLDS} worlds`, async () => {
  const tally = await checkAll((one, { plan, mode, before }) => {
    expect(strayDeletes(one, mode, plan, before), `deletes in scope: ${mode}`).toEqual([]);
    const foreign = plan.applicable ? foreignChanges(one, plan, before) : [];
    expect(foreign, `another stack's: ${mode}`).toEqual([]);
  });
  console.info(`${WORLDS} worlds of deletes: ${JSON.stringify(tally)}`);
  expect(tally.deletes, "some go, or this says little").toBeGreaterThan(WORLDS / 2);
});

test(`nothing that is protected goes, and what would have gone is told, in ${WORLDS} worlds`, async () => {
  const tally = await checkAll((one, { plan, mode, before, after }) => {
    expect(lost(one, before, after), `nothing protected is lost: ${mode}`).toEqual([]);
    const blocked = plan.blocked.map(({ address }) => address);
    expect(blocked, `what is kept is told: ${mode}`).toEqual(
      expect.arrayContaining(kept(one, mode, before)),
    );
    expect(vainlyBlocked(one, plan, before), `nothing else is kept: ${mode}`).toEqual([]);
    expect(plan.summary.protected, "and counted").toBe(blocked.length);
    const planned = deletesOf(plan).map(({ address }) => address);
    expect(planned.filter((address) => blocked.includes(address))).toEqual([]);
  });
  console.info(`${WORLDS} worlds of protection: ${JSON.stringify(tally)}`);
  expect(tally.blocked, "some are blocked, or this says little").toBeGreaterThan(WORLDS / 10);
});
