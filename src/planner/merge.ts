import { isJsonObject, type Json } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Attributes } from "../model/resource.ts";

function mergeKeyed(live: Json | undefined, desired: Json): Json {
  if (!isJsonObject(desired)) return desired;
  const merged = { ...(isJsonObject(live) ? live : {}), ...desired };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** Live merged with desired: what the attributes will be once the change is made. */
export function merge(kind: KindSpec, live: Attributes, desired: Attributes): Attributes {
  const merged: { [name: string]: Json } = { ...live };
  for (const [name, value] of Object.entries(desired)) {
    const planned = kind.keyed.includes(name) ? mergeKeyed(live[name], value) : value;
    if (planned === null) delete merged[name];
    else merged[name] = planned;
  }
  return merged;
}
