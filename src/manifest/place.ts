import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import type { ComposedText } from "./compose.ts";
import { isMergeKey, toKeyText } from "./key.ts";
import type { Places } from "./locations.ts";
import { toRange } from "./source.ts";

/** The end of a path in the syntax tree, or as near to it as the tree goes. */
interface Place {
  /** How many steps of the path lead there. */
  readonly steps: number;
  readonly value: Node | null;
  /** The key that the value belongs to, if it is in a map. */
  readonly key?: Node;
}

type Entry = Pair<Node, Node | null>;
type Step = (node: Node | null, name: string) => Omit<Place, "steps"> | undefined;

/** Finds places in one text; each map is indexed when it is first asked for. */
export function createLocator(source: ComposedText): Places {
  const step = createStep(source);
  const find = (path: readonly string[]): Place => {
    let place: Place = { steps: 0, value: source.root };
    for (const name of path) {
      const next = step(place.value, name);
      if (next === undefined) {
        return place;
      }
      place = { ...next, steps: place.steps + 1 };
    }
    return place;
  };
  return {
    reach: (path) => find(path).steps,
    locate: (path) => valueRange(find(path), source),
    locateKey: (path) => keyRange(find(path), source),
    isUnresolved(path) {
      const { steps, value } = find(path);
      return steps === path.length && value !== null && source.unresolved.has(value);
    },
    written: (path) => writtenText(find(path), source),
    template(path) {
      const node = resolve(find(path).value, source);
      return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
    },
  };
}

/** The paths that lead to some of a text's nodes, through aliases and merges as well. */
export function findNodes(
  source: ComposedText,
  nodes: ReadonlySet<Node>,
): readonly (readonly string[])[] {
  const step = createStep(source);
  const found: (readonly string[])[] = [];
  const search = (value: Json, node: Node | null, path: readonly string[]): void => {
    const resolved = resolve(node, source);
    if (resolved !== null && nodes.has(resolved)) {
      found.push(path);
    }
    const inner = Array.isArray(value) || isJsonObject(value) ? Object.entries<Json>(value) : [];
    for (const [name, one] of inner) {
      search(one, step(node, name)?.value ?? null, [...path, name]);
    }
  };
  if (nodes.size > 0) {
    search(source.value, source.root, []);
  }
  return found;
}

/** The node itself, or the one that an alias stands for. */
function resolve(node: Node | null, { aliases }: ComposedText): Node | null {
  return isAlias(node) ? (aliases.get(node) ?? node) : node;
}

function createStep(source: ComposedText): Step {
  const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Entry>>();

  function indexOf(map: YAMLMap): ReadonlyMap<string, Entry> {
    const known = indexes.get(map);
    if (known !== undefined) {
      return known;
    }
    const entries = map.items as readonly Entry[];
    const index = new Map<string, Entry>();
    for (const entry of entries) {
      const key = toKeyText(entry.key);
      if (key !== undefined && !index.has(key)) {
        index.set(key, entry);
      }
    }
    const merges = entries.filter((entry) => isMergeKey(entry.key)).flatMap(mergedMaps);
    for (const [key, entry] of merges.flatMap((merged) => [...indexOf(merged)])) {
      index.set(key, index.get(key) ?? entry);
    }
    indexes.set(map, index);
    return index;
  }

  function mergedMaps(entry: Entry): readonly YAMLMap[] {
    const value = resolve(entry.value, source);
    const nodes = isSeq<Node>(value) ? value.items.map((item) => resolve(item, source)) : [value];
    return nodes.filter((node) => isMap(node));
  }

  return (node, name) => {
    const container = resolve(node, source);
    if (isMap(container)) {
      const entry = indexOf(container).get(name);
      return entry === undefined ? undefined : { key: entry.key, value: entry.value };
    }
    const item = isSeq<Node>(container) ? container.items[Number(name)] : undefined;
    return item === undefined ? undefined : { value: item };
  };
}

/** Where the key of a place stands; where it has none, its value. */
function keyRange(place: Place, source: ComposedText): SourceRange {
  return nodeRange(place.key ?? place.value, source);
}

/** Where the value of a place stands: for a scalar that has text, else the key. */
function valueRange(place: Place, source: ComposedText): SourceRange {
  const [start, end] = place.value?.range ?? [0, 0];
  const hasText = (isScalar(place.value) || isAlias(place.value)) && end > start;
  return hasText ? nodeRange(place.value, source) : keyRange(place, source);
}

/** The scalar's text as it was written, quotes included; nothing for other nodes. */
function writtenText({ value }: Place, source: ComposedText): string | undefined {
  return isScalar(value) && value.range
    ? source.text.slice(value.range[0], value.range[1])
    : undefined;
}

function nodeRange(node: Node | null, source: ComposedText): SourceRange {
  const [start, end] = node?.range ?? [0, 0];
  return toRange(source, start, end);
}
