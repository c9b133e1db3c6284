import { formatCount } from "../model/count.ts";

export { formatCount };

/** What `Paint` adds around a text; user text cannot contain it, because it is escaped. */
const painted = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uff01-\uff60]/u;
const emoji = /\p{Emoji_Presentation}|\ufe0f/u;
/** Characters of one column each that join with nothing: those of plain texts and of our own screens. */
const narrow =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u259f\u2713\u2717]*$/;
let graphemes: Intl.Segmenter | undefined;

/** Characters as people count them. To make a segmenter takes time, and few screens need one. */
function segmentsOf(text: string): Iterable<Intl.SegmentData> {
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return graphemes.segment(text);
}

/** How many terminal columns a text takes, paint not counted. */
export function displayWidth(text: string): number {
  const plain = text.includes("\u001b") ? text.replaceAll(painted, "") : text;
  if (narrow.test(plain)) {
    return plain.length;
  }
  return [...segmentsOf(plain)].reduce(
    (columns, { segment }) => columns + (wide.test(segment) || emoji.test(segment) ? 2 : 1),
    0,
  );
}

/** The text with spaces after it, so that it takes at least `columns`. */
export function padTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** Two texts on one line, the second at the right edge or, if there is no room, two spaces on. */
export function spread(left: string, right: string, width: number): string {
  if (right === "") {
    return left;
  }
  return left + " ".repeat(Math.max(2, width - displayWidth(left) - displayWidth(right))) + right;
}

/** Texts joined by `gap` into lines of at most `width` columns; a longer text has its own line. */
export function flow(texts: readonly string[], width: number, gap = "  "): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const text of texts) {
    const joined = line === "" ? text : line + gap + text;
    if (line !== "" && displayWidth(joined) > width) {
      lines.push(line);
      line = text;
    } else {
      line = joined;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** A text cut into lines of at most `width` columns, between words where there are any. */
export function wrap(text: string, width: number): readonly string[] {
  const words = text.split(/(?<= )/).flatMap((word) => cut(word, width));
  return flow(words, width, "").map((line) => line.trimEnd());
}

/** A count with its noun, in the plural unless there is one: `1 call`, `2 calls`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** Words as a sentence lists them: `none, owned and all`. */
export function joinWords(words: readonly string[], last: "and" | "or" = "and"): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} ${last} ${words[words.length - 1]}`;
}

/** A span of time for people: `40 ms`, `0.4 s`, `51 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 95) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 9_950) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function cut(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width) {
    return [word];
  }
  const pieces: string[] = [];
  let piece = "";
  for (const { segment } of segmentsOf(word)) {
    if (displayWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = "";
    }
    piece += segment;
  }
  return [...pieces, piece];
}
