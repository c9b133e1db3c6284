import type { AppState } from "./bound.ts";
import type { TestApp } from "./in-process.ts";

type Row = { readonly [name: string]: unknown };

/** What an app holds, without what the server makes of its own accord. */
export function stateOf(app: TestApp): AppState {
  return toAppState(app.emulator.snapshot());
}

/** The same, without the ids that the service makes. */
export function toAnonymous({ webhooks, ...state }: AppState): Omit<AppState, "webhooks"> & {
  readonly webhooks: readonly unknown[];
} {
  const rows = Object.values(webhooks).map(({ id, ...row }) =>
    /^webhook-\d+$/.test(String(id)) ? row : { id, ...row },
  );
  return { ...state, webhooks: rows.sort((a, b) => (inText(a) < inText(b) ? -1 : 1)) };
}

const inText = (row: unknown): string => JSON.stringify(row);

/** What the emulator tells of its state, without what it makes of its own accord. */
export function toAppState(told: unknown): AppState {
  const state = told as {
    readonly roles: readonly Row[];
    readonly users: readonly Row[];
    readonly groups: readonly Row[];
    readonly webhooks: readonly Row[];
  };
  const users = state.users.map(({ deactivatedAt, ...user }) => ({
    ...user,
    isOff: Boolean(deactivatedAt),
  }));
  const groups = state.groups.map(({ members: _, parked: __, ...group }) => group);
  return {
    roles: byId(state.roles, "role"),
    users: byId(users, "uid"),
    groups: byId(groups, "guid"),
    members: Object.fromEntries(
      state.groups.map((group) => [
        String(group["guid"]),
        Object.fromEntries(membersOf(group, "members").map(({ uid, scope }) => [uid, scope])),
      ]),
    ),
    parked: Object.fromEntries(
      state.groups.map((group) => [
        String(group["guid"]),
        new Set(membersOf(group, "parked").map(({ uid }) => uid)),
      ]),
    ),
    webhooks: byId(state.webhooks, "id"),
  };
}

function membersOf(group: Row, list: "members" | "parked"): readonly Member[] {
  return group[list] as readonly Member[];
}

interface Member {
  readonly uid: string;
  readonly scope: string;
}

function byId(rows: readonly Row[], name: string): { [id: string]: Row } {
  return Object.fromEntries(
    rows.map(({ createdAt: _, updatedAt: __, ...row }) => [String(row[name]), row]),
  );
}
