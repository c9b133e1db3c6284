import { beforeAll, expect, test } from "vitest";
import { setStage } from "../support/stage.ts";

const stage = setStage("once");

beforeAll(async () => {
  const text =
    "version: 1\ngroups: { den: { name: Den, type: password, password: '${PASSWORD}' } }\n";
  stage.put("cometform.yaml", text);
}, 120_000);

const run = (...args: readonly string[]) =>
  stage.run(args, { env: { ...stage.app.env, PASSWORD: "canaryPassword" } });

test("a write-only value is sent again when it is named, and is told nowhere", async () => {
  expect(await run("apply", "--yes")).toMatchObject({ exit: 0 });
  expect(await run("plan", "--detailed-exitcode")).toMatchObject({ exit: 0 });
  await stage.app.takeLog();
  const again = await run("apply", "--yes", "--verbose", "--write-secret", "group/den#password");
  expect(again.exit).toBe(0);
  expect(again.stdout + again.stderr).not.toContain("canary");
  const writes = (await stage.app.takeLog()).filter((line) => !line.startsWith("GET "));
  expect(writes).toEqual(['PUT /v3/groups/den {"password":"***"} 200']);
});

test("one that the manifest does not declare is wrong usage, with those it does", async () => {
  const { exit, stderr } = await run("plan", "--write-secret", "group/den#passwort");
  expect(exit).toBe(64);
  expect(stderr).toContain("It declares: group/den#password.");
});
