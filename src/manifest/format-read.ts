import { CST } from "yaml";
import { arrange, type Read, type ReadEntry } from "./format-arrange.ts";
import { type Remark, readRemarks, splitFoot, toRemarks, withoutBlanks } from "./format-remarks.ts";
import { toKeyName, writeBlockScalar, writeFlowScalar, writeKey } from "./format-scalar.ts";
import { type Collection, type Content, type Entry, isBlock } from "./format-tree.ts";

type Item = CST.CollectionItem;

/** A map or a list as the parser gives it. */
export type CollectionToken = CST.BlockMap | CST.BlockSequence | CST.FlowCollection;

/** A collection, with the lines at its end that stand further out than it does. */
interface ReadCollection {
  readonly collection: Collection;
  readonly rest: readonly Remark[];
}

/** What a collection or an entry is read from and with. */
interface Place {
  readonly text: string;
  /** What stands above, and goes with the first that comes. */
  readonly head: readonly Remark[];
  readonly isInline: boolean;
}

interface ItemPlace extends Place {
  readonly isList: boolean;
  readonly indent: number;
}

/** Reads a map or a list, and all that is in it. */
export function readCollection(token: CollectionToken, place: Place): ReadCollection {
  const isFlow = token.type === "flow-collection";
  const isList = isFlow ? token.start.source === "[" : token.type === "block-seq";
  // Within brackets, indentation says nothing of what a comment belongs to.
  const indent = isFlow ? Number.POSITIVE_INFINITY : token.indent;
  const entries: Entry[] = [];
  let pending = place.head;
  for (const item of token.items) {
    pending = [...pending, ...readOpening(item, place.text, entries)];
    if (isEntry(item)) {
      const read = readEntry(item, { ...place, head: pending, isList, indent });
      entries.push(read.entry);
      pending = read.pending;
    }
  }
  const { foot, rest } = splitFoot(pending, isFlow ? 0 : indent);
  return {
    collection: { type: isList ? "list" : "map", isInline: place.isInline, entries, foot },
    rest,
  };
}

function isEntry({ start, key, sep = [], value }: Item): boolean {
  const isBegun = start.some(({ type }) =>
    ["seq-item-ind", "explicit-key-ind", "anchor", "tag"].includes(type),
  );
  return isBegun || Boolean(key) || Boolean(value) || sep.length > 0;
}

/** What stands above an item; a comment behind a comma belongs to the entry before it. */
function readOpening({ start }: Item, text: string, entries: Entry[]): readonly Remark[] {
  const { inline, lines } = readRemarks(text, start.slice(0, dashEnd(start)));
  const [remark, ...others] = inline;
  const last = entries.at(-1);
  const isBehindComma = start.some(({ type }) => type === "comma");
  const isItem = last?.key === "" && isBlock(last.content);
  if (!isBehindComma || last === undefined || last.remark !== undefined || isItem) {
    return [...toRemarks(inline), ...lines];
  }
  entries[entries.length - 1] = { ...last, remark };
  return [...toRemarks(others), ...lines];
}

/** Where an item's dash ends, if it has one, among what stands before its value. */
function dashEnd(start: readonly CST.SourceToken[]): number {
  const dash = start.findIndex(({ type }) => type === "seq-item-ind");
  return dash === -1 ? start.length : dash + 1;
}

function readEntry(item: Item, place: ItemPlace): ReadEntry {
  const { start, key, sep = [], value } = item;
  if (!place.isList) {
    return readPair(item, place);
  }
  if (key !== undefined || sep.length > 0) {
    return readLonePair(item, place);
  }
  const props = readProps(start);
  const read = readValue(value, { ...place, head: [] }, props);
  const between = readRemarks(place.text, start.slice(dashEnd(start)));
  return arrange({ read, place, between, key: "", name: "", props });
}

/** `[a: b]` is a list of a map. */
function readLonePair(item: Item, place: ItemPlace): ReadEntry {
  const { entry, pending } = readPair(
    { ...item, start: [] },
    { ...place, head: [], isList: false },
  );
  const { remark, ...pair } = entry;
  const content: Content = {
    type: "map",
    isInline: place.isInline,
    entries: [{ ...pair, lead: [], remark }],
    foot: [],
  };
  const lead = [...place.head, ...pair.lead];
  const props = readProps(item.start);
  return {
    entry: { lead, key: "", name: "", props, content, remark: undefined, after: [] },
    pending,
  };
}

function readPair({ start, key, sep, value }: Item, place: ItemPlace): ReadEntry {
  const behindKey = readRemarks(place.text, key && "end" in key ? key.end : undefined);
  const between = readRemarks(place.text, sep);
  const inline = [...behindKey.inline, ...between.inline];
  const lines = [...behindKey.lines, ...between.lines];
  const props = readProps(sep);
  const name = key ? toKeyName(key) : "";
  const written = key ? writeKey(key, name) : "";
  const below = sep?.some(({ type }) => type === "newline") === true;
  const read = readValue(
    value,
    { ...place, head: [...toRemarks(inline.slice(1)), ...lines] },
    props,
  );
  return arrange({
    read: below && read.content.type === "text" ? toBelow(read, read.content) : read,
    place,
    key: [readProps(start), written].filter((part) => part !== "").join(" "),
    name,
    props,
    between: { inline, lines },
  });
}

function toBelow(read: Read, content: Content & { readonly type: "text" }): Read {
  return { ...read, content: { ...content, isBelow: true } };
}

/** Anchors and tags, as they are written. */
export function readProps(tokens: readonly CST.SourceToken[] = []): string {
  const props = tokens.filter(({ type }) => type === "anchor" || type === "tag");
  return props.map(({ source }) => source).join(" ");
}

function readValue(token: CST.Token | null | undefined, place: Place, props: string): Read {
  const nothing = { content: { type: "none" }, inline: [], lines: [] } as const;
  if (!token) {
    return nothing;
  }
  if (token.type === "block-scalar") {
    return { ...readRemarks(place.text, propTokens(token)), content: writeBlockScalar(token) };
  }
  if (token.type === "flow-collection") {
    return readFlow(token, place);
  }
  if (CST.isCollection(token)) {
    const { collection, rest } = readCollection(token, place);
    return { content: collection, inline: [], lines: rest };
  }
  if (token.type === "alias" || CST.isScalar(token)) {
    const { inline, lines } = readRemarks(place.text, token.end);
    return {
      content: writeFlowScalar(token, { isTagged: props.includes("!"), isInline: place.isInline }),
      inline,
      lines,
    };
  }
  return nothing;
}

function propTokens({ props }: CST.BlockScalar): readonly CST.SourceToken[] {
  return props.filter((token): token is CST.SourceToken => "source" in token);
}

/** What stands within brackets in several lines is written in lines; there, comments have their places. */
function readFlow(token: CST.FlowCollection, place: Place): Read {
  const { inline, lines } = readRemarks(place.text, token.end);
  const bracket = token.end[0]?.offset ?? token.offset;
  const isInline = place.isInline || !place.text.slice(token.offset, bracket).includes("\n");
  const { collection } = readCollection(token, { ...place, isInline });
  if (collection.entries.length > 0) {
    return { content: collection, inline, lines };
  }
  const empty = collection.type === "list" ? "[]" : "{}";
  const comments = withoutBlanks(collection.foot).map(({ text }) => text);
  const content = { type: "text", lines: [empty], isBelow: false } as const;
  return { content, inline: [...comments, ...inline], lines };
}
