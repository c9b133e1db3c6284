import fc from "fast-check";
import { expect, test } from "vitest";
import type { Transport } from "../../src/providers/http/transport.ts";
import { stateOf } from "../support/app-state.ts";
import type { AppState } from "../support/bound.ts";
import { connectTo } from "../support/in-process.ts";
import { load } from "../support/manifest.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { executeInAnyOrder, numbers, raise } from "../support/trust/play.ts";
import { toRequest } from "../support/world/requests.ts";
import { limitedWorld, type World, world } from "../support/world.ts";

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 100);

type Entry = { readonly [name: string]: unknown };

/** A listing of groups that does not tell of owners who are nobody's. */
function withoutOwners(transport: Transport): Transport {
  return async (request) => {
    const reply = await transport(request);
    const isGroups = /\/v3\/groups(\/[^/]+)?$/.test(new URL(request.url).pathname);
    if (request.method !== "GET" || !isGroups || reply.status !== 200) return reply;
    const body = JSON.parse(reply.text);
    const strip = ({ owner, ...row }: Entry) => (owner === "app_system" ? row : { ...row, owner });
    const data = Array.isArray(body.data) ? body.data.map(strip) : strip(body.data);
    return { ...reply, text: JSON.stringify({ ...body, data }) };
  };
}

/** Whether a group has an owner who is told of, or an admin. */
function isKept({ groups, members, users }: AppState, guid: string): boolean {
  const owner = String(groups[guid]?.["owner"]);
  const isActive = users[owner] !== undefined && users[owner]["isOff"] !== true;
  return isActive || Object.values(members[guid] ?? {}).includes("admin");
}

interface Tally {
  guarded: number;
  orphaned: number;
  applied: number;
}

async function checkAdmins(one: World, tally: Tally): Promise<void> {
  const app = await raise(one);
  const session = await connectTo(app, { transport: withoutOwners(app.transport) });
  const before = stateOf(app);
  const plan = await planAsked(session, load(one.manifest), toRequest(one.asked));
  const refusals = plan.diagnostics.filter(({ code }) => code === "group/last-admin");
  tally.guarded += refusals.length;
  for (const { address = "" } of refusals) {
    expect(isKept(before, address.slice("group/".length)), `${address} had somebody`).toBe(true);
  }
  if (!plan.applicable) return;
  tally.applied += 1;
  await executeInAnyOrder(session, plan, numbers(one.order));
  const after = stateOf(app);
  const groups = (one.manifest["groups"] ?? {}) as { readonly [guid: string]: Entry };
  const left = Object.keys(before.groups).filter((guid) => {
    const entry = groups[guid];
    // The system user is an owner, whether the listing tells or not.
    const isHanded = entry?.["owner"] === "app_system";
    // Whose members are not declared, they are not read either: it is not known who is an admin.
    const isRead = entry?.["members"] !== undefined;
    return isRead && !isHanded && isKept(before, guid) && !isKept(after, guid);
  });
  tally.orphaned += left.length;
  expect(left, "groups that are left without anybody").toEqual([]);
}

/** Where most members are admins and few stay, so that the last one is often at stake. */
const closed = fc.oneof(world, limitedWorld).map((one): World => {
  const groups = (one.manifest["groups"] ?? {}) as { readonly [guid: string]: Entry };
  const shut = Object.entries(groups).map(([guid, { owner, ...entry }]) => {
    const members = { ...((entry["members"] ?? {}) as Entry), mode: "authoritative" };
    return [guid, { ...entry, members, ...(guid === "den" ? { owner } : {}) }] as const;
  });
  const seeds = one.seeds.map((seed): World["seeds"][number] => {
    if (seed.path !== "/groups") return seed;
    const { owner: _, ...body } = seed.body as Entry;
    return { ...seed, body };
  });
  const section = one.manifest["groups"] === undefined ? {} : { groups: Object.fromEntries(shut) };
  return { ...one, seeds, manifest: { ...one.manifest, ...section } };
});

test(`no plan leaves a group without an owner or an admin, in ${WORLDS} worlds`, async () => {
  const tally: Tally = { guarded: 0, orphaned: 0, applied: 0 };
  await fc.assert(
    fc.asyncProperty(closed, (one) => checkAdmins(one, tally)),
    { numRuns: WORLDS },
  );
  console.info(`${WORLDS} worlds of admins: ${JSON.stringify(tally)}`);
  expect(tally.guarded, "some are refused, or this says little").toBeGreaterThan(0);
});
