import { diffWordsWithSpace, structuredPatch } from "diff";
import type { Json } from "../model/json.ts";
import type { Action, AttributeChange } from "../model/plan.ts";
import { escapeText } from "./escape.ts";
import { countOf, displayWidth, flow, wrap } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { formatValue, isSecret, toText } from "./value.ts";

/** Where an attribute's lines go: how wide they may be and how they are coloured. */
export interface Frame {
  readonly width: number;
  readonly paint: Paint;
}

/** Longer texts are compared word by word instead of being shown twice. */
const plainTextMax = 60;
const linesMax = 40;
const createdLinesMax = 3;
/** Past this many edits a comparison costs more than it tells. */
const editsMax = 500;

/** What becomes of one attribute, on one line where it fits. */
export function attributeLines(
  attribute: AttributeChange,
  action: Action,
  frame: Frame,
): readonly string[] {
  const { before, after } = attribute;
  if (isSecret(after)) {
    return [action === "create" ? "(secret)" : "(secret), written"];
  }
  if (action === "create") {
    return clip(wrap(formatValue(after), frame.width), createdLinesMax);
  }
  if (isTextList(before) && isTextList(after) && !isReordered(before, after)) {
    return listLines(before, after, frame);
  }
  const arrow = `${formatValue(before)} → ${formatValue(after)}`;
  if (!isLong(before) && !isLong(after) && displayWidth(arrow) <= frame.width) {
    return [arrow];
  }
  return clip(comparedLines(before, after, frame), linesMax);
}

function comparedLines(before: Json, after: Json, frame: Frame): readonly string[] {
  if (before === null || after === null || isSecret(before)) {
    return pairLines(formatValue(before), formatValue(after), frame);
  }
  const texts = [toText(before), toText(after)] as const;
  return texts.some((text) => text.includes("\n"))
    ? lineLines(texts[0], texts[1], frame)
    : wordLines(texts[0], texts[1], frame);
}

function isLong(value: Json): boolean {
  if (value === null || isSecret(value)) {
    return false;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > plainTextMax || text.includes("\n");
}

function isTextList(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function isReordered(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && before.every((entry) => after.includes(entry));
}

function listLines(
  before: readonly string[],
  after: readonly string[],
  { width, paint }: Frame,
): readonly string[] {
  const added = after.filter((entry) => !before.includes(entry));
  const removed = before.filter((entry) => !after.includes(entry));
  const kept = before.length - removed.length;
  return flow(
    [
      ...added.map((entry) => paint.green(`+ ${formatValue(entry)}`)),
      ...removed.map((entry) => paint.red(`− ${formatValue(entry)}`)),
      ...(kept > 0 ? [paint.dim(`(${kept} kept)`)] : []),
    ],
    width,
  );
}

function lineLines(before: string, after: string, frame: Frame): readonly string[] {
  const patch = structuredPatch("", "", before, after, "", "", {
    context: 1,
    maxEditLength: editsMax,
  });
  if (patch === undefined) {
    return pairLines(escapeText(before), escapeText(after), frame);
  }
  return patch.hunks.flatMap((hunk, index) => [
    ...(index > 0 ? [frame.paint.dim("  …")] : []),
    ...hunk.lines
      .filter((line) => !line.startsWith("\\"))
      .flatMap((line) => signedLines(line.charAt(0), escapeText(line.slice(1)), frame)),
  ]);
}

function wordLines(before: string, after: string, frame: Frame): readonly string[] {
  const parts = diffWordsWithSpace(before, after, { maxEditLength: editsMax });
  if (parts === undefined) {
    return pairLines(escapeText(before), escapeText(after), frame);
  }
  const side = (dropped: "added" | "removed"): string =>
    parts
      .map((part, index) => ({ part, isFirst: index === 0, isLast: index === parts.length - 1 }))
      .filter(({ part }) => !part[dropped])
      .map(({ part, isFirst, isLast }) =>
        part.added || part.removed ? part.value : shorten(part.value, isFirst, isLast),
      )
      .join("");
  return pairLines(escapeText(side("added")), escapeText(side("removed")), frame);
}

/** Keeps of an unchanged run what stands next to a change. */
function shorten(text: string, isFirst: boolean, isLast: boolean): string {
  const characters = [...text];
  if (characters.length <= 40) {
    return text;
  }
  const head = isFirst
    ? ""
    : characters
        .slice(0, 18)
        .join("")
        .replace(/(?<= )\S*$/, "");
  const tail = isLast
    ? ""
    : characters
        .slice(-18)
        .join("")
        .replace(/^\S*(?= )/, "");
  return `${head}…${tail}`;
}

function pairLines(before: string, after: string, frame: Frame): readonly string[] {
  return [...signedLines("-", before, frame), ...signedLines("+", after, frame)];
}

function signedLines(sign: string, text: string, { width, paint }: Frame): readonly string[] {
  const shown = sign === "-" ? "−" : sign;
  const colour = sign === "-" ? paint.red : sign === "+" ? paint.green : paint.dim;
  return (text === "" ? [""] : wrap(text, width - 2)).map((line, index) =>
    colour(`${index === 0 ? shown : " "} ${line}`.trimEnd()),
  );
}

function clip(lines: readonly string[], max: number): readonly string[] {
  return lines.length <= max
    ? lines
    : [...lines.slice(0, max), `… ${countOf(lines.length - max, "more line")}`];
}
