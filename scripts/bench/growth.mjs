import { runCometform } from "./contenders.mjs";
import { noQuota, startEmulator } from "./emulator.mjs";
import { fastest } from "./measure.mjs";
import { createWorld, writeWorld } from "./world.mjs";

/** Validates and plans worlds of growing size, planning against an empty app: everything is to be created. */
export async function measureGrowth(bench, sizes) {
  const emulator = await startEmulator(bench.cli, ["--memory", "--quota", noQuota]);
  try {
    const rows = [];
    for (const size of sizes) {
      const { manifest } = writeWorld(bench.folder, "growing", createWorld(size));
      for (const name of ["validate", "plan"]) {
        bench.progress(`${name} ${size} objects`);
        const variables = name === "plan" ? emulator : undefined;
        const times = size > 10_000 ? 1 : 3;
        const numbers = await fastest(times, () =>
          runCometform(bench, variables, [name, manifest]),
        );
        rows.push({ name, size, ...numbers });
      }
    }
    return rows;
  } finally {
    await emulator.stop();
  }
}

/** The exponent of a power law through points, by least squares over their logarithms; 1 is linear. */
export function fitExponent(points) {
  const logs = points.map(({ size, value }) => [Math.log(size), Math.log(value)]);
  const mean = (at) => logs.reduce((sum, pair) => sum + pair[at], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const over = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
