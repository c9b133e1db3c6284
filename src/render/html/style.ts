import { graphStyle } from "../graph-svg.ts";

const light = `
  color-scheme: light; --paper: #fbfbfa; --card: #fff; --ink: #1c2126; --dim: #5b6470; --rule: #e3e5e8;
  --line: #9aa3ad; --soft: #f2f3f4; --create: #1a7f37; --update: #8a6100; --delete: #b42318; --adopt: #0b6e80;
  --minus: #fdf0ee; --plus: #edf7f0; --warn: #fff8e6; --focus: #2b5fd9;`;
const dark = `
  color-scheme: dark; --paper: #0f1317; --card: #161b21; --ink: #e6e9ec; --dim: #9ea8b3; --rule: #2a313a;
  --line: #66717d; --soft: #1d232a; --create: #4cc38a; --update: #e2b340; --delete: #ff8a80; --adopt: #5cc8d9;
  --minus: #2d191a; --plus: #13261c; --warn: #2a2412; --focus: #8fb2ff;`;

/**
 * The look of a report: quiet, the colours those of the terminal. A change is no list item to the browser, which
 * would number all of them anew for each that a filter hides: seen in Chromium 150, minutes for 10,000.
 */
export const style: string = `
:root {${light}}
@media (prefers-color-scheme: dark) { :root:not([data-theme]) {${dark}} }
:root[data-theme="dark"] {${dark}}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.wide { max-width: 68rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
code, pre, .value, .name { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875em; }
code, pre, dd, .name, .note, .place { overflow-wrap: anywhere; unicode-bidi: isolate; }
pre { white-space: pre-wrap; margin: .5rem 0 0; padding: .75rem 1rem; background: var(--soft); border-radius: 8px; }
a { color: inherit; text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
[hidden] { display: none !important; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 3; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

header { padding-block: clamp(1.75rem, 5vw, 3.25rem) 1.75rem; }
.top { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.over { margin: 0; color: var(--dim); letter-spacing: .02em; }
h1 { font-size: clamp(1.5rem, 4.5vw, 2.25rem); line-height: 1.2; font-weight: 640; letter-spacing: -.015em; margin: .35rem 0 .5rem; overflow-wrap: anywhere; }
h2::first-letter { text-transform: uppercase; }
h2 { font-size: 1.25rem; line-height: 1.3; font-weight: 640; letter-spacing: -.01em; margin: 0; }
h3 { font-size: 1rem; font-weight: 600; margin: 0; min-width: 0; }
.dim { color: var(--dim); margin: 0; }
button { font: inherit; font-size: .875rem; color: var(--ink); background: var(--card); border: 1px solid var(--rule); border-radius: 999px; padding: .35rem .9rem; min-height: 2.25rem; cursor: pointer; }
button:hover { border-color: var(--line); }
button[aria-pressed="true"] { background: var(--ink); color: var(--paper); border-color: var(--ink); }

.alert { border: 1px solid var(--rule); border-left: 4px solid var(--update); border-radius: 10px; background: var(--warn); padding: 1.1rem 1.35rem; }
.alert.refused { margin-bottom: 1.75rem; } .alert.known { margin-top: 1.75rem; }
.alert.refused { border-left-color: var(--delete); background: var(--minus); }
.alert h2 { font-size: 1.05rem; } .refused h2 { color: var(--delete); }
.alert ul { list-style: none; margin: .5rem 0 0; padding: 0; display: grid; gap: .9rem; }
.alert p { margin: .15rem 0 0; overflow-wrap: anywhere; }

.counts { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0; padding: 0; }
.counts li { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: .9rem 1.15rem 1rem; }
.counts .number { display: block; font-size: 1.9rem; line-height: 1.15; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
.counts .none { color: var(--dim); }
.create { --tone: var(--create); } .update { --tone: var(--update); } .delete { --tone: var(--delete); }
.adopt, .reactivate, .forget { --tone: var(--adopt); }
.tone { color: var(--tone); }
.facts { margin: 1.25rem 0 0; padding: 0; list-style: none; color: var(--dim); }
.facts li { overflow-wrap: anywhere; }
.apply { margin: 1.25rem 0 0; }

.bar { position: sticky; top: 0; z-index: 2; background: var(--paper); border-bottom: 1px solid var(--rule); margin-top: 2.5rem; }
.bar .wide { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding-block: .7rem; }
.bar input { font: inherit; font-size: 1rem; flex: 1 1 14rem; min-width: 0; min-height: 2.25rem; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 999px; padding: .3rem 1rem; }
.bar [role="status"] { color: var(--dim); font-size: .875rem; flex: 1 0 100%; }
.bar [role="status"]:empty { display: none; }

section.group { margin: 2.75rem 0 0; }
.group > .head { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; padding-bottom: .6rem; border-bottom: 1px solid var(--rule); }
.changes { list-style: none; margin: 0; padding: 0; }
.change { display: block; padding: .8rem 0 .75rem; border-bottom: 1px solid var(--rule); content-visibility: auto; contain-intrinsic-size: auto 6.5rem; }
.change > .head { display: flex; flex-wrap: wrap; gap: .1rem 1rem; justify-content: space-between; align-items: baseline; }
.sign { display: inline-block; width: 1.35rem; font-family: ui-monospace, Menlo, Consolas, monospace; color: var(--tone); font-weight: 700; }
.change .name { color: var(--tone); font-size: .9375rem; }
.place { color: var(--dim); font-size: .8125rem; }
.note { margin: .1rem 0 0 1.35rem; font-size: .9375rem; }
.delete .note { color: var(--delete); }
dl { display: grid; grid-template-columns: 10.5rem minmax(0, 1fr); gap: .2rem 1.25rem; align-items: baseline; margin: .35rem 0 0 1.35rem; font-size: .9375rem; }
dt { color: var(--dim); overflow-wrap: anywhere; } dd { margin: 0; min-width: 0; }
del, ins { text-decoration: none; border-radius: 4px; padding: .05em .3em; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
del { background: var(--minus); color: var(--delete); } ins { background: var(--plus); color: var(--create); }
del.line, ins.line, span.line { display: block; padding: 0 .5em; border-radius: 0; white-space: pre-wrap; }
.mark { user-select: none; }
.many { display: flex; flex-wrap: wrap; gap: .15rem 1rem; list-style: none; margin: 0; padding: 0; }
details { margin: .2rem 0 0 1.35rem; } details > summary { color: var(--dim); font-size: .875rem; cursor: pointer; width: fit-content; padding: .15rem 0; }
section > details { margin-left: 0; } section > details > summary { font-size: 1rem; color: var(--ink); } summary h2 { display: inline; font-size: 1.05rem; }
.group + .group.list { margin-top: 1.5rem; }
.columns { columns: 15rem; margin: .6rem 0 0; padding-left: 1.1rem; }
.frame { overflow-x: auto; margin: 1rem 0 0; background: var(--card); border: 1px solid var(--rule); border-radius: 12px; }
.frame svg { display: block; max-width: none; }
figure { margin: 0; } figcaption { color: var(--dim); font-size: .9375rem; margin-top: .6rem; }
footer { color: var(--dim); font-size: .875rem; margin-block: 4rem 3rem; }
${graphStyle}
@media (max-width: 34rem) {
  .counts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd + dt { margin-top: .4rem; }
  .bar button { padding: .3rem .7rem; }
}
@media print {
  .bar, button, .skip { display: none; } body { background: #fff; font-size: 11pt; }
  .change { content-visibility: visible; break-inside: avoid; } .frame { overflow: visible; } .frame svg { max-width: 100%; height: auto; }
}
`;
