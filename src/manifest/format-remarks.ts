import type { CST } from "yaml";

/** A comment on a line of its own, or an empty line; where it begins tells what it belongs to. */
export interface Remark {
  /** With its `#`; empty for an empty line. */
  readonly text: string;
  readonly column: number;
}

/** What stands between two things: comments behind something, and lines of their own. */
export interface Remarks {
  readonly inline: readonly string[];
  readonly lines: readonly Remark[];
}

/** Reads the comments and empty lines among tokens, by where they stand in the text. */
export function readRemarks(
  text: string,
  tokens: readonly CST.SourceToken[] | undefined = [],
): Remarks {
  const inline: string[] = [];
  const lines: Remark[] = [];
  for (const token of tokens) {
    const column = columnIfAlone(text, token.offset);
    const comment = token.type === "comment" ? token.source.trimEnd() : "";
    if (comment !== "" && column === undefined) {
      inline.push(comment);
    } else if (column !== undefined && (comment !== "" || token.type === "newline")) {
      lines.push({ text: comment, column });
    }
  }
  return { inline, lines };
}

/** The column, where only blanks stand before it in its line. */
function columnIfAlone(text: string, offset: number): number | undefined {
  const before = offset === 0 ? "" : text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return before.trim() === "" ? before.length : undefined;
}

/** Comments that stood behind something, as lines of their own. */
export function toRemarks(comments: readonly string[]): readonly Remark[] {
  return comments.map((text) => ({ text, column: Number.POSITIVE_INFINITY }));
}

/** The comments among lines, without the empty ones. */
export function withoutBlanks(lines: readonly Remark[]): readonly Remark[] {
  return lines.filter(({ text }) => text !== "");
}

/** Splits what stands at the end of a block: from the first comment that is further out on, it is not the block's. */
export function splitFoot(
  lines: readonly Remark[],
  indent: number,
): { readonly foot: readonly Remark[]; readonly rest: readonly Remark[] } {
  const outer = lines.findIndex(({ text, column }) => text !== "" && column < indent);
  const inner = outer === -1 ? lines : lines.slice(0, outer);
  const end = inner.findLastIndex(({ text }) => text !== "") + 1;
  return { foot: lines.slice(0, end), rest: lines.slice(end) };
}

const modeline = /^#\s*yaml-language-server:/;

/** Splits what stands above a first entry: up to an empty line, or to a line for editors, it is about the whole. */
export function splitHead(lines: readonly Remark[]): {
  readonly head: readonly Remark[];
  readonly lead: readonly Remark[];
} {
  const begin = lines.findIndex(({ text }) => text !== "");
  const told = begin === -1 ? [] : lines.slice(begin);
  const blank = told.findLastIndex(({ text }) => text === "");
  const end = blank === -1 && modeline.test(told[0]?.text ?? "") ? 0 : blank;
  return { head: told.slice(0, end + 1), lead: told.slice(end + 1) };
}
