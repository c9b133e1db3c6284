import type { SourceRange } from "../model/diagnostic.ts";
import type { Action } from "../model/plan.ts";
import type { Outcome, OutcomeStatus, Report, Residue } from "../model/report.ts";
import type { Address } from "../model/resource.ts";
import { formatSource } from "./block.ts";
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
}

const listedMax = 50;

/** A report as text: what was done, what was not and why, and whether the app is now as planned. */
export function renderReport(report: Report, view: ReportView): string {
  const { paint } = view;
  const lines = [
    paint.green(appliedText(report)),
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
    ...endLines(report, view),
  ];
  return guardLines(`${lines.join("\n")}\n`);
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
  if (outcomes.length === 0) {
    return [];
  }
  const listed = outcomes.slice(0, listedMax);
  const columns = {
    address: Math.min(
      40,
      Math.max(...listed.map(({ address }) => displayWidth(escapeText(address)))),
    ),
    code: Math.max(...listed.map(({ error }) => displayWidth(escapeText(error?.code ?? "")))),
  };
  return [
    colour(title),
    ...listed.flatMap((outcome) => outcomeLines(outcome, columns, view)),
    ...(outcomes.length > listedMax
      ? [`    and ${formatCount(outcomes.length - listedMax)} more (--json lists them all)`]
      : []),
  ];
}

function outcomeLines(
  { address, error }: Outcome,
  columns: { readonly address: number; readonly code: number },
  { sources, width }: ReportView,
): readonly string[] {
  const source = sources?.get(address);
  const place = source === undefined ? "" : ` (${formatSource(source)})`;
  const code = columns.code === 0 ? "" : padTo(escapeText(error?.code ?? ""), columns.code + 2);
  const lead = `    ${padTo(escapeText(address), columns.address + 2)}${code}`;
  const message = `${escapeText(error?.message ?? "")}${place}`.trim();
  const room = width - displayWidth(lead);
  if (room >= 30) {
    const [first = "", ...rest] = wrap(message, room);
    return [
      `${lead}${first}`.trimEnd(),
      ...rest.map((line) => " ".repeat(displayWidth(lead)) + line),
    ];
  }
  return [lead.trimEnd(), ...wrap(message, width - 8).map((line) => `        ${line}`)];
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
    ...adviceLines(report),
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

function adviceLines({ summary, converged, interrupted, unread }: Report): readonly string[] {
  if (converged) {
    return [];
  }
  if (unread !== undefined) {
    return [`    ${escapeText(unread.message)}`, "Run plan: it shows what is still missing."];
  }
  if (interrupted) {
    return ["Run apply again to finish: what is done already is not done twice."];
  }
  return summary.failed > 0
    ? ["Mend what failed, then run apply again: what is done already is not done twice."]
    : ["Run apply again: it plans only what is left."];
}
