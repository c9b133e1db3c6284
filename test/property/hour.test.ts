import { beforeAll, describe, expect, test } from "vitest";
import type { Holding } from "../support/hour/holdings.ts";
import { type Hours, playHours } from "../support/hour/hours.ts";

/*
 * Hours of simulated time against a served app on which much goes wrong, its quotas change, and which
 * is not there at all for some minutes. The machine's own time is a minute for each of them at most.
 */

const HOURS = Number(process.env["COMETFORM_HOURS"] ?? 1);
const CONCURRENCY = 16;
const MEGABYTE = 1_000_000;

/**
 * What the heap may have more of in the last quarter than in the second. Code that is compiled late and
 * the service's own messages of who has joined and left, which it keeps, make 1 to 3 MB of 40.
 */
const GROWTH_MAX = { part: 0.05, bytes: 3 * MEGABYTE };

/** Of plan, intents, outcomes and report of a change, and of what stands once in every journal. */
const JOURNAL_BYTES_MAX = { change: 1_200, file: 10_000 };

let hours: Hours;

beforeAll(async () => {
  hours = await playHours({
    hours: HOURS,
    size: { users: 250, groups: 5, members: 20 },
    concurrency: CONCURRENCY,
    seed: 1,
  });
  const { rounds, holdings, ...rest } = hours;
  const heapMegabytes = [0, 1, 2, 3].map((index) => heapIn(index) / MEGABYTE);
  if (process.env["COMETFORM_HOURS"] !== undefined) {
    console.log({ ...rest, rounds: rounds.length, heapMegabytes, last: holdings.at(-1) });
  }
}, 900_000 * HOURS);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}

/** What is held in one of the four quarters of the time. */
function quarter(index: number): readonly Holding[] {
  const { holdings } = hours;
  const length = Math.floor(holdings.length / 4);
  return holdings.slice(index * length, (index + 1) * length);
}

function heapIn(index: number): number {
  return mean(quarter(index).map(({ heapBytes }) => heapBytes));
}

describe("hours of faults and changing quotas", () => {
  test("are hours, with thousands of calls, refusals, failures and an app that was gone", () => {
    const { rounds, simulatedMs, sent, throttled } = hours;
    const failed = sum(rounds.map(({ summary }) => summary?.failed ?? 0));
    const unplanned = rounds.filter(({ summary }) => summary === undefined);
    expect(simulatedMs).toBeGreaterThanOrEqual(HOURS * 3_600_000);
    expect(sent).toBeGreaterThan(5_000 * HOURS);
    expect(throttled).toBeGreaterThan(HOURS);
    expect(failed).toBeGreaterThan(0);
    expect(unplanned.length).toBeGreaterThan(HOURS);
  });

  test("end every apply with a report that is true", () => {
    expect(hours.rounds.flatMap(({ lies }) => lies)).toEqual([]);
  });

  test("leave nothing to do once nothing goes wrong any more", () => {
    expect(hours.rounds.at(-1)?.summary).toMatchObject({ failed: 0, skipped: 0, unknown: 0 });
    expect(hours.left).toBe(0);
  });

  test("leave memory as it was", () => {
    const limit = heapIn(1) * (1 + GROWTH_MAX.part) + GROWTH_MAX.bytes;
    expect(heapIn(3)).toBeLessThanOrEqual(limit);
  });

  test("open no more connections than calls may be under way, and close them all", () => {
    expect(hours.socketsMost).toBeLessThanOrEqual(CONCURRENCY);
    expect(hours.open).toEqual({ sockets: 0, served: 0, alarms: 0 });
    expect(hours.resources).toEqual([]);
  });

  test("pile up neither files nor listeners nor alarms", () => {
    const most = (name: "files" | "listeners" | "alarms", holdings: readonly Holding[]) =>
      Math.max(...holdings.map((holding) => holding[name]));
    // A connection has two ends in this process.
    expect(most("files", quarter(3))).toBeLessThanOrEqual(
      most("files", quarter(0)) + 2 * CONCURRENCY,
    );
    expect(most("listeners", hours.holdings)).toBe(0);
    expect(most("alarms", hours.holdings)).toBeLessThanOrEqual(CONCURRENCY);
    expect(hours.warnings).toEqual([]);
  });

  test("write journals as long as what was done", () => {
    const long = hours.rounds.filter(
      ({ journalBytes, changes }) =>
        journalBytes > changes * JOURNAL_BYTES_MAX.change + JOURNAL_BYTES_MAX.file,
    );
    expect(long).toEqual([]);
  });
});
