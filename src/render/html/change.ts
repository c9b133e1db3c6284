import type { Action, AttributeChange, Step } from "../../model/plan.ts";
import { type Address, kindIn } from "../../model/resource.ts";
import { placeOf } from "../block.ts";
import { formatBulk, formatBulkRow, formatCall, isBulk } from "../call.ts";
import { childText, sortAttributes, sortChildren } from "../child.ts";
import { type Compared, type Difference, differenceOf } from "../difference.ts";
import { childLabel, type Entry } from "../entry.ts";
import { countOf } from "../layout.ts";
import { noteOf } from "../note.ts";
import { signs } from "../sign.ts";
import { html, type Markup, nothing } from "./markup.ts";

/** What the changes of a page have in common. */
export interface Surroundings {
  readonly steps: ReadonlyMap<Address, readonly Step[]>;
  readonly stepsById: ReadonlyMap<string, Step>;
}

const comparedMax = 400;
const waitsMax = 4;
const bulkWidth = 200;

/** One resource: what happens to it, attribute by attribute, by which calls, and where it is declared. */
export function changeItem(entry: Entry, surroundings: Surroundings): Markup {
  const action = entry.change?.action ?? "update";
  const note = noteOf(entry);
  const place = placeOf(entry);
  const rows = [...attributeRows(entry, action), ...childRows(entry)];
  const actions = new Set([
    ...(entry.change === undefined ? [] : [action]),
    ...entry.children.map((child) => child.action),
  ]);
  const own = entry.change === undefined ? nothing : html` data-own="${action}"`;
  return html`<li class="change ${action}" data-action="${[...actions].join(" ")}"${own}>
<div class="head"><h3><span class="sign" aria-hidden="true">${signs[action]}</span><span class="unseen">${action} </span><span class="name">${entry.address}</span></h3>${place === "" ? nothing : html`<span class="place">${place}</span>`}</div>
${note === "" ? nothing : html`<p class="note">${note}</p>\n`}${rows.length === 0 ? nothing : html`<dl>${rows}</dl>\n`}${callsOf(entry, surroundings)}</li>\n`;
}

function attributeRows({ change }: Entry, action: Action): readonly Markup[] {
  if (change === undefined || action === "delete") {
    return [];
  }
  return sortAttributes(change.attributes).map((one) => attributeRow(one, action));
}

function attributeRow(attribute: AttributeChange, action: Action): Markup {
  const difference = differenceOf(attribute, action);
  return difference.type === "set"
    ? html`<dt>${attribute.path}</dt><dd class="value">${difference.after}</dd>`
    : html`<dt>${attribute.path}</dt><dd>${differenceMarkup(difference)}</dd>`;
}

function differenceMarkup(difference: Exclude<Difference, { readonly type: "set" }>): Markup {
  switch (difference.type) {
    case "secret":
      return html`<i>${difference.text}</i>`;
    case "list": {
      const { added, removed, kept } = difference;
      const texts = [...added.map(insertion), ...removed.map(deletion)].map((one) => html`${one} `);
      return html`${texts}${kept > 0 ? html`<span class="dim">(${kept} kept)</span>` : nothing}`;
    }
    case "pair": {
      const { before, after, isLong, compared } = difference;
      return isLong
        ? html`${compared().slice(0, comparedMax).map(comparedLine)}`
        : html`<del class="value">${before}</del> <span class="dim">→</span> <ins class="value">${after}</ins>`;
    }
  }
}

function insertion(text: string): Markup {
  return html`<ins class="value"><span class="mark">+ </span>${text}</ins>`;
}

function deletion(text: string): Markup {
  return html`<del class="value"><span class="mark">${signs.delete} </span>${text}</del>`;
}

function comparedLine({ sign, text }: Compared): Markup {
  switch (sign) {
    case "-":
      return html`<del class="line value"><span class="mark">${signs.delete} </span>${text}</del>`;
    case "+":
      return html`<ins class="line value"><span class="mark">+ </span>${text}</ins>`;
    default:
      return html`<span class="line value dim">${sign} ${text}</span>`;
  }
}

function childRows({ address, change, children }: Entry): readonly Markup[] {
  if (children.length === 0) {
    return [];
  }
  const { created, others } = sortChildren(children);
  const items = [...created, ...others].map(
    (child) =>
      html`<li class="${child.action} tone" data-child="${child.action}">${childText(child)}</li>`,
  );
  const label = childLabel(kindIn(address));
  const title = change?.action === "delete" ? `${label} that go with it` : label;
  return [html`<dt>${title}</dt><dd class="value"><ul class="many">${items}</ul></dd>`];
}

function callsOf(entry: Entry, { steps, stepsById }: Surroundings): Markup {
  const addresses = [entry.address, ...entry.children.map(({ address }) => address)];
  const own = [...new Set(addresses.flatMap((address) => steps.get(address) ?? []))];
  if (own.length === 0) {
    return nothing;
  }
  const lines = own.map((step) => {
    const waits = waitsOf(step, stepsById);
    return html`<pre>${textOf(step, entry.address)}${waits === "" ? nothing : html`\n<span class="dim">after ${waits}</span>`}</pre>`;
  });
  return html`<details><summary>${countOf(own.length, "call")}</summary>${lines}</details>`;
}

function textOf(step: Step, address: Address): string {
  if (!isBulk(step.call)) {
    return formatCall(step.call);
  }
  return formatBulkRow(step, address) ?? formatBulk(step, bulkWidth);
}

/** What a call waits for, by what is changed there. */
function waitsOf(step: Step, stepsById: Surroundings["stepsById"]): string {
  const before = [...new Set([...step.dependsOn, ...step.after])].map((id) => stepsById.get(id));
  const names = before.flatMap((one) => (one === undefined ? [] : [nameOf(one)]));
  const rest = names.length - waitsMax;
  const shown = names.slice(0, waitsMax).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

function nameOf({ changes }: Step): string {
  const [first = "", ...others] = changes;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
