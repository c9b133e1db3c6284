import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCometform } from "./contenders.mjs";
import { countCalls, noQuota, startEmulator } from "./emulator.mjs";
import { createUsers, toManifest } from "./world.mjs";

const windowMs = 60_000;

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
  const perClass = await countClasses(own, dialect, manifest);
  const most = Math.max(...Object.values(perClass));
  const quota = asked ?? Math.ceil(most / 2.5);
  bench.progress(`create ${count} users with ${quota} calls a minute, ${dialect}`);
  const emulator = await startEmulator(bench.cli, [
    "--memory",
    "--dialect",
    dialect,
    "--quota",
    String(quota),
  ]);
  try {
    const flags = ["--yes", "--quota-share", "100"];
    const numbers = await runCometform(own, emulator, ["apply", ...flags, manifest]);
    const minimumMs = (Math.ceil(most / quota) - 1) * windowMs;
    return {
      dialect,
      count,
      quota,
      calls: most,
      minimumMs,
      ...numbers,
      ...countCalls(await emulator.log()),
    };
  } finally {
    await emulator.stop();
  }
}

/** How many of the plan's calls count towards which quota. */
async function countClasses(bench, dialect, manifest) {
  const emulator = await startEmulator(bench.cli, [
    "--memory",
    "--dialect",
    dialect,
    "--quota",
    noQuota,
  ]);
  const file = join(bench.folder, "plan.json");
  await runCometform(bench, emulator, ["plan", "--quiet", "--out", file, manifest]);
  await emulator.stop();
  const perClass = {};
  for (const { call } of JSON.parse(readFileSync(file, "utf8")).steps) {
    perClass[call.quota] = (perClass[call.quota] ?? 0) + 1;
  }
  return perClass;
}
