import type { Diagnostic } from "../model/diagnostic.ts";
import type { TableText } from "./table.ts";

const unprintable = /[^\P{Cc}\t\n\r\u0085]|\uFFFD/u;

/** Decodes a table's bytes, without a byte order mark, up to what no table may hold. */
export function decodeTable(file: string, bytes: Iterable<Uint8Array>): TableText {
  let problem: Diagnostic | undefined;
  // Where the line begins that is being read, and how many characters came before the piece.
  let [line, lineStart, base] = [1, 0, 0];

  function isSound(text: string): boolean {
    const found = unprintable.exec(text);
    const end = found?.index ?? text.length;
    for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) {
      line += 1;
      lineStart = base + at + 1;
    }
    if (found !== null) {
      const column = base + found.index - lineStart + 1;
      const range = { file, line, column, endColumn: column + 1 };
      problem = { severity: "error", code: "manifest/not-text", ...toWords(file, found[0]), range };
    }
    base += text.length;
    return found === null;
  }

  function* decode(): Iterable<string> {
    const decoder = new TextDecoder("utf-8");
    for (const piece of bytes) {
      const text = decoder.decode(piece, { stream: true });
      if (!isSound(text)) {
        return;
      }
      yield text;
    }
    const last = decoder.decode();
    if (isSound(last)) {
      yield last;
    }
  }

  return { file, pieces: decode(), problem: () => problem };
}

function toWords(file: string, character: string): { summary: string; hint: string } {
  // What is not UTF-8 decodes to this character.
  if (character === "\uFFFD") {
    return { summary: `${file} is not a UTF-8 text`, hint: "save the table as UTF-8" };
  }
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return {
    summary: `the control character U+${code} cannot stand in a table`,
    hint: "remove it, or check that this is the right file",
  };
}
