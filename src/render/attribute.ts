import type { Action, AttributeChange } from "../model/plan.ts";
import { type Compared, type Difference, differenceOf } from "./difference.ts";
import { countOf, displayWidth, flow, wrap } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** Where an attribute's lines go: how wide they may be and how they are coloured. */
export interface Frame {
  readonly width: number;
  readonly paint: Paint;
}

const linesMax = 40;
const createdLinesMax = 3;

/** What becomes of one attribute, on one line where it fits. */
export function attributeLines(
  attribute: AttributeChange,
  action: Action,
  frame: Frame,
): readonly string[] {
  const difference = differenceOf(attribute, action);
  switch (difference.type) {
    case "secret":
      return [difference.text];
    case "set":
      return clip(wrap(difference.after, frame.width), createdLinesMax);
    case "list":
      return listLines(difference, frame);
    case "pair":
      return pairLines(difference, frame);
  }
}

type Of<T extends Difference["type"]> = Extract<Difference, { readonly type: T }>;

function pairLines({ before, after, isLong, compared }: Of<"pair">, frame: Frame) {
  const arrow = `${before} → ${after}`;
  if (!isLong && displayWidth(arrow) <= frame.width) {
    return [arrow];
  }
  return clip(
    compared().flatMap((line) => comparedLines(line, frame)),
    linesMax,
  );
}

function listLines({ added, removed, kept }: Of<"list">, { width, paint }: Frame) {
  return flow(
    [
      ...added.map((entry) => paint.green(`+ ${entry}`)),
      ...removed.map((entry) => paint.red(`− ${entry}`)),
      ...(kept > 0 ? [paint.dim(`(${kept} kept)`)] : []),
    ],
    width,
  );
}

function comparedLines({ sign, text }: Compared, { width, paint }: Frame): readonly string[] {
  if (sign === "…") {
    return [paint.dim("  …")];
  }
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
