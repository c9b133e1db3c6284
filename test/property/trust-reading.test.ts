import fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { kindIn } from "../../src/model/resource.ts";
import { ProviderError } from "../../src/providers/provider.ts";
import { connectTo } from "../support/in-process.ts";
import { load } from "../support/manifest.ts";
import { FAULTS, type Fault, faulty, type Trouble } from "../support/trust/faulty.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { raise } from "../support/trust/play.ts";
import { toRequest } from "../support/world/requests.ts";
import { type World, world } from "../support/world.ts";

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 100);

const modes = fc.constantFrom("apply", "destroy");
type Mode = "apply" | "destroy";
const troubles: fc.Arbitrary<Trouble> = fc.record({
  fault: fc.constantFrom<Fault>(...FAULTS),
  at: fc.nat(7),
});

/** The kinds of which nothing may be deleted when a listing moved; webhooks are one page, which cannot. */
const DEPENDING: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\/roles/, ["role"]],
  [/^\/users/, ["user", "role"]],
  [/^\/groups$/, ["group", "user"]],
  [/^\/groups\/.*\/members/, []],
];

const deletesOf = (plan: Plan) =>
  plan.changes.filter(({ action }) => action === "delete").map(({ address }) => address);

const isUnreadable: ReadonlySet<Fault> = new Set<Fault>(["forbidden", "html", "no list", "half"]);

interface Tally {
  [fault: string]: number;
}

async function checkFault(one: World, trouble: Trouble, mode: Mode, tally: Tally): Promise<void> {
  const app = await raise(one);
  const loaded = load(one.manifest);
  const request = toRequest(one.asked);
  const honest = await planAsked(await connectTo(app), loaded, request, mode);
  const { transport, hit, isByMark } = faulty(app.transport, trouble);
  const session = await connectTo(app, { transport });
  const attempt = planAsked(session, loaded, request, mode);
  const plan = await attempt.catch((error: unknown) => {
    expect(error, "what cannot be read ends the plan as the world's fault").toBeInstanceOf(
      ProviderError,
    );
    return undefined;
  });
  const path = hit();
  if (path === undefined) return;
  const { fault } = trouble;
  tally[fault] = (tally[fault] ?? 0) + 1;
  if (isUnreadable.has(fault)) {
    expect(plan, `no plan after a reply that is ${fault}: ${path}`).toBe(undefined);
    return;
  }
  if (plan?.applicable !== true) return;
  if (fault === "failed once") {
    expect(plan.digest, "a failure that passes changes nothing").toBe(honest.digest);
    return;
  }
  const honestly = new Set(deletesOf(honest));
  // A group of which nobody tells that it is there guards no member of it, and nobody can know.
  const unguarded = honest.blocked.filter(({ by }) => by.includes(", for "));
  for (const { address } of fault === "repeated" ? [] : unguarded) honestly.add(address);
  const extra = deletesOf(plan).filter((address) => !honestly.has(address));
  expect(extra, `nothing more is deleted when rows are ${fault}: ${path}`).toEqual([]);
  if (fault === "repeated") {
    const depending = DEPENDING.find(([listing]) => listing.test(path))?.[1] ?? [];
    const guid = /^\/groups\/([^/]+)\/members/.exec(path)?.[1];
    // Who holds a role may have been asked for, and told well.
    const isAsked = (address: string) =>
      plan.reads.collections.some(
        ({ collection, complete }) => complete && collection === `user of ${address}`,
      );
    // What is marked may have been listed by its mark, to the end of that listing.
    const isMarked = (kind: string) =>
      !isByMark() &&
      path === `/${kind}s` &&
      plan.reads.collections.some(
        ({ collection, complete, markedBy }) => collection === kind && complete && markedBy,
      );
    const blind = deletesOf(plan).filter(
      (address) =>
        (depending.includes(kindIn(address)) && !isAsked(address) && !isMarked(kindIn(address))) ||
        (guid !== undefined && address.startsWith(`membership/${guid}:`)),
    );
    expect(blind, `nothing is deleted that depends on a moving listing: ${path}`).toEqual([]);
  }
}

test(`no delete comes of a listing that was not read whole, in ${WORLDS} worlds`, async () => {
  const tally: Tally = {};
  await fc.assert(
    fc.asyncProperty(world, troubles, modes, (one, trouble, mode) =>
      checkFault(one, trouble, mode as Mode, tally),
    ),
    { numRuns: WORLDS },
  );
  console.info(`${WORLDS} bad reads: ${JSON.stringify(tally)}`);
  expect(Object.keys(tally).length, "most faults were met").toBeGreaterThan(FAULTS.length / 2);
});
