import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { type Attributes, type LiveResource, PROTECT } from "../../model/resource.ts";

const TAG_PREFIX = "cometform:";
/** No stack is called so: their names begin with a letter or a digit. */
const PROTECT_TAG = `${TAG_PREFIX}:protected`;
const METADATA_KEY = "cometform";

/** Where a kind carries its marks in a dialect. */
export type MarkPlace = "tags" | "metadata";

/** Attributes without marks, and the marks that were found. */
export interface Unmarked {
  readonly attributes: Attributes;
  readonly stack?: string;
  /** The marks' own parts of `tags` and `metadata`, to go back into every write of these. */
  readonly reserved?: Attributes;
}

/** Whether there is any mark, ours or not, in either place. */
export function isMarked(tags: Json | undefined, metadata: JsonObject | undefined): boolean {
  if (metadata?.[METADATA_KEY] !== undefined) return true;
  return Array.isArray(tags) && tags.some((tag) => String(tag).startsWith(TAG_PREFIX));
}

/** Takes the marks out of what was read; they are recognised in either place. */
export function takeMarks(attributes: Attributes): Unmarked {
  const tags = toTexts(attributes["tags"]);
  const metadata = isJsonObject(attributes["metadata"]) ? attributes["metadata"] : {};
  const markTags = tags.filter((tag) => tag.startsWith(TAG_PREFIX));
  const markValue = metadata[METADATA_KEY];
  if (markTags.length === 0 && markValue === undefined) return { attributes };
  const { [METADATA_KEY]: _, ...otherMetadata } = metadata;
  const reserved = {
    ...(markTags.length === 0 ? {} : { tags: markTags }),
    ...(markValue === undefined ? {} : { metadata: { [METADATA_KEY]: markValue } }),
  };
  const stack = stackOf(reserved);
  return {
    attributes: {
      ...attributes,
      ...(markTags.length === 0 ? {} : { tags: tags.filter((tag) => !markTags.includes(tag)) }),
      ...(markValue === undefined ? {} : { metadata: otherMetadata }),
      ...(placesOf(reserved, isProtecting).length === 0 ? {} : { [PROTECT]: true }),
    },
    ...(stack === undefined ? {} : { stack }),
    reserved,
  };
}

/** The stack that is named; several make a name that no stack can have, so it is nobody's to delete. */
function stackOf(reserved: Attributes): string | undefined {
  const inTags = toTexts(reserved["tags"]).filter((tag) => tag !== PROTECT_TAG);
  const inMetadata = stackIn(markIn(reserved));
  const stacks = new Set(inTags.map((tag) => tag.slice(TAG_PREFIX.length)));
  if (inMetadata !== undefined) stacks.add(inMetadata);
  return stacks.size === 0 ? undefined : [...stacks].sort().join(", ");
}

function markIn(reserved: Attributes): Json | undefined {
  const metadata = reserved["metadata"];
  return isJsonObject(metadata) ? metadata[METADATA_KEY] : undefined;
}

function stackIn(mark: Json | undefined): string | undefined {
  if (typeof mark === "string") return mark;
  const stack = isJsonObject(mark) ? mark["stack"] : undefined;
  return typeof stack === "string" ? stack : undefined;
}

interface Marks {
  readonly tags: readonly string[];
  readonly metadata: Json | undefined;
}

function isOwning({ tags, metadata }: Marks): boolean {
  return tags.some((tag) => tag !== PROTECT_TAG) || stackIn(metadata) !== undefined;
}

function isProtecting({ tags, metadata }: Marks): boolean {
  return tags.includes(PROTECT_TAG) || (isJsonObject(metadata) && metadata[PROTECT] === true);
}

function placesOf(reserved: Attributes | undefined, has: (marks: Marks) => boolean): MarkPlace[] {
  if (reserved === undefined) return [];
  const tags = has({ tags: toTexts(reserved["tags"]), metadata: undefined });
  const metadata = has({ tags: [], metadata: markIn(reserved) });
  return [...(tags ? (["tags"] as const) : []), ...(metadata ? (["metadata"] as const) : [])];
}

