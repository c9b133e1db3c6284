/** Starts to measure; the result tells the milliseconds since then. */
export function stopwatch(): () => number {
  const startMs = performance.now();
  return () => performance.now() - startMs;
}
