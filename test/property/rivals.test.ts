import { expect, test } from "vitest";
import type { Address } from "../../src/model/resource.ts";
import { type Rival, race } from "../support/rivals/race.ts";
import { toRivalry } from "../support/rivals/rivalry.ts";
import { numbers } from "../support/trust/play.ts";

const ROUNDS = Number(process.env["COMETFORM_ROUNDS"] ?? 40);
/** A call takes as long as this at most from the moment it leaves until the app has carried it out. */
const ARRIVAL_MS_MAX = 125;

/** Two seconds, and as long as a look takes, and as often as one may be made. */
const AGE_MS_MAX = 6_000;

/** How a change was lost: what the other one wrote was what its plan saw, or it was not. */
type Loss = "told" | "in turn" | "overwritten" | "went along";

interface Tally {
  rounds: number;
  untoldRounds: number;
  readonly losses: { [loss in Loss]: number };
  /** Untold losses that the loser could have seen. */
  readonly early: Address[];
  /** How long what was overwritten unseen had been so. */
  readonly agesMs: number[];
  writes: number;
}

function tells({ report }: Rival, address: Address): boolean {
  const outcome = report.outcomes.find((one) => one.address === address);
  const isResidue = report.residue.some((one) => one.address === address);
  const isDone = outcome === undefined || outcome.status === "applied";
  return isResidue || !isDone || report.unread !== undefined;
}

/** A membership goes along with its group and its user. */
function owners(address: Address): readonly Address[] {
  const [, guid, uid] = /^membership\/([^:]+):(.+)$/.exec(address) ?? [];
  return guid === undefined ? [] : [`group/${guid}`, `user/${uid}`];
}

/** How the loser lost this, and when it was written over. */
function explain(loser: Rival, winner: Rival, address: Address): readonly [Loss, number] {
  const written = winner.writes.filter((one) => one.address === address).at(-1);
  const blind = winner.overwrites.find((one) => one.address === address);
  const along = winner.writes.filter((one) => owners(address).includes(one.address)).at(-1);
  const mine = loser.writes.filter((one) => one.address === address).at(-1);
  const atMs = blind?.atMs ?? written?.atMs ?? along?.atMs ?? Number.NEGATIVE_INFINITY;
  if (tells(loser, address) || tells(winner, address)) return ["told", atMs];
  if (blind !== undefined) return ["overwritten", atMs];
  if (written !== undefined) return ["in turn", atMs];
  return [(mine?.atMs ?? 0) < winner.plannedMs ? "in turn" : "went along", atMs];
}

function note(tally: Tally, loser: Rival, winner: Rival): boolean {
  let isUntold = false;
  for (const address of loser.lost) {
    const [loss, atMs] = explain(loser, winner, address);
    tally.losses[loss] += 1;
    if (loss === "told" || loss === "in turn") continue;
    isUntold = true;
    if (atMs + ARRIVAL_MS_MAX < loser.writtenMs) tally.early.push(address);
    const mine = loser.writes.filter((one) => one.address === address).at(-1);
    if (loss === "overwritten" && mine !== undefined) tally.agesMs.push(atMs - mine.atMs);
  }
  tally.writes += loser.writes.length;
  return isUntold;
}

async function play(thinkMsMax: number): Promise<Tally> {
  const losses = { told: 0, "in turn": 0, overwritten: 0, "went along": 0 };
  const tally: Tally = { rounds: 0, untoldRounds: 0, losses, early: [], agesMs: [], writes: 0 };
  for (let round = 1; round <= ROUNDS; round += 1) {
    const random = numbers(round * 7919);
    const rivals = await race(toRivalry(random, thinkMsMax), random);
    if (rivals === undefined) continue;
    const [first, second] = rivals;
    const isFirst = note(tally, first, second);
    const isSecond = note(tally, second, first);
    tally.rounds += 1;
    tally.untoldRounds += isFirst || isSecond ? 1 : 0;
  }
  return tally;
}

test.each([
  ["at once", 0],
  ["after its person has read it, for up to 10 seconds,", 10_000],
] as const)(
  "of two applies on two machines, each going ahead %s none loses what it could have seen lost",
  async (_, thinkMsMax) => {
    const tally = await play(thinkMsMax);
    console.info(JSON.stringify(tally));
    expect(tally.early, "what was written over before the last look is told").toEqual([]);
    expect(
      tally.agesMs.filter((ms) => ms > AGE_MS_MAX),
      "and what was seen lately is",
    ).toEqual([]);
    expect(tally.losses.told, "and there is something to tell").toBeGreaterThan(0);
  },
);
