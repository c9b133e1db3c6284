import fc from "fast-check";
import { expect, test } from "vitest";
import type { Action, Plan } from "../../src/model/plan.ts";
import { escapeText } from "../../src/render/escape.ts";
import { toExactGraph, toGraph } from "../../src/render/graph.ts";
import { renderSvg } from "../../src/render/graph-svg.ts";
import { renderDot, renderMermaid } from "../../src/render/graph-text.ts";
import { renderHtml } from "../../src/render/html.ts";
import { markdownMax, renderMarkdown } from "../../src/render/markdown.ts";
import { connectTo } from "../support/in-process.ts";
import { load, planIt } from "../support/manifest.ts";
import { hostilePlan } from "../support/review/hostile.ts";
import {
  deletionsIn,
  headlineOf,
  pageCountsOf,
  pageHeadOf,
  proseOf,
  tableCountsOf,
  tagsIn,
  toHtml,
} from "../support/review/read-back.ts";
import { raise } from "../support/trust/play.ts";
import { toRequest } from "../support/world/requests.ts";
import { world } from "../support/world.ts";

const numRuns = Math.ceil(Number(process.env["COMETFORM_WORLDS"] ?? 240) / 20);

const actions: readonly Action[] = ["create", "update", "delete", "adopt", "reactivate", "forget"];
const limits = fc.integer({ min: 24_576, max: markdownMax });

/** Its counts, those of nothing left out. */
function countsOf({ summary }: Plan, of: readonly Action[]): { readonly [action: string]: number } {
  return Object.fromEntries(
    of.map((action) => [action, summary[action]] as const).filter(([, count]) => count > 0),
  );
}

