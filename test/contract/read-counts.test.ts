import { describe, expect, test } from "vitest";
import { plainPaint } from "../../src/render/paint.ts";
import { renderPlan } from "../../src/render/plan.ts";
import { call, connectTo, createApp, type DialectName } from "../support/in-process.ts";
import { applyIt, load, planIt, planLifted } from "../support/manifest.ts";

const PAGE = { vendor: 1000, collection: 100 } as const;
/** Full pages and the short one that ends them. */
const pages = (rows: number, dialect: DialectName) => Math.floor(rows / PAGE[dialect]) + 1;

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${prefix}${1000 + at}`);

/** 550 resources: 4 roles, 380 users, 20 groups, 145 memberships and a webhook. */
function company(dialect: DialectName) {
  const uids = numbered("user-", 380);
  const members = (at: number) => uids.slice(at, at + (at < 5 ? 8 : 7));
  const group = (at: number) => ({
    ...{ name: `Group ${at}`, type: "public" },
    members: { participants: members(at) },
  });
  return {
    version: 1,
    stack: "acme",
    roles: Object.fromEntries(numbered("role-", 4).map((role) => [role, { name: role }])),
    users: Object.fromEntries(uids.map((uid) => [uid, { name: uid, metadata: { a: 1 } }])),
    groups: Object.fromEntries(numbered("group-", 20).map((guid, at) => [guid, group(at)])),
    webhooks: {
      audit: {
        ...(dialect === "vendor" ? { name: "Audit" } : {}),
        ...{ url: "https://hooks.example/audit", triggers: ["message_sent"] },
      },
    },
  };
}

describe.each(["vendor", "collection"] as const)("in the %s dialect", (dialect) => {
  test("a plan with nothing to do in an app of 550 takes the pages of its listings and no call more", async () => {
    const app = createApp(dialect);
    const loaded = load(company(dialect));
    const session = await connectTo(app);
    await applyIt(session, loaded, await planLifted(session, loaded));
    const made = await planIt(await connectTo(app), loaded);
    expect(made.changes).toEqual([]);
    expect(made.summary.unchanged).toBe(550);
    const listings = [4 + 1, 380 + 1, 20].map((rows) => pages(rows, dialect));
    const triggers = dialect === "vendor" ? 1 : 0;
    const formula = [...listings, 1, triggers, 20].reduce((sum, count) => sum + count, 0);
    expect(made.reads.calls).toBe(formula);
    expect(made.reads.collections.filter(({ speculative }) => speculative !== undefined)).toEqual(
      [],
    );
  });
});

test("verbose says how each kind was read, and why", async () => {
  const app = createApp("vendor", { pageMax: 2 });
  for (const uid of numbered("u", 9)) await call(app, "POST", "/users", { uid, name: uid });
  const loaded = load({ version: 1, users: { u1008: { name: "u1008" } } });
  const show = async (read: "auto" | "list" | "point") => {
    const made = await planIt(await connectTo(app), loaded, "apply", { read });
    const text = renderPlan(made, { paint: plainPaint, width: 100, verbose: true });
    return text.split("\n").filter((line) => line.startsWith("      user  "));
  };
  expect(await show("auto")).toEqual([
    "      user  one by one  2 calls  (the whole listing takes more than 1 call)",
  ]);
  expect(await show("list")).toEqual(["      user  listed whole  5 calls  (--read list)"]);
  expect(await show("point")).toEqual(["      user  one by one  1 call  (--read point)"]);
});
