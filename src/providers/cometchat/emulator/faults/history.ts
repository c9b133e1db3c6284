import type { Clock } from "../clock.ts";
import { createIdIndex } from "../id-index.ts";
import type { Membership, State, StoredGroup } from "../state.ts";

/** Remembers what an app's lists showed, for as long as a lag needs it. */
export interface History {
  /** Starts over, remembering so much; nothing is remembered for 0. */
  start(longestMs: number): void;
  /** Says that the state has changed. */
  record(): void;
  /** The state as it was so long ago; as it was at the start, if nothing older is known. */
  at(agoMs: number): State;
}

interface Snapshot {
  readonly atMs: number;
  readonly state: State;
}

/** Creates a history that is not started; `current` gives the state. */
export function createHistory(clock: Clock, current: () => State): History {
  let longestMs = 0;
  let snapshots: Snapshot[] = [];

  // The newest of those that are older than the longest lag is still what that lag shows.
  function forget(nowMs: number): void {
    const oldest = snapshots.findLastIndex(({ atMs }) => atMs <= nowMs - longestMs);
    if (oldest > 0) snapshots = snapshots.slice(oldest);
  }

  return {
    start(ms) {
      longestMs = ms;
      const atMs = Number.NEGATIVE_INFINITY;
      snapshots = ms === 0 ? [] : [{ atMs, state: copyOf(current()) }];
    },
    record() {
      if (longestMs === 0) return;
      const nowMs = clock.nowMs();
      forget(nowMs);
      // What was changed again within the same millisecond was never to be seen.
      if (snapshots.at(-1)?.atMs === nowMs) snapshots.pop();
      snapshots.push({ atMs: nowMs, state: copyOf(current()) });
    },
    at(agoMs) {
      const nowMs = clock.nowMs();
      forget(nowMs);
      const shown = snapshots.findLast(({ atMs }) => atMs <= nowMs - agoMs) ?? snapshots[0];
      return shown?.state ?? current();
    },
  };
}

/**
 * The past as a list below one group or one webhook shows it: that one is looked up in the present,
 * and without rows if it is newer than the past.
 */
export function pastBelow(
  past: State,
  present: State,
  { guid, webhookId }: Readonly<Record<string, string>>,
): State {
  const group = guid === undefined ? undefined : present.groups.get(guid.toLowerCase());
  const webhook = webhookId === undefined ? undefined : present.webhooks.get(webhookId);
  const groups =
    group === undefined ? [] : [past.groups.get(group.guid) ?? { ...group, ...nobody() }];
  const webhooks =
    webhook === undefined
      ? []
      : [past.webhooks.get(webhook.id) ?? { ...webhook, triggers: new Set<string>() }];
  return {
    ...past,
    ...(guid === undefined ? {} : { groups: new Map(groups.map((one) => [one.guid, one])) }),
    ...(webhookId === undefined ? {} : { webhooks: new Map(webhooks.map((one) => [one.id, one])) }),
  };
}

function nobody(): Pick<StoredGroup, "members" | "parked" | "banned"> {
  return { members: new Map(), parked: new Map(), banned: new Map() };
}

/**
 * A copy of what lists show: what is changed in place is copied, what is only ever replaced as a whole
 * is shared. Messages, conversations and tokens do not lag, so they are not kept.
 */
function copyOf(state: State): State {
  return {
    ...state,
    roles: mapped(state.roles, (role) => ({ ...role })),
    users: mapped(state.users, (user) => ({ ...user })),
    // What is looked for in the past must not make the index of the present.
    uids: createIdIndex(),
    groups: mapped(state.groups, copyOfGroup),
    webhooks: mapped(state.webhooks, (webhook) => ({
      ...webhook,
      triggers: new Set(webhook.triggers),
    })),
    tokens: new Map(),
    messages: new Map(),
    conversations: new Map(),
  };
}

function copyOfGroup(group: StoredGroup): StoredGroup {
  const copied = (membership: Membership): Membership => ({ ...membership });
  return {
    ...group,
    members: mapped(group.members, copied),
    parked: mapped(group.parked, copied),
    banned: mapped(group.banned, copied),
  };
}

function mapped<Row>(rows: ReadonlyMap<string, Row>, copy: (row: Row) => Row): Map<string, Row> {
  return new Map([...rows].map(([key, row]) => [key, copy(row)]));
}
