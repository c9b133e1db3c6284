import { isApplicable, type Plan } from "../model/plan.ts";
import { type BlockStyle, blockLines } from "./block.ts";
import { stepsByAddress } from "./call.ts";
import { type Entry, toEntries } from "./entry.ts";
import { escapeText, guardLines } from "./escape.ts";
import { countOf, displayWidth, flow, formatCount, formatDuration, spread } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { noteLines, refusalLines, summaryLines } from "./summary.ts";

/** How a plan is shown. */
export interface PlanView {
  readonly paint: Paint;
  readonly width: number;
  /** With the calls under each change and the addresses that are left alone. */
  readonly verbose?: boolean;
  /** Only what has to be decided on: deletions, the summary, refusals. */
  readonly quiet?: boolean;
  /** How long planning took, where that is known. */
  readonly durationMs?: number;
  /** The command that applies this plan. */
  readonly next?: string;
}

/** A plan as text: what changes, then the counts, then why it is refused, if it is. */
export function renderPlan(plan: Plan, view: PlanView): string {
  const { width, paint } = view;
  if (plan.changes.length === 0 && isApplicable(plan)) {
    return finish([
      ...noteLines(plan, width, paint),
      ...keptLines(plan, view),
      matchText(plan, view),
    ]);
  }
  const notes = noteLines(plan, width, paint);
  const refusals = refusalLines(plan, width, paint);
  const next =
    view.next === undefined || refusals.length > 0
      ? []
      : ["", paint.dim(`Apply with: ${view.next}`)];
  return finish([
    ...headerLines(plan, width, paint),
    "",
    ...blocks(plan, view),
    ...keptLines(plan, view),
    ...(notes.length > 0 ? [...notes, ""] : []),
    ...summaryLines(plan, paint),
    ...refusals,
    ...next,
  ]);
}

/** Which app a plan or report is about: `acme-staging · app 2634f0 (us) · vendor API`. */
export function formatTarget({ stack, provider, mode }: Plan): string {
  return [
    ...(mode === "destroy" ? ["destroy"] : []),
    ...(stack === null ? [] : [escapeText(stack)]),
    `app ${escapeText(provider.appId)} (${escapeText(provider.region)})`,
  ].join(" · ");
}

function headerLines(plan: Plan, width: number, paint: Paint): readonly string[] {
  const { calls, complete, collections } = plan.reads;
  const objects = collections.reduce((sum, collection) => sum + collection.objects, 0);
  const read = `read ${countOf(objects, "object")} in ${countOf(calls, "call")}`;
  const evidence = `${read}, ${complete ? "complete" : "incomplete"}`;
  const target = paint.bold(`${formatTarget(plan)} · ${escapeText(plan.provider.dialect)} API`);
  const line = spread(target, paint.dim(evidence), width);
  return displayWidth(line) <= width ? [line] : [target, paint.dim(evidence)];
}

function blocks(plan: Plan, view: PlanView): readonly string[] {
  const style: BlockStyle = {
    width: view.width,
    paint: view.paint,
    verbose: view.verbose === true,
    steps: stepsByAddress(plan),
    shown: new Set(),
  };
  const isShown = (entry: Entry): boolean =>
    view.quiet !== true || entry.change?.action === "delete";
  const drawn = toEntries(plan.changes)
    .filter(isShown)
    .map((entry) => blockLines(entry, style));
  return drawn.flatMap((lines, index) => [
    ...lines,
    ...(lines.length === 1 && drawn[index + 1]?.length === 1 ? [] : [""]),
  ]);
}

function keptLines(plan: Plan, view: PlanView): readonly string[] {
  if (view.verbose !== true || plan.kept.length === 0) {
    return [];
  }
  return [
    "  Left alone, not declared:",
    ...flow(plan.kept.map(escapeText), view.width - 6).map((line) => `      ${line}`),
    "",
  ];
}

function matchText(plan: Plan, view: PlanView): string {
  const { unchanged } = plan.summary;
  const time = view.durationMs === undefined ? "" : `, ${formatDuration(view.durationMs)}`;
  const matches = plan.mode === "destroy" ? "nothing to destroy" : matchCount(unchanged);
  const count = keptCount(plan);
  const kept = count === 0 ? "" : ` · ${formatCount(count)} not declared, left alone`;
  return `${formatTarget(plan)} · ${matches} (${countOf(plan.reads.calls, "call")}${time})${kept}`;
}

function matchCount(unchanged: number): string {
  return `${countOf(unchanged, "object")} ${unchanged === 1 ? "matches" : "match"}`;
}

function keptCount({ summary }: Plan): number {
  const counts = Object.values(summary.undeclared);
  return counts.reduce((sum: number, count) => sum + (count ?? 0), 0);
}

function finish(lines: readonly string[]): string {
  return guardLines(`${lines.join("\n")}\n`);
}
