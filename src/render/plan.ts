import type { Estimate } from "../model/pace.ts";
import type { Plan } from "../model/plan.ts";
import { type BlockStyle, blockLines } from "./block.ts";
import { blockedLines } from "./blocked.ts";
import { stepsByAddress } from "./call.ts";
import { matchText, spareTexts } from "./counts.ts";
import { type Entry, toEntries } from "./entry.ts";
import { escapeText, guardLines } from "./escape.ts";
import { countOf, displayWidth, flow, formatCount, formatDuration, spread } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { readLines, readsText } from "./reads.ts";
import { scopeLines } from "./scope.ts";
import { noteLines, refusalLines, summaryLines } from "./summary.ts";

/** A result of one line may be a little longer than a narrow terminal: pipelines look for it. */
const lineMin = 100;

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
  /** How long applying takes, where the pace is known. */
  readonly estimate?: Estimate;
  /** The command that applies this plan. */
  readonly next?: string;
}

/** A plan as text: what changes, then the counts, then why it is refused, if it is. */
export function renderPlan(plan: Plan, view: PlanView): string {
  const { width, paint } = view;
  const notes = noteLines(plan, width, paint);
  const reads = view.verbose === true ? readLines(plan, width) : [];
  const kept = [...keptLines(plan, view), ...reads, ...paragraph(blockedLines(plan, view))];
  const scope = scopeLines(plan, width);
  const refusals = refusalLines(plan, width, paint);
  if (plan.changes.length === 0 && refusals.length === 0) {
    return finish([...kept, ...notes, ...scope, ...matchLines(plan, view)]);
  }
  const next =
    view.next === undefined || refusals.length > 0
      ? []
      : ["", paint.dim(`Apply with: ${escapeText(view.next)}`)];
  return finish([
    ...headerLines(plan, width, paint),
    "",
    ...blocks(plan, view),
    ...kept,
    ...paragraph(notes),
    ...paragraph(scope),
    ...summaryLines(plan, view),
    ...refusals,
    ...next,
  ]);
}

function paragraph(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ""];
}

/** Which app a plan or report is about: `acme-staging · app 2634f0 (us)`. */
export function formatTarget({ stack, provider, mode }: Plan): string {
  return [
    ...(mode === "destroy" ? ["destroy"] : []),
    ...(stack === null ? [] : [escapeText(stack)]),
    `app ${escapeText(provider.appId)} (${escapeText(provider.region)})`,
  ].join(" · ");
}

/** What the plan rests on: `read 12 objects in 4 calls, complete`. */
export function formatEvidence(plan: Pick<Plan, "reads">): string {
  const { complete, collections } = plan.reads;
  const objects = collections.reduce((sum, collection) => sum + collection.objects, 0);
  const read = `read ${countOf(objects, "object")} in ${readsText(plan)}`;
  return `${read}, ${complete ? "complete" : "incomplete"}`;
}

/** The target with the form of the API it speaks: `acme · app 2634f0 (us) · vendor API`. */
export function formatTitle(plan: Plan): string {
  return `${formatTarget(plan)} · ${escapeText(plan.provider.dialect)} API`;
}

function headerLines(plan: Plan, width: number, paint: Paint): readonly string[] {
  const evidence = formatEvidence(plan);
  const target = paint.bold(formatTitle(plan));
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
  const { kept, keptMore = 0 } = plan;
  const more = keptMore === 0 ? [] : [`and ${formatCount(keptMore)} more`];
  const texts = [...kept.map(escapeText), ...more];
  return [
    "  Left alone, not declared:",
    ...flow(texts, view.width - 6).map((line) => `      ${line}`),
    "",
  ];
}

/** One line if it is wide enough, and what stays on a second one if not. */
function matchLines(plan: Plan, view: PlanView): readonly string[] {
  const time = view.durationMs === undefined ? "" : `, ${formatDuration(view.durationMs)}`;
  const first = `${formatTarget(plan)} · ${matchText(plan)} (${readsText(plan)}${time})`;
  const stays = spareTexts(plan);
  const line = [first, ...stays].join(" · ");
  const isWide = displayWidth(line) > Math.max(view.width, lineMin);
  return isWide && stays.length > 0 ? [first, `      ${stays.join(" · ")}`] : [line];
}

function finish(lines: readonly string[]): string {
  return guardLines(`${lines.join("\n")}\n`);
}
