import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

/** Tells the time; injected so that tests can move it. */
export interface Clock {
  nowMs(): number;
}

/** Lets so many milliseconds pass; injected so that tests need not wait. */
export type Wait = (ms: number) => Promise<void>;

/** Makes the unpredictable part of auth tokens; injected so that tests can predict it. */
export interface IdSource {
  /** A lower-case hexadecimal text of so many digits. */
  hex(digits: number): string;
}

/** The machine's clock. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** Waits as long as the machine's timers say. */
export const systemWait: Wait = (ms) => delay(ms);

/** Waits the same, without keeping a process from its end once nothing is served any more. */
export const servingWait: Wait = (ms) => delay(ms, undefined, { ref: false });

/** Ids from the machine's source of randomness. */
export const randomIds: IdSource = {
  hex: (digits) =>
    randomBytes(Math.ceil(digits / 2))
      .toString("hex")
      .slice(0, digits),
};
