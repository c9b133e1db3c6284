import { escapeText } from "./escape.ts";

const bytes = new TextEncoder();

/** What Markdown, HTML and tables read as something else than themselves. */
const structure = /[&<>`*_[\]|~\\$]|^[-+=#]|(?<=^\d{1,9})[.)]|(?<=\bwww)\.|:(?=\/\/)/gi;
/** What code hosts make a mention or a reference of, when something follows: seen at GitHub and GitLab. */
const reference = /(?<=[@~%])(?=\w)|(?<=[#!$&]|GH-)(?=\d)/gi;
const breaker = "\u200b";
/** What may stand between backticks as it is, in a table as well. */
const plain = /^[^`|\\\s]+(?: [^`|\\\s]+)*$/;

/** How much of a comment a text takes: bytes of UTF-8, which are never fewer than its characters. */
export function sizeOf(text: string): number {
  return bytes.encode(text).length;
}

/**
 * A sentence with somebody's names in it, as text that is only read: it opens no HTML, ends no table, links to
 * nothing and calls nobody. It has to be free of line breaks.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(reference, breaker)
    .replaceAll(structure, toEntity)
    .replaceAll(breaker, "&#8203;");
}

/** A name or a value as code, which hosts look for neither mentions nor links in. */
export function codeOf(text: string): string {
  return plain.test(text) ? `\`${text}\`` : codeElement(text);
}

/** The same where Markdown is not read: in the summary of details. */
export function codeElement(text: string): string {
  return `<code>${escapeText(text).replaceAll(/[^\p{L}\p{N} ]/gu, toEntity)}</code>`;
}

/** Lines as a block of code that none of them can end. */
export function fence(lines: readonly string[], language = ""): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const longest = Math.max(2, ...runs.map((run) => run.length));
  const mark = "`".repeat(longest + 1);
  return [`${mark}${language}`, ...lines, mark].join("\n");
}

/** The beginning of a text that is too long, with a sign that it is only that. */
export function cutText(text: string, max: number): string {
  const characters = text.length <= max ? [] : [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("")}…`;
}

function toEntity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
