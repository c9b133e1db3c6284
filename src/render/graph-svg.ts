import type { Graph, GraphNode } from "./graph.ts";
import { boxSize, type Layout, layOut, type Point } from "./graph-layout.ts";
import { html, type Markup, verbatim } from "./html/markup.ts";
import { countOf, formatCount } from "./layout.ts";
import { cutText } from "./markdown-escape.ts";

const margin = 16;
/** What fits into a box in a monospaced face. */
const titleMax = 27;
const detailMax = 31;

/** The drawing's own colours, for light and dark; a page that has it inside gives it its own. */
const style = `
  :root { --paper: #fff; --ink: #1c2126; --dim: #5b6470; --line: #9aa3ad; --card: #fff;
    --create: #1a7f37; --update: #8a6100; --delete: #b42318; --adopt: #0b6e80; }
  @media (prefers-color-scheme: dark) { :root { --paper: #0f1317; --ink: #e6e9ec; --dim: #9aa4b0;
    --line: #5b6570; --card: #171c22; --create: #4cc38a; --update: #e2b340; --delete: #ff8278; --adopt: #5cc8d9; } }
  svg { background: var(--paper); }
`;

/** How a graph is drawn, wherever it stands. */
export const graphStyle = `
  .graph text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--ink); }
  .graph .detail { font-size: 10.5px; fill: var(--dim); }
  .graph rect { fill: var(--card); stroke: var(--adopt); stroke-width: 1.25; }
  .graph .title { fill: var(--adopt); }
  .graph .create rect { stroke: var(--create); } .graph .create .title { fill: var(--create); }
  .graph .update rect { stroke: var(--update); } .graph .update .title { fill: var(--update); }
  .graph .delete rect { stroke: var(--delete); } .graph .delete .title { fill: var(--delete); }
  .graph path.line { fill: none; stroke: var(--line); stroke-width: 1.25; }
  .graph path.after { stroke-dasharray: 4 3; }
  .graph marker path { fill: var(--line); }
`;

/** A graph as a file of its own. */
export function renderSvg(graph: Graph): string {
  const { markup } = drawGraph(graph, { style: style + graphStyle });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${markup}\n`;
}

/** A graph as a part of a page, or with a style as a whole. */
export function drawGraph(graph: Graph, options: { readonly style?: string } = {}): Markup {
  const layout = layOut(graph);
  const [width, height] = [layout.width + 2 * margin, layout.height + 2 * margin];
  const box = `${-margin} ${-margin} ${width} ${height}`;
  const own = options.style === undefined ? [] : [html`<style>${verbatim(options.style)}</style>`];
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="graph" role="img" aria-label="${describeGraph(graph)}" width="${width}" height="${height}" viewBox="${box}">${own}
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0.8 7 4 0 7.2z"/></marker></defs>
${layout.lines.map(({ edge, points }) => html`<path class="line${edge.isNeeded ? "" : " after"}" marker-end="url(#arrow)" d="${pathOf(points)}"/>\n`)}${graph.nodes.map((node) => drawNode(node, layout))}</svg>`;
}

/** What a drawing shows, in a sentence for who does not see it. */
function describeGraph({ nodes, edges, steps, fold }: Graph): string {
  const boxes = fold === "step" ? "" : ` in ${formatCount(nodes.length)} boxes`;
  return `What waits for what: ${countOf(steps, "call")}${boxes}, ${countOf(edges.length, "line")} between them`;
}

function drawNode({ id, action, title, detail }: GraphNode, { places }: Layout): Markup {
  const { x, y } = places.get(id) ?? { x: 0, y: 0 };
  const { width, height } = boxSize;
  return html`<g class="${action}" transform="translate(${x} ${y})"><title>${title}: ${detail}</title><rect width="${width}" height="${height}" rx="7"/><text class="title" x="12" y="20">${cutText(title, titleMax)}</text><text class="detail" x="12" y="36">${cutText(detail, detailMax)}</text></g>\n`;
}

/** Level where it leaves and where it arrives. */
function pathOf(points: readonly Point[]): string {
  const [first = { x: 0, y: 0 }, ...rest] = points;
  let { x, y } = first;
  const parts = [`M${x} ${y}`];
  for (const point of rest) {
    const middle = (x + point.x) / 2;
    parts.push(
      y === point.y ? `H${point.x}` : `C${middle} ${y} ${middle} ${point.y} ${point.x} ${point.y}`,
    );
    ({ x, y } = point);
  }
  return parts.join("");
}
