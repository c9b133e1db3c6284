import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTool } from "../../../integrations/github/tool.mjs";
import { useWorkshop } from "../../support/workshop.ts";

const workshop = useWorkshop({});

/** A checkout whose build makes a program that tells its arguments, and an npm that tells its own. */
function prepare() {
  const { folder } = workshop;
  const home = join(folder, "action");
  const bin = join(folder, "bin");
  for (const name of [bin, join(home, "scripts")]) mkdirSync(name, { recursive: true });
  const log = join(folder, "log.txt");
  writeFileSync(log, "");
  const note = `echo "npm $* in $PWD \${COMETCHAT_API_KEY:-keyless}" >>"${log}"`;
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n${note}\n`, { mode: 0o755 });
  writeFileSync(
    join(home, "scripts", "build.mjs"),
    `import { mkdirSync, writeFileSync, appendFileSync } from "node:fs";
appendFileSync(${JSON.stringify(log)}, "build " + (process.env.COMETCHAT_API_KEY ?? "keyless") + "\\n");
mkdirSync("dist/cli", { recursive: true });
writeFileSync("dist/cli/main.js", "console.log(process.argv.slice(2).join(), process.env.COMETCHAT_API_KEY)");
`,
  );
  const env = {
    PATH: `${bin}:/usr/bin:/bin`,
    RUNNER_TEMP: folder,
    COMETCHAT_API_KEY: "0123456789",
  };
  const said: string[] = [];
  const settings = { env, home, cwd: folder, version: "", write: (t: string) => void said.push(t) };
  return { settings, said, home, bin, readLog: () => readFileSync(log, "utf8") };
}

test("without a version the action's own checkout is built, once, without the keys, and run with them", async () => {
  const { settings, home, readLog } = prepare();
  const tool = await createTool(settings);
  expect(await tool(["plan", "a b"])).toEqual({ exit: 0, stdout: "plan,a b 0123456789\n" });
  await createTool(settings);
  const lines = readLog().trim().split("\n");
  expect(lines).toEqual([
    expect.stringMatching(/^npm ci --include=dev .*--ignore-scripts.* keyless$/),
    "build keyless",
  ]);
  expect(lines[0]).toContain(` in ${home} `);
});

test("a build that fails is told as such, and is begun again by the next", async () => {
  const { settings, home, readLog } = prepare();
  const script = join(home, "scripts", "build.mjs");
  const good = readFileSync(script, "utf8");
  writeFileSync(script, "process.exitCode = 1;");
  const failed = { name: "ActionError", exit: 1, message: "cometform could not be built" };
  await expect(createTool(settings)).rejects.toMatchObject(failed);
  expect(existsSync(join(home, "dist"))).toBe(false);
  writeFileSync(script, good);
  await createTool(settings);
  expect(readLog()).toContain("build keyless");
});

test("only a version that was asked for comes from the registry", async () => {
  const { settings, readLog } = prepare();
  await createTool({ ...settings, version: "1.2.3" });
  expect(readLog()).toMatch(/^npm install .*--ignore-scripts.* cometform@1\.2\.3 in .* keyless\n$/);
});

test("a working directory that does not exist is said to be missing before anything is run", async () => {
  const { settings, readLog } = prepare();
  const cwd = join(workshop.folder, "nowhere");
  await expect(createTool({ ...settings, cwd })).rejects.toMatchObject({
    ...{ name: "ActionError", exit: 64, message: `The folder ${cwd} does not exist` },
  });
  expect(readLog()).toBe("");
});

test("a program that cannot be started is told with what to do", async () => {
  const { settings, bin } = prepare();
  rmSync(join(bin, "npm"));
  const env = { ...settings.env, PATH: bin };
  await expect(createTool({ ...settings, env })).rejects.toMatchObject({
    ...{ name: "ActionError", exit: 1, message: "npm could not be started" },
    hint: expect.stringContaining("actions/setup-node"),
  });
});
