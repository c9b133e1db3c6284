// Loaded into what is measured where the machine has no program that tells what a process has used.
import { writeFileSync } from "node:fs";

process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const line = `${userCPUTime / 1e6} ${systemCPUTime / 1e6} ${maxRSS}\n`;
  if (process.env.BENCH_USAGE_FILE !== undefined) writeFileSync(process.env.BENCH_USAGE_FILE, line);
});
