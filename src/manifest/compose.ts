import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import {
  type Anchored,
  type Composition,
  enterOverlay,
  type ParsedText,
  rangeOf,
  report,
} from "./composition.ts";
import { formatPlace } from "./diagnostics.ts";
import type { VariableScope } from "./interpolate.ts";
import { isMergeKey, reservedKeys, toKeyText } from "./key.ts";
import { composeScalar } from "./scalar.ts";

/** A parsed text with its plain value, and what is needed to find places in it again. */
export interface ComposedText extends ParsedText {
  readonly value: JsonObject;
  /** What each alias stands for. */
  readonly aliases: ReadonlyMap<Alias, Node>;
  /** Nodes whose value could not be told; what is wrong with them has been said. */
  readonly unresolved: ReadonlySet<Node>;
  /** Texts with sensitive variables in them. */
  readonly sensitive: ReadonlySet<Node>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Values are nested this deep at most. */
export const depthMax = 100;
const repeatedMax = 1_000_000;

/** Turns the syntax tree into a plain value: aliases followed, merges done, variables replaced. */
export function composeText(source: ParsedText, scope?: VariableScope): ComposedText {
  const composition: Composition = {
    source,
    scope,
    anchors: new Map(),
    aliases: new Map(),
    unresolved: new Set(),
    sensitive: new Set(),
    diagnostics: [],
    size: 0,
    nodes: 0,
    isFull: false,
    overlay: [],
    isIncluding: false,
  };
  const value = composeNode(source.root, composition, 0);
  const { aliases, unresolved, sensitive, diagnostics } = composition;
  const composed = { aliases, unresolved, sensitive, diagnostics };
  return { ...source, value: isJsonObject(value) ? value : {}, ...composed };
}

function composeNode(node: Node, composition: Composition, depth: number): Json {
  if (isAlias(node)) {
    return composeAlias(node, composition);
  }
  const sizeBefore = composition.size;
  const anchored: Anchored = { node };
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) {
    composition.anchors.set(anchor, anchored);
  }
  composition.size += 1;
  composition.nodes += 1;
  anchored.value = composeContent(node, composition, depth);
  anchored.size = composition.size - sizeBefore;
  return anchored.value;
}

function composeContent(node: Node, composition: Composition, depth: number): Json {
  if (isScalar(node)) {
    const { source, isIncluding } = composition;
    const scope = isIncluding ? undefined : composition.scope;
    const { value, problems, isSensitive } = composeScalar(node, source.text, scope);
    if (isSensitive === true) {
      composition.sensitive.add(node);
    }
    for (const problem of problems) {
      report(composition, node, problem);
    }
    return value;
  }
  if (depth >= depthMax) {
    return report(composition, node, {
      code: "manifest/too-deep",
      summary: `this is nested more than ${depthMax} levels deep`,
    });
  }
  if (isMap(node)) {
    return composeMap(node, composition, depth);
  }
  return isSeq<Node>(node)
    ? node.items.map((item) => composeNode(item, composition, depth + 1))
    : null;
}

function composeAlias(alias: Alias, composition: Composition): Json {
  const anchored = composition.anchors.get(alias.source);
  if (anchored === undefined) {
    return report(composition, alias, {
      code: "manifest/unknown-anchor",
      // Without its name: a password that begins with * looks like an alias.
      summary: "there is no anchor for this alias before it",
      hint: "a text that begins with * has to be in quotes",
    });
  }
  if (anchored.size === undefined || anchored.value === undefined) {
    return report(composition, alias, {
      code: "manifest/alias-cycle",
      summary: "this alias stands inside the value it repeats",
    });
  }
  composition.aliases.set(alias, anchored.node);
  composition.size += anchored.size;
  if (composition.size - composition.nodes > repeatedMax) {
    return reportFull(composition, alias);
  }
  if (composition.unresolved.has(anchored.node)) {
    composition.unresolved.add(alias);
  }
  return anchored.value;
}

function reportFull(composition: Composition, alias: Alias): null {
  if (!composition.isFull) {
    composition.isFull = true;
    report(composition, alias, {
      code: "manifest/too-many-aliases",
      summary: "the aliases up to here repeat more than a million values",
      hint: "write the values out, or repeat smaller ones",
    });
  }
  return null;
}

function composeMap(map: YAMLMap, composition: Composition, depth: number): JsonObject {
  const composed: { [key: string]: Json } = {};
  const seen = new Map<string, Node>();
  const merged: JsonObject[] = [];
  for (const pair of map.items as readonly Pair<Node, Node | null>[]) {
    const key = readKey(pair.key, seen, composition);
    if (key === undefined) {
      continue;
    }
    enterOverlay(key, composition, depth);
    const value = pair.value === null ? null : composeNode(pair.value, composition, depth + 1);
    if (isMergeKey(pair.key)) {
      merged.push(...toMerged(value, pair.key, composition));
    } else {
      composed[key] = value;
    }
  }
  for (const [key, value] of merged.flatMap((source) => Object.entries(source))) {
    if (!Object.hasOwn(composed, key)) {
      composed[key] = value;
    }
  }
  return composed;
}

/** The key as text, unless it cannot be one; that is reported. */
function readKey(
  node: Node,
  seen: Map<string, Node>,
  composition: Composition,
): string | undefined {
  const key = toKeyText(node);
  if (key === undefined) {
    report(composition, node, {
      code: "manifest/bad-key",
      summary: "this cannot be a key",
      hint: "a key is a plain text; write it in quotes if it looks like something else",
    });
    return undefined;
  }
  if (reservedKeys.has(key)) {
    report(composition, node, {
      code: "manifest/reserved",
      summary: `the key "${key}" is reserved`,
      detail: "It means something else to programs that read the value.",
    });
    return undefined;
  }
  const first = seen.get(key);
  if (first !== undefined) {
    report(composition, node, {
      code: "manifest/duplicate-key",
      summary: `"${key}" is given twice`,
      hint: `first at ${formatPlace(rangeOf(first, composition.source))}`,
    });
    return undefined;
  }
  seen.set(key, node);
  return key;
}

function toMerged(value: Json, key: Node, composition: Composition): readonly JsonObject[] {
  const sources: readonly Json[] = Array.isArray(value) ? value : [value];
  const maps = sources.filter(isJsonObject);
  if (maps.length < sources.length) {
    report(composition, key, {
      code: "manifest/bad-merge",
      summary: '"<<" merges maps only',
      hint: "give it an alias of a map, or a list of them",
    });
  }
  composition.size += maps.reduce((size, map) => size + Object.keys(map).length, 0);
  return maps;
}
