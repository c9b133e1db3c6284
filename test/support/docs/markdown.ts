/** A note to the tests in a page: an HTML comment of the form `<!-- key: value -->`. */
export interface Note {
  readonly line: number;
  readonly key: string;
  readonly value: string;
}

/** A block of code between fences, with the notes right above it. */
export interface Fence {
  /** Where the opening fence stands, from 1. */
  readonly line: number;
  /** What the block says it is written in; empty if it does not. */
  readonly language: string;
  /** What stands behind the language. */
  readonly info: string;
  /** What stands in front of each of its lines, in a list for example. */
  readonly indent: string;
  readonly lines: readonly string[];
  readonly notes: readonly Note[];
}

/** What the tests need to know of a page of Markdown. */
export interface Markdown {
  readonly fences: readonly Fence[];
  /** Notes that stand above no block. */
  readonly notes: readonly Note[];
  /** The page without its blocks and comments, line by line. */
  readonly prose: readonly string[];
}

const OPENING = /^([ \t]*)(`{3,}|~{3,})[ \t]*([\w+-]*)[ \t]*(.*)$/;
const NOTE = /^<!--\s*([a-z][a-z ]*):\s*([\s\S]*?)\s*-->$/;

/** Takes a page of Markdown apart. */
export function readMarkdown(text: string): Markdown {
  const lines = text.split("\n");
  const fences: Fence[] = [];
  const notes: Note[] = [];
  const prose: string[] = [];
  let above: Note[] = [];
  const letGo = (): void => {
    notes.push(...above);
    above = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const opening = OPENING.exec(line);
    const isComment = line.trimStart().startsWith("<!--");
    const end = isComment
      ? endOf(lines, at, (one) => one.includes("-->"))
      : endOfFence(lines, at, opening);
    if (isComment) {
      above.push(...toNote(lines.slice(at, end + 1), at + 1));
    } else if (opening !== null) {
      const [, indent = "", , language = "", info = ""] = opening;
      const inside = lines.slice(at + 1, end).map((one) => withoutIndent(one, indent));
      fences.push({ line: at + 1, language, info, indent, lines: inside, notes: above });
      above = [];
    } else if (line.trim() !== "") {
      letGo();
    }
    const isProse = !isComment && opening === null;
    prose.push(...(isProse ? [line] : lines.slice(at, end + 1).map(() => "")));
    at = end;
  }
  letGo();
  return { fences, notes, prose };
}

function endOfFence(lines: readonly string[], at: number, opening: RegExpExecArray | null): number {
  const [, , marks = ""] = opening ?? [];
  return marks === "" ? at : endOf(lines, at + 1, (line) => isClosing(line.trim(), marks));
}

function isClosing(line: string, marks: string): boolean {
  return line.startsWith(marks) && line.replaceAll(marks[0] ?? "", "") === "";
}

function endOf(lines: readonly string[], from: number, is: (line: string) => boolean): number {
  const found = lines.findIndex((line, index) => index >= from && is(line));
  return found === -1 ? lines.length - 1 : found;
}

function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}

function toNote(lines: readonly string[], line: number): Note[] {
  const [, key, value] = NOTE.exec(lines.join("\n").trim()) ?? [];
  return key === undefined || value === undefined ? [] : [{ line, key, value }];
}
