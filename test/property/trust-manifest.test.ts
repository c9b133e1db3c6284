import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { toDesired } from "../../src/manifest/desired.ts";
import type { Plan } from "../../src/model/plan.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import { stateOf } from "../support/app-state.ts";
import { connectTo, createApp, type DialectName } from "../support/in-process.ts";
import { applyIt, type Loaded, load, planIt } from "../support/manifest.ts";
import { loadText } from "../support/manifest-text.ts";
import { shuffleKeys } from "../support/shuffle.ts";
import { isOurs } from "../support/trust/marks-of.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { numbers, raise } from "../support/trust/play.ts";
import { toRequest } from "../support/world/requests.ts";
import { world } from "../support/world.ts";

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 100);

const uids = Array.from({ length: 14 }, (_, i) => `u${String(i + 1).padStart(2, "0")}`);

/** A manifest of a company, in which everything that is declared is owned. */
const company = {
  version: 1,
  stack: "acme",
  policy: {
    prune: { roles: "owned", users: "owned", groups: "owned" },
    delete: { users: "permanent" },
  },
  roles: { lead: { name: "Lead" }, staff: { name: "Staff" }, guest: { name: "Guest" } },
  users: Object.fromEntries(uids.map((uid) => [uid, { name: uid, role: "staff" }])),
  groups: {
    lobby: {
      name: "Lobby",
      owner: "u01",
      members: { mode: "authoritative", admins: ["u02"], participants: uids.slice(2) },
    },
    den: { name: "Den", owner: "u02", members: { mode: "authoritative", moderators: ["u03"] } },
    attic: { name: "Attic" },
  },
};

const SECTIONS = { role: "roles", user: "users", group: "groups" } as const;

/** What a section and the members of a group may lose at most: not all, and 30 % of ten or more. */
function lossesIn(plan: Plan): string[] {
  const gone = plan.changes.filter(({ action }) => action === "delete");
  const sections = (Object.keys(SECTIONS) as (keyof typeof SECTIONS)[]).map((kind) => {
    const count = Object.keys(company[SECTIONS[kind]]).length;
    return [kind, count, gone.filter((change) => change.kind === kind).length] as const;
  });
  const removals = Object.entries(company.groups).map(([guid]) => {
    const lost = gone.filter(
      ({ address, impliedBy }) =>
        address.startsWith(`membership/${guid}:`) && impliedBy !== `group/${guid}`,
    );
    return [guid, guid === "lobby" ? uids.length : 2, lost.length] as const;
  });
  return [...sections, ...removals]
    .filter(([, count, lost]) => lost > 1 && (lost >= count || (count >= 10 && lost > count * 0.3)))
    .map(([name, count, lost]) => `${lost} of ${count}: ${name}`);
}

interface Tally {
  unreadable: number;
  refused: number;
  harmless: number;
  deletes: number;
}

async function checkCut(text: string, at: number, dialect: DialectName, tally: Tally) {
  const cut = Buffer.from(text).subarray(0, at).toString();
  const read = loadText(cut);
  const desired = read.ok ? toDesired(read.value, cometchat.kinds(dialect)) : read;
  if (!read.ok || !desired.ok) {
    tally.unreadable += 1;
    return;
  }
  const app = createApp(dialect);
  const session = await connectTo(app);
  const whole = load(company);
  await applyIt(session, whole, await planIt(session, whole));
  const loaded: Loaded = { manifest: read.value, desired: desired.value };
  const plan = await planIt(session, loaded);
  if (!plan.applicable) {
    tally.refused += 1;
    return;
  }
  expect(lossesIn(plan), "no section and no group loses more than its budget").toEqual([]);
  const isDeleting = plan.summary.delete > 0;
  tally[isDeleting ? "deletes" : "harmless"] += 1;
}

const dialects = fc.constantFrom<DialectName>("vendor", "collection");

test(`a manifest that breaks off deletes no more than the budgets allow, and never all, in ${WORLDS} cuts`, async () => {
  const tally: Tally = { unreadable: 0, refused: 0, harmless: 0, deletes: 0 };
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(999), dialects, async (seed, share, dialect) => {
      const text = stringify(seed % 2 === 0 ? company : shuffleKeys(company, numbers(seed)));
      const bytes = Buffer.byteLength(text);
      await checkCut(text, Math.floor((share * bytes) / 1_000), dialect, tally);
    }),
    { numRuns: WORLDS },
  );
  console.info(`${WORLDS} cuts: ${JSON.stringify(tally)}`);
  expect(tally.refused, "some load and are refused, or this says little").toBeGreaterThan(
    WORLDS / 20,
  );
});

test(`an empty manifest deletes nothing, in ${Math.ceil(WORLDS / 3)} worlds`, async () => {
  await fc.assert(
    fc.asyncProperty(world, async (one) => {
      expect(loadText("").ok, "no text is no manifest").toBe(false);
      const session = await connectTo(await raise(one));
      const head = { version: 1, stack: "acme", policy: one.manifest["policy"] };
      const plan = await planIt(session, load(head), "apply", toRequest(one.asked));
      expect(plan.changes, "no section, no change").toEqual([]);
    }),
    { numRuns: Math.ceil(WORLDS / 3) },
  );
});

test(`an emptied section deletes nothing unasked where two or more were owned, in ${WORLDS} worlds`, async () => {
  let emptied = 0;
  await fc.assert(
    fc.asyncProperty(
      world,
      fc.constantFrom<keyof typeof SECTIONS>("role", "user", "group"),
      async (one, kind) => {
        const app = await raise(one);
        const session = await connectTo(app);
        const { forget: _, ...rest } = one.manifest;
        const manifest = { ...rest, stack: "acme", [SECTIONS[kind]]: {} };
        const plan = await planIt(session, load(manifest), "apply", toRequest(one.asked));
        const gone = plan.changes.filter(
          (change) => change.action === "delete" && change.kind === kind,
        );
        const things = Object.values(stateOf(app)[SECTIONS[kind]] as { [id: string]: object });
        const owned = things.filter((thing) => isOurs({ ...thing }, "acme"));
        if (owned.length < 2 || gone.length < 2) return;
        emptied += 1;
        expect(plan.applicable, `${gone.length} ${kind} would go`).toBe(false);
        const allowed = await planAsked(session, load(manifest), toRequest(one.asked));
        const codes = allowed.diagnostics.map(({ code }) => code);
        expect(codes, "it is lifted by name").not.toContain("policy/budget");
      },
    ),
    { numRuns: WORLDS },
  );
  expect(emptied, "some lose all, or this says little").toBeGreaterThan(1);
});
