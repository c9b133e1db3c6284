import fc from "fast-check";
import { expect, test } from "vitest";
import { describeApp } from "../../src/cli/app-manifest.ts";
import { formatManifest } from "../../src/manifest/format.ts";
import { printManifest } from "../../src/manifest/print.ts";
import { exportRemarks } from "../../src/manifest/starter.ts";
import { readAll } from "../../src/pipeline.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import { connectTo } from "../support/in-process.ts";
import { load, planIt } from "../support/manifest.ts";
import { raise } from "../support/trust/play.ts";
import { world } from "../support/world.ts";

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 50);

test("what is exported of any app plans empty, in both dialects, and is in canonical form", async () => {
  let stacks = 0;
  await fc.assert(
    fc.asyncProperty(world, async (one) => {
      const app = await raise(one);
      const session = await connectTo(app);
      const manifest = describeApp(session, await readAll(session));
      stacks += "stack" in manifest ? 1 : 0;
      const text = printManifest(manifest, cometchat.schema);
      const explained = printManifest(manifest, cometchat.schema, exportRemarks);
      const plan = await planIt(await connectTo(app), load(explained));
      expect({ changes: plan.changes, diagnostics: plan.diagnostics }).toEqual({
        changes: [],
        diagnostics: [],
      });
      expect(load(text).manifest.sections).toEqual(load(explained).manifest.sections);
      for (const printed of [text, explained]) {
        expect(formatManifest({ file: "m.yaml", text: printed }, cometchat.schema)).toMatchObject({
          ok: true,
          value: printed,
        });
      }
    }),
    { numRuns: WORLDS },
  );
  // Some apps are one stack's alone, and then it is named.
  expect(stacks).toBeGreaterThan(0);
});
