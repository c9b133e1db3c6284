import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ActionError, exits } from "./failure.mjs";
import { toolEnvironment } from "./secrets.mjs";
import { quoted } from "./workflow.mjs";

/**
 * The command line as a function: what it says goes to the log as it comes, what it prints is returned.
 * The version `installed` is the one in the working directory's own packages.
 *
 * @throws ActionError when there is none.
 */
export async function createTool({ env, cwd, version, write }) {
  requireNode();
  const command =
    version === "installed" ? installedIn(cwd) : await install(env, version || ownVersion(), write);
  const environment = { ...toolEnvironment(env), CI: "true" };
  return (args) => run(command, args, { cwd, env: environment, write });
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

/** The action and the command line are released together. */
function ownVersion() {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return JSON.parse(text).version;
}

/** In a folder of its own, so that nothing the repository says has a part in it. */
async function install(env, version, write) {
  const folder = mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), "cometform-tool-"));
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const args = ["install", ...flags, `--prefix=${folder}`, `cometform@${version}`];
  const { exit } = await run("npm", args, { cwd: folder, env: toolEnvironment(env), write });
  if (exit !== 0) {
    throw new ActionError(
      exits.unexpected,
      `cometform@${version} could not be installed`,
      'The log has what npm says. With "version: installed" the repository\'s own packages are used.',
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
    child.once("error", reject);
    child.once("close", (exit) => {
      write(quoted(rest));
      resolve({ exit: exit ?? exits.unexpected, stdout });
    });
  });
}
