/** A table in Markdown, padded so that it can be read as it stands. */
export function toTable([head, ...rows]) {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at].length), 3));
  const lines = all.map(
    (row) => `| ${row.map((text, at) => text.padEnd(widths[at])).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** Milliseconds as seconds, or nothing. */
export function seconds(ms) {
  return ms === undefined ? "" : `${(ms / 1_000).toFixed(2)} s`;
}

/** A count with its thousands apart, or nothing. */
export function count(value) {
  return value === undefined ? "" : String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Megabytes, or nothing where nobody could tell. */
export function megabytes(value) {
  return value === undefined ? "" : `${Math.round(value)} MB`;
}
