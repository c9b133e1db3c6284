import type { DialectName } from "../in-process.ts";

/** What two people ask of one app at the same time, and how the calls fall. */
export interface Rivalry {
  readonly dialect: DialectName;
  readonly base: object;
  readonly manifests: readonly [object, object];
  readonly concurrency: number;
  /** How long each of them thinks about the plan. */
  readonly thinkMs: readonly [number, number];
  /** How much later the second one begins. */
  readonly offsetMs: number;
}

type Random = () => number;

const people = Array.from({ length: 16 }, (_, index) => `user-${index + 1}`);
const rooms = ["den", "hall", "lab", "attic"];

/** A random rivalry about the same few people and rooms. */
export function toRivalry(random: Random, thinkMsMax: number): Rivalry {
  const concurrency = random() < 0.5 ? 1 : 8;
  return {
    dialect: random() < 0.5 ? "vendor" : "collection",
    base: manifestOf(random, 0),
    manifests: [manifestOf(random, 0.5), manifestOf(random, 0.5)],
    concurrency,
    thinkMs: [random() * thinkMsMax, random() * thinkMsMax],
    offsetMs: random() * (3_000 + thinkMsMax),
  };
}

/** How far it goes from what everybody had in the beginning is between 0 and 1. */
function manifestOf(random: Random, distance: number): object {
  const differs = (): boolean => random() < distance;
  const pick = (values: readonly string[]): string =>
    values[Math.floor(random() * values.length)] as string;
  const here = people.filter((_, index) => index < 2 || !(random() < distance / 4));
  const users = here.map((uid) => [
    uid,
    { name: differs() ? pick(["Ann", "Bob", "Cas"]) : uid, link: differs() ? link(random) : null },
  ]);
  const groups = rooms
    .filter((_, index) => index === 0 || !(random() < distance / 4))
    .map((guid) => [guid, roomOf(guid, here, { differs, pick, random })]);
  return {
    version: 1,
    stack: "acme",
    users: Object.fromEntries(users),
    groups: Object.fromEntries(groups),
  };
}

function link(random: Random): string {
  return `https://example.org/${Math.floor(random() * 3)}`;
}

interface Whims {
  readonly differs: () => boolean;
  readonly pick: (values: readonly string[]) => string;
  readonly random: Random;
}

function roomOf(guid: string, here: readonly string[], { differs, pick, random }: Whims): object {
  const members = here.slice(2).filter(() => random() < 0.4);
  return {
    name: differs() ? pick(["One", "Two", "Three"]) : guid,
    type: "public",
    owner: "user-1",
    members: { admins: ["user-2"], participants: members },
  };
}
