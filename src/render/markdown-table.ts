import type { Action, AttributeChange, PlanChange } from "../model/plan.ts";
import { kindIn } from "../model/resource.ts";
import { createdChildrenMax, placeOf } from "./block.ts";
import { childText, sortAttributes, sortChildren } from "./child.ts";
import { type Compared, differenceOf } from "./difference.ts";
import { childLabel, type Entry } from "./entry.ts";
import { escapeText } from "./escape.ts";
import { countOf, formatCount } from "./layout.ts";
import { codeElement, codeOf, cutText, escapeMarkdown } from "./markdown-escape.ts";
import { noteOf } from "./note.ts";
import { signs } from "./sign.ts";

/** A part of a comment that may be shortened, row by row from its end. */
export interface Section {
  /** What its rows are, for whoever misses some: `rows of user`. */
  readonly name: string;
  readonly rows: Iterable<string>;
  readonly length: number;
  /** What stands before the rows, and after them if so many are missing. */
  readonly head: string;
  foot(missing: number): string;
}

const actions: readonly Action[] = ["create", "update", "adopt", "reactivate", "forget"];
const valueMax = 160;
const linesMax = 6;

/** Collapsed tables of what becomes of resources that are not deleted, kind by kind in the plan's order. */
export function toTables(entries: readonly Entry[]): readonly Section[] {
  const kinds = new Map<string, Entry[]>();
  for (const entry of entries.filter(isTabled)) {
    const kind = kindIn(entry.address);
    const known = kinds.get(kind);
    if (known === undefined) {
      kinds.set(kind, [entry]);
    } else {
      known.push(entry);
    }
  }
  return [...kinds].map(([kind, rows]) => toTable(kind, rows));
}

/** What is only deleted, or only loses what lives in it, is listed elsewhere. */
function isTabled({ change, children }: Entry): boolean {
  return [change, ...children].some((one) => one !== undefined && one.action !== "delete");
}

function toTable(kind: string, entries: readonly Entry[]): Section {
  const head = [
    "<details>",
    `<summary>${titleOf(kind, entries)}</summary>`,
    "",
    "| | resource | what changes | declared |",
    "|---|---|---|---|",
    "",
  ];
  return {
    name: `rows of ${codeElement(kind)}`,
    head: head.join("\n"),
    rows: rowsOf(entries),
    length: entries.length,
    foot: (missing) => {
      const rest = `| | | ${countOf(missing, "more row")} not shown here | |\n`;
      return `${missing === 0 ? "" : rest}\n</details>`;
    },
  };
}

/** One at a time: of a long table only the first ones are asked for. */
function* rowsOf(entries: readonly Entry[]): Iterable<string> {
  for (const entry of entries) {
    yield rowOf(entry);
  }
}

function titleOf(kind: string, entries: readonly Entry[]): string {
  const own = countActions(entries.flatMap(({ change }) => change ?? []));
  const theirs = countActions(entries.flatMap(({ children }) => children));
  const name = `<b>${codeElement(kind)}</b>`;
  const parts = [
    own === "" ? name : `${name}: ${own}`,
    ...(theirs === "" ? [] : [`${childLabel(kind)}: ${theirs}`]),
  ];
  return parts.join(" · ");
}

function countActions(changes: readonly PlanChange[]): string {
  return actions
    .map((action) => ({ action, count: changes.filter((one) => one.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ action, count }) => `${formatCount(count)} to ${action}`)
    .join(", ");
}

function rowOf(entry: Entry): string {
  const action = entry.change?.action ?? "update";
  const note = noteOf(entry);
  const cells = [
    ...(note === "" ? [] : [escapeMarkdown(cutText(note, valueMax))]),
    ...sortAttributes(entry.change?.attributes ?? []).map((one) => attributeCell(one, action)),
    ...childCells(entry),
  ];
  const place = placeOf(entry);
  const declared = place === "" ? "" : codeOf(cutText(place, valueMax));
  const name = codeOf(escapeText(entry.address));
  return `| ${signs[action]} | ${name} | ${cells.join("<br>")} | ${declared} |\n`;
}

function attributeCell(attribute: AttributeChange, action: Action): string {
  const label = codeOf(cutText(escapeText(attribute.path), valueMax));
  const difference = differenceOf(attribute, action);
  switch (difference.type) {
    case "secret":
      return `${label} ${difference.text}`;
    case "set":
      return `${label} ${valueCell(difference.after)}`;
    case "list": {
      const { added, removed, kept } = difference;
      const texts = [
        ...added.map((text) => `+ ${valueCell(text)}`),
        ...removed.map((text) => `${signs.delete} ${valueCell(text)}`),
        ...(kept > 0 ? [`(${formatCount(kept)} kept)`] : []),
      ];
      return `${label} ${texts.join(" ")}`;
    }
    case "pair":
      return difference.isLong
        ? [label, ...comparedCells(difference.compared())].join("<br>")
        : `${label} ${valueCell(difference.before)} → ${valueCell(difference.after)}`;
  }
}

function comparedCells(lines: readonly Compared[]): readonly string[] {
  const changed = lines.filter(({ sign }) => sign === "-" || sign === "+");
  const rest = changed.length - linesMax;
  return [
    ...changed
      .slice(0, linesMax)
      .map(({ sign, text }) => `${sign === "-" ? signs.delete : sign} ${valueCell(text)}`),
    ...(rest > 0 ? [`… ${countOf(rest, "more line")}`] : []),
  ];
}

/** Deletions are counted only: they stand above, where nothing is left out. */
function childCells({ address, children }: Entry): readonly string[] {
  const { created, others } = sortChildren(children);
  const changed = others.filter(({ action }) => action !== "delete");
  const gone = others.length - changed.length;
  const listed = [...created, ...changed].slice(0, createdChildrenMax);
  const rest = created.length + changed.length - listed.length;
  const texts = [
    ...listed.map((child) => codeOf(cutText(childText(child), valueMax))),
    ...(rest > 0 ? [`and ${formatCount(rest)} more`] : []),
    ...(gone > 0 ? [`${signs.delete} ${formatCount(gone)} (above)`] : []),
  ];
  return texts.length === 0 ? [] : [`${childLabel(kindIn(address))} ${texts.join(" ")}`];
}

function valueCell(text: string): string {
  return text === "" ? "(empty)" : codeOf(cutText(text, valueMax));
}
