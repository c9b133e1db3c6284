import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCli, type CliResult } from "../support/cli.ts";
import type { DialectName } from "../support/in-process.ts";
import { type BigChange, bigChange, bulkChange, smallChange } from "../support/kills/big-change.ts";
import {
  all,
  type Boundary,
  type Case,
  toBoundaries,
  toCases,
  type Way,
} from "../support/kills/boundaries.ts";
import { dieTogether, runTogether } from "../support/kills/crowd.ts";
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
const goOn = ["apply", "--resume", "--json", "--quiet", "--concurrency"];

beforeAll(buildCli, 120_000);

/** A change, and by which calls it goes out. */
interface Scene {
  readonly dialect: DialectName;
  readonly change: BigChange;
  readonly bulk: "auto" | "off";
  /** Calls that it takes at least, and imports among them. */
  readonly callsMin: number;
  readonly importsMin: number;
  /** Of so many moments at which a run is killed. */
  readonly share: number;
}

function toApply(bulk: Scene["bulk"]): readonly string[] {
  return ["apply", "--yes", "--json", "--quiet", "--bulk", bulk, "--concurrency"];
}

/** What an undisturbed run comes to. */
interface Undisturbed {
  readonly apply: readonly string[];
  readonly birth: Birth;
  readonly state: unknown;
  readonly changes: number;
  readonly boundaries: readonly Boundary[];
  /** How many requests the app is sent at least until the last write, reads included. */
  readonly requests: number;
}

async function watch(scene: Scene): Promise<Undisturbed> {
  const { dialect, change } = scene;
  const apply = toApply(scene.bulk);
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
    expect(calls.sent).toBeGreaterThanOrEqual(scene.callsMin);
    expect(await second.imports()).toBeGreaterThanOrEqual(scene.importsMin);
    const boundaries = toBoundaries(readFileSync(list, "utf8").trim().split("\n"));
    const [state, requests] = [await second.state(), await second.requests()];
    return { apply, birth, state, changes: outcomes.length, boundaries, requests };
  } finally {
    await second.dispose();
  }
}

/** The command line that goes on after a kill, which has sent nothing that is not in its journal. */
async function wayOn({ apply }: Undisturbed, victim: Victim, way: Way): Promise<readonly string[]> {
  const isBegun = hasJournal(victim);
  const intents = isBegun ? intentsIn(victim.folder) : 0;
  expect(await victim.asked(), "what was sent is in the journal").toBeLessThanOrEqual(intents);
  return way === "resume" && isBegun ? goOn : apply;
}

/** Holds what came of a kill and of going on against an undisturbed run. */
async function expectFinished(
  { state, changes }: Undisturbed,
  victim: Victim,
  { args, result }: { readonly args: readonly string[]; readonly result: CliResult },
): Promise<void> {
  const { converged, summary, residue } = reportOf(result);
  const end = { exit: result.exit, converged, residue };
  expect(end).toEqual({ exit: 0, converged: true, residue: [] });
  expect(await victim.state(), "as an undisturbed run").toEqual(state);
  expect(await victim.repeated(), "nothing is done twice").toEqual([]);
  const { applied, ...rest } = summary;
  expect(rest).toEqual({ failed: 0, skipped: 0, unknown: 0 });
  if (args === goOn) expect(applied).toBe(changes);
}

/** Kills one run by itself and goes on, each in a process as a user has it. */
async function killAlone(undisturbed: Undisturbed, { name, way }: Case): Promise<void> {
  const victim = await openVictim(undisturbed.birth);
  try {
    const { signal } = await victim.run([...undisturbed.apply, "1"], { env: dieAt(name) });
    expect(signal).toBe("SIGKILL");
    const args = await wayOn(undisturbed, victim, way);
    const result = await victim.run([...args, "1"]);
    await expectFinished(undisturbed, victim, { args, result });
  } finally {
    await victim.dispose();
  }
}

