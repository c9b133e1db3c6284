/** The plan's counts in a line: `2 to create, 1 to delete; 3 calls`. */
export function headlineOf({ summary, calls, diagnostics, digest }) {
  if (diagnostics.some(({ severity }) => severity === "error")) {
    return "The plan is refused.";
  }
  const actions = ["create", "update", "delete", "adopt", "reactivate", "forget"];
  const counts = actions.filter((action) => summary[action] > 0);
  const text = counts.map((action) => `${summary[action]} to ${action}`).join(", ");
  return counts.length === 0
    ? "The app is as the manifest says: nothing to do."
    : `${text}; ${calls.total} calls; digest ${digest}`;
}

const titles = {
  3: "The manifest is invalid",
  4: "The plan is refused",
  5: "The apply did not finish",
  6: "The app could not be read",
  7: "This is not the plan that was reviewed, or not for this app",
  64: "cometform was called in a wrong way",
};

/** What an exit code says, as a title. */
export function troubleTitle(exit) {
  return titles[exit] ?? `cometform ended with exit code ${exit}`;
}

/** Diagnostics as Markdown: a heading, and a block in which nothing is markup. */
export function problemsText(diagnostics, exit) {
  const lines = diagnostics.flatMap(({ severity, code, summary, detail, hint, address, range }) => {
    const place = range === undefined ? address : `${range.file}:${range.line}:${range.column}`;
    const said = [detail, hint].filter((text) => text !== undefined);
    return [
      `${place === undefined ? "" : `${place}  `}${severity}: ${summary}  [${code}]`,
      ...said.map((text) => `    ${text}`),
    ];
  });
  const text = lines.length === 0 ? "The log of the job says why." : fenced(lines.join("\n"));
  return `### cometform: ${troubleTitle(exit)}\n\n${text}`;
}

/** So that a block fits into an issue, too. */
const blockMax = 60_000;
/** A summary may have a MiB (documented), and a character of these takes three bytes at most. */
const summaryMax = 300_000;
/** What a comment takes, less what anything is named at most: above it something may have been left out. */
const commentRoom = 50_000;

/** A plan for the summary, which has room for what did not fit into a comment. */
export function summaryText(markdown, shown) {
  return markdown.length < commentRoom
    ? markdown
    : `${markdown}\n\n### The plan as the log has it\n\n${fenced(shown.trimEnd(), summaryMax)}`;
}

/** A text as a block of code, whatever is in it; what is too long is cut, and said to be. */
export function fenced(text, max = blockMax) {
  const runs = text.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  const whole = text.replace(/\n$/, "");
  const kept = whole.length <= max ? whole : whole.slice(0, whole.lastIndexOf("\n", max));
  const left = whole.slice(kept.length).split("\n").length - 1;
  const rest = left === 0 ? "" : `\n… and ${left} more lines, which are in the log`;
  return `${fence}text\n${kept}${rest}\n${fence}`;
}

/** The report of an apply as Markdown: the counts, and all that did not work out. */
export function reportText({ summary, outcomes, calls, converged, residue }) {
  const counts = ["applied", "failed", "skipped", "unknown"]
    .filter((status) => status === "applied" || summary[status] > 0)
    .map((status) => `${summary[status]} ${status}`);
  const trouble = outcomes
    .filter(({ status }) => status !== "applied")
    .map(({ status, action, address, error }) => {
      const why = [error?.message, error?.hint].filter(Boolean).join(" ");
      return `${status}: ${action} ${address}${why === "" ? "" : `  ${why}`}`;
    });
  const left = residue.map(({ address, action }) => `still to ${action}: ${address}`);
  const verdict = converged
    ? "Read again: everything is as planned."
    : "The app is not yet as planned: run the job again, it plans only what is left.";
  const lines = [...trouble, ...left];
  return [
    `### cometform: ${counts.join(", ")} by ${calls.sent} calls`,
    "",
    verdict,
    ...(lines.length === 0 ? [] : ["", fenced(lines.join("\n"))]),
  ].join("\n");
}
