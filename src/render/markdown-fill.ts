import { formatCount } from "./layout.ts";
import { sizeOf } from "./markdown-escape.ts";
import type { Section } from "./markdown-table.ts";

/** Sections as far as they fit, and what of them does not, in words. */
export interface Filled {
  readonly parts: readonly string[];
  readonly cuts: readonly string[];
}

/** What stands between two parts. */
const gap = 2;

/** Gives each section its frame while there is room, then the rows to the first of them first. */
export function fill(sections: readonly Section[], room: number): Filled {
  let space = room;
  const framed = sections.filter((section) => {
    const size = sizeOfFrames([section]);
    const isFitting = size <= space;
    space -= isFitting ? size : 0;
    return isFitting;
  });
  const cuts = sections
    .filter((section) => !framed.includes(section))
    .map(({ name, length }) => `all ${formatCount(length)} ${name}`);
  const parts = framed.map((section) => {
    const rows = takeRows(section.rows, space);
    space -= rows.size;
    const missing = section.length - rows.count;
    if (missing > 0) {
      cuts.push(`${formatCount(missing)} of ${formatCount(section.length)} ${section.name}`);
    }
    return `${section.head}${rows.text}${section.foot(missing)}`;
  });
  return { parts, cuts };
}

/** What sections take without any of their rows. */
export function sizeOfFrames(sections: readonly Section[]): number {
  const sizes = sections.map(({ head, foot, length }) => sizeOf(head) + sizeOf(foot(length)) + gap);
  return sizes.reduce((sum, size) => sum + size, 0);
}

function takeRows(rows: Iterable<string>, room: number) {
  const taken: string[] = [];
  let size = 0;
  for (const row of rows) {
    const more = sizeOf(row);
    if (size + more > room) {
      break;
    }
    size += more;
    taken.push(row);
  }
  return { text: taken.join(""), size, count: taken.length };
}
