import { createSearch } from "./search.ts";

/** One record of a CSV text; `text` from `start` to `end` is how it was written. */
export interface CsvRecord {
  /** Of its first line. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Where each cell begins in `text`, its quote included. */
  readonly starts: readonly number[];
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What keeps the record from being read, at the beginning of its last cell. */
  readonly problem?: CsvProblem;
}

/** A quote that is never closed, one inside a cell without quotes, or text behind a closing one. */
export type CsvProblem = "unclosed" | "quote" | "behind";

/** Longer records are taken for a quote that is never closed. */
const recordCharactersMax = 1024 * 1024;

const QUOTE = 34;
const COMMA = 44;
const RETURN = 13;

/**
 * Reads records as RFC 4180 has them, from a text in pieces: quotes, line breaks in quotes, LF and
 * CRLF. Lines without anything are passed over.
 */
export function* readCsv(pieces: Iterable<string>): Generator<CsvRecord> {
  let rest = "";
  let line = 1;
  const records = function* (text: string, isLast: boolean): Generator<CsvRecord> {
    const scan = createScan(text, isLast);
    let at = 0;
    for (let record = scan(at, line); record !== undefined; record = scan(at, line)) {
      line += countLines(text, at, record.end);
      at = record.end;
      if (record.cells.length > 1 || record.cells[0] !== "" || record.problem !== undefined) {
        yield record;
      }
    }
    rest = text.slice(at);
  };
  for (const piece of pieces) {
    yield* records(rest + piece, false);
  }
  yield* records(rest, true);
}

/** Reads the record that begins at a place; nothing if the text ends before the record may end. */
type Scan = (start: number, line: number) => CsvRecord | undefined;

interface Cell {
  readonly value: string;
  /** Right behind it. */
  readonly end: number;
  readonly problem?: CsvProblem;
}

function createScan(text: string, isLast: boolean): Scan {
  // Found once for all cells before them, so that a text without commas is not searched anew for each.
  const nextComma = createSearch(text, ",");
  const nextNewline = createSearch(text, "\n");

  function plainCell(start: number): Cell | undefined {
    const newline = nextNewline(start);
    const comma = nextComma(start);
    if (comma < newline) {
      return toPlain(text.slice(start, comma), comma);
    }
    if (newline === text.length && !isLast) {
      return undefined;
    }
    const hasReturn = newline > start && text.charCodeAt(newline - 1) === RETURN;
    const end = hasReturn ? newline - 1 : newline;
    return toPlain(text.slice(start, end), end);
  }

  function cellAt(at: number, start: number): Cell | undefined {
    const isQuoted = text.charCodeAt(at) === QUOTE;
    const cell = isQuoted ? quotedCell(text, at, isLast) : plainCell(at);
    const isTooLong = text.length - start > recordCharactersMax;
    return cell ?? (isTooLong ? unclosed(text) : undefined);
  }

  function endOf({ end, problem }: Cell): number {
    return problem === "unclosed" ? end : Math.min(nextNewline(end) + 1, text.length);
  }

  return (start, line) => {
    const cells: string[] = [];
    const starts: number[] = [];
    let at = start;
    let cell = start < text.length ? cellAt(at, start) : undefined;
    while (cell !== undefined) {
      const { value, end, problem } = cell;
      cells.push(value);
      starts.push(at);
      if (problem !== undefined || text.charCodeAt(end) !== COMMA) {
        const wrong = problem === undefined ? {} : { problem };
        return { line, cells, starts, text, start, end: endOf(cell), ...wrong };
      }
      at = end + 1;
      cell = cellAt(at, start);
    }
    return undefined;
  };
}

function toPlain(value: string, end: number): Cell {
  return value.includes('"') ? { value, end, problem: "quote" } : { value, end };
}

function quotedCell(text: string, start: number, isLast: boolean): Cell | undefined {
  let close = text.indexOf('"', start + 1);
  while (close !== -1 && text.charCodeAt(close + 1) === QUOTE) {
    close = text.indexOf('"', close + 2);
  }
  if (close === -1) {
    return isLast ? unclosed(text) : undefined;
  }
  const value = text.slice(start + 1, close).replaceAll('""', '"');
  const end = close + 1;
  // What comes next tells whether the quote is the first half of another one.
  if (!isLast && text.length - end < 2) {
    return undefined;
  }
  return isEnd(text, end) ? { value, end } : { value, end, problem: "behind" };
}

/** Whether a cell may end there: before a comma, a line break, or nothing. */
function isEnd(text: string, at: number): boolean {
  const next = text.slice(at, at + 2);
  return next === "" || next === "\r" || next[0] === "," || next[0] === "\n" || next === "\r\n";
}

function unclosed(text: string): Cell {
  return { value: "", end: text.length, problem: "unclosed" };
}

function countLines(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) {
    count += 1;
  }
  return count;
}
