/** Whether the path of a request, as the log shows it, is one that a rule means. */
export type PathPattern = (path: string) => boolean;

/**
 * Reads a path with wildcards. Paths of the chat API are meant without the version prefix, unless the
 * pattern has it, too.
 */
export function createPathPattern(pattern: string, prefix: string): PathPattern {
  const expression = new RegExp(`^${pattern.split("**").map(oneSegment).join(".*")}$`);
  const isWhole = pattern === prefix || pattern.startsWith(`${prefix}/`);
  return (path) => expression.test(isWhole ? path : withoutPrefix(path, prefix));
}

function oneSegment(pattern: string): string {
  return pattern
    .split("*")
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    .join("[^/]*");
}

function withoutPrefix(path: string, prefix: string): string {
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}
