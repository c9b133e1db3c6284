import type { Source } from "./listed.ts";

/** A source that counts what is asked of it. */
export interface Counting {
  readonly source: Source;
  /** Calls that were made so far; repeated ones count once. */
  sent(): number;
}

/** Counts the calls that reading one kind takes, whichever they are. */
export function counting(source: Source): Counting {
  const { api } = source;
  let calls = 0;
  const get: typeof api.get = (...request) => {
    calls += 1;
    return api.get(...request);
  };
  return { source: { ...source, api: { ...api, get } }, sent: () => calls };
}
