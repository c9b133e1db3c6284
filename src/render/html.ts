import { createHash } from "node:crypto";
import type { Plan } from "../model/plan.ts";
import { actionCounts } from "./counts.ts";
import { changeSections, graphSection, listSections } from "./html/groups.ts";
import { html, type Markup, nothing, verbatim } from "./html/markup.ts";
import { script } from "./html/script.ts";
import { style } from "./html/style.ts";
import { summarySection } from "./html/summary.ts";
import type { HtmlView } from "./html/view.ts";
import { formatCount } from "./layout.ts";
import { reportMark } from "./marks.ts";
import { formatEvidence, formatTarget } from "./plan.ts";
import { signs } from "./sign.ts";

/**
 * A plan as one page for a browser, from a file as well: it loads nothing, allows no script but its own, and can
 * be read without that.
 */
export function renderHtml(plan: Plan, view: HtmlView = {}): string {
  const hasChanges = plan.changes.length > 0;
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${verbatim(reportMark)}
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${titleOf(plan)}</title>
<style>${verbatim(style)}</style>
<script>${verbatim(script)}</script>
</head>
<body>
<a class="skip" href="#changes">Skip to the changes</a>
<header class="wide"><div class="top"><p class="over">cometform plan</p><button id="theme" type="button" data-live hidden>Dark</button></div>
<h1>${formatTarget(plan)}</h1>
<p class="dim">${plan.provider.dialect} API · ${formatEvidence(plan)}</p></header>
<main>
<div class="wide">${summarySection(plan, view)}</div>
${hasChanges ? filters(plan) : nothing}
<div class="wide" id="changes" tabindex="-1">
${changeSections(plan)}${graphSection(plan)}${listSections(plan)}</div>
</main>
<footer class="wide">Made by cometform ${plan.tool.version}. This page is a picture of a plan: nothing is applied from it.</footer>
</body>
</html>
`;
  return markup;
}

const policy = [
  "default-src 'none'",
  `style-src '${hashOf(style)}'`,
  `script-src '${hashOf(script)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function titleOf(plan: Plan): string {
  const counts = actionCounts(plan).map(
    ({ action, count }) => `${signs[action]}${formatCount(count)}`,
  );
  return `${counts.join(" ")} · ${formatTarget(plan)}`;
}

/** Shown by the script, without which they could do nothing. */
function filters(plan: Plan): Markup {
  const buttons = actionCounts(plan)
    .filter(({ count }) => count > 0)
    .map(
      ({ action }) =>
        html`<button type="button" class="${action}" data-action="${action}" aria-pressed="false">${signs[action]} ${action}</button>`,
    );
  return html`<div class="bar" id="filters" role="search" aria-label="Changes" data-live hidden><div class="wide"><label class="unseen" for="search">Search in the changes</label><input id="search" type="search" placeholder="Search  /" autocomplete="off" spellcheck="false">${buttons}<div id="status" role="status"></div></div></div>`;
}
