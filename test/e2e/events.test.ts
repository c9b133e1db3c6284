import { spawn } from "node:child_process";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeEach, expect, test } from "vitest";
import schema from "../../schemas/events.schema.json" with { type: "json" };
import { hasTerminals, root, runAtTerminal } from "../support/cli.ts";
import { openScreen } from "../support/screen.ts";
import { setStage } from "../support/stage.ts";

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
const stage = setStage("each", { latencyMs: 150 });
const main = join(root, "dist", "cli", "main.js");

beforeEach(() => {
  stage.put("cometform.yaml", "version: 1\nusers: { ann: { name: Ann }, bob: { name: Bob } }\n");
});

/** Runs a shell's line with a fourth descriptor that this process reads. */
async function shell(
  line: string,
): Promise<{ readonly exit: number | null; readonly told: string }> {
  const env = {
    ...stage.app.env,
    PATH: process.env["PATH"] ?? "",
    MAIN: main,
    NODE: process.execPath,
  };
  const child = spawn("sh", ["-c", line], {
    cwd: stage.folder,
    env,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stdio[3]?.on("data", (chunk) => {
    told += String(chunk);
  });
  const exit = await new Promise<number | null>((done) => child.once("close", done));
  return { exit, told };
}

function typesIn(text: string): readonly string[] {
  const events = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const event of events) expect(validate(event) || [event, validate.errors]).toBe(true);
  return events.map(({ type }) => type);
}

const some = expect.arrayContaining(["intent", "outcome", "progress", "verify"]);

test.each([
  ["a descriptor of a program's", '"$NODE" "$MAIN" apply --yes --events /dev/fd/3'],
  [
    "a pipe of the shell's",
    '"$NODE" "$MAIN" apply --yes --events /dev/fd/4 4>&1 >/dev/null | cat >&3',
  ],
])("events go to %s", async (_, line) => {
  const { exit, told } = await shell(line);
  expect(exit).toBe(0);
  expect(typesIn(told)).toEqual(some);
});

test.runIf(process.platform === "linux")(
  "a descriptor that nobody has opened is refused before anything is done, whatever Node has there",
  async () => {
    for (const descriptor of ["4", "5", "6", "8", "9", "50"]) {
      const { exit } = await shell(
        `exec "$NODE" "$MAIN" apply --yes --events /dev/fd/${descriptor} 3>&- 2>errors.txt`,
      );
      const errors = stage.read("errors.txt");
      expect({ descriptor, exit, errors }).toEqual({
        descriptor,
        exit: 1,
        errors: expect.stringContaining(`/dev/fd/${descriptor} cannot be written (E`),
      });
    }
  },
);

test("events go into a file by name or by descriptor, and over older ones", async () => {
  for (const line of [
    '"$NODE" "$MAIN" apply --yes --events e.ndjson',
    '"$NODE" "$MAIN" destroy --yes --events e.ndjson',
    '"$NODE" "$MAIN" apply --yes --events /dev/fd/4 4>e.ndjson',
  ]) {
    expect(await shell(line)).toEqual({ exit: 0, told: "" });
    const types = typesIn(stage.read("e.ndjson"));
    expect(types).toEqual(some);
    expect(types.filter((type) => type === "verify")).toHaveLength(1);
  }
});

test("a reader that goes away at once does not stop the apply", async () => {
  const { exit } = await shell(
    '{ "$NODE" "$MAIN" apply --yes --events /dev/fd/4 4>&1 >/dev/null; echo $? >exit; } | true; exit "$(cat exit)"',
  );
  expect(exit).toBe(0);
  expect((await stage.run(["plan", "--detailed-exitcode"])).exit).toBe(0);
});

test.skipIf(!hasTerminals)("a terminal is left without a trace of progress", async () => {
  const options = { cwd: stage.folder, env: { ...stage.app.env, TERM: "xterm" } };
  const { stdout, exit } = await runAtTerminal(["apply", "--yes"], [], options);
  expect(exit).toBe(0);
  expect(stdout).toContain("looking at the app again");
  const screen = openScreen(80);
  screen.write(stdout);
  const shown = screen.rows().join("\n");
  expect(shown).not.toMatch(/[█░]|looking at/);
  expect(shown).toMatch(
    /digest [0-9a-f]{64}\n\n✓ 2 applied in .*\n\nRead again: everything is as planned\.$/,
  );
});
