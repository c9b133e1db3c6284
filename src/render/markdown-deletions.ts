import type { Plan, PlanChange } from "../model/plan.ts";
import { type Address, keyIn, kindIn } from "../model/resource.ts";
import { placeOf } from "./block.ts";
import { childLabel, childName, type Entry } from "./entry.ts";
import { escapeText } from "./escape.ts";
import { formatCount } from "./layout.ts";
import { codeElement, codeOf, escapeMarkdown, fence, sizeOf } from "./markdown-escape.ts";
import { noteOf } from "./note.ts";
import { signs } from "./sign.ts";

/** The deletions of a plan as Markdown, and how many of them there was no room for. */
export interface Deletions {
  readonly text: string;
  readonly left: number;
}

/** Deletions of one sort: what they are of, what becomes of them, their names within that. */
interface Sort {
  readonly title: string;
  readonly note: string;
  readonly names: readonly string[];
}

/** From so many on, what goes from one parent is listed under its name. */
const sharedParentMin = 3;
/** A line of names; each begins with our sign, so that none can be taken for a command. */
const lineWidth = 118;
const lead = `${signs.delete} `;

/**
 * Every deletion, in the fullest form that there is room for: a line each with what becomes of it and why, or
 * names alone, by what they are of. Where not even those fit, as many as do, and the number of the others.
 */
export function renderDeletions(
  plan: Pick<Plan, "changes">,
  entries: readonly Entry[],
  room: number,
): Deletions {
  const all = plan.changes.filter(({ action }) => action === "delete");
  if (all.length === 0) {
    return { text: "", left: 0 };
  }
  const title = `#### ${lead}${formatCount(all.length)} to delete`;
  const space = room - sizeOf(title) - 2;
  const lines = fullLines(entries, space);
  const listed = lines === undefined ? compact(entries, space) : { text: lines, left: 0 };
  return { ...listed, text: `${title}\n\n${listed.text}` };
}

function fullLines(entries: readonly Entry[], room: number): string | undefined {
  const lines: string[] = [];
  let size = 0;
  for (const entry of entries) {
    for (const line of linesOf(entry)) {
      size += sizeOf(line) + 1;
      if (size > room) {
        return undefined;
      }
      lines.push(line);
    }
  }
  return lines.join("\n");
}

function linesOf(entry: Entry): readonly string[] {
  const { change } = entry;
  const gone = entry.children.filter(({ action }) => action === "delete");
  if (change?.action !== "delete") {
    return gone.map((child) => lineOf({ address: child.address, change: child, children: [] }));
  }
  const names = gone.map(({ address }) => codeOf(escapeText(childName(address))));
  const label = childLabel(change.kind);
  return [lineOf(entry), ...(names.length === 0 ? [] : [`  - with ${label} ${names.join(" ")}`])];
}

function lineOf(entry: Entry): string {
  const place = placeOf(entry);
  const why = place === "" ? "" : ` · ${escapeMarkdown(place)}`;
  const name = codeOf(escapeText(entry.address));
  return `- **${signs.delete}** ${name} ${escapeMarkdown(noteOf(entry))}${why}`;
}

function compact(entries: readonly Entry[], room: number): Deletions {
  const parts: string[] = [];
  let space = room;
  let left = 0;
  for (const sort of sortsOf(entries)) {
    const part = partOf(sort, space);
    left += part.left;
    if (part.text !== "") {
      parts.push(part.text);
      space -= sizeOf(part.text) + 2;
    }
  }
  return { text: parts.join("\n\n"), left };
}

function sortsOf(entries: readonly Entry[]): readonly Sort[] {
  const sorts = new Map<string, Sort & { readonly names: string[] }>();
  const add = (title: string, change: PlanChange, name: string): void => {
    const note = noteOf({
      address: change.address,
      change: { ...change, children: 0 },
      children: [],
    });
    const key = `${title} ${note}`;
    const sort = sorts.get(key) ?? { title, note, names: [] };
    sorts.set(key, sort);
    sort.names.push(toName(name));
  };
  for (const { address, change, children } of entries) {
    const gone = children.filter(({ action }) => action === "delete");
    if (change?.action === "delete") {
      add(codeElement(change.kind), change, keyIn(address));
    }
    for (const child of gone) {
      const isShared = gone.length >= sharedParentMin;
      const name = isShared ? childName(child.address) : keyIn(child.address);
      add(isShared ? partTitle(address) : codeElement(child.kind), child, name);
    }
  }
  return [...sorts.values()];
}

function partTitle(address: Address): string {
  return `${childLabel(kindIn(address))} of ${codeElement(escapeText(address))}`;
}

/** A name that could be taken for several stands in quotes. */
function toName(name: string): string {
  const text = escapeText(name);
  return /^[^\s"\\]+$/.test(text) ? text : JSON.stringify(text);
}

function partOf({ title, note, names }: Sort, room: number): Deletions {
  const head = (count: string): string => `${title}: ${escapeMarkdown(note)} (${count})\n\n`;
  const all = formatCount(names.length);
  const fences = 2 * (longestRun(names) + 2);
  const space = room - sizeOf(head(`${all} of ${all}`)) - fences;
  const { lines, count } = fillLines(names, space);
  const left = names.length - count;
  if (count === 0) {
    return { text: "", left };
  }
  const shown = left === 0 ? all : `${formatCount(count)} of ${all}`;
  return { text: head(shown) + fence(lines), left };
}

/** As many lines of names as there is room for. */
function fillLines(names: readonly string[], room: number) {
  const lines: string[] = [];
  let line = "";
  let size = 0;
  let count = 0;
  for (const name of names) {
    const isNewLine = line === "" || line.length + name.length + 2 > lineWidth;
    size += sizeOf(name) + (isNewLine ? sizeOf(lead) + 1 : 2);
    if (size > room) {
      break;
    }
    if (isNewLine && line !== "") {
      lines.push(line);
    }
    line = isNewLine ? lead + name : `${line}  ${name}`;
    count += 1;
  }
  return { lines: line === "" ? lines : [...lines, line], count };
}

function longestRun(names: readonly string[]): number {
  const runs = names.flatMap((name) => name.match(/`+/g) ?? []);
  return runs.reduce((longest, run) => Math.max(longest, run.length), 2);
}