/** Kills runs that share a process and nothing else, and goes on with them in another one. */
async function killTogether(undisturbed: Undisturbed, cases: readonly Case[]): Promise<void> {
  const victims = await Promise.all(cases.map(() => openVictim(undisturbed.birth)));
  const pairs = cases.map((one, index) => [one, victims[index] as Victim] as const);
  try {
    await dieTogether(
      pairs.map(([{ name }, victim]) => ({
        ...victim.line([...undisturbed.apply, "1"]),
        dieAt: name,
      })),
    );
    const ways = await Promise.all(
      pairs.map(([{ way }, victim]) => wayOn(undisturbed, victim, way)),
    );
    const results = await runTogether(
      pairs.map(([, victim], index) => victim.line([...(ways[index] ?? []), "16"])),
    );
    for (const [index, [one, victim]] of pairs.entries()) {
      const end = { args: ways[index] ?? [], result: results[index] as CliResult };
      await expectFinished(undisturbed, victim, end).catch((error: unknown) => {
        throw new Error(JSON.stringify(one), { cause: error });
      });
    }
  } finally {
    await Promise.all(victims.map((victim) => victim.dispose()));
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

/** So many runs share a process. */
const CROWD = 24;
/** One of so many boundaries has processes of its own as well. */
const ALONE = isThorough ? 4 : 48;

/** Neighbours are killed after about as many calls, so that they wait for each other only shortly. */
function toCrowds(cases: readonly Case[]): readonly (readonly Case[])[] {
  const crowds = Math.ceil(cases.length / CROWD);
  return Array.from({ length: crowds }, (_, index) =>
    cases.slice(index * CROWD, (index + 1) * CROWD),
  );
}

const scenes: { readonly [tells: string]: Scene } = {
  "dialect vendor": {
    ...{ dialect: "vendor", change: bigChange, bulk: "off" },
    ...{ callsMin: 60, importsMin: 0, share: 0.8 },
  },
  "dialect collection": {
    ...{ dialect: "collection", change: smallChange, bulk: "auto" },
    ...{ callsMin: 10, importsMin: 0, share: 0.2 },
  },
  "in bulk": {
    ...{ dialect: "vendor", change: bulkChange, bulk: "auto" },
    ...{ callsMin: 8, importsMin: 4, share: 0.4 },
  },
};

describe.each(Object.entries(scenes))("a run that is killed, %s", (_, scene) => {
  let undisturbed: Undisturbed;
  beforeAll(async () => {
    undisturbed = await watch(scene);
  }, 120_000);

  test("at any boundary of its journal is finished by the next one", async () => {
    const cases = toCases(undisturbed.boundaries, isThorough);
    await all(toCrowds(cases), (crowd) => killTogether(undisturbed, crowd));
    const few = cases.filter((_, index) => index % ALONE === 3);
    await all(few, (one) => killAlone(undisturbed, one));
  }, 3_600_000);

  const count = Math.round(scene.share * MOMENTS);

  test(`at ${count} random moments (seed ${SEED}) is finished by the next one`, async () => {
    const random = numbers(SEED);
    const moments = Array.from({ length: count }, () => ({
      request: 1 + Math.floor(random() * undisturbed.requests),
      afterMs: random() * LATENCY_MS,
      way: random() < 0.5 ? ("again" as const) : ("resume" as const),
    }));
    let killed = 0;
    await all(moments, async (moment) => {
      // Two add to it at a time: it is read only after the wait.
      const signal = await killAtMoment(undisturbed, moment);
      if (signal === "SIGKILL") killed += 1;
    });
    expect(killed, "most of them come before the end").toBeGreaterThanOrEqual(0.8 * count);
  }, 3_600_000);
});

/** Long enough for sixteen calls to be under way at once. */
const LATENCY_MS = 40;

interface Moment {
  /** Counted from 1. */
  readonly request: number;
  /** From when the app has done what this request asks for. */
  readonly afterMs: number;
  readonly way: Way;
}

/** Kills a run while an answer is on its way, goes on, and tells what the run has died of. */
async function killAtMoment(
  undisturbed: Undisturbed,
  moment: Moment,
): Promise<CliResult["signal"]> {
  let requests = 0;
  let kill: (signal: NodeJS.Signals) => void = () => undefined;
  const wait = async (ms: number): Promise<void> => {
    requests += 1;
    if (requests === moment.request) {
      // The answer to this one comes after the kill, so that no machine is too fast to be killed.
      await delay(moment.afterMs);
      kill("SIGKILL");
    }
    await delay(ms);
  };
  const victim = await openVictim({ ...undisturbed.birth, latencyMs: LATENCY_MS, wait });
  try {
    const onStart = (send: typeof kill): void => {
      kill = send;
    };
    const { signal } = await victim.run([...undisturbed.apply, "16"], { onStart });
    kill = () => undefined;
    const args = await wayOn(undisturbed, victim, moment.way);
    const result = await victim.run([...args, "16"]);
    await expectFinished(undisturbed, victim, { args, result });
    return signal;
  } finally {
    await victim.dispose();
  }
}
