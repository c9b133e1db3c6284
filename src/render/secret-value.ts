import type { SecretSite } from "./secret-site.ts";

/** A part of a text, the end exclusive; it may go beyond the text's own end. */
export type Span = readonly [start: number, end: number];

/** What can stand between a key and its value: an anchor, a tag. */
const properties = /[ \t]*(?:[&!][^\s,[\]{}]*[ \t]*)*/y;
/** Lines with nothing in them, and the blanks before the next value. */
const emptyLines = /(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*/y;
const openKey = /^(?:"[^"\\]*"|'[^']*'|[^\s"'#:,{}[\]&*!?|>-][^"'#:,{}[\]]*):(?=\s|$)/;
/** What a line begins with that cannot go on with a value of the lines before. */
const nextItem =
  /^(?:[-?:](?:\s|$)|---|\.\.\.|[,{}[\]]|(?:"(?:[^"\\]|\\.)*"|'[^']*')\s*:|[^\s"'#:,{}[\]][^"':,{}[\]]*:(?:\s|$))/;

/** Nothing but a comment, up to the end of the line. */
const emptyRest = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;

/** A value in quotes or in brackets. */
export interface EnclosedValue {
  /** From its anchor or tag to the position behind the closing quote or bracket. */
  readonly start: number;
  readonly end: number;
  /** What follows on its line may belong to it; a comment does not, but is hidden as well. */
  readonly hasTail: boolean;
  /** What follows is no comment either, so the text is broken. */
  readonly isTorn: boolean;
  /** It begins on another line than its key. */
  readonly isBelow: boolean;
}

