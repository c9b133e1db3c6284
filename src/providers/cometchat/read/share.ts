import { isJsonObject, type Json } from "../../../model/json.ts";
import type { DesiredResource, LiveResource } from "../../../model/resource.ts";

/**
 * A resource that was read, made of what is declared as far as that is the same: of a big app that is
 * as declared, nothing is in memory twice.
 */
export function shareWith(desired: DesiredResource | undefined, live: LiveResource): LiveResource {
  if (desired === undefined || live.id !== desired.key) return live;
  const attributes: { [name: string]: Json } = {};
  for (const name in live.attributes) {
    const value = live.attributes[name] as Json;
    const declared = desired.attributes[name];
    attributes[name] = declared !== undefined && isSame(value, declared) ? declared : value;
  }
  const { address, key } = desired;
  return { ...live, address, key, id: key, attributes };
}

/** Whether two values have the same bytes as JSON. */
function isSame(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((one, at) => isSame(one, b[at]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  const others = Object.keys(b);
  if (names.length !== others.length) return false;
  return names.every((name, at) => name === others[at] && isSame(a[name] ?? null, b[name] ?? null));
}
