import { isJsonObject, type Json, type JsonObject, sortKeys } from "../../../model/json.ts";
import type { Change } from "../../../model/plan.ts";
import { type MarkPlace, markMetadata, markTags } from "../marks.ts";
import { rootsOf } from "./change.ts";

/** How a kind's attributes go into request bodies. */
export interface BodyShape {
  /** Where the ownership mark goes, if anywhere. */
  readonly markIn: MarkPlace | undefined;
  /** Attributes that are cleared by naming them in `unset` (documented). */
  readonly unset: readonly string[];
}

/** The body of a creating call: everything planned, marks included. */
export function createBody(change: Change, shape: BodyShape): JsonObject {
  const names = new Set(Object.keys(change.planned));
  if (change.mark !== undefined && shape.markIn !== undefined) names.add(shape.markIn);
  const values = [...names].sort().map((name) => [name, written(change, name, shape)] as const);
  return Object.fromEntries(values.filter(([, value]) => !isEmpty(value)));
}

/** The body of an updating call: what differs, and what rides along with it; empty if nothing is. */
export function updateBody(
  change: Change,
  shape: BodyShape,
  also: readonly string[] = [],
): JsonObject {
  const names = new Set([...rootsOf(change), ...also]);
  if (change.mark !== undefined && shape.markIn !== undefined) names.add(shape.markIn);
  const body: { [name: string]: Json } = {};
  const unset: string[] = [];
  for (const name of [...names].sort()) {
    const value = written(change, name, shape);
    if (!isEmpty(value)) body[name] = value;
    else if (shape.unset.includes(name)) unset.push(name);
    // Not documented: that an empty list clears tags and an empty text a status message (inferred).
    else body[name] = name === "tags" ? [] : "";
  }
  return unset.length === 0 ? body : { ...body, unset };
}

function written(change: Change, name: string, { markIn }: BodyShape): Json {
  const planned = change.planned[name];
  const reserved = change.live?.reserved;
  const mark = name === markIn ? change.mark : undefined;
  if (name === "tags") return markTags(planned, reserved, mark);
  if (name === "metadata") return sortKeys(markMetadata(planned, reserved, mark));
  return sortKeys(planned ?? null);
}

function isEmpty(value: Json): boolean {
  if (value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}
