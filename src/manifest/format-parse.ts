import { CST, Parser } from "yaml";
import { type CollectionToken, readCollection, readProps } from "./format-read.ts";
import { type Remark, readRemarks, toRemarks } from "./format-remarks.ts";
import type { FormatTree } from "./format-tree.ts";

/** A text's tokens: its document, and what stands outside of it. */
interface Parts {
  readonly document: CST.Document | undefined;
  readonly directives: readonly Remark[];
  readonly above: readonly Remark[];
  readonly below: readonly Remark[];
}

const emptyMap: CST.BlockMap = { type: "block-map", offset: 0, indent: 0, items: [] };

/** Reads a text, which is valid and a map, as a tree; nothing of what it says is interpreted. */
export function parseFormat(text: string): FormatTree {
  const { document, directives, above, below } = readParts(text);
  const start = document?.start ?? [];
  const mark = start.findIndex(({ type }) => type === "doc-start");
  const before = [...above, ...readRemarks(text, start.slice(0, Math.max(mark, 0))).lines];
  const behind = readRemarks(text, start.slice(mark + 1));
  const props = readProps(start);
  const isMarked = mark !== -1 || props !== "";
  const { collection, rest } = readCollection(rootOf(document), {
    text,
    head: [...(isMarked ? [] : before), ...behind.lines],
    isInline: false,
  });
  const end = readRemarks(text, document?.end);
  return {
    prologue: isMarked
      ? [
          ...directives,
          ...before,
          {
            text: ["---", props, ...behind.inline].filter((part) => part !== "").join(" "),
            column: 0,
          },
        ]
      : directives,
    root: {
      ...collection,
      foot: [...collection.foot, ...rest, ...toRemarks(end.inline), ...end.lines, ...below],
    },
  };
}

function readParts(text: string): Parts {
  const directives: Remark[] = [];
  const above: Remark[] = [];
  const below: Remark[] = [];
  let document: CST.Document | undefined;
  for (const token of new Parser().parse(text)) {
    if (token.type === "document") {
      document = token;
    } else if (token.type === "directive") {
      directives.push(...above.splice(0), { text: token.source.trimEnd(), column: 0 });
    } else {
      const tokens = token.type === "doc-end" ? token.end : [token as CST.SourceToken];
      const { inline, lines } = readRemarks(text, tokens);
      (document === undefined ? above : below).push(...toRemarks(inline), ...lines);
    }
  }
  return { document, directives, above, below };
}

function rootOf(document: CST.Document | undefined): CollectionToken {
  const value = document?.value;
  return value !== undefined && CST.isCollection(value) ? value : emptyMap;
}