/** The value behind a place, if it is in quotes or in brackets. */
export function findEnclosed(text: string, site: SecretSite): EnclosedValue | undefined {
  const own = findStart(text, site.end);
  if (!isEmptyAt(text, own.content)) {
    const isFound = isEnclosed(text, own.content, site.isWhole);
    return isFound ? { ...findEnd(text, own, site), isBelow: false } : undefined;
  }
  const below = findStart(text, skip(emptyLines, text, endOfLine(text, own.content) + 1));
  const isBracket = /[{[]/.test(text[below.content] ?? "");
  const isKey =
    !isBracket && nextItem.test(text.slice(below.content, endOfLine(text, below.content)));
  return isEnclosed(text, below.content, true) && !isKey
    ? { ...findEnd(text, below, site), isBelow: true }
    : undefined;
}

/** Whether the value behind a place can only begin on another line. */
export function isBegunBelow(text: string, { end }: SecretSite): boolean {
  return isEmptyAt(text, findStart(text, end).content);
}

/** The rest of the line behind a place. */
export function findRest(text: string, { end }: Pick<SecretSite, "end">): Span {
  const { start, content } = findStart(text, end);
  return [start, endOfLine(text, content)];
}

/** The lines below that belong to the value behind a place, one by one. */
export function* findBelow(
  text: string,
  site: SecretSite,
  enclosed: EnclosedValue | undefined,
): Iterable<Span> {
  if (enclosed?.isTorn === true) {
    const torn: Scope = { ...site, isWhole: true, isBelow: false };
    yield* findFurtherIn(text, endOfLine(text, enclosed.end) + 1, torn);
  }
  if (enclosed?.isBelow !== false) {
    const { content } = findStart(text, site.end);
    const isWhole = site.isWhole || /[|>]/.test(text[content] ?? "");
    const scope: Scope = { ...site, isWhole, isBelow: isEmptyAt(text, content) };
    yield* findFurtherIn(text, endOfLine(text, content) + 1, scope);
  }
}

interface ValueStart {
  readonly start: number;
  /** Behind an anchor and a tag. */
  readonly content: number;
}

function findStart(text: string, from: number): ValueStart {
  const start = skip(/[ \t]*/y, text, from);
  return { start, content: skip(properties, text, start) };
}

interface Scope extends SecretSite {
  /** Nothing of the value stands on the line of the key. */
  readonly isBelow: boolean;
}

/** The lines from there that belong to the value; in a map, its own keys are shown. */
function* findFurtherIn(text: string, from: number, scope: Scope): Iterable<Span> {
  const indent = indentOf(text, scope.index);
  const keys = createKeyReader(scope.hasOpenKeys && scope.isBelow);
  for (let start = from, end = 0; start < text.length; start = end + 1) {
    end = endOfLine(text, start);
    const blanks = skip(/[ \t]*/y, text, start) - start;
    const line = {
      indent: text.slice(start, start + blanks),
      content: text.slice(start + blanks, end),
    };
    if (isEmpty(line.content) && indent.startsWith(line.indent)) {
      continue;
    }
    if (!belongs(line, indent, scope)) {
      break;
    }
    yield [start + blanks + keys.read(line), end];
  }
}

interface Line {
  readonly indent: string;
  readonly content: string;
}

/** Lines further in belong to a whole value; others, where they begin nothing else. */
function belongs({ indent, content }: Line, outer: string, scope: Scope): boolean {
  const isInside = !outer.startsWith(indent);
  const isListed = scope.isBelow && indent === outer && /^-(?:\s|$)/.test(content);
  return isInside || isListed
    ? scope.isWhole || !beginsNext(content.replace(/^(?:-[ \t]+)+/, ""))
    : !beginsNext(content);
}

function beginsNext(content: string): boolean {
  return nextItem.test(content.slice(skip(properties, content, 0)));
}

/** Tells how much of each line of a map is a key that may be shown. */
function createKeyReader(hasOpenKeys: boolean): { read(line: Line): number } {
  let isOpen = hasOpenKeys;
  let inner: string | undefined;
  return {
    read({ indent, content }) {
      inner ??= indent;
      const length = isOpen && indent === inner ? (openKey.exec(content)?.[0].length ?? 0) : 0;
      const value = content.slice(skip(properties, content, length)).trimEnd();
      // A value that goes on behind its line could look like anything there.
      isOpen &&= !isEnclosed(value, 0, true) || endOfEnclosed(value, 0) <= value.length;
      // One space after the colon stays as well.
      return length === 0 ? 0 : Math.min(length + 1, content.length);
    },
  };
}

/** Where a value ends, and whether more than the next item follows it on its line. */
function findEnd(
  text: string,
  { start, content }: ValueStart,
  { index }: SecretSite,
): Omit<EnclosedValue, "isBelow"> {
  const end = endOfEnclosed(text, content);
  const rest = text.slice(end, end + 80);
  const isLast = /^[ \t]*[,}\]]*[ \t]*(?:\r?\n|$)/.test(rest);
  const isFollowed = /^[ \t]*[,}\]]/.test(rest);
  const before = text.slice(Math.max(index - 500, 0), index).replace(/^[\s\S]*\n/, "");
  const hasTail = !isLast && !(isFollowed && /[{[,]/.test(before));
  return { start, end, hasTail, isTorn: hasTail && !/^[ \t]+#/.test(rest) };
}

function isEmptyAt(text: string, index: number): boolean {
  emptyRest.lastIndex = index;
  return emptyRest.test(text);
}

function isEmpty(text: string): boolean {
  return /^\s*(?:#[^\n]*)?$/.test(text);
}

/** Whether a value in quotes or, where it matters, in brackets begins there. */
function isEnclosed(text: string, start: number, isBracketed: boolean): boolean {
  const first = text[start] ?? "";
  return /["']/.test(first) || (isBracketed && /[{[]/.test(first));
}

/** The position behind a value in quotes or brackets; beyond the text if it is not closed. */
function endOfEnclosed(text: string, start: number): number {
  return /["']/.test(text[start] ?? "") ? closingQuote(text, start) + 1 : endOfBracket(text, start);
}

/** Where the quoted text that begins at `start` ends; the end of the text if it does not. */
function closingQuote(text: string, start: number): number {
  const quote = text[start];
  for (let index = start + 1; index < text.length; index += 1) {
    const isEscaped =
      quote === '"' ? text[index] === "\\" : text[index] === quote && text[index + 1] === quote;
    if (isEscaped) {
      index += 1;
    } else if (text[index] === quote) {
      return index;
    }
  }
  return text.length;
}

/** The position after the bracket that closes the one at `start`; beyond the text if none does. */
function endOfBracket(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (character === '"' || character === "'") {
      index = closingQuote(text, index);
    } else if ("{[".includes(character)) {
      depth += 1;
    } else if ("}]".includes(character)) {
      depth -= 1;
    }
    if (depth === 0) {
      return index + 1;
    }
  }
  return text.length + 1;
}

/** How far the line is indented; a key further right may belong to it in a broken text. */
function indentOf(text: string, index: number): string {
  const start = text.lastIndexOf("\n", index - 1) + 1;
  return text.slice(start, skip(/[ \t]*/y, text, start));
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** The position behind what the pattern finds right there. */
function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
