import { expect, test } from "vitest";
import type { CliResult } from "../support/cli.ts";
import { setStage } from "../support/stage.ts";

const stage = setStage("once");

const run = (...args: readonly string[]): Promise<CliResult> => stage.run(args);

function put(stack: string, ...lines: readonly string[]): void {
  const text = ["version: 1", `stack: ${stack}`, ...lines, ""].join("\n");
  stage.put(`${stack}.yaml`, text);
}

const sales = [
  "users:",
  "  ann: { name: Ann }",
  "  bob: { name: Bob }",
  "groups:",
  "  deals: { name: Deals }",
];
const support = [
  "users:",
  "  cat: { name: Cat }",
  "  dan: { name: Dan }",
  "groups:",
  "  help: { name: Help }",
];

async function expectNothingToDo(stack: string): Promise<void> {
  const { exit, stdout } = await run("plan", "--detailed-exitcode", `${stack}.yaml`);
  expect({ exit, lines: stdout.trimEnd().split("\n").length }).toEqual({ exit: 0, lines: 1 });
}

test("two teams share an app: each deletes its own, one takes a user over, and the other is told whose she is", async () => {
  await stage.app.send("POST", "/users", { uid: "zoe", name: "Made by hand" });
  put("sales", ...sales);
  put("support", ...support);
  expect(await run("apply", "--yes", "sales.yaml")).toMatchObject({ exit: 0 });
  expect(await run("apply", "--yes", "support.yaml")).toMatchObject({ exit: 0 });
  await expectNothingToDo("sales");
  await expectNothingToDo("support");

  // Support takes bob over; what is not named stays the other's.
  put("support", ...support.toSpliced(3, 0, "  bob: { name: Bob from support }"));
  const foreign = await run("apply", "--yes", "support.yaml");
  expect(foreign.exit).toBe(4);
  expect(foreign.stdout).toContain('REFUSED  ownership/foreign: user/bob belongs to stack "sales"');
  expect(foreign.stdout.replaceAll(/\s+/g, " ")).toContain("claim it: --take-over user/bob.");
  const taken = await run("apply", "--yes", "--take-over", "user/bob", "support.yaml");
  expect(taken.exit).toBe(0);
  expect(taken.stdout).toContain('taken over from stack "sales"');
  await expectNothingToDo("support");

  // Sales still declares him: refused, with whose he is now.
  const refused = await run("plan", "sales.yaml");
  expect(refused.exit).toBe(4);
  expect(refused.stdout).toContain(
    'REFUSED  ownership/foreign: user/bob belongs to stack "support"',
  );
  put("sales", ...sales.filter((line) => !line.includes("bob")));
  await expectNothingToDo("sales");

  // Emptied sections and a destroy take down what is the stack's own, and nothing else.
  put("sales", "users: {}", "groups: {}");
  expect(await run("apply", "--yes", "sales.yaml")).toMatchObject({ exit: 0 });
  await expectNothingToDo("support");
  expect(await run("destroy", "--yes", "support.yaml")).toMatchObject({ exit: 0 });
  const left = (await stage.app.send("GET", "/users")) as { data: { uid: string }[] };
  expect(left.data.map(({ uid }) => uid)).toEqual(["zoe"]);
});
