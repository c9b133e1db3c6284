import { cellName, runCell } from "./cell.mjs";
import { measureGrowth } from "./growth.mjs";
import { measureLargeApp } from "./large-app.mjs";
import { describeMachine } from "./machine.mjs";
import { measureManifests } from "./manifest.mjs";
import { createPatience } from "./patience.mjs";
import { measureQuotas } from "./quota.mjs";
import { measureStartup } from "./startup.mjs";
import { measureTable } from "./table.mjs";
import { measureTerraform } from "./terraform.mjs";

const dialects = ["vendor", "collection"];
/** Small first: what a call of a contender takes is learnt there. */
const worlds = [
  { size: 550, latencyMs: 0, quota: "none" },
  { size: 550, latencyMs: 0, quota: "default", coldOnly: true },
  { size: 1_000, latencyMs: 0, quota: "none", coldOnly: true },
  { size: 10_000, latencyMs: 0, quota: "none" },
  { size: 10_000, latencyMs: 0, quota: "default", coldOnly: true },
  { size: 100_000, latencyMs: 0, quota: "none", coldOnly: true },
  { size: 550, latencyMs: 50, quota: "none" },
  { size: 10_000, latencyMs: 50, quota: "none" },
  { size: 100_000, latencyMs: 50, quota: "none" },
];
const growthSizes = [550, 1_000, 10_000, 100_000];
const secondsMax = { usual: 30, full: 3_600 };

/** Everything that a run measures, as far as `only` names it; `mode` is quick, usual or full. */
export async function runSuite(settings) {
  const { mode, only = "", progress } = settings;
  const isAsked = (name) => only.split(",").some((part) => name.includes(part.trim()));
  const bench = { ...settings, ...patienceOf(mode) };
  const skipped = [];
  const results = { machine: describeMachine(), cells: [], skipped, broken: [] };
  const isAskedFor = (name) => {
    if (!isAsked(name)) skipped.push(`${name}: not among what \`--only ${only}\` names`);
    return isAsked(name);
  };
  for (const cell of cellsOf(mode, skipped).filter((cell) => isAskedFor(cellName(cell)))) {
    results.cells.push(...(await runCell(bench, cell)));
  }
  const others = mode === "quick" ? {} : measurementsOf(bench, mode);
  for (const [name, run] of Object.entries(others).filter(([name]) => isAskedFor(name))) {
    progress(name);
    try {
      results[name] = await run();
    } catch (error) {
      // Minutes of other numbers must not be lost with it; a gate tells of it.
      results.broken.push({ name, message: error.message.split("\n")[0] });
    }
  }
  return results;
}

function cellsOf(mode, skipped) {
  const all = worlds.flatMap((world) => dialects.map((dialect) => ({ ...world, dialect })));
  if (mode === "quick") {
    return all
      .filter(({ size, latencyMs, quota }) => size <= 1_000 && latencyMs === 0 && quota === "none")
      .map((cell) => ({ ...cell, isAlone: true }));
  }
  if (mode === "full") {
    return all.map((cell) => (cell.size === 100_000 ? { ...cell, coldOnly: false } : cell));
  }
  for (const cell of all.filter(isLong)) {
    skipped.push(`${cellName(cell)}: \`--full\` runs it`);
  }
  skipped.push("100,000 objects, no-op and 1 % changed: minutes each; `--full` runs them");
  skipped.push("10,000 users on the free plan's quota: 20 minutes; `--full` runs it");
  return all.filter((cell) => !isLong(cell));
}

/** The largest world is made once, and a quota is met where there are most calls. */
function isLong({ size, latencyMs, dialect, quota }) {
  if (size === 100_000) return latencyMs > 0 || dialect === "collection";
  return quota === "default" && dialect === "vendor";
}

function measurementsOf(bench, mode) {
  return {
    startup: () => measureStartup(bench, 10),
    manifests: () => measureManifests(bench, [1_000, 10_000, 100_000]),
    growth: () => measureGrowth(bench, growthSizes),
    terraform: () => measureTerraform(bench, growthSizes),
    table: () => measureTable(bench, 100_000),
    largeApp: () => measureLargeApp(bench),
    quotas: () =>
      measureQuotas(bench, mode === "full" ? { count: 10_000, quota: "build" } : { count: 500 }),
  };
}

function patienceOf(mode) {
  if (mode !== "quick") return createPatience(secondsMax[mode]);
  const pastPatience = ({ name }) =>
    name === "cometform" ? undefined : "longer than a smoke test";
  return { pastPatience, learn: () => undefined };
}
