import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What the process holds at one time. */
export interface Holding {
  readonly minute: number;
  /** What is in use after garbage was collected, buffers outside of the heap included. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** File descriptors, sockets included; 0 where the system does not tell. */
  readonly files: number;
  /** Listeners to the signal that outlives every session. */
  readonly listeners: number;
  readonly alarms: number;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collects garbage and weighs what is left. */
export function weigh(): Pick<Holding, "heapBytes" | "rssBytes" | "files"> {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  const files = process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
  return { heapBytes: heapUsed + external, rssBytes: rss, files };
}

/** What of these resources of the event loop was not there before. */
export function addedTo(before: readonly string[], now: readonly string[]): readonly string[] {
  const rest = [...before];
  return now.filter((one) => {
    const index = rest.indexOf(one);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}
