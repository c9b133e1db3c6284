import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCometform } from "./contenders.mjs";
import { countCalls, noQuota, startEmulator } from "./emulator.mjs";
import { createUsers, toManifest } from "./world.mjs";

const windowMs = 60_000;
/** What the emulator's `build` stands for, in calls a minute: the vendor's free plan (documented). */
const build = { core: 500, standard: 500, import: 60 };

/**
 * Creates users where each class of calls has a small quota, in real time, in both dialects side by side: nearly all of
 * it is waiting. `quota` left out stands for so small a one that it takes three windows.
 */
export function measureQuotas(bench, { count, quota }) {
  return Promise.all(
    ["vendor", "collection"].map((dialect) => measureOne(bench, { count, quota, dialect })),
  );
}

async function measureOne(bench, { count, quota: asked, dialect }) {
  const own = { ...bench, folder: join(bench.folder, `quota-${dialect}`) };
  mkdirSync(own.folder, { recursive: true });
  const manifest = join(own.folder, "users.yaml");
  writeFileSync(manifest, toManifest(createUsers(count)));
  const free = await planUnder(own, { dialect, manifest, quota: noQuota });
  const quota = asked ?? Math.ceil(Math.max(...Object.values(countClasses(free))) / 2.5);
  const plan = await planUnder(own, { dialect, manifest, quota });
  const minimumMs = (leastMinutes(plan, quota) - 1) * windowMs;
  bench.progress(`create ${count} users with ${quota} calls a minute, ${dialect}`);
  const emulator = await startServed(bench, dialect, quota);
  try {
    const flags = ["--yes", "--quota-share", "100", ...toFlags(quota)];
    const numbers = await runCometform(own, emulator, ["apply", ...flags, manifest]);
    const calls = plan.calls.total;
    return {
      dialect,
      count,
      quota,
      calls,
      minimumMs,
      ...numbers,
      ...countCalls(await emulator.log()),
    };
  } finally {
    await emulator.stop();
  }
}

function startServed({ cli }, dialect, quota) {
  return startEmulator(cli, ["--memory", "--dialect", dialect, "--quota", String(quota)]);
}

async function planUnder(bench, { dialect, manifest, quota }) {
  const emulator = await startServed(bench, dialect, quota);
  const file = join(bench.folder, "plan.json");
  const flags = ["--quiet", "--quota-share", "100", ...toFlags(quota), "--out", file];
  await runCometform(bench, emulator, ["plan", ...flags, manifest]);
  await emulator.stop();
  return JSON.parse(readFileSync(file, "utf8"));
}

/** What is said of the quota, so that what there is to choose does not depend on what was learnt. */
function toFlags(quota) {
  const classes = Object.entries(allowed(quota)).map(([name, calls]) => `${name}=${calls}`);
  return ["--quota", classes.join()];
}

function allowed(quota) {
  return quota === "build" ? build : { core: quota, standard: quota, import: quota };
}

/** How many of the plan's calls count towards which quota. */
function countClasses({ steps }) {
  const classes = {};
  for (const { call } of steps) classes[call.quota] = (classes[call.quota] ?? 0) + 1;
  return classes;
}

/** Minutes that the plan takes at least: those of the class that has to wait most. */
function leastMinutes(plan, quota) {
  const minutes = Object.entries(countClasses(plan)).map(([name, calls]) =>
    Math.ceil(calls / allowed(quota)[name]),
  );
  return Math.max(...minutes);
}
