import { type Inline, type PlainSource, readFlow, skipBlanks } from "./plain-flow.ts";
import { plainValue } from "./plain-scalar.ts";
import { createSearch } from "./search.ts";

/** Reads the value that begins at `at` in a line; `undefined` where it is unusual. */
export type ReadInline = (at: number, lineEnd: number) => Inline | undefined;

const BLANK = 32;
const COLON = 58;
/** What a scalar without quotes may begin with, as far as nothing has to be looked up about it. */
const begin = /[A-Za-z0-9_/.+($^=;~\u00A1-\u2027\u202A-\uFEFE\uFF00-\uFFFC]|-(?=[A-Za-z0-9_.])/y;

/** Reads scalars, `[ ]` and `{ }` that end in the line they begin in. */
export function createReadInline(source: PlainSource): ReadInline {
  const { text, scope } = source;
  const nextComment = createSearch(text, " #");
  const nextColon = createSearch(text, ": ");

  function readScalar(at: number, lineEnd: number): Inline | undefined {
    begin.lastIndex = at;
    let end = Math.min(lineEnd, nextComment(at));
    while (end > at && text.charCodeAt(end - 1) === BLANK) {
      end -= 1;
    }
    if (!begin.test(text) || nextColon(at) < end || text.charCodeAt(end - 1) === COLON) {
      return undefined;
    }
    const value = plainValue(text.slice(at, end), scope);
    return value === undefined ? undefined : { value, end };
  }

  function isEnd(end: number, lineEnd: number): boolean {
    const rest = skipBlanks(text, end);
    return rest >= lineEnd || (rest > end && text[rest] === "#");
  }

  return (at, lineEnd) => {
    const isClosed = /["'[{]/.test(text[at] ?? "");
    const inline = isClosed ? readFlow(source, at) : readScalar(at, lineEnd);
    return inline !== undefined && isEnd(inline.end, lineEnd) ? inline : undefined;
  };
}
