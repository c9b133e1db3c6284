import { type Remark, withoutBlanks } from "./format-remarks.ts";
import {
  type Collection,
  type Content,
  type Entry,
  type FormatTree,
  isBlock,
} from "./format-tree.ts";

/** A value that would make its line longer than this may stay below its key. */
const widthMax = 100;

/** Lines so far. */
interface Paper {
  readonly lines: string[];
  /** Whether an empty line would be out of place, or part of a text. */
  isTight: boolean;
}

/** A tree as text. */
export function printFormat({ prologue, root }: FormatTree): string {
  const paper: Paper = { lines: [], isTight: true };
  writeRemarks(paper, prologue, "");
  if (prologue.at(-1)?.text.startsWith("---") === true) {
    paper.isTight = true;
  }
  for (const [index, entry] of root.entries.entries()) {
    const isSection = isLong(entry) || isLong(root.entries[index - 1]);
    if (index > 0 && isSection) {
      writeBlank(paper);
    }
    writeEntry(paper, entry, { type: root.type, pad: "" });
  }
  writeRemarks(paper, root.foot, "");
  return `${paper.lines.join("\n")}\n`;
}

/** Whether an entry goes on below its key. */
function isLong(entry: Entry | undefined): boolean {
  return entry !== undefined && isBlock(entry.content);
}

function writeBlank(paper: Paper): void {
  if (!paper.isTight && paper.lines.at(-1) !== "") {
    paper.lines.push("");
  }
}

function writeLine(paper: Paper, line: string): void {
  paper.lines.push(line);
  paper.isTight = false;
}

function writeRemarks(paper: Paper, remarks: readonly Remark[], pad: string): void {
  for (const { text } of remarks) {
    if (text === "") {
      writeBlank(paper);
    } else {
      writeLine(paper, pad + text);
    }
  }
}

interface Place {
  readonly type: Collection["type"];
  readonly pad: string;
}

function writeEntry(paper: Paper, given: Entry, { type, pad }: Place): void {
  const entry = type === "list" ? liftLead(given) : given;
  const { lead, key, props, content, remark } = entry;
  writeRemarks(paper, lead, pad);
  const start = [type === "list" ? "-" : `${key}:`, props].filter((part) => part !== "").join(" ");
  if (!isBlock(content)) {
    writeValue(paper, entry, { pad, start });
  } else if (start === "-") {
    // What the item holds begins behind its dash.
    const from = paper.lines.length;
    writeCollection(paper, content, `${pad}  `);
    paper.lines[from] = `${pad}- ${(paper.lines[from] ?? "").slice(pad.length + 2)}`;
  } else {
    writeLine(paper, pad + withRemark(start, remark));
    paper.isTight = true;
    writeCollection(paper, content, `${pad}  `);
  }
}

/** What stands above the first entry that an item holds goes above the item's dash. */
function liftLead(item: Entry): Entry {
  const { content } = item;
  if (!isBlock(content)) {
    return item;
  }
  const [first, ...others] = content.entries.map((entry, index) =>
    index === 0 && content.type === "list" ? liftLead(entry) : entry,
  );
  if (first === undefined) {
    return item;
  }
  const lead = [...item.lead, ...withoutBlanks(first.lead)];
  return { ...item, lead, content: { ...content, entries: [{ ...first, lead: [] }, ...others] } };
}

function writeCollection(paper: Paper, { type, entries, foot }: Collection, pad: string): void {
  for (const entry of entries) {
    writeEntry(paper, entry, { type, pad });
  }
  writeRemarks(paper, foot, pad);
}

interface Start {
  readonly pad: string;
  /** What the value stands behind. */
  readonly start: string;
}

function writeValue(paper: Paper, entry: Entry, place: Start): void {
  const { content, remark } = entry;
  if (content.type !== "block") {
    writeText(paper, entry, place);
    return;
  }
  const { pad, start } = place;
  writeLine(paper, pad + withRemark(`${start} ${content.header}`, remark));
  paper.lines.push(...content.lines.map((line) => (line === "" ? "" : `${pad}  ${line}`)));
  // Empty lines would become part of the text.
  paper.isTight = content.header.includes("+");
}

function writeText(paper: Paper, { content, remark, after }: Entry, { pad, start }: Start): void {
  const [first = "", ...more] = content.type === "text" ? content.lines : [inline(content)];
  const joined = `${pad}${start} ${first}`;
  const isBelow =
    content.type === "text" && content.isBelow && (more.length > 0 || joined.length > widthMax);
  const lines =
    first === "" ? [pad + start] : isBelow ? [pad + start, `${pad}  ${first}`] : [joined];
  lines.push(...more.map((line) => (line === "" ? "" : `${pad}  ${line}`)));
  const end = lines.pop() ?? "";
  paper.lines.push(...lines);
  writeLine(paper, withRemark(end, remark));
  // Further in than the entry, so that it is still its own when it is read again.
  const column = remark === undefined ? pad.length + 2 : end.length + 1;
  writeRemarks(paper, after, " ".repeat(column));
}

function withRemark(line: string, remark: string | undefined): string {
  return remark === undefined ? line : `${line} ${remark}`;
}

/** A value within one line. */
function inline(content: Content): string {
  switch (content.type) {
    case "none":
      return "";
    case "map":
    case "list":
      return inlineCollection(content);
    default:
      return content.lines.join(" ");
  }
}

function inlineCollection({ type, entries }: Collection): string {
  const parts = entries.map(({ key, props, content }) => {
    const value = inline(content) || (props === "" ? "null" : "");
    return [type === "map" ? `${key}:` : "", props, value].filter((part) => part !== "").join(" ");
  });
  return type === "map" ? `{ ${parts.join(", ")} }` : `[${parts.join(", ")}]`;
}
