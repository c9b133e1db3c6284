/** Joiners are visible inside words and emoji, so they stay as they are. */
const invisible = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const shortForms: { readonly [character: string]: string } = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * Text from the app or a manifest in a form that cannot move the cursor, hide something, reverse the
 * reading order or be taken for a command by the pipeline that shows it.
 */
export function escapeText(text: string): string {
  return text
    .replaceAll(invisible, (character) => shortForms[character] ?? toCodePoint(character))
    .replaceAll(/##(?=\w*\[)/g, "#\\#")
    .replace(/^(\s*)::/, "$1\\::");
}

/** A whole output in which no line begins like a pipeline command, however it was wrapped. */
export function guardLines(output: string): string {
  return output.replaceAll(/^([^\S\n]*)::/gm, "$1\\::");
}

function toCodePoint(character: string): string {
  const code = Number(character.codePointAt(0)).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
