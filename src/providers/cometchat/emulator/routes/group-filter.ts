import { invalidAttribute } from "../refusal.ts";
import type { Call } from "../route.ts";
import type { StoredGroup } from "../state.ts";

/** The groups that a list call selects, in its order. */
export function groupRows(call: Call): readonly StoredGroup[] {
  const { query, state, world } = call;
  const filter = world.dialect === "vendor" ? vendorFilter(call) : search(call, ["guid", "name"]);
  const order = world.dialect === "vendor" ? vendorOrder(call) : undefined;
  return world.lists.rows(`groups/${call.actor ?? ""}?${query.filterKey()}`, () => {
    const groups = [...state.groups.values()].filter(filter);
    return order === undefined ? groups : groups.sort(order);
  });
}

function vendorFilter(call: Call): (group: StoredGroup) => boolean {
  const { query, actor } = call;
  const types = [...query.list("types"), ...query.list("type")];
  const tags = query.list("tags");
  const searchIn = query.list("searchIn");
  const isFound = search(call, searchIn.length === 0 ? ["guid", "name"] : searchIn);
  const onlyJoined = query.flag("hasJoined");
  if (onlyJoined && actor === undefined) {
    throw invalidAttribute("hasJoined", "hasJoined needs the onBehalfOf header.");
  }
  const isAfterCursor = cursorFilter(call);
  return (group) =>
    (types.length === 0 || types.includes(group.type)) &&
    (tags.length === 0 || tags.some((tag) => group.tags.includes(tag))) &&
    isVisible(group, actor, onlyJoined) &&
    isAfterCursor(group) &&
    isFound(group);
}

// Documented: private groups are unlisted; calls of the app itself see them (inferred).
function isVisible(group: StoredGroup, actor: string | undefined, onlyJoined: boolean): boolean {
  if (actor === undefined || group.members.has(actor)) return true;
  return !onlyJoined && group.type !== "private";
}

function cursorFilter(call: Call): (group: StoredGroup) => boolean {
  const asked = call.query.text("updatedAt");
  if (asked === undefined) return () => true;
  if (!/^\d+$/.test(asked)) {
    throw invalidAttribute("updatedAt", "The updatedAt must be an integer.");
  }
  const updatedAt = Number(asked);
  return call.query.text("affix") === "append"
    ? (group) => group.updatedAt > updatedAt
    : (group) => group.updatedAt < updatedAt;
}

function vendorOrder(call: Call): ((a: StoredGroup, b: StoredGroup) => number) | undefined {
  const { query } = call;
  const direction = query.text("sortOrder") === "desc" ? -1 : 1;
  switch (query.text("sortBy")) {
    case "name":
      return (a, b) => direction * compare(a.name, b.name);
    case "guid":
      return (a, b) => direction * compare(a.guid, b.guid);
    case "createdAt":
      return (a, b) => direction * (a.createdAt - b.createdAt);
    default:
      return cursorOrder(call);
  }
}

function cursorOrder(call: Call): ((a: StoredGroup, b: StoredGroup) => number) | undefined {
  if (call.query.text("updatedAt") === undefined) return undefined;
  return call.query.text("affix") === "append"
    ? (a, b) => a.updatedAt - b.updatedAt
    : (a, b) => b.updatedAt - a.updatedAt;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function search(call: Call, searchIn: readonly string[]): (group: StoredGroup) => boolean {
  const key = call.query.text("searchKey")?.toLowerCase() ?? "";
  if (key === "") return () => true;
  const inGuid = searchIn.includes("guid");
  const inName = searchIn.includes("name");
  return (group) =>
    (inGuid && group.guid.startsWith(key)) || (inName && group.name.toLowerCase().startsWith(key));
}
