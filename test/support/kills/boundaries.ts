import { expect } from "vitest";

/** The way on after a run was killed. */
export type Way = "again" | "resume";

/** The name of a boundary, and what is written there. */
export interface Boundary {
  readonly name: string;
  readonly writes: string;
}

/** Reads them from the lines that a watched run wrote down. */
export function toBoundaries(lines: readonly string[]): readonly Boundary[] {
  return lines.map((line) => {
    const [when, number, writes = ""] = line.split(" ");
    return { name: `${when} ${number}`, writes };
  });
}

/** A boundary and the way on from there. */
export interface Case extends Boundary {
  readonly way: Way;
}

/** Every boundary, one way or the other by turns; or both ways, and torn lines as well. */
export function toCases(boundaries: readonly Boundary[], isThorough: boolean): readonly Case[] {
  if (!isThorough) {
    // A call has four boundaries: each of them is met in both ways.
    const way = (index: number) => ((index + Math.floor(index / 4)) % 2 === 0 ? "resume" : "again");
    return boundaries.map((one, index) => ({ ...one, way: way(index) }));
  }
  const torn = boundaries
    .filter(({ name }) => name.startsWith("before"))
    .map((one) => ({ ...one, name: one.name.replace("before", "torn") }));
  const ways: readonly Way[] = ["again", "resume"];
  return [...boundaries, ...torn].flatMap((one) => ways.map((way) => ({ ...one, way })));
}

/** Does all of them, two at a time, and tells which ones went wrong. */
export async function all<T>(
  items: readonly T[],
  one: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const failures: string[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) {
      await one(item, index).catch((error: unknown) => {
        const why = error instanceof Error ? [error.message, String(error.cause ?? "")] : [error];
        failures.push(`${JSON.stringify(item)}: ${why.join("\n")}`);
      });
    }
  };
  await Promise.all([worker(), worker()]);
  expect(failures).toEqual([]);
}
