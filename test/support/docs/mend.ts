import { diffArrays } from "diff";
import { isLike } from "./likeness.ts";
import type { Lie } from "./play.ts";
import { trimBlank } from "./story.ts";

/** The page as it would be true: with what was printed in place of what it shows wrongly. */
export function mend(text: string, lies: readonly Lie[]): string {
  const lines = text.split("\n");
  for (const { shown, printed, exit, promised } of lies.toReversed()) {
    // What failed unexpectedly is for its author to mend, not for the page to repeat.
    if (shown === undefined || exit !== promised) continue;
    const { line, indent, lines: before } = shown;
    const blanks = before.length - (before.findLastIndex((one) => one.trim() !== "") + 1);
    const said = mendBlock(trimBlank(before), printed).map((one) => `${indent}${one}`.trimEnd());
    lines.splice(line - 1, before.length, ...said, ...Array.from({ length: blanks }, () => ""));
  }
  return lines.join("\n");
}

const isElision = (line: string): boolean => line.trim() === "…";

/** What is left out stays left out, and lines that are still true stay as they are. */
export function mendBlock(shown: readonly string[], printed: readonly string[]): readonly string[] {
  // Empty lines are alike everywhere, so that they would lead to lines that have nothing in common.
  const comparator = (one: string, other: string) =>
    one.trim() !== "" && !isElision(one) && isLike([one], [other]);
  const parts = diffArrays([...shown], [...printed], { comparator });
  let mended: readonly string[] = [];
  for (const [at, { value, added, removed }] of parts.entries()) {
    const next = parts[at + 1];
    if (removed === true) {
      mended = [...mended, ...replace(value, next?.added === true ? next.value : [])];
    } else if (added !== true) {
      mended = [...mended, ...keep(shown, value, comparator)];
    } else if (parts[at - 1]?.removed !== true) {
      mended = isElision(mended.at(-1) ?? "") ? mended : [...mended, ...value];
    }
  }
  return mended;
}

function keep(
  shown: readonly string[],
  lines: readonly string[],
  isSame: (one: string, other: string) => boolean,
): readonly string[] {
  return lines.map((line) => shown.find((one) => isSame(one, line)) ?? line);
}

function replace(gone: readonly string[], come: readonly string[]): readonly string[] {
  const first = gone.findIndex(isElision);
  if (first === -1) {
    return come;
  }
  const behind = gone.length - gone.findLastIndex(isElision) - 1;
  return [...come.slice(0, first), "…", ...(behind === 0 ? [] : come.slice(-behind))];
}
