import type { SourceRange } from "../model/diagnostic.ts";
import type { Action, Step, StepId } from "../model/plan.ts";
import { type Address, kindIn } from "../model/resource.ts";
import { attributeLines } from "./attribute.ts";
import { formatBulk, formatBulkRow, formatCall, isBulk } from "./call.ts";
import { childText, sortAttributes, sortChildren } from "./child.ts";
import { childLabel, type Entry } from "./entry.ts";
import { escapeText } from "./escape.ts";
import { displayWidth, flow, formatCount, padTo, spread, wrap } from "./layout.ts";
import { noteOf } from "./note.ts";
import type { Paint } from "./paint.ts";
import { signs } from "./sign.ts";

/** How blocks are drawn. */
export interface BlockStyle {
  readonly width: number;
  readonly paint: Paint;
  readonly verbose: boolean;
  readonly steps: ReadonlyMap<Address, readonly Step[]>;
  /** Calls that an earlier block has shown already. */
  readonly shown: Set<StepId>;
  /** What there is to say of single attributes, by `address#path`. */
  readonly remarks?: ReadonlyMap<string, string>;
}

const indent = 6;
const labelMin = 14;
const labelMax = 32;
/** Of so many members that are new each is named; the rest is counted. */
export const createdChildrenMax = 100;

/** One resource of the plan: its heading, then what changes, one attribute a line. */
export function blockLines(entry: Entry, style: BlockStyle): readonly string[] {
  const action = entry.change?.action ?? "update";
  const rows = [
    ...attributeRows(entry, style),
    ...(action === "delete" ? [] : childRows(entry, style)),
    ...(style.verbose ? callRows(entry, style) : []),
  ];
  const longest = Math.max(0, ...rows.map(({ label }) => displayWidth(label)));
  const column = Math.min(Math.max(labelMin, longest + 2), labelMax);
  return [
    ...headingLines(entry, action, style),
    ...rows.flatMap(({ label, lines }) => rowLines(label, lines(bodyWidth(style, column)), column)),
  ];
}

/** Where something is declared: `cometform.yaml:12`. */
export function formatSource(source: SourceRange): string {
  return escapeText(`${source.file}:${source.line}`);
}

interface Row {
  readonly label: string;
  lines(width: number): readonly string[];
}

function bodyWidth(style: BlockStyle, column: number): number {
  return Math.max(20, style.width - indent - column);
}

function rowLines(label: string, lines: readonly string[], column: number): readonly string[] {
  const margin = " ".repeat(indent + column);
  const [first = "", ...rest] = lines;
  const body = rest.map((line) => margin + line);
  return displayWidth(label) > column - 2
    ? [" ".repeat(indent) + label, margin + first, ...body]
    : [" ".repeat(indent) + padTo(label, column) + first, ...body];
}

function headingLines(entry: Entry, action: Action, style: BlockStyle): readonly string[] {
  const { width, paint } = style;
  const colour = colourOf(action, paint);
  const name = `  ${colour(`${signs[action]} ${escapeText(entry.address)}`)}`;
  const note = noteOf(entry);
  const right = paint.dim(placeOf(entry));
  const line = spread(note === "" ? name : `${padTo(name, 22)}  ${note}`, right, width);
  return note === "" || displayWidth(line) <= width
    ? [line]
    : [spread(name, right, width), " ".repeat(indent) + note];
}

/** Where what happens is declared, or why it happens where nothing declares it. */
export function placeOf({ address, change, children }: Entry): string {
  const origin = change ?? children.find(({ source }) => source !== undefined) ?? children[0];
  if (origin?.source !== undefined) {
    return formatSource(origin.source);
  }
  // Of what lives in it, and not of itself, where only that changes.
  const whose = change === undefined ? `${childLabel(kindIn(address))} ` : "";
  return origin?.reason === undefined ? "" : escapeText(`${whose}${origin.reason}`);
}

function attributeRows({ change }: Entry, { paint, remarks }: BlockStyle): readonly Row[] {
  if (change === undefined || change.action === "delete") {
    return [];
  }
  const action = change.action;
  return sortAttributes(change.attributes).map((attribute) => ({
    label: escapeText(attribute.path),
    lines: (width) => {
      const lines = attributeLines(attribute, action, { width, paint });
      const remark = remarks?.get(`${change.address}#${attribute.path}`);
      return remark === undefined ? lines : [...lines, ...wrap(remark, width).map(paint.dim)];
    },
  }));
}

function childRows({ address, children }: Entry, style: BlockStyle): readonly Row[] {
  if (children.length === 0) {
    return [];
  }
  const { created, others } = sortChildren(children);
  const listed = style.verbose ? created : created.slice(0, createdChildrenMax);
  const rest = created.length - listed.length;
  const texts = [
    ...[...listed, ...others].map((child) => colourOf(child.action, style.paint)(childText(child))),
    ...(rest > 0 ? [`and ${formatCount(rest)} more + (--verbose lists them)`] : []),
  ];
  const label = childLabel(kindIn(address));
  return [{ label, lines: (width) => flow(texts, width, "   ") }];
}

function callRows(entry: Entry, style: BlockStyle): readonly Row[] {
  const addresses = [entry.address, ...entry.children.map(({ address }) => address)];
  const steps = new Set(addresses.flatMap((address) => style.steps.get(address) ?? []));
  return [...steps].map((step) => {
    const row = isBulk(step.call) ? formatBulkRow(step, entry.address) : undefined;
    const isShown = style.shown.has(step.id);
    if (row === undefined) style.shown.add(step.id);
    const text = row ?? (isShown ? formatShared(step) : undefined);
    const lines = (width: number): readonly string[] =>
      wrap(text ?? formatOnce(step, width), width).map(style.paint.dim);
    return { label: "call", lines };
  });
}

function formatShared({ call }: Step): string {
  return escapeText(`(shared, see above: ${call.method} ${call.path})`);
}

function formatOnce(step: Step, width: number): string {
  return isBulk(step.call) ? formatBulk(step, width) : formatCall(step.call);
}

function colourOf(action: Action, paint: Paint): (text: string) => string {
  const colours: { readonly [name in Action]: (text: string) => string } = {
    create: paint.green,
    update: paint.yellow,
    delete: paint.red,
    adopt: paint.cyan,
    reactivate: paint.cyan,
    forget: paint.cyan,
  };
  return colours[action];
}
