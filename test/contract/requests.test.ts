import fc from "fast-check";
import { expect, test } from "vitest";
import { isApplicable } from "../../src/model/plan.ts";
import { everything, everythingChanged, everythingCleared, SECRETS } from "../support/cases.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { applyIt, load, planIt } from "../support/manifest.ts";
import { createVendorCheck, type LoggedRequest } from "../support/request-schema.ts";
import { world } from "../support/world.ts";

const check = createVendorCheck();

/** Everything the planner and the executor ever ask of the vendor's API, in one log. */
async function collectRequests(): Promise<LoggedRequest[]> {
  const log: LoggedRequest[] = [];
  const keep = (app: TestApp, from: number) => log.push(...app.emulator.log().slice(from));
  const app = createApp("vendor", { sample: true });
  for (const manifest of [everything, everythingChanged, everythingCleared]) {
    const session = await connectTo(app, { dialect: "auto" });
    const loaded = load(manifest("vendor"), SECRETS);
    await applyIt(session, loaded, await planIt(session, loaded));
  }
  const session = await connectTo(app);
  const loaded = load(everything("vendor"), SECRETS);
  await applyIt(session, loaded, await planIt(session, loaded, "destroy"));
  keep(app, 0);
  const inVendor = world.filter(({ dialect }) => dialect === "vendor");
  for (const one of fc.sample(inVendor, { numRuns: 200, seed: 7 })) {
    const random = createApp("vendor");
    for (const { method, path, body } of one.seeds) await call(random, method, path, body);
    const from = random.emulator.log().length;
    await applyManifest(random, one.manifest);
    keep(random, from);
  }
  return log;
}

async function applyManifest(app: TestApp, manifest: unknown): Promise<void> {
  try {
    const loaded = load(manifest);
    const session = await connectTo(app);
    const plan = await planIt(session, loaded);
    if (isApplicable(plan)) await applyIt(session, loaded, plan);
  } catch (error) {
    expect(String(error)).toContain("manifest/");
  }
}

test.skipIf(check === undefined)(
  "every request in the vendor dialect is described by the vendor's documents (skipped where these are absent)",
  async () => {
    expect(check?.problems(await collectRequests())).toEqual([]);
    expect(check?.asked.today).toBeGreaterThan(1_000);
    expect(check?.asked.of2023).toBeGreaterThan(1_000);
  },
);

test.skipIf(check === undefined)("a request that is not described is found", () => {
  const body = { uid: "a", nme: 1 };
  const problems = check?.problems([
    { method: "POST", path: "/v3/users", query: { x: "1" }, body },
  ]);
  expect(problems?.join("\n")).toContain("query x is not declared");
  expect(problems?.join("\n")).toContain('"additionalProperty":"nme"');
  expect(problems?.join("\n")).toContain('"missingProperty":"name"');
});
