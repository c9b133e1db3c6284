import type { Outcome } from "../../../src/model/report.ts";
import type { Address } from "../../../src/model/resource.ts";

/** How large a company is. */
export interface CompanySize {
  readonly users: number;
  readonly groups: number;
  readonly members: number;
}

/** What a company is to look like at one time. */
export interface Company {
  /** As a manifest. */
  readonly manifest: object;
  /** What a resource shows when it is as it should be: its name or scope, or nothing where it is to be gone. */
  readonly shown: ReadonlyMap<Address, string>;
}

/** What an app shows: of each resource its name or scope. */
export type Shown = ReadonlyMap<Address, string>;

/** In each round one in so many gets another name. */
const NAMES = 4;
/** Once in so many rounds one in so many is gone, to be there again in the next. */
const ROUNDS_OF_A_CYCLE = 5;
const SHRINKING = 3;

/** The company of a round; its size does not grow over the rounds. */
export function companyOf(round: number, { users, groups, members }: CompanySize): Company {
  const isSmall = round % ROUNDS_OF_A_CYCLE === SHRINKING;
  const isGone = (index: number) => isSmall && (index + round) % ROUNDS_OF_A_CYCLE === 0;
  // Once in a cycle a half moves on to the next group.
  const shift = Math.floor(round / ROUNDS_OF_A_CYCLE);
  const placeOf = (index: number) => {
    const seat = Math.floor(index / groups);
    return (index + (seat % 2 === 0 ? 0 : shift)) % groups;
  };
  const rename = (index: number) => `Name ${Math.floor((round + NAMES - (index % NAMES)) / NAMES)}`;
  const uids = Array.from({ length: users }, (_, index) => index);
  const staff = uids.filter((index) => !isGone(index));
  const rooms = Array.from({ length: groups }, (_, index) => index).filter((i) => !isGone(i));
  const crews = new Map(
    rooms.map((room) => {
      const crew = staff.filter((index) => placeOf(index) === room).slice(0, members);
      return [room, crew] as const;
    }),
  );
  return {
    manifest: {
      version: 1,
      stack: "acme",
      policy: {
        members: "authoritative",
        delete: { users: round % 2 === 0 ? "permanent" : "deactivate" },
        budgets: {
          delete: { users: "100%", groups: "100%" },
          update: { users: "100%", groups: "100%", memberships: "100%" },
          remove: "100%",
        },
      },
      users: Object.fromEntries(staff.map((index) => [uidOf(index), { name: rename(index) }])),
      groups: Object.fromEntries(
        [...crews].map(([room, crew]) => [
          guidOf(room),
          { name: rename(room), type: "public", members: { participants: crew.map(uidOf) } },
        ]),
      ),
    },
    shown: new Map([
      ...staff.map((index) => [`user/${uidOf(index)}`, rename(index)] as const),
      ...rooms.map((room) => [`group/${guidOf(room)}`, rename(room)] as const),
      ...[...crews].flatMap(([room, crew]) =>
        crew.map((index) => [`membership/${guidOf(room)}:${uidOf(index)}`, "participant"] as const),
      ),
    ]),
  };
}

/** What the state of an emulated app shows. */
export function shownIn(state: unknown): Shown {
  const { users, groups } = state as {
    readonly users: readonly { uid: string; name: string; deactivatedAt?: unknown }[];
    readonly groups: readonly { guid: string; name: string; members: readonly Member[] }[];
  };
  return new Map([
    ...users
      .filter(({ deactivatedAt }) => !deactivatedAt)
      .map(({ uid, name }) => [`user/${uid}`, name] as const),
    ...groups.map(({ guid, name }) => [`group/${guid}`, name] as const),
    ...groups.flatMap(({ guid, members }) =>
      members.map(({ uid, scope }) => [`membership/${guid}:${uid}`, scope] as const),
    ),
  ]);
}

interface Member {
  readonly uid: string;
  readonly scope: string;
}

/** Outcomes that say of a change that it was applied, or never sent, when the app shows otherwise. */
export function findLies(
  outcomes: readonly Outcome[],
  { before, now, wanted }: { readonly before: Shown; readonly now: Shown; readonly wanted: Shown },
): string[] {
  return outcomes.flatMap(({ address, action, status, error }) => {
    const shown = now.get(address);
    const isLie =
      (status === "applied" && shown !== wanted.get(address)) ||
      (status === "skipped" && shown !== before.get(address));
    return isLie ? [`${action} ${address} ${status} ${error?.code ?? ""}: shows ${shown}`] : [];
  });
}

function uidOf(index: number): string {
  return `u${String(index).padStart(4, "0")}`;
}

function guidOf(index: number): string {
  return `g${String(index).padStart(2, "0")}`;
}
