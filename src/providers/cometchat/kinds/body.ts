import { isJsonObject, type Json, type JsonObject, sortKeys } from "../../../model/json.ts";
import type { Change } from "../../../model/plan.ts";
import { PROTECT } from "../../../model/resource.ts";
import { type Marking, type MarkPlace, markedPlaces, markMetadata, markTags } from "../marks.ts";
import { rootsOf } from "./change.ts";

/** How a kind's attributes go into request bodies. */
export interface BodyShape {
  /** Where the marks go, if anywhere. */
  readonly markIn: MarkPlace | undefined;
  /** Attributes that are cleared by naming them in `unset` (documented). */
  readonly unset: readonly string[];
}

/** The body of a creating call: everything planned, marks included. */
export function createBody(change: Change, shape: BodyShape): JsonObject {
  const marking = toMarking(change, shape);
  const names = new Set([...Object.keys(change.planned), ...markedPlaces(marking, true)]);
  names.delete(PROTECT);
  const values = [...names].sort().map((name) => [name, written(change, name, marking)] as const);
  return Object.fromEntries(values.filter(([, value]) => !isEmpty(value)));
}

/** The body of an updating call: what differs, and what rides along with it; empty if nothing is. */
export function updateBody(
  change: Change,
  shape: BodyShape,
  also: readonly string[] = [],
): JsonObject {
  const marking = toMarking(change, shape);
  const body: { [name: string]: Json } = {};
  const unset: string[] = [];
  for (const name of [...writtenNames(change, shape), ...also].sort()) {
    const value = written(change, name, marking);
    if (!isEmpty(value)) body[name] = value;
    else if (shape.unset.includes(name)) unset.push(name);
    // Not documented: that an empty list clears tags and an empty text a status message (inferred).
    else body[name] = name === "tags" ? [] : "";
  }
  return unset.length === 0 ? body : { ...body, unset };
}

/** The attributes an updating call writes; marks are written as part of what carries them. */
export function writtenNames(change: Change, shape: BodyShape): ReadonlySet<string> {
  const roots = rootsOf(change);
  const places = markedPlaces(toMarking(change, shape), roots.has(PROTECT));
  const names = new Set([...roots, ...places]);
  names.delete(PROTECT);
  return names;
}

function toMarking(change: Change, { markIn }: BodyShape): Marking {
  return {
    home: markIn,
    reserved: change.live?.reserved,
    mark: change.mark,
    isUnmarked: change.unmark !== undefined,
    isProtected: change.planned[PROTECT] === true,
  };
}

function written(change: Change, name: string, marking: Marking): Json {
  const planned = change.planned[name];
  if (name === "tags") return markTags(planned, marking);
  if (name === "metadata") return sortKeys(markMetadata(planned, marking));
  return sortKeys(planned ?? null);
}

function isEmpty(value: Json): boolean {
  if (value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}
