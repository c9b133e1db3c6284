import { join } from "./membership.ts";
import { emptyState, type State, type StoredGroup, systemUid } from "./state.ts";

const names = ["Andrew Joseph", "George Alan", "Nancy Grace", "Susan Marie", "John Paul"];

/** The state of an app as a fresh one comes: five users in one public group. */
export function sampleState(now: number): State {
  const state = emptyState(now);
  const group: StoredGroup = {
    guid: "cometchat-guid-1",
    name: "Hello Group!",
    type: "public",
    hasPassword: false,
    icon: "",
    description: "",
    metadata: {},
    tags: [],
    owner: systemUid,
    createdAt: now,
    updatedAt: now,
    members: new Map(),
    parked: new Map(),
    banned: new Map(),
  };
  state.groups.set(group.guid, group);
  for (const [index, name] of names.entries()) {
    const uid = `cometchat-uid-${index + 1}`;
    state.users.set(uid, {
      uid,
      name,
      avatar: `https://assets.example.com/avatars/${uid}.png`,
      link: "",
      role: "default",
      statusMessage: "",
      metadata: {},
      tags: [],
      createdAt: now,
      updatedAt: now,
      deactivatedAt: 0,
    });
    join(state, group, uid, "participant", now);
  }
  return state;
}
