const ELISION = "…";

/**
 * A line without what differs from run to run: how long things took, ports, blanks at its end. On a slow
 * machine more is read: what a run of more than two seconds looks at again, pages that came in another
 * order. How many calls a plan sends is compared.
 */
function steady(line: string): string {
  return line
    .replaceAll(/(objects? in|match(?:es)? \() ?\d+ calls?/g, "$1 CALLS")
    .replaceAll(/(applied in [\d.,]+ m?s), [\d,]+ calls?(?:, [\d,]+ retried)?/g, "$1, CALLS")
    .replaceAll(/\b\d[\d.,]* (?:ms|s)\b/g, "TIME")
    .replaceAll(/\b127\.0\.0\.1:\d+/g, "HOST")
    .trimEnd();
}

/**
 * Whether a page shows what was printed. `…` stands for any part of a line, and on a line of its own for
 * any number of lines, none included.
 */
export function isLike(shown: readonly string[], printed: readonly string[]): boolean {
  const texts = printed.map(steady);
  let reached = new Set([0]);
  for (const line of shown.map(steady)) {
    reached = line.trim() === ELISION ? allFrom(reached, texts.length) : next(reached, line, texts);
  }
  return reached.has(texts.length);
}

/** Every place that can be reached by passing over lines. */
function allFrom(reached: ReadonlySet<number>, end: number): Set<number> {
  const first = Math.min(...reached);
  return new Set(Array.from({ length: Math.max(0, end - first + 1) }, (_, index) => first + index));
}

function next(reached: ReadonlySet<number>, line: string, texts: readonly string[]): Set<number> {
  const parts = line.split(ELISION).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  const isSame = (text: string | undefined): boolean => text !== undefined && pattern.test(text);
  return new Set([...reached].flatMap((at) => (isSame(texts[at]) ? [at + 1] : [])));
}
