import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";

/** Diagnostics in the order of the files and of the lines in them, each once. */
export function sortDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
): readonly Diagnostic[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  const unique = new Map(diagnostics.map((diagnostic) => [toIdentity(diagnostic), diagnostic]));
  return [...unique.values()].sort(
    (one, other) =>
      rankOf(one.range, rank) - rankOf(other.range, rank) ||
      (one.range?.line ?? 0) - (other.range?.line ?? 0) ||
      (one.range?.column ?? 0) - (other.range?.column ?? 0),
  );
}

/** A place as messages name it: `cometform.yaml:12:5`. */
export function formatPlace(range: SourceRange): string {
  return `${range.file}:${range.line}:${range.column}`;
}

function rankOf(range: SourceRange | undefined, rank: ReadonlyMap<string, number>): number {
  return rank.get(range?.file ?? "") ?? -1;
}

/** Values reached through several aliases have the same problem in the same place. */
function toIdentity({ code, summary, range }: Diagnostic): string {
  return JSON.stringify([code, summary, range]);
}
