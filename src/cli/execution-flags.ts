import { durationWithin } from "./duration.ts";
import type { FlagSpec } from "./flags.ts";

/** `--yes`. */
export const yesFlag: FlagSpec = {
  flags: "-y, --yes",
  description: "do not ask; needed where no terminal is attached",
};

/** Flags of the commands that execute a plan. */
export const executionFlags: readonly FlagSpec[] = [
  {
    flags: "--resume",
    description: "finish the last run here that was cut short, exactly as it was approved",
  },
  {
    flags: "--receipt <FILE>",
    description: "write down every call, what came of it, and what was found afterwards",
  },
  {
    flags: "--events <FILE>",
    description: "tell what happens, one JSON document a line, to a file or a pipe",
  },
  {
    flags: "--lock-timeout <DURATION>",
    description: "how long to wait for another apply on this machine (default: not at all)",
    parse: durationWithin("0s", "24h"),
  },
];
