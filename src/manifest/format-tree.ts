import type { Remark } from "./format-remarks.ts";

/** What stands behind a key or a dash. */
export type Content =
  | { readonly type: "none" }
  | {
      readonly type: "text";
      readonly lines: readonly string[];
      /** The value begins in the line below its key. */
      readonly isBelow: boolean;
    }
  | { readonly type: "block"; readonly header: string; readonly lines: readonly string[] }
  | Collection;

/** A map or a list, in lines or within brackets. */
export interface Collection {
  readonly type: "map" | "list";
  readonly isInline: boolean;
  readonly entries: readonly Entry[];
  /** Comments behind its last entry. */
  readonly foot: readonly Remark[];
}

/** An entry of a map or an item of a list, with the comments that go where it goes. */
export interface Entry {
  /** Comments and empty lines above it. */
  readonly lead: readonly Remark[];
  /** The key as it is written, with its anchor; empty in a list. */
  readonly key: string;
  /** What the key means. */
  readonly name: string;
  /** Anchor and tag of the value. */
  readonly props: string;
  readonly content: Content;
  /** The comment behind it. */
  readonly remark: string | undefined;
  /** Comments below it that stand further in than it does. */
  readonly after: readonly Remark[];
}

/** A text as a tree that keeps every comment. */
export interface FormatTree {
  /** Directives, the mark at the beginning and what stands above it. */
  readonly prologue: readonly Remark[];
  readonly root: Collection;
}

/** Whether it is a map or a list in lines. */
export function isBlock(content: Content): content is Collection {
  return (content.type === "map" || content.type === "list") && !content.isInline;
}
