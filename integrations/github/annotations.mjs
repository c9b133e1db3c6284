import { fromRoot } from "./workflow.mjs";

/** What is wrong, or should be known, each at its line. */
export function diagnosticAnnotations(diagnostics, inputs) {
  return diagnostics.map(({ severity, code, summary, detail, hint, address, range }) => ({
    level: severity === "error" ? "error" : "warning",
    title: code,
    message: [address === undefined ? summary : `${address}: ${summary}`, detail, hint]
      .filter((text) => text !== undefined)
      .join("\n"),
    ...placeOf(range, inputs),
  }));
}

/** What would be deleted: a reviewer must not have to look for it. */
export function changeAnnotations(changes, inputs) {
  return changes
    .filter(({ action, impliedBy }) => action === "delete" && impliedBy === undefined)
    .map(({ address, reason, reversal, soft, children, source }) => {
      const verb = soft === true ? "deactivates" : "deletes";
      const along = children ? ` with ${children} members` : "";
      const end = reversal === "irreversible" ? "cannot be undone" : undefined;
      const message = [`Apply ${verb} ${address}${along}`, reason, end]
        .filter((text) => text !== undefined)
        .join("; ");
      return { level: "warning", title: `${verb} ${address}`, message, ...placeOf(source, inputs) };
    });
}

/** Standard input has no place in the repository. */
function placeOf(range, { workingDirectory }) {
  if (range === undefined || range.file === "-") {
    return {};
  }
  const { file, line, column, endColumn } = range;
  return { file: fromRoot(workingDirectory, file), line, column, endColumn };
}
