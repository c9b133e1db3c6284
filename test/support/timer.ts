import type { Timer } from "../../src/executor/timer.ts";

/** A timer for which no time passes. */
export const noTime: Timer = { nowMs: () => 0, sleep: async () => undefined };
