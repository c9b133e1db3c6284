import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  concurrency,
  newmanCalls,
  planCalls,
  replay,
  runCometform,
  runNewman,
  runScript,
} from "./contenders.mjs";
import { countCalls, noQuota, readPaths, startEmulator } from "./emulator.mjs";
import { changedCount, createCalls, createWorld, planReads, writeWorld } from "./world.mjs";

const versions = { cometform: 1, floor: 2, script: 3, newman: 4 };

/** The name by which a cell is told and chosen. */
export function cellName({ size, latencyMs, dialect, quota }) {
  return `${size} ${latencyMs}ms ${dialect} ${quota === "none" ? "no-quota" : `quota-${quota}`}`;
}

/** Runs all phases of a cell with every contender that ends in time, on one emulator. */
export async function runCell(bench, cell) {
  const emulator = await startEmulator(bench.cli, emulatorFlags(bench, cell));
  const run = { bench, cell, emulator, world: createWorld(cell.size), rows: [] };
  // Journals of other cells are no part of this one.
  rmSync(join(bench.folder, ".cometform"), { recursive: true, force: true });
  run.files = writeWorld(bench.folder, "world", run.world);
  try {
    await runCold(run);
    if (!cell.coldOnly) {
      await runUnchanged(run);
      await runChanged(run);
    }
  } finally {
    await emulator.stop();
  }
  return run.rows;
}

function emulatorFlags({ pageMax }, { dialect, latencyMs, quota }) {
  return [
    ...["--memory", "--dialect", dialect, "--latency", String(latencyMs)],
    ...["--quota", quota === "none" ? noQuota : quota],
    ...(pageMax === undefined ? [] : ["--page-max", String(pageMax)]),
  ];
}

/** Ours comes last, so that the app is left as it made it. */
async function runCold(run) {
  const { bench, cell, emulator, world, files } = run;
  const { dialect } = cell;
  const { calls, totals } = await planCalls(bench, emulator, {
    manifest: files.manifest,
    pace: paceFlags(cell),
  });
  const objects = objectCount(world);
  await contend(run, "cold", "newman", newmanCalls(world, false), () =>
    runNewman(bench, emulator, { world, isChange: false }),
  );
  await contend(run, "cold", "script", objects, () =>
    runScript(bench, emulator, { dialect, world: files.json }),
  );
  for (const name of replayers(cell)) {
    await contend(run, "cold", name, calls.length, () => replay(bench, emulator, { name, calls }));
  }
  await contend(run, "cold", "cometform", calls.length, () => apply(run, files.manifest));
  Object.assign(run.rows.at(-1), { totals, createCalls: createCalls(world, dialect) });
}

/** Neither waits for a quota; where the network is slow, what got costs is lost in it. */
function replayers({ quota, latencyMs }) {
  if (quota !== "none") return [];
  return latencyMs === 0 ? ["got-loop", "floor"] : ["floor"];
}

async function runUnchanged(run) {
  const { bench, cell, emulator, world, files } = run;
  const { dialect } = cell;
  const log = await contend(run, "no-op", "cometform", 1, () => apply(run, files.manifest));
  Object.assign(run.rows.at(-1), { planReads: planReads(world, dialect) });
  const reads = readPaths(log);
  await contend(run, "no-op", "floor", reads.length, () =>
    replay(bench, emulator, { name: "floor", reads }),
  );
  await contend(run, "no-op", "script", scriptCalls(world), () =>
    runScript(bench, emulator, { dialect, world: files.json }),
  );
  // What is refused as existing is refused in either dialect: once is enough.
  if (dialect === "vendor") return;
  await contend(run, "no-op", "newman", newmanCalls(world, false), () =>
    runNewman(bench, emulator, { world, isChange: false }),
  );
}

/** Each contender finds a hundredth part of the app to be different from what it wants. */
async function runChanged(run) {
  const { bench, cell, emulator, world } = run;
  const { dialect } = cell;
  const next = (name) => {
    const changed = createWorld(cell.size, versions[name]);
    return { changed, files: writeWorld(bench.folder, "changed", changed) };
  };
  const ours = next("cometform");
  await contend(run, "1 % changed", "cometform", 1, () => apply(run, ours.files.manifest));
  Object.assign(run.rows.at(-1), { changedCalls: changedCount(world) });
  if (cell.isAlone) return;
  await emulator.clearLog();
  const { calls } = await planCalls(bench, emulator, {
    manifest: next("floor").files.manifest,
    pace: paceFlags(cell),
  });
  const reads = readPaths(await emulator.log());
  await contend(run, "1 % changed", "floor", reads.length + calls.length, () =>
    replay(bench, emulator, { name: "floor", reads, calls }),
  );
  await contend(run, "1 % changed", "script", scriptCalls(world), () =>
    runScript(bench, emulator, { dialect, world: next("script").files.json }),
  );
  if (dialect === "vendor") return;
  await contend(run, "1 % changed", "newman", newmanCalls(world, true), () =>
    runNewman(bench, emulator, { world: next("newman").changed, isChange: true }),
  );
}

/** Runs one contender unless it would take too long, and keeps its numbers; gives back what was asked. */
async function contend(run, phase, name, expectedCalls, work) {
  const { bench, cell, emulator } = run;
  const row = { ...cell, cell: cellName(cell), phase, name };
  run.rows.push(row);
  const why = bench.pastPatience(row, expectedCalls);
  if (why !== undefined) {
    row.why = why;
    return [];
  }
  if (phase === "cold") await emulator.reset();
  await emulator.clearLog();
  bench.progress(`${row.cell}  ${phase}  ${name}`);
  try {
    const { stdout: _out, stderr: _err, ...numbers } = await work();
    const log = await emulator.log();
    Object.assign(row, numbers, countCalls(log));
    bench.learn(row);
    return log;
  } catch (error) {
    // The others are still worth measuring; the limits tell that this one is missing.
    row.broken = error.message;
    return [];
  }
}

/** Where there are no quotas it is said, or those of the service's plans would be planned for. */
function paceFlags({ quota }) {
  const stated = ["core", "standard", "import"].map((name) => `${name}=${noQuota}`).join(",");
  return ["--quota-share", "100", ...(quota === "none" ? ["--quota", stated] : [])];
}

function apply({ bench, cell, emulator }, manifest) {
  const flags = ["--yes", ...paceFlags(cell), "--concurrency", String(concurrency)];
  return runCometform(bench, emulator, ["apply", ...flags, manifest]);
}

function objectCount({ roles, users, groups, members }) {
  return roles.length + users.length + groups.length + members.length;
}

/** On an app that has everything: the lists of members and a write for all but the members. */
function scriptCalls({ roles, users, groups }) {
  return roles.length + users.length + 2 * groups.length;
}
