import { createHash } from "node:crypto";

const drawnBytes = 6;

/**
 * A number from 0 to below 1 that looks random, and is the same for the same seed and place. There is
 * no generator whose state could be shared: what one rule draws moves no other.
 */
export function draw(seed: number, place: readonly number[]): number {
  const digest = createHash("sha256")
    .update(`${seed}/${place.join("/")}`)
    .digest();
  return digest.readUIntBE(0, drawnBytes) / 2 ** (8 * drawnBytes);
}
