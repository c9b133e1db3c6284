import { defaultRole, type State } from "./state.ts";

/** The most users that can be seeded: their numbers have seven digits. */
export const seedUsersMax = 9_999_999;

const digits = 7;

/** Adds so many users, `user-0000001` and on, to a state that has none of them. */
export function addSeedUsers(state: State, count: number, now: number): void {
  // Both are only ever replaced as a whole, so that a million users can share them.
  const metadata = {};
  const tags: string[] = [];
  for (let place = 1; place <= count; place += 1) {
    const number = String(place).padStart(digits, "0");
    const uid = `user-${number}`;
    state.users.set(uid, {
      uid,
      name: `User ${number}`,
      avatar: "",
      link: "",
      role: defaultRole,
      statusMessage: "",
      metadata,
      tags,
      createdAt: now,
      updatedAt: now,
      deactivatedAt: 0,
    });
  }
}
