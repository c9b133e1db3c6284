import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

/** A point of a drawing. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything of a graph goes. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The upper left corner of each box. */
  readonly places: ReadonlyMap<string, Point>;
  /** The points each line goes through, from box to box. */
  readonly lines: readonly { readonly edge: GraphEdge; readonly points: readonly Point[] }[];
}

/** How large boxes are drawn. */
export const boxSize = { width: 224, height: 46 } as const;
const gapX = 72;
const gapY = 14;
const bendHeight = 18;
const sweeps = 6;
/** What waits for nothing, and for which nothing waits, stands in rows of so many. */
const looseColumnsMin = 3;

/** Something in a column: a box, or the bend of a line that goes past it. */
interface Slot {
  readonly id: string;
  readonly isBend: boolean;
}

/**
 * Columns from left to right, a layer each; lines that span several bend in each of them:
 *
 *     [role] ──▶ [user] ──▶ [group]
 *          ╲─────  ○  ─────▶ [hook]
 */
export function layOut(graph: Graph): Layout {
  const edges = reduce(graph.edges);
  const tied = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const bound = graph.nodes.filter(({ id }) => tied.has(id));
  const loose = graph.nodes.filter(({ id }) => !tied.has(id));
  const { columns, chains } = toColumns(bound, edges);
  const centres = placeColumns(untangle(columns, chains));
  const places = new Map(
    bound.map(({ id }) => {
      const { x = 0, y = 0 } = centres.get(id) ?? {};
      return [id, { x, y: y - boxSize.height / 2 }] as const;
    }),
  );
  const height = heightOf(columns);
  const looseTop = height === 0 ? 0 : height + 2 * gapY;
  const across = Math.max(looseColumnsMin, columns.length);
  for (const [index, { id }] of loose.entries()) {
    const x = (index % across) * (boxSize.width + gapX);
    places.set(id, { x, y: looseTop + Math.floor(index / across) * (boxSize.height + gapY) });
  }
  const looseRows = Math.ceil(loose.length / across);
  const wide = Math.max(columns.length, Math.min(loose.length, across));
  return {
    width: Math.max(0, wide * (boxSize.width + gapX) - gapX),
    height: looseRows === 0 ? height : looseTop + looseRows * (boxSize.height + gapY) - gapY,
    places,
    lines: edges.map((edge) => ({ edge, points: pointsOf(chains.get(edge) ?? [], centres) })),
  };
}

/** Without lines that say no more than others together do: what is needed anyway, or waited for anyway. */
function reduce(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const followers = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    followers.set(edge.from, [...(followers.get(edge.from) ?? []), edge]);
  }
  return edges.filter((edge) => {
    const fits = (one: GraphEdge): boolean => one.isNeeded || !edge.isNeeded;
    const seen = new Set<string>();
    const open = (followers.get(edge.from) ?? []).filter((one) => one !== edge && fits(one));
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (one.to === edge.to) return false;
      if (seen.has(one.to)) continue;
      seen.add(one.to);
      open.push(...(followers.get(one.to) ?? []).filter(fits));
    }
    return true;
  });
}

type Chains = ReadonlyMap<GraphEdge, readonly string[]>;

function toColumns(nodes: readonly GraphNode[], edges: readonly GraphEdge[]) {
  const layers = [...new Set(nodes.map(({ layer }) => layer))].sort((one, other) => one - other);
  const columnOf = new Map(nodes.map(({ id, layer }) => [id, layers.indexOf(layer)]));
  const columns: Slot[][] = layers.map((layer) =>
    nodes.filter((node) => node.layer === layer).map(({ id }) => ({ id, isBend: false })),
  );
  const chains = new Map<GraphEdge, readonly string[]>();
  for (const [index, edge] of edges.entries()) {
    const bends: string[] = [];
    const end = columnOf.get(edge.to) ?? 0;
    for (let column = (columnOf.get(edge.from) ?? 0) + 1; column < end; column += 1) {
      const id = `bend ${index} ${column}`;
      columns[column]?.push({ id, isBend: true });
      bends.push(id);
    }
    chains.set(edge, [edge.from, ...bends, edge.to]);
  }
  return { columns, chains };
}

/** Each column by where its neighbours stand, to and fro: few crossings, and the same ones every time. */
function untangle(columns: Slot[][], chains: Chains): readonly (readonly Slot[])[] {
  const [before, after] = neighboursIn(chains);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const isForth = sweep % 2 === 0;
    const ranks = new Map<string, number>();
    for (const column of isForth ? columns : columns.toReversed()) {
      sortColumn(column, isForth ? before : after, ranks);
    }
  }
  return columns;
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

/** What each slot is tied to in the columns to its left, and to its right. */
function neighboursIn(chains: Chains): readonly [before: Neighbours, after: Neighbours] {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const chain of chains.values()) {
    for (const [index, id] of chain.slice(1).entries()) {
      const previous = chain[index] ?? "";
      before.set(id, [...(before.get(id) ?? []), previous]);
      after.set(previous, [...(after.get(previous) ?? []), id]);
    }
  }
  return [before, after];
}

function sortColumn(column: Slot[], neighbours: Neighbours, ranks: Map<string, number>): void {
  const weights = new Map(
    column.map(({ id }, index) => {
      const near = (neighbours.get(id) ?? []).map((one) => ranks.get(one) ?? 0);
      const sum = near.reduce((total, rank) => total + rank, 0);
      return [id, near.length === 0 ? (index + 0.5) / column.length : sum / near.length];
    }),
  );
  column.sort((one, other) => (weights.get(one.id) ?? 0) - (weights.get(other.id) ?? 0));
  for (const [rank, { id }] of column.entries()) {
    ranks.set(id, (rank + 0.5) / column.length);
  }
}

function heightIn(column: readonly Slot[]): number {
  const sum = column.reduce((all, { isBend }) => all + (isBend ? bendHeight : boxSize.height), 0);
  return sum + Math.max(0, column.length - 1) * gapY;
}

function heightOf(columns: readonly (readonly Slot[])[]): number {
  return Math.max(0, ...columns.map(heightIn));
}

/** The middle of the left side of each slot; every column stands in the middle of the height. */
function placeColumns(columns: readonly (readonly Slot[])[]): ReadonlyMap<string, Point> {
  const height = heightOf(columns);
  const centres = new Map<string, Point>();
  for (const [index, column] of columns.entries()) {
    let y = (height - heightIn(column)) / 2;
    for (const { id, isBend } of column) {
      const size = isBend ? bendHeight : boxSize.height;
      centres.set(id, { x: index * (boxSize.width + gapX), y: y + size / 2 });
      y += size + gapY;
    }
  }
  return centres;
}

/** Out of the right side, through both ends of each bend, into the left side. */
function pointsOf(chain: readonly string[], centres: ReadonlyMap<string, Point>): readonly Point[] {
  return chain.flatMap((id, index) => {
    const { x, y } = centres.get(id) ?? { x: 0, y: 0 };
    const right = { x: x + boxSize.width, y };
    if (index === 0) return [right];
    return index === chain.length - 1 ? [{ x, y }] : [{ x, y }, right];
  });
}
