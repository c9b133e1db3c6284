import type { Action } from "../model/plan.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { cutText } from "./markdown-escape.ts";

/** The colours of actions where nobody tells whether the page is light or dark: fit for both. */
const colours: { readonly [action in Action]: string } = {
  create: "#2e9e5b",
  update: "#b8860b",
  delete: "#d64545",
  adopt: "#2a93a8",
  reactivate: "#2a93a8",
  forget: "#2a93a8",
};
const labelMax = 120;

/** A graph for Mermaid, which code hosts draw in Markdown. */
export function renderMermaid({ nodes, edges }: Graph): string {
  const used = [...new Set(nodes.map(({ action }) => action))];
  const lines = [
    "flowchart LR",
    ...nodes.map((node) => `  ${node.id}["${mermaidLabel(node)}"]:::${node.action}`),
    ...edges.map(({ from, to, isNeeded }) => `  ${from} ${isNeeded ? "-->" : "-.->"} ${to}`),
    ...used.map((action) => `  classDef ${action} stroke:${colours[action]},stroke-width:2px`),
  ];
  return `${lines.join("\n")}\n`;
}

/** A graph for Graphviz. */
export function renderDot({ nodes, edges }: Graph): string {
  const lines = [
    "digraph plan {",
    "  rankdir=LR;",
    '  node [shape=box, style=rounded, fontname="monospace", fontsize=11];',
    ...nodes.map(
      (node) => `  ${node.id} [label="${dotLabel(node)}", color="${colours[node.action]}"];`,
    ),
    ...edges.map(
      ({ from, to, isNeeded }) => `  ${from} -> ${to}${isNeeded ? "" : " [style=dashed]"};`,
    ),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function mermaidLabel({ title, detail }: GraphNode): string {
  const text = (one: string): string =>
    cutText(one, labelMax).replaceAll(
      /[^\p{L}\p{N} /_.,−-]/gu,
      (character) => `#${character.codePointAt(0)};`,
    );
  return `${text(title)}<br>${text(detail)}`;
}

function dotLabel({ title, detail }: GraphNode): string {
  const text = (one: string): string =>
    cutText(one, labelMax).replaceAll(/["\\]/g, "\\$&").replaceAll("&", "&amp;");
  return `${text(title)}\\n${text(detail)}`;
}
