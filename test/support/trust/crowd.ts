import fc from "fast-check";
import type { DialectName } from "../in-process.ts";
import { NOTHING_ASKED } from "../world/requests.ts";
import { maybe, toLists, withoutGaps } from "../world/words.ts";
import type { World } from "../world.ts";

/** How much of a crowd is live, ours, declared and different, in percent. */
interface Rates {
  readonly live: number;
  readonly ours: number;
  readonly declared: number;
  readonly different: number;
}

const rate = fc.constantFrom(0, 10, 25, 50, 75, 90, 100);
const rates: fc.Arbitrary<Rates> = fc.record({
  live: fc.constantFrom(50, 90, 100),
  ours: fc.constantFrom(50, 90, 100, 100),
  declared: rate,
  different: rate,
});

/** One of a crowd; the numbers are from 0 to 99 and held against the rates. */
interface One {
  readonly live: number;
  readonly ours: number;
  readonly declared: number;
  readonly different: number;
  readonly isTheirs: boolean;
}

const dice = fc.integer({ min: 0, max: 99 });
const one: fc.Arbitrary<One> = fc.record({
  live: dice,
  ours: dice,
  declared: dice,
  different: dice,
  isTheirs: fc.integer({ min: 0, max: 30 }).map((n) => n === 30),
});

interface Person {
  readonly id: string;
  readonly isLive: boolean;
  readonly stack: string | undefined;
  readonly isDeclared: boolean;
  readonly isDifferent: boolean;
}

const crowdOf = (prefix: string, minLength: number, maxLength: number) =>
  fc.record({ rates, all: fc.array(one, { minLength, maxLength }) }).map(({ rates: by, all }) =>
    all.map((person, i): Person => {
      const stack = person.isTheirs ? "other" : person.ours < by.ours ? "acme" : undefined;
      return {
        id: `${prefix}${String(i + 1).padStart(2, "0")}`,
        isLive: person.live < by.live,
        stack,
        isDeclared: person.declared < by.declared && stack !== "other",
        isDifferent: person.different < by.different,
      };
    }),
  );

const limit = fc.constantFrom<unknown>(0, 1, 5, "0%", "20%", "33.4%", "80%", "100%");
const budgets = fc
  .record({
    delete: maybe(fc.dictionary(fc.constantFrom("roles", "users", "groups"), limit)),
    update: maybe(fc.dictionary(fc.constantFrom("roles", "users", "groups", "memberships"), limit)),
    remove: maybe(limit),
  })
  .map(withoutGaps);
const pruneMode = maybe(fc.constantFrom("none", "owned", "all", "all"));
const policy = fc
  .record({
    prune: maybe(
      fc.record({ roles: pruneMode, users: pruneMode, groups: pruneMode }).map(withoutGaps),
    ),
    delete: maybe(fc.record({ users: fc.constantFrom("deactivate", "permanent") })),
    budgets: maybe(budgets),
  })
  .map(withoutGaps);

/** Members of one group: which scope each has, and which it is to have; 0 for none. */
const seats = fc.record({
  rates,
  rows: fc.array(fc.record({ live: fc.nat(3), declared: fc.nat(3), stays: dice, goes: dice }), {
    minLength: 20,
    maxLength: 20,
  }),
});

const LISTS = ["", "admins", "moderators", "participants"];

interface Crowds {
  readonly roles: readonly Person[];
  readonly users: readonly Person[];
  readonly groups: readonly Person[];
}

const crowds = fc.record({
  roles: fc.oneof(crowdOf("r", 0, 3), crowdOf("r", 9, 13)),
  users: crowdOf("u", 12, 20),
  groups: fc.oneof(crowdOf("g", 0, 3), crowdOf("g", 9, 12)),
});

function body(dialect: DialectName, kind: string, { id, stack }: Person) {
  const key = { roles: "role", users: "uid", groups: "guid" }[kind] ?? "";
  const isTagged = kind === "groups" || (kind === "users" && dialect === "vendor");
  const mark =
    stack === undefined
      ? {}
      : isTagged
        ? { tags: [`cometform:${stack}`] }
        : { metadata: { cometform: { stack } } };
  return { [key]: id, name: id, ...(kind === "groups" ? { type: "public" } : {}), ...mark };
}

function entriesOf(people: readonly Person[]) {
  const declared = people.filter(({ isDeclared }) => isDeclared);
  return Object.fromEntries(
    declared.map(({ id, isDifferent }) => [id, { name: isDifferent ? `${id} anew` : id }]),
  );
}

/** An app with a dozen and more of a kind, of which a manifest may delete or change many. */
export const crowd: fc.Arbitrary<World> = fc
  .record({
    dialect: fc.constantFrom<DialectName>("vendor", "collection"),
    people: crowds,
    seats,
    policy,
    order: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  })
  .map(({ dialect, people, seats: lobby, policy: some, order }) => {
    const live = people.users.filter(({ isLive }) => isLive);
    const seated = live.map((user, i) => ({ user, seat: lobby.rows[i] }));
    const rows = (list: "live" | "declared", isIn: (i: number) => boolean) =>
      seated
        .filter((_, i) => isIn(i))
        .map(({ user, seat }) => [user.id, LISTS[seat?.[list] ?? 0] ?? ""] as const)
        .filter(([, name]) => name !== "");
    const declared = rows("declared", (i) => (lobby.rows[i]?.stays ?? 0) < lobby.rates.declared);
    return {
      dialect,
      seeds: [
        ...seedsOf(dialect, people),
        ...lobbyOf(
          dialect,
          rows("live", () => true),
        ),
      ],
      manifest: {
        version: 1,
        stack: "acme",
        policy: some,
        roles: entriesOf(people.roles),
        users: entriesOf(people.users),
        groups: {
          ...entriesOf(people.groups),
          lobby: { name: "Lobby", members: { mode: "authoritative", ...toLists(declared) } },
        },
      },
      asked: NOTHING_ASKED,
      order,
    };
  });

function seedsOf(dialect: DialectName, people: Crowds): World["seeds"] {
  return (["roles", "users", "groups"] as const).flatMap((section) =>
    people[section]
      .filter(({ isLive }) => isLive)
      .map((person) => ({
        method: "POST" as const,
        path: `/${section}`,
        body: body(dialect, section, person),
      })),
  );
}

function lobbyOf(
  dialect: DialectName,
  rows: readonly (readonly [string, string])[],
): World["seeds"] {
  const lobby = { id: "lobby", stack: "acme", isLive: true, isDeclared: true, isDifferent: false };
  return [
    { method: "POST", path: "/groups", body: body(dialect, "groups", lobby) },
    ...(rows.length === 0
      ? []
      : [{ method: "POST" as const, path: "/groups/lobby/members", body: toLists(rows) }]),
  ];
}
