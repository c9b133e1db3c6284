import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { chaos } from "../support/chaos/chaos.ts";
import { LAWS } from "../support/chaos/laws.ts";
import { play } from "../support/chaos/scene.ts";
import { withSecrets, withTelltale } from "../support/chaos/secrets.ts";
import { world } from "../support/world.ts";

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 1_000);

const disturbed = fc.record({ one: world, chaos, hasSecrets: fc.boolean() });

describe(`in ${WORLDS} random worlds under random faults, both dialects`, () => {
  const broken = new Map<string, string>();
  let report: string | undefined;
  const tally = {
    applied: 0,
    failed: 0,
    skipped: 0,
    unknown: 0,
    converged: 0,
    calls: 0,
    worlds: 0,
  };

  beforeAll(async () => {
    const property = fc.asyncProperty(disturbed, async ({ one, chaos: faults, hasSecrets }) => {
      const scene = await (hasSecrets
        ? play(withSecrets(one), withTelltale(faults))
        : play(one, faults));
      fc.pre(scene !== undefined);
      const laws = Object.entries(LAWS).map(
        async ([law, check]) => [law, await check(scene)] as const,
      );
      const found = (await Promise.all(laws)).filter(([, wrong]) => wrong.length > 0);
      if (found.length > 0) broken.clear();
      for (const [law, wrong] of found) broken.set(law, wrong.join("\n"));
      const { summary, converged, calls } = scene.report;
      tally.worlds += 1;
      tally.applied += summary.applied;
      tally.failed += summary.failed;
      tally.skipped += summary.skipped;
      tally.unknown += summary.unknown;
      tally.converged += Number(converged);
      tally.calls += calls.sent;
      return found.length === 0;
    });
    const details = await fc.check(property, { numRuns: WORLDS });
    report = fc.defaultReportMessage(details);
    console.info(`${WORLDS} worlds: ${JSON.stringify(tally)}`);
  }, 900_000);

  test("nothing breaks", () => expect(report).toBeUndefined());

  test("much goes wrong, and much goes right all the same", () => {
    expect(tally.applied).toBeGreaterThan(tally.failed + tally.skipped + tally.unknown);
    expect(tally.failed + tally.skipped + tally.unknown).toBeGreaterThan(WORLDS / 4);
    expect(tally.converged).toBeGreaterThan(WORLDS / 4);
  });

  test.each(Object.keys(LAWS))("%s", (law) => {
    expect(broken.get(law)).toBeUndefined();
  });
});
