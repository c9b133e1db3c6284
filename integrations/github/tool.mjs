import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ActionError, exits } from "./failure.mjs";
import { buildEnvironment, toolEnvironment } from "./secrets.mjs";
import { quoted } from "./workflow.mjs";

/** Where the action itself was checked out. */
const ownHome = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The command line as a function: what it says goes to the log as it comes, what it prints is returned.
 * Without a version it is built of the action's own checkout, so that what was pinned is what runs, and
 * no registry has a say in it. The version `installed` is the one in the working directory's own packages.
 *
 * @throws ActionError when there is none.
 */
export async function createTool({ env, cwd, version, write, home = ownHome }) {
  requireNode();
  requireFolder(cwd);
  const [command, ...first] = await find({ env, cwd, version, write, home });
  const environment = { ...toolEnvironment(env), CI: "true" };
  return (args) => run(command, [...first, ...args], { cwd, env: environment, write });
}

async function find({ env, cwd, version, write, home }) {
  if (version === "installed") {
    return [installedIn(cwd)];
  }
  return version === ""
    ? [process.execPath, await build(env, home, write)]
    : [await install(env, version, write)];
}

function requireFolder(cwd) {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ActionError(
      exits.usage,
      `The folder ${cwd} does not exist`,
      'Run actions/checkout before this step, and give "working-directory" from the root of the repository.',
    );
  }
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new ActionError(
      exits.unexpected,
      `cometform needs Node 20.19 or later; this is ${process.versions.node}`,
      "Run actions/setup-node before it.",
    );
  }
}

function installedIn(cwd) {
  const command = join(cwd, "node_modules", ".bin", "cometform");
  if (!existsSync(command)) {
    throw new ActionError(
      exits.unexpected,
      `There is no cometform in ${join(cwd, "node_modules")}`,
      'Run npm ci before this step, or leave "version" out.',
    );
  }
  return command;
}

/** Builds the action's own checkout, once a job: its lock file says which packages, by their digests. */
async function build(env, home, write) {
  const main = join(home, "dist", "cli", "main.js");
  if (existsSync(main)) {
    return main;
  }
  const settings = { cwd: home, env: buildEnvironment(env), write };
  const flags = [
    "--include=dev",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--loglevel=error",
  ];
  const steps = [
    ["npm", ["ci", ...flags]],
    [process.execPath, [join("scripts", "build.mjs")]],
  ];
  for (const [command, args] of steps) {
    const { exit } = await run(command, args, settings);
    if (exit !== 0) {
      throw new ActionError(
        exits.unexpected,
        "cometform could not be built",
        "The log says why. The packages it is built with come from npm's registry, which the runner has to reach.",
      );
    }
  }
  return main;
}

/** In a folder of its own, so that nothing the repository says has a part in it. */
async function install(env, version, write) {
  const folder = mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), "cometform-tool-"));
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const args = ["install", ...flags, `--prefix=${folder}`, `cometform@${version}`];
  const { exit } = await run("npm", args, { cwd: folder, env: buildEnvironment(env), write });
  if (exit !== 0) {
    throw new ActionError(
      exits.unexpected,
      `cometform@${version} could not be installed`,
      'The log has what npm says. Without "version" the action builds its own checkout, whatever is published.',
    );
  }
  return join(folder, "node_modules", ".bin", "cometform");
}

function run(command, args, { cwd, env, write }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    let rest = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      write(quoted(lines.map((line) => `${line}\n`).join("")));
    });
    child.once("error", ({ message }) =>
      reject(
        new ActionError(
          exits.unexpected,
          `${command} could not be started`,
          `${message}. Run actions/setup-node before this step.`,
        ),
      ),
    );
    child.once("close", (exit) => {
      write(quoted(rest));
      resolve({ exit: exit ?? exits.unexpected, stdout });
    });
  });
}
