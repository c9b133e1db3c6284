import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import type { Attributes } from "../../model/resource.ts";

const TAG_PREFIX = "cometform:";
const METADATA_KEY = "cometform";

/** Where a kind carries its ownership mark in a dialect. */
export type MarkPlace = "tags" | "metadata";

/** Attributes without marks, and the marks that were found. */
export interface Unmarked {
  readonly attributes: Attributes;
  readonly stack?: string;
  /** The mark's own parts of `tags` and `metadata`, to go back into every write of these. */
  readonly reserved?: Attributes;
}

/** Takes the marks out of what was read; they are recognised in either place. */
export function takeMarks(attributes: Attributes): Unmarked {
  const tags = toTexts(attributes["tags"]);
  const metadata = isJsonObject(attributes["metadata"]) ? attributes["metadata"] : {};
  const markTags = tags.filter((tag) => tag.startsWith(TAG_PREFIX));
  const markValue = metadata[METADATA_KEY];
  if (markTags.length === 0 && markValue === undefined) return { attributes };
  const { [METADATA_KEY]: _, ...otherMetadata } = metadata;
  const stack = stackOf(markValue) ?? markTags[0]?.slice(TAG_PREFIX.length);
  return {
    attributes: {
      ...attributes,
      ...(markTags.length === 0 ? {} : { tags: tags.filter((tag) => !markTags.includes(tag)) }),
      ...(markValue === undefined ? {} : { metadata: otherMetadata }),
    },
    ...(stack === undefined ? {} : { stack }),
    reserved: {
      ...(markTags.length === 0 ? {} : { tags: markTags }),
      ...(markValue === undefined ? {} : { metadata: { [METADATA_KEY]: markValue } }),
    },
  };
}

function stackOf(mark: Json | undefined): string | undefined {
  if (typeof mark === "string") return mark;
  const stack = isJsonObject(mark) ? mark["stack"] : undefined;
  return typeof stack === "string" ? stack : undefined;
}

/** Tags as they are written: the planned ones, marks that were there, and a mark to be set. */
export function markTags(
  planned: Json | undefined,
  reserved: Attributes | undefined,
  mark: string | undefined,
): string[] {
  const marks = [...toTexts(reserved?.["tags"]), ...(mark ? [`${TAG_PREFIX}${mark}`] : [])];
  return [...new Set([...toTexts(planned), ...marks])].sort();
}

/** Metadata as it is written: the planned keys, a mark that was there, and a mark to be set. */
export function markMetadata(
  planned: Json | undefined,
  reserved: Attributes | undefined,
  mark: string | undefined,
): JsonObject {
  const kept = reserved?.["metadata"];
  return {
    ...(isJsonObject(planned) ? planned : {}),
    ...(isJsonObject(kept) ? kept : {}),
    ...(mark ? { [METADATA_KEY]: { stack: mark } } : {}),
  };
}

/** The texts of a list; an empty list for anything else. */
export function toTexts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
