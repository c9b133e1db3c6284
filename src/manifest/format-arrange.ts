import {
  type Remark,
  type Remarks,
  splitFoot,
  toRemarks,
  withoutBlanks,
} from "./format-remarks.ts";
import { type Content, type Entry, isBlock } from "./format-tree.ts";

/** A value, with the comments behind it and the lines below that are not its own. */
export interface Read {
  readonly content: Content;
  readonly inline: readonly string[];
  readonly lines: readonly Remark[];
}

/** An entry, and what stands between it and the next one. */
export interface ReadEntry {
  readonly entry: Entry;
  /** What stands below, for the next entry. */
  readonly pending: readonly Remark[];
}

/** Where an entry stands. */
interface EntryPlace {
  /** What stands above it. */
  readonly head: readonly Remark[];
  readonly isList: boolean;
  readonly indent: number;
}

interface Parts extends Pick<Entry, "key" | "name" | "props"> {
  readonly read: Read;
  readonly place: EntryPlace;
  /** What stands between the key or the dash and the value. */
  readonly between: Remarks;
}

/** Gives each comment its place: above, behind or below the entry, or with what comes next. */
export function arrange({ read, place, between, ...names }: Parts): ReadEntry {
  const { content } = read;
  const { inline, lines } = between;
  if (isBlock(content)) {
    const first = place.isList
      ? [...toRemarks([...inline, ...read.inline]), ...withoutBlanks(lines)]
      : [];
    const [remark, ...others] = place.isList ? [] : [...inline.slice(0, 1), ...read.inline];
    const foot = [...content.foot, ...toRemarks(others)];
    const lead = [...place.head, ...first];
    const entry = { ...names, lead, content: { ...content, foot }, remark, after: [] };
    return { entry, pending: read.lines };
  }
  const comments = [...inline, ...read.inline];
  const isNothing = content.type === "none";
  const lead = [
    ...place.head,
    ...toRemarks(comments.slice(0, -1)),
    ...(isNothing ? [] : withoutBlanks(lines)),
  ];
  const behind = isNothing ? [...lines, ...read.lines] : read.lines;
  // Only what stands further in than the entry is certain to be about it.
  const { foot, rest } = splitFoot(behind, place.indent + 1);
  const entry = { ...names, lead, content, remark: comments.at(-1), after: withoutBlanks(foot) };
  return { entry, pending: rest };
}
