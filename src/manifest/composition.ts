import type { Alias, Node, YAMLMap } from "yaml";
import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import type { Json } from "../model/json.ts";
import { UNSET, type VariableScope } from "./interpolate.ts";
import type { ScalarProblem } from "./scalar.ts";
import { type IndexedText, toRange } from "./source.ts";

/** A text and its syntax tree, of which the top is a map. */
export interface ParsedText extends IndexedText {
  readonly root: YAMLMap;
}

/** What an anchor stands for. */
export interface Anchored {
  readonly node: Node;
  value?: Json;
  /** How many values it stands for, those behind aliases included; not known while it is open. */
  size?: number;
}

/** A text on its way to becoming a value. */
export interface Composition {
  readonly source: ParsedText;
  /** Without it, what looks like a variable is text. */
  readonly scope: VariableScope | undefined;
  readonly anchors: Map<string, Anchored>;
  readonly aliases: Map<Alias, Node>;
  readonly unresolved: Set<Node>;
  readonly sensitive: Set<Node>;
  readonly diagnostics: Diagnostic[];
  /** Values so far, each counted as often as it would be written without aliases. */
  size: number;
  nodes: number;
  isFull: boolean;
  /** The overlay it is in, by the keys that lead there. */
  overlay: readonly string[];
  /** Whether it is in `include`, which is read before variables are: there they are text. */
  isIncluding: boolean;
}

/** Keeps which overlay, or what else of the top, the value of this key is in. */
export function enterOverlay(key: string, composition: Composition, depth: number): void {
  if (depth === 0) {
    composition.overlay = key === "environments" ? [key] : [];
    composition.isIncluding = key === "include";
  } else if (depth === 1 && composition.overlay.length > 0) {
    composition.overlay = [...composition.overlay.slice(0, 1), key];
  }
}

/** Records the problem; the value of the node is then unknown, and `null` stands in for it. */
export function report(composition: Composition, node: Node, problem: ScalarProblem): null {
  const { start, end, isTold, ...words } = problem;
  const [from, to] = node.range ?? [0, 0];
  composition.unresolved.add(node);
  if (isTold === true || isIdle(composition, problem.code)) {
    return null;
  }
  composition.diagnostics.push({
    severity: "error",
    ...words,
    range: toRange(composition.source, start ?? from, end ?? to),
  });
  return null;
}

/** What is not used needs no values for its variables. */
function isIdle({ overlay, scope }: Composition, code: string): boolean {
  const [, environment] = overlay;
  return code === UNSET && environment !== undefined && environment !== scope?.env;
}

/** Where a node stands. */
export function rangeOf(node: Node, source: ParsedText): SourceRange {
  return toRange(source, node.range?.[0] ?? 0, node.range?.[1] ?? 0);
}
