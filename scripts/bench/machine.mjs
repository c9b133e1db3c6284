import { cpus, loadavg, release, totalmem, type } from "node:os";
import { measuredBy } from "./measure.mjs";

/** The machine as far as it explains the numbers. */
export function describeMachine() {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    system: `${type()} ${release()}`,
    load: loadavg()[0],
    measuredBy,
  };
}
