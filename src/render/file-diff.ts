import { createTwoFilesPatch } from "diff";
import { escapeText, guardLines } from "./escape.ts";
import { blankSecrets, showBlanked } from "./mask.ts";
import type { Paint } from "./paint.ts";

/** What would change in a file, as a unified diff; what looks like a secret is not shown. */
export function renderFileDiff(
  file: string,
  { before, after }: { readonly before: string; readonly after: string },
  paint: Paint,
): string {
  const name = escapeText(file);
  // Shown before they are compared: that a line with a secret differs would tell of its length.
  const texts = [before, after].map((text) =>
    showBlanked(blankSecrets(text.replaceAll("\r\n", "\n"))),
  );
  const patch = createTwoFilesPatch(name, name, texts[0] ?? "", texts[1] ?? "", "", "");
  const lines = patch
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("====="));
  return `${guardLines(lines.map((line) => paintLine(line.trimEnd(), paint)).join("\n"))}\n`;
}

function paintLine(line: string, paint: Paint): string {
  if (/^(?:---|\+\+\+) /.test(line)) {
    return paint.bold(line);
  }
  if (line.startsWith("+")) {
    return paint.green(line);
  }
  return line.startsWith("-") ? paint.red(line) : line.startsWith("@@") ? paint.cyan(line) : line;
}