function withoutNone(counts: { readonly [action: string]: number }) {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** Escapes that guard the beginning of a text stand elsewhere when the text is a part of another. */
const bare = (text: string): string => escapeText(text).replaceAll(/\\|\u200b/g, "");

function expectComment(plan: Plan, limit: number): void {
  const markdown = renderMarkdown(plan, { limit, next: "cometform apply" });
  expect(new TextEncoder().encode(markdown).length).toBeLessThanOrEqual(limit);
  const { listed, left } = deletionsIn(markdown);
  const deleted = plan.changes.filter(({ action }) => action === "delete");
  expect(listed.length + left, "listed and not listed add up").toBe(plan.summary.delete);
  const all = new Set(deleted.map(({ address }) => bare(address)));
  const strays = listed.map(bare).filter((address) => !all.has(address));
  expect(strays, "what is listed is deleted").toEqual([]);
  if (left === 0) {
    expect(new Set(listed.map(bare)), "every deletion is listed").toEqual(all);
  }
  if (plan.changes.length > 0 || !plan.applicable) {
    expect(withoutNone(headlineOf(markdown))).toEqual(countsOf(plan, actions));
    const kept = actions.filter((action) => action !== "delete");
    expect(tableCountsOf(markdown), "the tables add up").toEqual(countsOf(plan, kept));
  }
}

function expectPage(plan: Plan): void {
  const page = renderHtml(plan);
  expect(pageCountsOf(page), "every change stands in it once").toEqual(countsOf(plan, actions));
  if (plan.changes.length > 0) {
    expect(withoutNone(pageHeadOf(page))).toEqual(countsOf(plan, actions));
  }
}

test("a comment is never too long, lists every deletion or says how many it does not, and its counts add up", () => {
  fc.assert(fc.property(hostilePlan, limits, expectComment), { numRuns });
});

test("a page has every change of a plan, and its counts add up", () => {
  fc.assert(fc.property(hostilePlan, expectPage), { numRuns });
});

test("of the plans for random apps a comment and a page say the same as the plan", async () => {
  const holds = fc.asyncProperty(world, async (one) => {
    const session = await connectTo(await raise(one));
    const plan = await planIt(session, load(one.manifest), "apply", toRequest(one.asked));
    expectComment(plan, markdownMax);
    expectPage(plan);
  });
  await fc.assert(holds, { numRuns: 2 * numRuns });
}, 60_000);

const ours = [
  ...[
    "h3",
    "h4",
    "p",
    "strong",
    "code",
    "pre",
    "ul",
    "li",
    "blockquote",
    "br",
    "details",
    "summary",
    "b",
  ],
  ...["table", "thead", "tbody", "tr", "th", "td"],
];

test("whatever things are called, a comment has no elements but ours, no links, no mentions and whole tables", () => {
  const holds = fc.property(hostilePlan, limits, (plan, limit) => {
    const markdown = renderMarkdown(plan, { limit, next: "cometform apply" });
    const html = toHtml(markdown);
    const tags = tagsIn(html.replace(/^<!--.*?-->/, ""));
    const foreign = tags.filter((name) => !ours.includes(name.replace("/", "")));
    expect(foreign).toEqual([]);
    const opened = tags.filter((name) => name === "details").length;
    expect(tags.filter((name) => name === "/details").length).toBe(opened);
    for (const [row] of html.matchAll(/<tr>[\s\S]*?<\/tr>/g)) {
      expect(tagsIn(row).filter((name) => name === "td" || name === "th")).toHaveLength(4);
    }
    const prose = proseOf(html).replaceAll(/\[!(?:CAUTION|NOTE)\]/g, "");
    expect(prose).not.toMatch(/[@~%]\w|[#!$&]\d|GH-\d/);
    const commands = markdown.split("\n").filter((line) => /^\s*(?:\/\w|::)/.test(line));
    expect(commands).toEqual([]);
  });
  fc.assert(holds, { numRuns });
});

test("whatever things are called, a page and a drawing have no elements but ours", () => {
  const inPages = [
    ..."html head meta title style script body a header div p button h1 h2 h3 main section ul li span label input".split(
      " ",
    ),
    ..."dl dt dd ins del i details summary pre code strong figure figcaption footer".split(" "),
  ];
  const inDrawings = ["svg", "style", "defs", "marker", "path", "g", "rect", "text", "title"];
  const holds = fc.property(hostilePlan, (plan) => {
    const page = renderHtml(plan, { next: "cometform apply" });
    const names = new Set(
      tagsIn(page.replace(/<script>[\s\S]*?<\/script>/, "")).map((name) => name.replace("/", "")),
    );
    expect([...names].filter((name) => ![...inPages, ...inDrawings].includes(name))).toEqual([]);
    expect(page.match(/<script/g)).toHaveLength(1);
    const drawing = renderSvg(toGraph(plan));
    expect(tagsIn(drawing).filter((name) => !inDrawings.includes(name.replace("/", "")))).toEqual(
      [],
    );
  });
  fc.assert(holds, { numRuns });
});

test("whatever things are called, the texts of a graph have a line for each box and each line", () => {
  const holds = fc.property(hostilePlan, (plan) => {
    const graph = toGraph(plan);
    const mermaid = renderMermaid(graph).trimEnd().split("\n");
    const isPart =
      /^ {2}(?:n\d+\["[^"`<>#\\]*(?:#\d+;[^"`<>#\\]*)*<br>[^"`<>#\\]*(?:#\d+;[^"`<>#\\]*)*"\]:::\w+|n\d+ (?:-->|-\.->) n\d+|classDef \w+ \S+)$/;
    expect(mermaid.slice(1).filter((line) => !isPart.test(line))).toEqual([]);
    const exact = toExactGraph(plan);
    const dot = renderDot(exact).trimEnd().split("\n");
    const isDot =
      /^ {2}n\d+ (?:\[label="(?:[^"\\]|\\.)*", color="#\w+"\]|-> n\d+(?: \[style=dashed\])?);$/;
    expect(dot.slice(3, -1).filter((line) => !isDot.test(line))).toEqual([]);
    expect(exact.nodes).toHaveLength(plan.steps.length);
    const layers = new Map(graph.nodes.map(({ id, layer }) => [id, layer]));
    const back = graph.edges.filter(
      ({ from, to }) => (layers.get(from) ?? 0) >= (layers.get(to) ?? 0),
    );
    expect(back, "every line leads onwards").toEqual([]);
  });
  fc.assert(holds, { numRuns });
});
