import type { SourceRange } from "../model/diagnostic.ts";
import type { Action } from "../model/plan.ts";
import type { OutcomeStatus, Report, Residue } from "../model/report.ts";
import type { Address } from "../model/resource.ts";
import { escapeText, guardLines } from "./escape.ts";
import {
  countOf,
  displayWidth,
  formatCount,
  formatDuration,
  padTo,
  spread,
  wrap,
} from "./layout.ts";
import { listedMax, outcomesLines } from "./outcomes.ts";
import type { Paint } from "./paint.ts";

/** How a report is shown. */
export interface ReportView {
  readonly paint: Paint;
  readonly width: number;
  /** Where the changed resources are declared, as far as that is known. */
  readonly sources?: ReadonlyMap<Address, SourceRange>;
  /** The exit code that goes with it, unless it is 0. */
  readonly exit?: number;
  /** Lists everything, applied changes included. */
  readonly verbose?: boolean;
  /** Said instead of how much was applied by how many calls. */
  readonly headline?: string;
  /** Said instead of whether it converged and what to do next. */
  readonly ending?: readonly string[];
}

/** A report as text: what was done, what was not and why, and whether the app is now as planned. */
export function renderReport(report: Report, view: ReportView): string {
  return guardLines(`${reportLines(report, view).join("\n")}\n`);
}

/** The lines of a report, for those who show more than that. */
export function reportLines(report: Report, view: ReportView): readonly string[] {
  const { paint, headline = appliedText(report) } = view;
  return [
    paint.green(headline),
    ...(view.verbose === true ? appliedLines(report) : []),
    ...troubleLines(
      report,
      "failed",
      `✗ ${formatCount(report.summary.failed)} failed`,
      paint.red,
      view,
    ),
    ...troubleLines(
      report,
      "unknown",
      `? ${formatCount(report.summary.unknown)} unknown: sent, but no answer says what came of it`,
      paint.red,
      view,
    ),
    ...troubleLines(
      report,
      "skipped",
      `– ${formatCount(report.summary.skipped)} skipped`,
      paint.yellow,
      view,
    ),
    "",
    ...(view.ending ?? endLines(report, view)),
  ];
}

function appliedText({ summary, calls, durationMs }: Report): string {
  const counts = [
    `✓ ${formatCount(summary.applied)} applied in ${formatDuration(durationMs)}`,
    countOf(calls.sent, "call"),
    ...(calls.retried > 0 ? [`${formatCount(calls.retried)} retried`] : []),
    `${formatCount(calls.throttled)} throttled`,
  ];
  return counts.join(", ");
}

function appliedLines({ outcomes }: Report): readonly string[] {
  return outcomes
    .filter(({ status }) => status === "applied")
    .map(({ action, address }) => `    ${doneText[action]} ${escapeText(address)}`);
}

const doneText: { readonly [action in Action]: string } = {
  create: "created",
  update: "updated",
  delete: "deleted",
  adopt: "adopted",
  reactivate: "reactivated",
  forget: "forgotten",
};

function troubleLines(
  report: Report,
  status: OutcomeStatus,
  title: string,
  colour: (text: string) => string,
  view: ReportView,
): readonly string[] {
  const outcomes = report.outcomes.filter((outcome) => outcome.status === status);
  return outcomes.length === 0 ? [] : [colour(title), ...outcomesLines(outcomes, view)];
}

function endLines(report: Report, { width, paint, exit }: ReportView): readonly string[] {
  const verdict = verdictText(report);
  const code = exit === undefined || exit === 0 ? "" : `exit ${exit}`;
  const colour = report.converged ? paint.green : paint.yellow;
  return [
    spread(colour(verdict), code, width),
    ...residueLines(report.residue.slice(0, listedMax)),
    ...(report.residue.length > listedMax
      ? [`    and ${formatCount(report.residue.length - listedMax)} more (--json lists them all)`]
      : []),
    ...adviceLines(report, width),
  ];
}

function verdictText({ converged, interrupted, residue, unread }: Report): string {
  if (converged) {
    return "Read again: everything is as planned.";
  }
  if (unread !== undefined) {
    return "The app could not be read again, so nothing is known about convergence.";
  }
  if (residue.length > 0) {
    const verb = residue.length === 1 ? "differs" : "differ";
    return `Read again: ${countOf(residue.length, "object")} still ${verb}. Not converged.`;
  }
  return interrupted
    ? "Interrupted: not read again, so nothing is known about convergence."
    : "Not converged.";
}

function residueLines(residue: readonly Residue[]): readonly string[] {
  const widths = residue.map(({ address }) => displayWidth(escapeText(address)));
  const column = Math.min(40, Math.max(0, ...widths)) + 2;
  return residue.map(({ address, action, attributes }) => {
    const paths = attributes.map(({ path }) => escapeText(path)).join(", ");
    const verdict = action === "forget" ? "still marked as ours" : `to ${action}`;
    const text = `${verdict}${paths === "" ? "" : `: ${paths}`}`;
    return `    ${padTo(escapeText(address), column)}${text}`;
  });
}

function adviceLines(
  { summary, converged, interrupted, unread, residue }: Report,
  width: number,
): readonly string[] {
  if (converged) {
    return [];
  }
  if (unread !== undefined) {
    const hint = unread.hint === undefined ? [] : [unread.hint];
    const texts = [unread.message, ...hint].flatMap((text) => wrap(escapeText(text), width - 4));
    return [...texts.map((text) => `    ${text}`), "Run plan: it shows what is still missing."];
  }
  if (interrupted) {
    return [
      "Finish it with cometform apply --resume, or run apply again: what is done is not done twice.",
    ].flatMap((text) => wrap(text, width));
  }
  const isAllApplied = summary.failed + summary.skipped + summary.unknown === 0;
  if (isAllApplied && residue.length > 0) {
    return wrap(
      "The service took the calls, and the app does not show it: its lists lag behind, or somebody else " +
        "has changed it since. Run plan in a minute: it shows what is still missing.",
      width,
    );
  }
  return summary.failed > 0
    ? ["Mend what failed, then run apply again: what is done already is not done twice."]
    : ["Run apply again: it plans only what is left."];
}
