import type { Call } from "./route.ts";
import type { StoredToken } from "./state.ts";

const tokensPerUserMax = 100;

/** Makes a new auth token for a user; the oldest gives way to the 101st (documented). */
export function issueToken(call: Call, uid: string): StoredToken {
  const { state, now, world } = call;
  const token: StoredToken = {
    // Documented by example: uid, time of creation and 30 hexadecimal digits.
    authToken: `${uid}_${now}${world.ids.hex(30)}`,
    createdAt: now,
    platform: "",
    userAgent: "",
    appInfo: {},
  };
  const tokens = [...(state.tokens.get(uid) ?? []), token];
  state.tokens.set(uid, tokens.slice(-tokensPerUserMax));
  return token;
}
