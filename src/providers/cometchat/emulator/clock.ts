import { randomBytes } from "node:crypto";

/** Tells the time; injected so that tests can move it. */
export interface Clock {
  nowMs(): number;
}

/** Makes the unpredictable part of auth tokens; injected so that tests can predict it. */
export interface IdSource {
  /** A lower-case hexadecimal text of so many digits. */
  hex(digits: number): string;
}

/** The machine's clock. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** Ids from the machine's source of randomness. */
export const randomIds: IdSource = {
  hex: (digits) =>
    randomBytes(Math.ceil(digits / 2))
      .toString("hex")
      .slice(0, digits),
};
