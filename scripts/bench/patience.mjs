/** Contenders that are always run: the others are compared with them. */
const indispensable = new Set(["cometform", "floor"]);

/** Starting Node and a client takes about so long, however few calls follow. */
const startMs = 300;

/**
 * Keeps what a call of each contender took, and tells whether the next run would take longer than one wants to wait.
 * Nothing is said of a contender that was not measured yet.
 */
export function createPatience(secondsMax) {
  const seen = [];
  return {
    learn(row) {
      const calls = row.reads + row.writes;
      seen.push({ ...row, msPerCall: Math.max(0, row.wallMs - startMs) / Math.max(1, calls) });
    },
    pastPatience(row, calls) {
      if (indispensable.has(row.name)) return undefined;
      const known = closest(seen, row);
      if (known === undefined) return undefined;
      const callMs = known.msPerCall + waitMs(row) - waitMs(known);
      const seconds = (callMs * calls) / 1_000;
      if (seconds <= secondsMax) return undefined;
      return `about ${Math.round(seconds)} s: ${calls} calls at ${callMs.toFixed(1)} ms, by "${known.cell}"`;
    },
  };
}

/** What a call waits for the network, by how many wait at once. */
function waitMs({ name, latencyMs }) {
  return latencyMs / (name === "newman" ? 1 : 16);
}

/** The same contender, if possible at the same latency and in the same dialect, on the largest app it was seen on. */
function closest(seen, { name, latencyMs, dialect }) {
  const own = seen.filter((row) => row.name === name);
  const likeness = (row) => 2 * (row.latencyMs === latencyMs) + (row.dialect === dialect);
  return own.toSorted((a, b) => likeness(a) - likeness(b) || a.size - b.size).at(-1);
}
