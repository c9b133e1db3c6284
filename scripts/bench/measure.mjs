import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const gnuTime = "/usr/bin/time";
const usage = fileURLToPath(new URL("usage.mjs", import.meta.url));
const tailChars = 4_000;
const hasGnuTime =
  existsSync(gnuTime) && spawnSync(gnuTime, ["--version"], { encoding: "utf8" }).status === 0;

/** How the numbers of a process are taken on this machine. */
export const measuredBy = hasGnuTime ? "GNU time" : "the process itself, at its end";

/**
 * Runs a process to its end and tells its wall time, CPU time and peak memory. What it prints goes to a file, so that
 * reading it costs nobody time; the end of it is given back.
 */
export async function measure(command, args, { cwd, env = {} }) {
  const files = Object.fromEntries(
    ["out", "err", "use"].map((name) => [name, join(cwd, `.${name}`)]),
  );
  for (const path of Object.values(files)) rmSync(path, { force: true });
  const handles = [openSync(files.out, "w"), openSync(files.err, "w")];
  const startMs = performance.now();
  const code = await run(...wrapped(command, args, files.use), {
    cwd,
    env: { ...cleanEnvironment(), ...reporter(files.use), ...env },
    stdio: ["ignore", ...handles],
  });
  const wallMs = performance.now() - startMs;
  for (const handle of handles) closeSync(handle);
  return {
    wallMs,
    code,
    ...takeUsage(files.use),
    stdout: tail(files.out),
    stderr: readFileSync(files.err, "utf8").slice(0, tailChars),
  };
}

/** Runs a script of Node's and throws with what it said if it failed. */
export async function measureNode(args, settings) {
  const result = await measure(process.execPath, args, settings);
  if (result.code !== 0) {
    throw new Error(`${args.join(" ")} ended with ${result.code}:\n${result.stderr}`);
  }
  return result;
}

/** The smallest wall time of several runs: what is shorter than a second is easily disturbed. */
export async function fastest(times, run) {
  let best;
  for (let n = 0; n < times; n += 1) {
    const result = await run();
    if (best === undefined || result.wallMs < best.wallMs) best = result;
  }
  return best;
}

function run(command, args, options) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, options);
    child.once("error", fail);
    child.once("exit", (code) => done(code ?? 1));
  });
}

function wrapped(command, args, useFile) {
  if (!hasGnuTime) return [command, args];
  return [gnuTime, ["-f", "%U %S %M", "-o", useFile, command, ...args]];
}

function reporter(useFile) {
  if (hasGnuTime) return {};
  return { NODE_OPTIONS: `--import=${pathToFileURL(usage)}`, BENCH_USAGE_FILE: useFile };
}

/** Other programs than Node's tell nothing of themselves; their numbers are missing then. */
function takeUsage(useFile) {
  if (!existsSync(useFile)) return {};
  const [user, system, kilobytes] = readFileSync(useFile, "utf8")
    .trim()
    .split("\n")
    .at(-1)
    .split(" ")
    .map(Number);
  return { cpuMs: (user + system) * 1_000, rssMb: kilobytes / 1_024 };
}

/** Nothing of a real app, and nobody's colours or proxies, must reach what is measured. */
function cleanEnvironment() {
  const isForeign = (name) => /^(COMETCHAT_|NODE_OPTIONS$|FORCE_COLOR$|https?_proxy$)/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)));
}

function tail(path) {
  return readFileSync(path, "utf8").slice(-tailChars);
}
