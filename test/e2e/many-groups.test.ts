import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  buildCli,
  openWorkshop,
  runCli,
  type ServedApp,
  serveApp,
  type Workshop,
} from "../support/cli.ts";

let app: ServedApp;
let workshop: Workshop;

beforeAll(async () => {
  buildCli();
  app = await serveApp({ latencyMs: 20 });
  workshop = openWorkshop();
  const groups = Array.from({ length: 120 }, (_, i) => `  g${i}: { name: G${i}, members: {} }`);
  const text = `version: 1\ngroups:\n${groups.join("\n")}\n`;
  writeFileSync(join(workshop.folder, "cometform.yaml"), text);
}, 120_000);

afterAll(async () => {
  await app.close();
  workshop.dispose();
});

test("many calls at once print nothing that nobody asked for", async () => {
  const run = (...args: readonly string[]) => runCli(args, { cwd: workshop.folder, env: app.env });
  expect(await run("apply", "--yes", "--quiet")).toMatchObject({ exit: 0 });
  expect(await run("plan", "--detailed-exitcode")).toMatchObject({ exit: 0, stderr: "" });
});
