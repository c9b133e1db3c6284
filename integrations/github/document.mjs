/** The JSON document that a command printed, or `undefined` where it printed none. */
export function readDocument(stdout) {
  try {
    const value = JSON.parse(stdout);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
