import type { Plan } from "../../model/plan.ts";
import {
  actionCounts,
  callTexts,
  durationTexts,
  matchText,
  reversalTexts,
  spareTexts,
  stayTexts,
  undeclaredTexts,
} from "../counts.ts";
import { formatCount } from "../layout.ts";
import { type Notice, notesOf, refusalsOf } from "../notice.ts";
import { scopeTexts } from "../scope.ts";
import { signs } from "../sign.ts";
import { html, type Markup, nothing } from "./markup.ts";
import type { HtmlView } from "./view.ts";

/** What a reader decides on: why not, how much, how, and what to know before. */
export function summarySection(plan: Plan, view: HtmlView): Markup {
  const refusals = refusalsOf(plan);
  const isPending = plan.changes.length > 0;
  return html`${alert("refused", "This plan is refused", refusals)}
<section aria-labelledby="summary"><h2 id="summary" class="unseen">Summary</h2>
${isPending || refusals.length > 0 ? counts(plan) : html`<p>Nothing to do: ${[matchText(plan), ...spareTexts(plan)].join(" · ")}.</p>`}
<ul class="facts">${factsOf(plan, view).map((text) => html`<li>${text}</li>`)}<li>digest <code>${plan.digest}</code></li></ul>
${isPending && refusals.length === 0 ? nextOf(view) : nothing}</section>
${alert("known", "Before you apply", notesOf(plan))}`;
}

function factsOf(plan: Plan, { estimate }: HtmlView): readonly string[] {
  if (plan.changes.length === 0) {
    return scopeTexts(plan);
  }
  return [
    stayTexts(plan).join(" · "),
    ...reversalTexts(plan),
    ...undeclaredTexts(plan),
    callTexts(plan).join(" "),
    ...durationTexts(estimate),
    ...scopeTexts(plan),
  ];
}

function counts(plan: Plan): Markup {
  const items = actionCounts(plan).map(
    ({ action, count }) =>
      html`<li class="${action}" data-count="${action}"><span class="number ${count === 0 ? "none" : "tone"}">${signs[action]} ${formatCount(count)}</span> to ${action}</li>`,
  );
  return html`<ul class="counts">${items}</ul>`;
}

function nextOf({ next }: HtmlView): Markup {
  return next === undefined
    ? nothing
    : html`<div class="apply"><p class="dim">To apply exactly this:</p><pre>${next}</pre></div>`;
}

function alert(name: string, title: string, notices: readonly Notice[]): Markup {
  if (notices.length === 0) {
    return nothing;
  }
  const items = notices.map(
    ({ code, summary, more }) =>
      html`<li><p><strong>${summary}</strong></p>${more.map((text) => html`<p>${text}</p>`)}<p class="dim"><code>${code}</code></p></li>`,
  );
  return html`<section class="alert ${name}" aria-labelledby="${name}"><h2 id="${name}">${title}</h2><ul>${items}</ul></section>`;
}
