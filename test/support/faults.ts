import type { EmulatorSettings, FaultRule } from "../../src/providers/cometchat/emulator/index.ts";
import { createTestClock, type Subject, subject, type TestClock } from "./emulator-client.ts";

/** An emulator with faults, whose time passes only where it waits. */
export interface FaultySubject extends Subject {
  /** Every wait so far. */
  readonly waits: readonly number[];
}

/** Creates an emulator that gets wrong what these rules say. */
export function faulty(
  rules: readonly FaultRule[],
  settings: Partial<EmulatorSettings> = {},
): FaultySubject {
  const clock: TestClock = createTestClock();
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    clock.advance(ms);
  };
  const made = subject({ faults: { rules }, clock, wait, ...settings });
  return { ...made, clock, waits };
}
