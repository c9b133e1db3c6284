/** A character that no manifest needs; runs of it stand for a secret. */
const placeholder = "\uE000";
const placeholders = new RegExp(`${placeholder}+`, "g");

/** Keys that look like a secret's, misspelt ones included; a word is tried once, from its start. */
const secretKey =
  /(?<![\w@-])([\w@-]*(?:pas+w|pwd|secret|@private|basic_?auth)[\w@-]*)["']?[ \t]*:/gi;
/** Keys of which everything below is secret, too. */
const wholeKey = /^(?:@?password|@private)$/i;
const childKey = /^\s*(?:"[^"]*"|'[^']*'|[^\s"'#:][^:]*):(?=\s|$)/;

type Span = readonly [start: number, end: number];

/**
 * The text with what manifests keep secret blanked out, every character in its old place. It goes
 * by the names of keys, because what is shown may be too broken to have a meaning.
 */
export function blankSecrets(text: string): string {
  let blanked = "";
  let at = 0;
  for (const key of text.matchAll(secretKey)) {
    // What stands inside a secret is blanked already.
    for (const [start, end] of key.index < at ? [] : findSecrets(text, key)) {
      const from = Math.max(start, at);
      blanked += text.slice(at, from) + text.slice(from, end).replaceAll(/[^\r\n]/g, placeholder);
      at = Math.max(at, end);
    }
  }
  return blanked + text.slice(at);
}

/** A part of a blanked text as it is shown: each secret as `***`, whatever its length. */
export function showBlanked(text: string): string {
  return text.replaceAll(placeholders, "***");
}

function findSecrets(text: string, key: RegExpExecArray): readonly Span[] {
  const name = key[1] ?? "";
  if (isLoginMap(text, key)) {
    return [];
  }
  const isExact = wholeKey.test(name);
  const colon = key.index + key[0].length;
  const start = colon + (/^[ \t]*/.exec(text.slice(colon, colon + 200))?.[0].length ?? 0);
  const first = text[start] ?? "";
  if (first === '"' || first === "'") {
    return [[start, endOfQuoted(text, start)]];
  }
  if (isExact && (first === "{" || first === "[")) {
    return [[start, endOfBracket(text, start)]];
  }
  const lineEnd = endOfLine(text, start);
  const own: readonly Span[] = lineEnd > start ? [[start, lineEnd]] : [];
  if (!isExact) {
    return own;
  }
  const isMap = /private/i.test(name) && /^\s*(?:#.*)?$/.test(text.slice(start, lineEnd));
  return [...own, ...findBelow(text, lineEnd, indentOf(text, key.index), isMap)];
}

/** A login is a map whose own password is found by its name; as one text it would be all of it. */
function isLoginMap(text: string, key: RegExpExecArray): boolean {
  const after = text.slice(key.index + key[0].length, key.index + key[0].length + 200);
  return /^basic_?auth$/i.test(key[1] ?? "") && /^[ \t]*(?:[{#&!]|\r?\n|$)/.test(after);
}

/** Lines that are indented more than the key belong to it; in a map, their own keys are shown. */
function findBelow(
  text: string,
  lineEnd: number,
  keyIndent: number,
  isMap: boolean,
): readonly Span[] {
  const spans: Span[] = [];
  let inner: number | undefined;
  for (let start = lineEnd + 1; start < text.length; start = endOfLine(text, start) + 1) {
    const line = text.slice(start, endOfLine(text, start));
    const indent = line.search(/\S/);
    if (indent >= 0 && indent <= keyIndent) {
      break;
    }
    inner ??= indent < 0 ? undefined : indent;
    const shown = isMap && indent === inner ? childKey.exec(line)?.[0].length : undefined;
    // One space after the colon stays as well.
    const hidden = shown === undefined ? Math.max(indent, 0) : Math.min(shown + 1, line.length);
    spans.push([start + hidden, start + line.length]);
  }
  return spans;
}

/** How far the line is indented; a key further right may belong to it in a broken text. */
function indentOf(text: string, index: number): number {
  const lineStart = text.lastIndexOf("\n", index - 1) + 1;
  return text.slice(lineStart, index).search(/\S|$/);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** The end of a quoted value and of what follows it, unless that is the end of an item. */
function endOfQuoted(text: string, start: number): number {
  const end = closingQuote(text, start);
  return /^[ \t]*[,}\]]/.test(text.slice(end + 1, end + 80)) ? end + 1 : endOfLine(text, end);
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

/** The position after the bracket that closes the one at `start`. */
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
  return text.length;
}
