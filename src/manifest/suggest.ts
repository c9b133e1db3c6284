import { distance } from "fastest-levenshtein";

/** The candidate that the word was most likely meant to be, if one is near enough. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestEdits = Math.ceil(word.length / 3) + 1;
  for (const candidate of candidates) {
    const edits = countEdits(wanted, candidate.toLowerCase(), bestEdits);
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

/** How many letters differ, one for a beginning or for letters in disorder; not counted to its end where the lengths tell that it is too many. */
function countEdits(word: string, candidate: string, editsMax: number): number {
  const isBegun = word.length > 1 && candidate.startsWith(word);
  if (
    isBegun ||
    (word.length === candidate.length && sortLetters(word) === sortLetters(candidate))
  ) {
    return 1;
  }
  return Math.abs(candidate.length - word.length) < editsMax
    ? distance(word, candidate)
    : Number.POSITIVE_INFINITY;
}

function sortLetters(word: string): string {
  return [...word].sort().join("");
}

/** A hint that asks whether the nearest candidate was meant; empty if there is none. */
export function suggestionHint(word: string, candidates: Iterable<string>): { hint?: string } {
  const meant = suggest(word, candidates);
  return meant === undefined ? {} : { hint: `did you mean "${meant}"?` };
}
