/** Finds the next occurrence of something from a place on; the end of the text if there is none. */
export type Search = (from: number) => number;

/**
 * A search through a text from left to right. What was found is remembered, so that a text without it
 * is not searched from each place anew.
 */
export function createSearch(text: string, wanted: string): Search {
  let found = -1;
  return (from) => {
    if (found < from) {
      const at = text.indexOf(wanted, from);
      found = at === -1 ? text.length : at;
    }
    return found;
  };
}
