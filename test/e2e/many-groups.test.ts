import { beforeAll, expect, test } from "vitest";
import { setStage } from "../support/stage.ts";

const stage = setStage("once", { latencyMs: 20 });

beforeAll(async () => {
  const groups = Array.from({ length: 120 }, (_, i) => `  g${i}: { name: G${i}, members: {} }`);
  const text = `version: 1\ngroups:\n${groups.join("\n")}\n`;
  stage.put("cometform.yaml", text);
}, 120_000);

test("many calls at once print nothing that nobody asked for", async () => {
  const run = (...args: readonly string[]) => stage.run(args);
  expect(await run("apply", "--yes", "--quiet")).toMatchObject({ exit: 0 });
  expect(await run("plan", "--detailed-exitcode")).toMatchObject({ exit: 0, stderr: "" });
});
