import fc from "fast-check";
import { expect, test } from "vitest";
import { isApplicable } from "../../src/model/plan.ts";
import { everything, everythingChanged, everythingCleared, SECRETS } from "../support/cases.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { applyIt, load, planIt } from "../support/manifest.ts";
import { readOpenApi } from "../support/openapi.ts";
import {
  createRequestCheck,
  type Exemption,
  isDescribed,
  type LoggedRequest,
} from "../support/request-schema.ts";
import { world } from "../support/world.ts";

const current = readOpenApi("cometchat-openapi.json");
const of2023 = readOpenApi("vendor-openapi-2023.json");

/** Names that came after 2023 and that the vendor documents today. */
const since2023: Exemption = ({ method, path }, name) =>
  (method === "GET" && path === "/v3/roles" && ["page", "perPage"].includes(name)) ||
  (path.startsWith("/v3/users") && name === "statusMessage");

function isProbe({ method, path }: LoggedRequest): boolean {
  return method === "GET" && path === "/v3/webhooks";
}

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

test.skipIf(current === undefined || of2023 === undefined)(
  "every request in the vendor dialect is described by the vendor's documents (skipped where these are absent)",
  async () => {
    if (current === undefined || of2023 === undefined) return;
    const requests = (await collectRequests()).filter((request) => !isProbe(request));
    const checkNow = createRequestCheck(current);
    const check2023 = createRequestCheck(of2023, since2023);
    expect(requests.length).toBeGreaterThan(1_000);
    expect([...new Set(requests.flatMap(checkNow))]).toEqual([]);
    const old = requests.filter((request) => isDescribed(of2023, request));
    expect(old.length).toBeGreaterThan(1_000);
    expect([...new Set(old.flatMap(check2023))]).toEqual([]);
  },
);

test("the check of requests finds what is not described", () => {
  if (current === undefined) return;
  const check = createRequestCheck(current);
  const wrong = {
    method: "POST",
    path: "/v3/users",
    query: { x: "1" },
    body: { uid: "a", nme: 1 },
  };
  expect(check(wrong).length).toBeGreaterThanOrEqual(3);
});
