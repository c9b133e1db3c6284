import { diffWordsWithSpace, structuredPatch } from "diff";
import type { Json } from "../model/json.ts";
import type { Action, AttributeChange } from "../model/plan.ts";
import { escapeText } from "./escape.ts";
import { formatValue, isSecret, toText } from "./value.ts";

/** What becomes of one attribute, before anybody lays it out. Its texts are escaped. */
export type Difference =
  /** Write-only: nobody can tell what it was. */
  | { readonly type: "secret"; readonly text: string }
  | { readonly type: "set"; readonly after: string }
  | {
      readonly type: "list";
      readonly added: readonly string[];
      readonly removed: readonly string[];
      readonly kept: number;
    }
  | {
      readonly type: "pair";
      readonly before: string;
      readonly after: string;
      /** Too long to be shown whole beside each other: `compared` tells it better. */
      readonly isLong: boolean;
      compared(): readonly Compared[];
    };

/** A line of a comparison: of one side, of both, or where what both have is left out. */
export interface Compared {
  readonly sign: "-" | "+" | " " | "…";
  readonly text: string;
}

/** Longer texts are compared word by word instead of being shown twice. */
const plainTextMax = 60;
/** Past this many edits a comparison costs more than it tells. */
const editsMax = 500;

/** Tells what becomes of one attribute of a resource that is created, or changed. */
export function differenceOf({ before, after }: AttributeChange, action: Action): Difference {
  if (isSecret(after)) {
    return { type: "secret", text: action === "create" ? "(secret)" : "(secret), written" };
  }
  if (action === "create") {
    return { type: "set", after: formatValue(after) };
  }
  if (isTextList(before) && isTextList(after) && !isReordered(before, after)) {
    const added = after.filter((entry) => !before.includes(entry));
    const removed = before.filter((entry) => !after.includes(entry));
    return {
      type: "list",
      added: added.map(formatValue),
      removed: removed.map(formatValue),
      kept: before.length - removed.length,
    };
  }
  return {
    type: "pair",
    before: formatValue(before),
    after: formatValue(after),
    isLong: isLong(before) || isLong(after),
    compared: () => compare(before, after),
  };
}

function compare(before: Json, after: Json): readonly Compared[] {
  if (before === null || after === null || isSecret(before)) {
    return pairOf(formatValue(before), formatValue(after));
  }
  const texts = [toText(before), toText(after)] as const;
  return texts.some((text) => text.includes("\n"))
    ? compareLines(texts[0], texts[1])
    : compareWords(texts[0], texts[1]);
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

function compareLines(before: string, after: string): readonly Compared[] {
  const patch = structuredPatch("", "", before, after, "", "", {
    context: 1,
    maxEditLength: editsMax,
  });
  if (patch === undefined) {
    return pairOf(escapeText(before), escapeText(after));
  }
  return patch.hunks.flatMap((hunk, index) => [
    ...(index > 0 ? [{ sign: "…", text: "" } as const] : []),
    ...hunk.lines
      .filter((line) => !line.startsWith("\\"))
      .map((line) => ({ sign: signOf(line), text: escapeText(line.slice(1)) })),
  ]);
}

function signOf(line: string): Compared["sign"] {
  const sign = line.charAt(0);
  return sign === "-" || sign === "+" ? sign : " ";
}

function compareWords(before: string, after: string): readonly Compared[] {
  const parts = diffWordsWithSpace(before, after, { maxEditLength: editsMax });
  if (parts === undefined) {
    return pairOf(escapeText(before), escapeText(after));
  }
  const side = (dropped: "added" | "removed"): string =>
    parts
      .map((part, index) => ({ part, isFirst: index === 0, isLast: index === parts.length - 1 }))
      .filter(({ part }) => !part[dropped])
      .map(({ part, isFirst, isLast }) =>
        part.added || part.removed ? part.value : shorten(part.value, isFirst, isLast),
      )
      .join("");
  return pairOf(escapeText(side("added")), escapeText(side("removed")));
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

function pairOf(before: string, after: string): readonly Compared[] {
  return [
    { sign: "-", text: before },
    { sign: "+", text: after },
  ];
}
