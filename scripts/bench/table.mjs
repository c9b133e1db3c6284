import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { replay, runCometform } from "./contenders.mjs";
import { noQuota, readPaths, startEmulator } from "./emulator.mjs";
import { seedUsers } from "./seed.mjs";
import { createUsers } from "./world.mjs";

/**
 * Plans so many unchanged users, declared in a table, and sends the same reads with the floor: what planning costs
 * beyond the manifest and the wire.
 */
export async function measureTable(bench, count) {
  const path = join(bench.folder, "table.json");
  const world = createUsers(count);
  await seedUsers(bench, { path, users: world.users, markEach: 1 });
  const file = writeManifest(bench, world);
  bench.progress(`validate ${count} users of CSV`);
  const parsed = await runCometform(bench, undefined, ["validate", file]);
  const emulator = await startEmulator(bench.cli, ["--data", path, "--quota", noQuota]);
  try {
    bench.progress(`plan ${count} unchanged users of CSV`);
    const planned = await runCometform(bench, emulator, ["plan", "--quota-share", "100", file]);
    const reads = readPaths(await emulator.log());
    const floor = await replay(bench, emulator, { name: "floor", reads });
    return { count, reads: reads.length, parsed, planned, floor };
  } finally {
    await emulator.stop();
  }
}

function writeManifest(bench, world) {
  const rows = world.users.map(({ uid, name }) => `${uid},${name}\n`);
  writeFileSync(join(bench.folder, "users.csv"), `uid,name\n${rows.join("")}`);
  const table = join(bench.folder, "table.yaml");
  writeFileSync(table, "version: 1\nstack: bench\nusers: { $from: users.csv }\n");
  return table;
}
