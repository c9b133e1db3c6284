import type { Action, Plan, PlanChange } from "../../model/plan.ts";
import { kindIn } from "../../model/resource.ts";
import { toBlockedRow } from "../blocked.ts";
import { formatBulk, formatCall, isBulk, stepsByAddress } from "../call.ts";
import { childLabel, type Entry, toEntries } from "../entry.ts";
import { type Fold, type Graph, toGraph } from "../graph.ts";
import { drawGraph } from "../graph-svg.ts";
import { countOf, formatCount } from "../layout.ts";
import { changeItem, type Surroundings } from "./change.ts";
import { html, type Markup, nothing } from "./markup.ts";

const callWidth = 200;
const order: readonly Action[] = ["create", "update", "adopt", "reactivate", "forget", "delete"];

/** The changes: what is deleted by itself first, then kind by kind. */
export function changeSections(plan: Plan): Markup {
  const surroundings = {
    steps: stepsByAddress(plan),
    stepsById: new Map(plan.steps.map((step) => [step.id, step])),
  };
  const entries = toEntries(plan.changes);
  const isDelete = ({ change }: Entry): boolean => change?.action === "delete";
  const kinds = new Map<string, Entry[]>();
  for (const entry of entries.filter((one) => !isDelete(one))) {
    const kind = kindIn(entry.address);
    const known = kinds.get(kind);
    if (known === undefined) {
      kinds.set(kind, [entry]);
    } else {
      known.push(entry);
    }
  }
  const deletions = entries.filter(isDelete);
  const sections = [...kinds].map(([kind, those], index) =>
    section({ id: `kind-${index}`, title: `${kind}s` }, those, surroundings),
  );
  const more = plan.summary.delete - countDeletes(deletions);
  const elsewhere = more === 0 ? "" : `${formatCount(more)} more among what lives in others, below`;
  const first =
    deletions.length === 0
      ? nothing
      : section({ id: "deletions", title: "Deletions", more: elsewhere }, deletions, surroundings);
  return html`${first}${sections}`;
}

function countDeletes(entries: readonly Entry[]): number {
  const changes = entries.flatMap(({ change, children }) => [change, ...children]);
  return changes.filter((one) => one?.action === "delete").length;
}

interface Heading {
  readonly id: string;
  readonly title: string;
  readonly more?: string;
}

function section(
  { id, title, more = "" }: Heading,
  entries: readonly Entry[],
  surroundings: Surroundings,
): Markup {
  const own = tally(entries.flatMap(({ change }) => change ?? []));
  const theirs = tally(entries.flatMap(({ children }) => children));
  const label = childLabel(kindIn(entries[0]?.address ?? ""));
  const texts = [own, theirs === "" ? "" : `${label}: ${theirs}`, more].filter(
    (text) => text !== "",
  );
  return html`<section class="group" data-changes aria-labelledby="${id}"><div class="head"><h2 id="${id}">${title}</h2><p class="dim">${texts.join(" · ")}</p></div>
<ul class="changes">${entries.map((entry) => changeItem(entry, surroundings))}</ul></section>\n`;
}

function tally(changes: readonly PlanChange[]): string {
  return order
    .map((action) => ({ action, count: changes.filter((one) => one.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ action, count }) => `${formatCount(count)} to ${action}`)
    .join(", ");
}

const folds: { readonly [fold in Fold]: string } = {
  step: "A box is a call.",
  parent:
    "There are too many calls for a box each: those that do the same to one kind, or to the members of one group, are drawn as one.",
  kind: "There are too many calls for a box each: those that do the same to one kind are drawn as one.",
};

/** What waits for what, drawn. */
export function graphSection(plan: Plan): Markup {
  if (plan.steps.length === 0) {
    return nothing;
  }
  const graph: Graph = toGraph(plan);
  return html`<section class="group" aria-labelledby="graph"><div class="head"><h2 id="graph">What waits for what</h2><p class="dim">${countOf(plan.steps.length, "call")}</p></div>
<figure><div class="frame" tabindex="0" role="group" aria-labelledby="graph">${drawGraph(graph)}</div><figcaption>${folds[graph.fold]} A dashed line waits for the end only, whatever comes of it. Under each change its calls say what they wait for.</figcaption></figure></section>\n`;
}

/** What is kept though it would have gone, all calls in their order, and what is left alone. */
export function listSections(plan: Plan): Markup {
  const { blocked, steps, kept, keptMore = 0 } = plan;
  const rows = blocked
    .map(toBlockedRow)
    .map(
      ({ name, note, place }) =>
        html`<li><code>${name}</code> ${note} <span class="place">${place}</span></li>`,
    );
  const calls = steps.map(
    (step, index) =>
      html`${formatCount(index + 1)}  ${isBulk(step.call) ? formatBulk(step, callWidth) : formatCall(step.call)}\n`,
  );
  const alone = kept.map((address) => html`<li><code>${address}</code></li>`);
  const more = keptMore === 0 ? nothing : html`<li>and ${formatCount(keptMore)} more</li>`;
  return html`${list("blocked", `${formatCount(rows.length)} protected, kept`, rows.length, html`<ul>${rows}</ul>`)}${list("calls", `All ${countOf(steps.length, "call")}, in order`, steps.length, html`<pre>${calls}</pre>`)}${list("kept", `${formatCount(kept.length + keptMore)} not declared, left alone`, kept.length, html`<ul class="columns">${alone}${more}</ul>`)}`;
}

function list(id: string, title: string, count: number, body: Markup): Markup {
  return count === 0
    ? nothing
    : html`<section class="group list" aria-labelledby="${id}"><details><summary><h2 id="${id}">${title}</h2></summary>${body}</details></section>\n`;
}
