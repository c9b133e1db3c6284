// cometform beside the floor, newman, a script and terraform, on worlds of growing size, in real processes.
// Counts of calls are gates: the exit code is 1 if one of them is wrong. `--quick` runs the gates alone.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { judge, passes } from "./bench/limits.mjs";
import { toLimits, toPage, toVerdict } from "./bench/page.mjs";
import { runSuite } from "./bench/suite.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    only: { type: "string" },
    json: { type: "string" },
    out: { type: "string" },
    // Smaller pages than the service gives: more reads than the formula's, which the gates must notice.
    "page-max": { type: "string" },
  },
});
const cli = join(root, "dist", "cli", "main.js");
if (!existsSync(cli)) throw new Error("There is no dist/: run `npm run build` first.");

// Whoever ends this early must not leave an emulator behind.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
const folder = mkdtempSync(join(tmpdir(), "cometform-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const startMs = performance.now();
const results = await runSuite({
  cli,
  folder,
  mode: modeOf(flags),
  only: flags.only,
  pageMax: flags["page-max"],
  progress,
});
const limits = judge(results);
console.log(`${toLimits(limits)}\n\n${toVerdict(limits)}`);
write(results, limits);
process.exitCode = passes(limits) ? 0 : 1;

function modeOf({ quick, full }) {
  if (quick) return "quick";
  return full ? "full" : "usual";
}

/** A part of the measurements makes no page, unless one is asked for. */
function write(results, limits) {
  const isWhole = !flags.quick && flags.only === undefined;
  const out = flags.out ?? (isWhole ? join(root, "docs", "benchmarks.md") : undefined);
  if (out !== undefined) writeFileSync(out, toPage(results, limits));
  if (flags.json !== undefined) {
    writeFileSync(flags.json, `${JSON.stringify({ ...results, limits }, withoutOutput, 2)}\n`);
  }
}

function withoutOutput(name, value) {
  return name === "stdout" || name === "stderr" ? undefined : value;
}

function progress(text) {
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  process.stderr.write(`${String(seconds).padStart(5)} s  ${text}\n`);
}
