import type { Receipt, ReceiptCall, Unfinished } from "../model/receipt.ts";
import { escapeText, guardLines } from "./escape.ts";
import { countOf, displayWidth, formatCount, formatDuration, padTo, wrap } from "./layout.ts";
import { type ReportView, reportLines } from "./report.ts";

/** The receipt of a run as text: whose and when, its calls if asked for, and its report. */
export function renderReceipt(receipt: Receipt, view: ReportView): string {
  return toText([...headLines(receipt, view), "", ...bodyLines(receipt, view)]);
}

/** The journal of a run as text: like its receipt, and how to finish it if it did not finish. */
export function renderJournal(
  receipt: Receipt,
  unfinished: Unfinished | undefined,
  view: ReportView,
): string {
  const ending = unfinished && { ending: unfinishedLines(unfinished, receipt, view) };
  return toText([...headLines(receipt, view), "", ...bodyLines(receipt, { ...view, ...ending })]);
}

function toText(lines: readonly string[]): string {
  return guardLines(`${lines.join("\n")}\n`);
}

function headLines(receipt: Receipt, { paint }: ReportView): readonly string[] {
  const { provider, stack, command, run, startedAt, digest, tool } = receipt;
  const app = `app ${provider.appId} (${provider.region})`;
  const parts = [...(stack === null ? [] : [stack]), app, `${provider.dialect} API`];
  return [
    paint.bold(escapeText(parts.join(" · "))),
    escapeText(`${command} of ${formatTime(startedAt)}, run ${run}, cometform ${tool.version}`),
    escapeText(`plan ${digest}`),
  ];
}

/** `2026-07-23 10:00:00 UTC`: the same wherever it is read. */
function formatTime(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

function bodyLines(receipt: Receipt, view: ReportView): readonly string[] {
  const { summary, calls, traffic, durationMs } = receipt;
  const repeated = calls.filter(({ attempt }) => attempt > 1).length;
  const counts = [
    `✓ ${formatCount(summary.applied)} applied in ${formatDuration(durationMs)}`,
    countOf(calls.length, "write"),
    ...(repeated > 0 ? [`${formatCount(repeated)} of them again`] : []),
    `${formatCount(traffic.throttled)} throttled`,
  ];
  const report = { ...receipt, calls: traffic };
  return [
    ...(view.verbose === true ? callsLines(calls, view) : []),
    ...reportLines(report, { ...view, headline: counts.join(", ") }),
  ];
}

function callsLines(calls: readonly ReceiptCall[], { paint }: ReportView): readonly string[] {
  if (calls.length === 0) {
    return [];
  }
  const rows = calls.map((call) => {
    const took = call.durationMs === null ? "" : formatDuration(call.durationMs);
    const again = call.attempt > 1 ? ` (attempt ${call.attempt})` : "";
    const seen = call.by === "reading" ? ", found by looking" : "";
    const text = `${call.method} ${escapeText(call.path)}${again}`;
    return { at: call.at.slice(11, 23), text, took, status: `${call.status}${seen}`, call };
  });
  const column = Math.min(60, Math.max(...rows.map(({ text }) => displayWidth(text)))) + 2;
  const lines = rows.map(({ at, text, took, status, call }) => {
    const line = `  ${at}  ${padTo(text, column)}${took.padStart(8)}  ${status}  ${subject(call)}`;
    return call.status === "applied" ? paint.dim(line) : paint.yellow(line);
  });
  return [`${countOf(calls.length, "write")}:`, ...lines, ""];
}

/** The first of the resources it was to change, and how many more. */
function subject({ addresses: [first = "", ...others] }: ReceiptCall): string {
  return `${escapeText(first)}${others.length === 0 ? "" : ` and ${formatCount(others.length)} more`}`;
}

function unfinishedLines(
  { done, total, underWay }: Unfinished,
  { command }: Receipt,
  { width, paint }: ReportView,
): readonly string[] {
  const open =
    underWay === 0
      ? ""
      : `, ${countOf(underWay, "call")} under way with unknown ${underWay === 1 ? "outcome" : "outcomes"}`;
  const text = `This run did not finish: ${formatCount(done)} of ${countOf(total, "step")} done${open}; cometform ${command} --resume finishes it.`;
  return wrap(text, width).map(paint.yellow);
}
