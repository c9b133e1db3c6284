import fc from "fast-check";
import { expect, test } from "vitest";
import { stateOf } from "../support/app-state.ts";
import { connectTo, createApp, type DialectName, type TestApp } from "../support/in-process.ts";
import { applyIt, load } from "../support/manifest.ts";
import { isOurs, marksOf } from "../support/trust/marks-of.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { raise, recording } from "../support/trust/play.ts";
import { asked, type ManifestValue } from "../support/world/asked.ts";
import { toRequest } from "../support/world/requests.ts";
import { limitedWorld, type World } from "../support/world.ts";

const WORLDS = Math.ceil(Number(process.env["COMETFORM_WORLDS"] ?? 100) / 2);

type Entry = { readonly [name: string]: unknown };
type Entries = { readonly [id: string]: Entry };

/** A manifest of a stack, with ids that no other stack has. */
function ownedBy(stack: string, manifest: ManifestValue): ManifestValue {
  const rename = (id: unknown) =>
    typeof id === "string" && id !== "default" && id !== "app_system" ? `${stack}-${id}` : id;
  const section = (name: string, inner: (entry: Entry) => Entry = (entry) => entry) => {
    const entries = Object.entries((manifest[name] ?? {}) as Entries);
    return Object.fromEntries(
      entries.map(([id, { protect: _, ...entry }]) => [rename(id), inner({ name: id, ...entry })]),
    );
  };
  const inGroup = ({ owner, members, ...entry }: Entry): Entry => {
    const { mode, ...lists } = (members ?? {}) as Entry;
    const renamed = Object.entries(lists).map(([list, uids]) => [
      list,
      (uids as readonly string[]).map(rename),
    ]);
    const some = { ...(mode === undefined ? {} : { mode }), ...Object.fromEntries(renamed) };
    return {
      ...entry,
      ...(owner === undefined ? {} : { owner: rename(owner) }),
      ...(members === undefined ? {} : { members: some }),
    };
  };
  return {
    version: 1,
    stack,
    roles: section("roles"),
    users: section("users", ({ role, ...entry }) =>
      role === undefined ? entry : { ...entry, role: rename(role) },
    ),
    groups: section("groups", inGroup),
  };
}

/** What carries another mark than this stack's, or none. */
function notOf(app: TestApp, stack: string): Entries {
  const { roles, users, groups } = stateOf(app);
  const all = [roles, users, groups].flatMap((things) => Object.entries(things as Entries));
  return Object.fromEntries(all.filter(([, thing]) => !isOurs(thing, stack)));
}

interface Tally {
  shared: number;
  gone: number;
}

async function checkStacks(
  dialect: DialectName,
  manifests: readonly [ManifestValue, ManifestValue],
  tally: Tally,
): Promise<void> {
  const app = createApp(dialect, { pageMax: 4 });
  const session = await connectTo(app);
  const ours = load(ownedBy("acme", manifests[0]));
  const theirs = load(ownedBy("other", manifests[1]));
  for (const loaded of [ours, theirs]) {
    const plan = await planAsked(session, loaded);
    if (!plan.applicable) return;
    expect((await applyIt(session, loaded, plan)).converged, "it can be applied").toBe(true);
  }
  tally.shared += 1;
  for (const loaded of [ours, theirs]) {
    const plan = await planAsked(session, loaded);
    expect(plan.changes, `nothing to do for ${loaded.manifest.stack}`).toEqual([]);
    expect(plan.applicable, `nothing in the way of ${loaded.manifest.stack}`).toBe(true);
  }
  const others = notOf(app, "acme");
  const sections = { roles: {}, users: {}, groups: {} };
  const emptied = load({ version: 1, stack: "acme", ...sections });
  const plan = await planAsked(session, emptied);
  expect(plan.applicable, "its own can be let go").toBe(true);
  const strays = plan.changes.filter(({ address }) => !/^\w+\/acme-/.test(address));
  expect(strays, "only what is its own goes").toEqual([]);
  await applyIt(session, emptied, plan);
  expect(notOf(app, "acme"), "the others' are as they were").toEqual(others);
  const left = Object.values(stateOf(app)).flatMap((things) => Object.values(things as Entries));
  const active = left.filter(
    (thing) => thing["isOff"] !== true && marksOf(thing).stacks.has("acme"),
  );
  expect(active, "nothing of its own is left").toEqual([]);
  tally.gone += plan.changes.length;
}

const dialects = fc.constantFrom<DialectName>("vendor", "collection");
const pairs = dialects.chain((dialect) =>
  fc.record({ dialect: fc.constant(dialect), both: fc.tuple(asked(dialect), asked(dialect)) }),
);

test(`two stacks share an app and leave each other alone, in ${WORLDS} pairs`, async () => {
  const tally: Tally = { shared: 0, gone: 0 };
  await fc.assert(
    fc.asyncProperty(pairs, ({ dialect, both }) => checkStacks(dialect, both, tally)),
    { numRuns: WORLDS },
  );
  console.info(`${WORLDS} pairs of stacks: ${JSON.stringify(tally)}`);
  expect(tally.shared, "most can be applied, or this says little").toBeGreaterThan(WORLDS / 10);
});

/** Plans everything that can be planned of a world, and keeps the methods that were sent. */
async function checkSilence(one: World, seen: Set<string>): Promise<void> {
  const app = await raise(one);
  const { transport, methods } = recording(app.transport);
  const session = await connectTo(app, { transport });
  const loaded = load(one.manifest);
  const before = stateOf(app);
  for (const mode of ["apply", "destroy"] as const) {
    for (const request of [
      {},
      toRequest({ ...one.asked, only: [], except: [] }),
      toRequest(one.asked),
    ]) {
      const plan = await planAsked(session, loaded, request, mode);
      seen.add(`${mode} ${plan.applicable ? "applicable" : "refused"}`);
      if (plan.scope !== null) seen.add("limited");
      for (const { action } of plan.changes) seen.add(action);
    }
  }
  expect([...methods], "only reads").toEqual(["GET"]);
  expect(stateOf(app), "nothing is different").toEqual(before);
}

test("no plan of any sort sends anything but reads", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(limitedWorld, (one) => checkSilence(one, seen)),
    { numRuns: Math.ceil(WORLDS / 2) },
  );
  expect([...seen].sort(), "of every sort there was one").toEqual(
    expect.arrayContaining([
      "adopt",
      "apply applicable",
      "apply refused",
      "create",
      "delete",
      "destroy applicable",
      "limited",
      "update",
    ]),
  );
});
