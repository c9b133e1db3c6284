import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCli } from "../support/cli.ts";
import type { DialectName } from "../support/in-process.ts";
import { type BigChange, bigChange, smallChange } from "../support/kills/big-change.ts";
import {
  type Birth,
  dieAt,
  intentsIn,
  listBoundaries,
  openVictim,
  reportOf,
  type Victim,
} from "../support/kills/victim.ts";
import { numbers } from "../support/trust/play.ts";

const isThorough = process.env["COMETFORM_KILLS"] === "all";
const MOMENTS = isThorough ? 100 : 20;
const SEED = Number(process.env["COMETFORM_SEED"] ?? 1);
const apply = ["apply", "--yes", "--json", "--quiet", "--concurrency"];
const goOn = ["apply", "--resume", "--json", "--quiet", "--concurrency"];

beforeAll(buildCli, 120_000);

/** What an undisturbed run comes to. */
interface Undisturbed {
  readonly birth: Birth;
  readonly state: unknown;
  readonly changes: number;
  readonly boundaries: readonly Boundary[];
}

async function watch(dialect: DialectName, change: BigChange): Promise<Undisturbed> {
  const first = await openVictim({ dialect, manifest: change.before });
  expect(await first.run([...apply, "16"])).toMatchObject({ exit: 0 });
  await first.app.close();
  const data = readFileSync(join(first.folder, "app.json"), "utf8");
  await first.dispose();
  const birth = { dialect, data, manifest: change.after };
  const second = await openVictim(birth);
  try {
    const list = join(second.folder, "boundaries");
    const result = await second.run([...apply, "1"], { env: listBoundaries(list) });
    const { converged, outcomes, calls } = reportOf(result);
    expect({ exit: result.exit, converged }).toEqual({ exit: 0, converged: true });
    if (dialect === "vendor") expect(calls.sent).toBeGreaterThanOrEqual(60);
    const boundaries = toBoundaries(readFileSync(list, "utf8").trim().split("\n"));
    return { birth, state: await second.state(), changes: outcomes.length, boundaries };
  } finally {
    await second.dispose();
  }
}

/** The way on after a run was killed. */
type Way = "again" | "resume";

/** Kills one run, goes on, and holds what comes of it against an undisturbed run. */
async function killAndGoOn(
  undisturbed: Undisturbed,
  way: Way,
  kill: (victim: Victim) => Promise<void>,
  { concurrency = "1", latencyMs = 0 } = {},
): Promise<void> {
  const victim = await openVictim({ ...undisturbed.birth, latencyMs });
  try {
    await kill(victim);
    const isBegun = hasJournal(victim);
    const intents = isBegun ? intentsIn(victim.folder) : 0;
    expect(await victim.asked(), "what was sent is in the journal").toBeLessThanOrEqual(intents);
    const args = way === "resume" && isBegun ? goOn : apply;
    const result = await victim.run([...args, concurrency]);
    const { converged, summary, residue } = reportOf(result);
    expect({ exit: result.exit, converged, residue }).toEqual({
      exit: 0,
      converged: true,
      residue: [],
    });
    expect(await victim.state(), "as an undisturbed run").toEqual(undisturbed.state);
    expect(await victim.repeated(), "nothing is done twice").toEqual([]);
    const { applied, ...rest } = summary;
    expect(rest).toEqual({ failed: 0, skipped: 0, unknown: 0 });
    if (args === goOn) expect(applied).toBe(undisturbed.changes);
  } finally {
    await victim.dispose();
  }
}

function hasJournal({ folder }: Victim): boolean {
  try {
    return intentsIn(folder) >= 0 && journalText(folder).includes("\n");
  } catch {
    return false;
  }
}

function journalText(folder: string): string {
  const place = join(folder, ".cometform", "journal");
  return readdirSync(place)
    .map((name) => readFileSync(join(place, name), "utf8"))
    .join("");
}

