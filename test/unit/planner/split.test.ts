import fc from "fast-check";
import { expect, test } from "vitest";
import { addCreate, addRows, createTally, fewest } from "../../../src/planner/bulk-bound.ts";
import { type Choices, type Split, toSplit } from "../../../src/planner/split.ts";
import { cpuMsOf } from "../../support/cpu.ts";

/** Worlds in which every split is tried. */
const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 150);
const UNLIMITED = Number.POSITIVE_INFINITY;

const PLAIN: Choices = {
  rowsMax: 50,
  batchMax: 25,
  plain: [],
  carriers: [],
  batches: [],
  fixed: 0,
  allowed: { bulk: UNLIMITED, other: UNLIMITED },
  minutesMin: 1,
};

type Rank = Pick<Split, "minutes" | "calls" | "bulkCalls">;

/** Every way to choose, one after the other. */
function* allWays(choices: Choices): Generator<Rank> {
  const { rowsMax, batchMax, plain, carriers, batches, fixed, allowed, minutesMin } = choices;
  for (const counts of product(plain.map((count) => count + 1))) {
    for (const moved of product(carriers.map(() => 2))) {
      const sizes = [
        ...batches,
        ...carriers.map(({ seats, rows }, index) => (moved[index] === 1 ? rows : rows - seats)),
      ].flatMap((rows) => portions(rows, batchMax));
      for (const taken of product(sizes.map(() => 2))) {
        const rows = sizes.reduce((sum, size, index) => sum + size * (taken[index] ?? 0), 0);
        const total = (flags: readonly number[]) => flags.reduce((sum, flag) => sum + flag, 0);
        const bulkCalls =
          total(counts.map((count) => Math.ceil(count / rowsMax))) +
          Math.ceil(total(moved) / rowsMax) +
          Math.ceil(rows / rowsMax);
        const other =
          fixed +
          total(plain) -
          total(counts) +
          (carriers.length - total(moved)) +
          (sizes.length - total(taken));
        const minutes = Math.max(
          minutesMin,
          Math.ceil(other / allowed.other),
          Math.ceil(bulkCalls / allowed.bulk),
        );
        yield { minutes, calls: other + bulkCalls, bulkCalls };
      }
    }
  }
}

function* product(sizes: readonly number[]): Generator<number[]> {
  const [first, ...rest] = sizes;
  if (first === undefined) {
    yield [];
    return;
  }
  for (let value = 0; value < first; value += 1) {
    for (const others of product(rest)) yield [value, ...others];
  }
}

function portions(rows: number, batchMax: number): number[] {
  const count = Math.ceil(rows / batchMax);
  return Array.from({ length: count }, (_, i) => Math.min(batchMax, rows - i * batchMax));
}

function best(choices: Choices): Rank {
  let found: Rank = { minutes: UNLIMITED, calls: UNLIMITED, bulkCalls: UNLIMITED };
  for (const { minutes, calls, bulkCalls } of allWays(choices)) {
    const order =
      minutes - found.minutes || calls - found.calls || bulkCalls - found.bulkCalls || 0;
    if (order < 0 || found.calls === UNLIMITED) found = { minutes, calls, bulkCalls };
  }
  return found;
}

const count = (max: number) => fc.integer({ min: 0, max });
const allowance = fc.oneof(fc.constant(UNLIMITED), fc.integer({ min: 1, max: 4 }));

/** Small enough to try everything; no carrier seats more than a call of its own takes. */
const worlds: fc.Arbitrary<Choices> = fc
  .record({
    rowsMax: fc.integer({ min: 2, max: 5 }),
    batchMax: fc.integer({ min: 1, max: 3 }),
    plain: fc.array(count(5), { maxLength: 2 }),
    sizes: fc.array(fc.record({ seats: count(3), more: count(3) }), { maxLength: 3 }),
    batches: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
    fixed: count(4),
    allowed: fc.record({ bulk: allowance, other: allowance }),
    minutesMin: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ sizes, ...rest }) => ({
    ...rest,
    carriers: sizes
      .map(({ seats, more }) => {
        const seated = Math.min(seats, rest.batchMax);
        // Rows are left over only where no seat is.
        return { seats: seated, rows: seated + (seated === rest.batchMax ? more : 0) };
      })
      .sort((a, b) => b.seats - a.seats),
  }));

test("no other split takes fewer minutes, or as many with fewer calls, or as many with fewer in bulk", () => {
  fc.assert(
    fc.property(worlds, (choices) => {
      const { minutes, calls, bulkCalls } = toSplit(choices);
      expect({ minutes, calls, bulkCalls }).toEqual(best(choices));
    }),
    { numRuns: WORLDS },
  );
}, 600_000);

test("the bound counts as many calls as the best split has, where no quota is short", () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const choices = { ...world, allowed: PLAIN.allowed, minutesMin: 1 };
      const tally = createTally();
      tally.calls = choices.fixed;
      const { rowsMax, batchMax } = choices;
      for (const [pool, creates] of choices.plain.entries()) {
        for (let i = 0; i < creates; i += 1) {
          addCreate(tally, { pool: `plain ${pool}`, rowsMax }, `plain/${pool}-${i}`);
        }
      }
      for (const [index, { seats, rows }] of choices.carriers.entries()) {
        const on = `carrier/${index}`;
        addCreate(tally, { pool: "carriers", rowsMax }, on);
        const batch = { on, seats, left: rows - seats, rowsMax: batchMax };
        if (rows > 0) addRows(tally, { pool: "rows", rowsMax }, batch);
      }
      for (const left of choices.batches) {
        const batch = { on: undefined, seats: 0, left, rowsMax: batchMax };
        addRows(tally, { pool: "rows", rowsMax }, batch);
      }
      expect(fewest(tally)).toBe(best(choices).calls);
    }),
    { numRuns: WORLDS },
  );
}, 600_000);

test.each([
  { creates: 1, calls: 1, bulkCalls: 0 },
  { creates: 2, calls: 1, bulkCalls: 1 },
  { creates: 51, calls: 2, bulkCalls: 1 },
  { creates: 100, calls: 2, bulkCalls: 2 },
])("$creates creates take $calls calls, $bulkCalls of them in bulk", (wanted) => {
  const { creates, ...found } = wanted;
  expect(toSplit({ ...PLAIN, plain: [creates] })).toMatchObject(found);
});

test("both quotas of the free plan are used up together: 10,000 creates take three minutes", () => {
  const allowed = { bulk: 60, other: 400 };
  const split = toSplit({ ...PLAIN, plain: [10_000], allowed });
  expect(split).toMatchObject({ minutes: 3, bulkCalls: 180 });
  expect(split.plain).toEqual([9_000]);
  expect(best({ ...PLAIN, plain: [10_000], allowed }).minutes).toBe(3);
});

test("a hundred thousand memberships in ten thousand new groups are split in less than a second", () => {
  const carriers = Array.from({ length: 10_000 }, (_, index) => ({
    seats: 25 - (index % 26),
    rows: 25 - (index % 26),
  })).sort((a, b) => b.seats - a.seats);
  const allowed = { bulk: 60, other: 8_000 };
  const choices = { ...PLAIN, carriers, plain: [60_000], batches: [400], allowed };
  let minutes = 0;
  const cpuMs = cpuMsOf(() => {
    minutes = toSplit(choices).minutes;
  });
  expect(cpuMs).toBeLessThan(1_000);
  expect(minutes).toBeLessThan(9);
});
