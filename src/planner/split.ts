/*
 * Which creates go out in bulk, and which by calls of their own. Both use up quotas that are counted
 * by the minute, so the choice decides how many minutes the plan takes and how many calls it has. In
 * this order: the fewest minutes, then the fewest calls, then the fewest of them in bulk.
 *
 *   plain      a create that carries nothing         1 call, or a row of its pool
 *   carrier    a create that can carry rows for free 1 call, or a row, and its rows are left to others
 *   batch      rows that share a call                1 call, or each a row of the rows' pool
 */

/** What there is to choose from. Every call that is not in bulk counts against one quota. */
export interface Choices {
  /** Rows that a bulk call takes. */
  readonly rowsMax: number;
  /** Rows that a call of a batch takes. */
  readonly batchMax: number;
  /** How many plain creates there are, pool by pool. */
  readonly plain: readonly number[];
  /** The creates that can carry rows, those that carry most first. */
  readonly carriers: readonly Carrier[];
  /** How many rows there are for each call that is there already. */
  readonly batches: readonly number[];
  /** Calls that go out in any case against the same quota as what is not in bulk. */
  readonly fixed: number;
  /** Calls a minute that are allowed: in bulk, and otherwise. */
  readonly allowed: { readonly bulk: number; readonly other: number };
  /** Minutes that something else takes anyway. */
  readonly minutesMin: number;
}

/** A create that can carry rows. */
export interface Carrier {
  /** Rows that it carries. */
  readonly seats: number;
  /** Rows that belong to it, carried or not. */
  readonly rows: number;
}

/** What goes out in bulk. */
export interface Split {
  /** Of each pool of plain creates so many. */
  readonly plain: readonly number[];
  /** Carriers: all but those that carry most. */
  readonly carriers: number;
  /** Batches, the smallest of those that are left when the carriers have gone their ways. */
  readonly batches: number;
  readonly minutes: number;
  readonly calls: number;
  readonly bulkCalls: number;
}

/** More choices than this are not looked at one by one, but a part of them, evenly spread. */
const LOOKS_MAX = 400;

/** The best split there is, where no pool is so large that only some splits are looked at. */
export function toSplit(choices: Choices): Split {
  const { rowsMax, carriers } = choices;
  const savings = toSavings(choices);
  let best: Split | undefined;
  const carrierCalls = Math.ceil(carriers.length / rowsMax);
  for (const bulkCarrierCalls of spread(carrierCalls)) {
    const moved = Math.min(carriers.length, bulkCarrierCalls * rowsMax);
    const sizes = toSizes(choices, moved);
    const rows = sizes.reduce((sum, count, size) => sum + count * size, 0);
    for (const bulkRowCalls of spread(Math.ceil(rows / rowsMax))) {
      const taken = takeSmallest(sizes, bulkRowCalls * rowsMax);
      const other = choices.fixed + carriers.length - moved + taken.left;
      const bulk = bulkCarrierCalls + Math.ceil(taken.rows / rowsMax);
      for (const plain of plainCandidates(choices, savings, { other, bulk })) {
        const found = toResult(choices, { savings, plain, other, bulk });
        if (best === undefined || isBetter(found, best)) {
          best = { ...found, carriers: moved, batches: taken.count };
        }
      }
    }
  }
  if (best === undefined) throw new Error("there is always a split");
  return best;
}

/** From none to all, or evenly spread over them. */
function spread(countMax: number): number[] {
  const step = Math.max(1, Math.ceil(countMax / LOOKS_MAX));
  const counts = Array.from({ length: Math.floor(countMax / step) + 1 }, (_, i) => i * step);
  return counts.at(-1) === countMax ? counts : [...counts, countMax];
}

/** How many batches there are of each size, when so many carriers have left their rows to others. */
function toSizes({ batchMax, batches, carriers }: Choices, moved: number): number[] {
  const sizes = new Array<number>(batchMax + 1).fill(0);
  const add = (rows: number) => {
    sizes[batchMax] = (sizes[batchMax] ?? 0) + Math.floor(rows / batchMax);
    const rest = rows % batchMax;
    if (rest > 0) sizes[rest] = (sizes[rest] ?? 0) + 1;
  };
  for (const rows of batches) add(rows);
  for (const [index, { seats, rows }] of carriers.entries()) {
    add(index < carriers.length - moved ? rows - seats : rows);
  }
  return sizes;
}

interface Taken {
  /** Batches that go out in bulk, and their rows. */
  readonly count: number;
  readonly rows: number;
  /** Batches that are left. */
  readonly left: number;
}

