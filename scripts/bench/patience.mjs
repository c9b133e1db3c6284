/** Contenders that are always run: what they leave behind is what the others work on. */
const indispensable = new Set(["cometform"]);

/**
 * Keeps what a call of each contender took, and tells whether the next run would take longer than one wants to wait.
 * Nothing is said of a contender that was not measured yet.
 */
export function createPatience(secondsMax) {
  const seen = [];
  return {
    learn(row) {
      const calls = row.reads + row.writes;
      seen.push({ ...row, msPerCall: row.wallMs / Math.max(1, calls) });
    },
    pastPatience(row, calls) {
      if (indispensable.has(row.name)) return undefined;
      const known = closest(seen, row);
      if (known === undefined) return undefined;
      const seconds = (known.msPerCall * calls) / 1_000;
      if (seconds <= secondsMax) return undefined;
      return `about ${Math.round(seconds)} s: ${calls} calls at the ${known.msPerCall.toFixed(2)} ms of "${known.cell}"`;
    },
  };
}

/** The same contender at the same latency, on the largest app it was seen on. */
function closest(seen, { name, latencyMs, dialect }) {
  const alike = seen.filter((row) => row.name === name && row.latencyMs === latencyMs);
  const own = alike.filter((row) => row.dialect === dialect);
  return (own.length > 0 ? own : alike).toSorted((a, b) => a.size - b.size).at(-1);
}