/** What becomes of a resource's marks. */
export interface Marking {
  /** Where the kind carries its marks; they are only ever added there. */
  readonly home: MarkPlace | undefined;
  readonly reserved: Attributes | undefined;
  /** The stack to be named. */
  readonly mark: string | undefined;
  /** Whether the stacks that are named so far go. */
  readonly isUnmarked: boolean;
  readonly isProtected: boolean;
}

/** The places that have to be written for the marks to become so, if they are not. */
export function markedPlaces(marking: Marking, isProtectionNew: boolean): readonly MarkPlace[] {
  const { home, reserved, mark, isUnmarked, isProtected } = marking;
  const isAdded = mark !== undefined || (isProtectionNew && isProtected);
  return [
    ...(isAdded && home !== undefined ? [home] : []),
    ...(isUnmarked ? placesOf(reserved, isOwning) : []),
    ...(isProtectionNew && !isProtected ? placesOf(reserved, isProtecting) : []),
  ];
}

/** Whether a stack's mark stands elsewhere than in the one place. */
export function isMarkedBeside(place: MarkPlace, { stack, reserved }: Unmarked): boolean {
  return stack !== undefined && !placesOf(reserved, isOwning).includes(place);
}

/** Whether marks can be written where metadata is not managed: it is written as a whole. */
export function isFreeToMark(home: MarkPlace | undefined, live: LiveResource): boolean {
  const owning = live.stack === undefined ? [] : placesOf(live.reserved, isOwning);
  return home !== "metadata" && !owning.includes("metadata");
}

/** Tags as they are written: the planned ones, and the marks that stay or come. */
export function markTags(planned: Json | undefined, marking: Marking): string[] {
  const { home, reserved, mark, isUnmarked, isProtected } = marking;
  const before = toTexts(reserved?.["tags"]);
  const stacks = isUnmarked ? [] : before.filter((tag) => tag !== PROTECT_TAG);
  const isHere = home === "tags" || before.includes(PROTECT_TAG);
  const marks = [
    ...stacks,
    ...(mark !== undefined && home === "tags" ? [`${TAG_PREFIX}${mark}`] : []),
    ...(isProtected && isHere ? [PROTECT_TAG] : []),
  ];
  return [...new Set([...toTexts(planned), ...marks])].sort();
}

/** Metadata as it is written: the planned keys, and the mark that stays or comes. */
export function markMetadata(planned: Json | undefined, marking: Marking): JsonObject {
  const own = isJsonObject(planned) ? planned : {};
  const mark = toMark(marking);
  return mark === undefined ? own : { ...own, [METADATA_KEY]: mark };
}

function toMark(marking: Marking): Json | undefined {
  const { home, reserved, isProtected } = marking;
  const before = reserved === undefined ? undefined : markIn(reserved);
  const wasProtecting = isProtecting({ tags: [], metadata: before });
  const protects = isProtected && (home === "metadata" || wasProtecting);
  const stack = stackAfter(marking, before);
  // What does not change goes back as it was, in whatever form.
  if (stack === stackIn(before) && protects === wasProtecting) return before;
  const { stack: _, [PROTECT]: __, ...others } = isJsonObject(before) ? before : {};
  const parts = {
    ...others,
    ...(stack === undefined ? {} : { stack }),
    ...(protects ? { [PROTECT]: true } : {}),
  };
  return Object.keys(parts).length === 0 ? undefined : parts;
}

function stackAfter({ home, mark, isUnmarked }: Marking, before: Json | undefined) {
  if (mark !== undefined && home === "metadata") return mark;
  return isUnmarked ? undefined : stackIn(before);
}

/** The texts of a list; an empty list for anything else. */
export function toTexts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