/** Runs all of them, a few at a time because many wait, and tells which ones went wrong. */
async function all<T>(items: readonly T[], one: (item: T, index: number) => Promise<void>) {
  const failures: string[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) {
      await one(item, index).catch((error: unknown) => {
        failures.push(`${JSON.stringify(item)}: ${String(error)}`);
      });
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  expect(failures).toEqual([]);
}

/** The name of a boundary, and what is written there. */
interface Boundary {
  readonly name: string;
  readonly writes: string;
}

function toBoundaries(lines: readonly string[]): readonly Boundary[] {
  return lines.map((line) => {
    const [when, number, writes = ""] = line.split(" ");
    return { name: `${when} ${number}`, writes };
  });
}

/**
 * Every boundary in both ways and torn lines as well, or in little time: every
 * fifth boundary, which are of all sorts by turns, and one way. (`test/property/resume.test.ts` has all of them without processes.)
 */
function toCases(boundaries: readonly Boundary[]): readonly (Boundary & { readonly way: Way })[] {
  if (isThorough) {
    const torn = boundaries
      .filter(({ name }) => name.startsWith("before"))
      .map((one) => ({ ...one, name: one.name.replace("before", "torn") }));
    const ways: readonly Way[] = ["again", "resume"];
    return [...boundaries, ...torn].flatMap((one) => ways.map((way) => ({ ...one, way })));
  }
  const telling = boundaries.filter(
    // Before an intent is written all is as after the outcome that was written before it.
    ({ name, writes }) => name.startsWith("after") || writes !== "intent",
  );
  const few = telling.filter(
    ({ writes }, index) => index % 5 === 0 || !/^(?:intent|outcome)$/.test(writes),
  );
  return few.map((one, index) => ({ ...one, way: index % 2 === 0 ? "resume" : "again" }));
}

describe.each([
  ["vendor", bigChange],
  ["collection", smallChange],
] as const)("a run that is killed, dialect %s", (dialect, change) => {
  let undisturbed: Undisturbed;
  beforeAll(async () => {
    undisturbed = await watch(dialect, change);
  }, 120_000);

  test("at a boundary of its journal is finished by the next one", async () => {
    const cases = toCases(undisturbed.boundaries);
    await all(cases, ({ name, way }) =>
      killAndGoOn(undisturbed, way, async (victim) => {
        const env = dieAt(name);
        expect(await victim.run([...apply, "1"], { env })).toMatchObject({ exit: null });
      }),
    );
  }, 3_600_000);

  test(`at random moments, ${MOMENTS} over both dialects (seed ${SEED}), is finished by the next one`, async () => {
    const random = numbers(SEED);
    const slowly = { concurrency: "16", latencyMs: 60 };
    const lengthMs = await measureRun({ ...undisturbed.birth, ...slowly });
    const moments = Array.from(
      { length: dialect === "vendor" ? 0.8 * MOMENTS : 0.2 * MOMENTS },
      () => ({
        afterMs: random() * lengthMs,
        way: random() < 0.5 ? ("again" as const) : ("resume" as const),
      }),
    );
    let killed = 0;
    await all(moments, ({ afterMs, way }) =>
      killAndGoOn(
        undisturbed,
        way,
        async (victim) => {
          if (await killAfter(victim, afterMs)) killed += 1;
        },
        slowly,
      ),
    );
    expect(killed, "most of them come before the end").toBeGreaterThan(moments.length / 2);
  }, 3_600_000);
});

/** How long a run takes once it has shown its plan. */
async function measureRun(birth: Birth): Promise<number> {
  const victim = await openVictim(birth);
  let plannedMs: number | undefined;
  try {
    await victim.run([...apply, "16"], {
      onError: (text) => {
        if (text.includes("digest")) plannedMs ??= performance.now();
      },
    });
    return performance.now() - (plannedMs ?? 0);
  } finally {
    await victim.dispose();
  }
}

/** Kills a run this long after it has shown its plan, and tells whether that was before its end. */
async function killAfter(victim: Victim, afterMs: number): Promise<boolean> {
  let kill: NodeJS.Timeout | undefined;
  const { exit } = await victim.run([...apply, "16"], {
    onError: (text, send) => {
      if (kill === undefined && text.includes("digest")) {
        kill = setTimeout(() => send("SIGKILL"), afterMs);
      }
    },
  });
  clearTimeout(kill);
  return exit === null;
}
