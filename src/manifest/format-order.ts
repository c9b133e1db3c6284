import type { JsonObject } from "../model/json.ts";
import { splitHead } from "./format-remarks.ts";
import type { Collection, Content, Entry } from "./format-tree.ts";
import { childOf, follow, propertiesOf } from "./schema-walk.ts";

/** What stands at the top comes in this order, then the sections, then what is an exception to them. */
const first = [
  "version",
  "stack",
  "provider",
  "include",
  "variables",
  "policy",
  "defaults",
  "forget",
  "generate",
];
const last = ["environments"];

/** Puts the attributes that the schema names into its order; all else keeps its own, behind them. */
export function orderTree(root: Collection, schema: JsonObject): Collection {
  return orderCollection(root, { root: schema, schema, isTop: true });
}

interface Place {
  readonly root: JsonObject;
  readonly schema: JsonObject;
  /** Whether it is a manifest, be it within an environment. */
  readonly isTop: boolean;
}

function orderCollection(collection: Collection, place: Place): Collection {
  const entries = collection.entries.map((entry) => ({
    ...entry,
    content: orderContent(entry, collection.type, place),
  }));
  return {
    ...collection,
    entries: collection.type === "map" ? orderEntries(entries, place) : entries,
  };
}

function orderContent({ name, content }: Entry, type: Collection["type"], place: Place): Content {
  if (content.type !== "map" && content.type !== "list") {
    return content;
  }
  const { root, schema, isTop } = place;
  if (type === "list") {
    return orderCollection(content, { root, schema: follow(root, schema["items"]), isTop: false });
  }
  if (isTop && last.includes(name)) {
    return orderCollection(content, { root, schema: { additionalProperties: root }, isTop: false });
  }
  const inner = childOf(root, schema, name);
  return orderCollection(content, { root, schema: inner, isTop: inner === root });
}

function orderEntries(entries: readonly Entry[], { schema, isTop }: Place): readonly Entry[] {
  const names = Object.keys(propertiesOf(schema));
  const ranks = new Map((isTop ? orderTop(names) : names).map((name, index) => [name, index]));
  const rankOf = ({ name }: Entry) => (name === "<<" ? -1 : (ranks.get(name) ?? ranks.size));
  const ordered = entries.toSorted((one, other) => rankOf(one) - rankOf(other));
  const isSame = ordered.every((entry, index) => entry === entries[index]);
  if (ranks.size === 0 || isSame || !meansSame(entries, ordered)) {
    return entries;
  }
  return keepHead(entries, ordered);
}

function orderTop(names: readonly string[]): readonly string[] {
  const others = names.filter((name) => !first.includes(name) && !last.includes(name));
  return [...first, ...others, ...last];
}

/**
 * A comment at the beginning that an empty line follows is about the whole, and stays where it is; an empty
 * line that parted two neighbours is gone with the neighbour.
 */
function keepHead(entries: readonly Entry[], ordered: readonly Entry[]): readonly Entry[] {
  const { head, lead } = splitHead(entries[0]?.lead ?? []);
  const neighbours = new Map(entries.map((entry, index) => [entry, entries[index - 1]]));
  return ordered.map((entry, index) => {
    const above = entry === entries[0] ? lead : entry.lead;
    const begin = above.findIndex(({ text }) => text !== "");
    const comments = begin === -1 ? [] : above.slice(begin);
    if (index === 0) {
      return { ...entry, lead: [...head, ...comments] };
    }
    const isNeighbour = ordered[index - 1] === neighbours.get(entry);
    return { ...entry, lead: isNeighbour || begin !== -1 ? above : comments };
  });
}

/** Whether every alias stands for the same in either order, behind the map as well. */
function meansSame(entries: readonly Entry[], ordered: readonly Entry[]): boolean {
  const marks = new Map(entries.map((entry) => [entry, marksIn(entry)]));
  if ([...marks.values()].every((own) => own.length === 0)) {
    return true;
  }
  const before = resolveAliases(entries, marks);
  const after = resolveAliases(ordered, marks);
  return [...before].every(([key, leads]) =>
    leads.every((entry, index) => after.get(key)?.[index] === entry),
  );
}

type Leads = ReadonlyMap<Entry | string, readonly (Entry | undefined)[]>;

/** The entries that the aliases in each entry lead to, and those that an anchor's name leads to at the end. */
function resolveAliases(
  entries: readonly Entry[],
  marks: ReadonlyMap<Entry, readonly string[]>,
): Leads {
  const found = new Map<Entry | string, (Entry | undefined)[]>();
  for (const entry of entries) {
    const leads: (Entry | undefined)[] = [];
    found.set(entry, leads);
    for (const mark of marks.get(entry) ?? []) {
      if (mark.startsWith("&")) {
        found.set(mark.slice(1), [entry]);
      } else {
        leads.push(found.get(mark.slice(1))?.[0]);
      }
    }
  }
  return found;
}

/** Anchors with their `&` and aliases with their `*`, in the order of the text. */
function marksIn({ key, props, content }: Entry): readonly string[] {
  const anchors = `${key} ${props}`.split(" ").filter((part) => part.startsWith("&"));
  if (content.type === "map" || content.type === "list") {
    return [...anchors, ...content.entries.flatMap(marksIn)];
  }
  const [text = ""] = content.type === "text" ? content.lines : [];
  return text.startsWith("*") ? [...anchors, text] : anchors;
}