/** As many whole batches as there is room for: each saves a call, so the smallest save most. */
function takeSmallest(sizes: readonly number[], room: number): Taken {
  let [count, rows, left] = [0, 0, 0];
  for (const [size, ofSize] of sizes.entries()) {
    const fitting = size === 0 ? 0 : Math.min(ofSize, Math.floor((room - rows) / size));
    count += fitting;
    rows += fitting * size;
    left += ofSize - fitting;
  }
  return { count, rows, left };
}

/** What each further bulk call for plain creates saves: full ones first, then the fullest. */
interface Savings {
  readonly full: number;
  readonly partial: readonly { readonly pool: number; readonly rows: number }[];
}

function toSavings({ plain, rowsMax }: Choices): Savings {
  const partial = plain
    .map((count, pool) => ({ pool, rows: count % rowsMax }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows || a.pool - b.pool);
  return { full: plain.reduce((sum, count) => sum + Math.floor(count / rowsMax), 0), partial };
}

interface Others {
  readonly other: number;
  readonly bulk: number;
}

/**
 * Numbers of bulk calls for plain creates that may be best. The more there are, the fewer calls there
 * are in all, but for the last ones, which may save as many as they cost; so it is as many as fit into
 * the minutes that are taken at least, or a few less.
 */
function plainCandidates(choices: Choices, savings: Savings, { other, bulk }: Others): number[] {
  const { allowed, plain, rowsMax, minutesMin } = choices;
  const callsMax = savings.full + savings.partial.length;
  const creates = plain.reduce((sum, count) => sum + count, 0);
  const fits = (calls: number, minutes: number) =>
    other + creates - savedBy(savings, calls, rowsMax) <= minutes * allowed.other;
  const roomIn = (minutes: number) => Math.min(callsMax, minutes * allowed.bulk - bulk);
  let low = Math.max(1, minutesMin);
  let high = Math.max(
    low,
    minutesOf(other + creates, allowed.other),
    minutesOf(bulk, allowed.bulk),
  );
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const room = roomIn(middle);
    if (room >= 0 && fits(room, middle)) high = middle;
    else low = middle + 1;
  }
  const most = Math.max(0, roomIn(low));
  const fewer = savings.partial.length;
  return Array.from({ length: Math.min(most, fewer) + 1 }, (_, less) => most - less);
}

/** The minutes of quota that so many calls use up. */
export function minutesOf(calls: number, allowed: number): number {
  return Math.ceil(calls / allowed);
}

/** Calls of their own that are saved by so many bulk calls. */
function savedBy({ full, partial }: Savings, calls: number, rowsMax: number): number {
  const whole = Math.min(calls, full) * rowsMax;
  return partial.slice(0, Math.max(0, calls - full)).reduce((sum, { rows }) => sum + rows, whole);
}

interface Candidate extends Others {
  readonly savings: Savings;
  readonly plain: number;
}

function toResult(
  choices: Choices,
  { savings, plain, other, bulk }: Candidate,
): Omit<Split, "carriers" | "batches"> {
  const { allowed, rowsMax } = choices;
  const creates = choices.plain.reduce((sum, count) => sum + count, 0);
  const otherCalls = other + creates - savedBy(savings, plain, rowsMax);
  const bulkCalls = bulk + plain;
  return {
    plain: placePlain(choices, savings, plain),
    minutes: Math.max(
      choices.minutesMin,
      minutesOf(otherCalls, allowed.other),
      minutesOf(bulkCalls, allowed.bulk),
    ),
    calls: otherCalls + bulkCalls,
    bulkCalls,
  };
}

/** How many creates of each pool go out by these bulk calls. */
function placePlain({ plain, rowsMax }: Choices, savings: Savings, calls: number): number[] {
  let left = Math.min(calls, savings.full);
  const placed = plain.map((count) => {
    const full = Math.min(left, Math.floor(count / rowsMax));
    left -= full;
    return full * rowsMax;
  });
  for (const { pool, rows } of savings.partial.slice(0, Math.max(0, calls - savings.full))) {
    placed[pool] = (placed[pool] ?? 0) + rows;
  }
  return placed;
}

type Rank = Pick<Split, "minutes" | "calls" | "bulkCalls">;

function isBetter(a: Rank, b: Rank): boolean {
  if (a.minutes !== b.minutes) return a.minutes < b.minutes;
  if (a.calls !== b.calls) return a.calls < b.calls;
  return a.bulkCalls < b.bulkCalls;
}
