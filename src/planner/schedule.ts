/**
 * Nodes in an order in which each comes after what it is linked to: level by level, each level in
 * the order of `compare`. `undefined` when they are linked in a circle.
 */
export function sortByLevel<Node>(
  nodes: readonly Node[],
  links: ReadonlyMap<Node, ReadonlySet<Node>>,
  compare: (a: Node, b: Node) => number,
): Node[] | undefined {
  const open = new Map(nodes.map((node) => [node, links.get(node)?.size ?? 0] as const));
  const followers = new Map<Node, Node[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) {
    for (const before of links.get(node) ?? []) followers.get(before)?.push(node);
  }
  const sorted: Node[] = [];
  let level = nodes.filter((node) => open.get(node) === 0).sort(compare);
  while (level.length > 0) {
    sorted.push(...level);
    const next: Node[] = [];
    for (const follower of level.flatMap((node) => followers.get(node) ?? [])) {
      const left = (open.get(follower) ?? 0) - 1;
      open.set(follower, left);
      if (left === 0) next.push(follower);
    }
    level = next.sort(compare);
  }
  return sorted.length === nodes.length ? sorted : undefined;
}

/** Nodes that are in a circle, or on the way from one circle to another. */
export function inCircles<Node>(
  nodes: readonly Node[],
  links: ReadonlyMap<Node, ReadonlySet<Node>>,
): readonly Node[] {
  const left = new Set(nodes);
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    const linked = new Set([...left].flatMap((node) => [...(links.get(node) ?? [])]));
    for (const node of left) {
      const isWaiting = [...(links.get(node) ?? [])].some((target) => left.has(target));
      if (!isWaiting || !linked.has(node)) left.delete(node);
    }
  }
  return [...left];
}
