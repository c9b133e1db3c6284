import type { AppState } from "./bound.ts";
import type { TestApp } from "./in-process.ts";

type Row = { readonly [name: string]: unknown };

/** What an app holds, without what the server makes of its own accord. */
export function stateOf(app: TestApp): AppState {
  const state = app.emulator.snapshot() as unknown as {
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
