import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCometform } from "./contenders.mjs";
import { countCalls, noQuota, startEmulator } from "./emulator.mjs";
import { seedUsers } from "./seed.mjs";
import { createUsers, toManifest } from "./world.mjs";

const liveCount = 1_000_000;
const declaredCount = 1_000;
const pageSize = 1_000;
const pages = (rows) => Math.floor(rows / pageSize) + 1;

/**
 * Plans a manifest of 1,000 users for an app of 1,000,000: once where they bear the stack's mark, so that the listing
 * by mark is the cheapest read, and once where only looking for each of them is cheaper than reading all.
 */
export async function measureLargeApp(bench) {
  const path = join(bench.folder, "large.json");
  const { users } = createUsers(liveCount);
  const markEach = liveCount / declaredCount;
  await seedUsers(bench, { path, users, markEach });
  const declared = {
    roles: [],
    groups: [],
    members: [],
    users: users.filter((_, n) => n % markEach === 0),
  };
  const emulator = await startEmulator(bench.cli, ["--data", path, "--quota", noQuota]);
  try {
    return [
      await measureOne(bench, emulator, {
        name: "marked",
        manifest: toManifest(declared),
        optimum: pages(declaredCount),
      }),
      await measureOne(bench, emulator, {
        name: "without a stack",
        manifest: toManifest(declared, null),
        optimum: Math.min(pages(liveCount), declaredCount),
      }),
    ];
  } finally {
    await emulator.stop();
  }
}

/** The optimum is that of the users' reads; what else is read is told beside it. */
async function measureOne(bench, emulator, { name, manifest, optimum }) {
  bench.progress(`1,000 of 1,000,000 users, ${name}`);
  const file = join(bench.folder, "large.yaml");
  writeFileSync(file, manifest);
  await emulator.clearLog();
  const numbers = await runCometform(bench, emulator, [
    "plan",
    "--dialect",
    "vendor",
    "--quota-share",
    "100",
    file,
  ]);
  const log = await emulator.log();
  const others = log.filter(({ path }) => path !== "/v3/users").length;
  return { name, optimum, others, ...numbers, ...countCalls(log) };
}
