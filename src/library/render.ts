import type { Diagnostic } from "../model/diagnostic.ts";
import { type Plan, sourcesOf } from "../model/plan.ts";
import type { Report } from "../model/report.ts";
import { renderDiagnostics as diagnosticsText } from "../render/diagnostics.ts";
import { renderHtml as htmlText } from "../render/html.ts";
import { renderMarkdown as markdownText } from "../render/markdown.ts";
import { plainPaint } from "../render/paint.ts";
import { renderPlan as planText } from "../render/plan.ts";
import { renderReport as reportText } from "../render/report.ts";
import { requireMembers, requirePlan } from "./guard.ts";

/** How something is shown as text. */
export interface RenderOptions {
  /** Columns; 100 if left out. */
  readonly width?: number;
  /** With the calls under each change, and what was applied one by one. */
  readonly verbose?: boolean;
}

/** How a plan is written down for a review. */
export interface ReviewOptions {
  /** The command that applies exactly this plan, if it is to be shown. */
  readonly next?: string;
}

const widthDefault = 100;

/** A plan as the command line shows it, without colours; what others wrote cannot move the cursor. */
export function renderPlan(
  plan: Plan,
  { width = widthDefault, verbose = false }: RenderOptions = {},
): string {
  requirePlan(plan);
  return planText(plan, { width, verbose, paint: plainPaint });
}

/** A plan as a comment for a pull request, of 65,536 bytes at most, in which no deletion is left out unsaid. */
export function renderMarkdown(plan: Plan, options: ReviewOptions = {}): string {
  requirePlan(plan);
  return markdownText(plan, options);
}

/** A plan as one page for a browser, which loads nothing from elsewhere. */
export function renderHtml(plan: Plan, options: ReviewOptions = {}): string {
  requirePlan(plan);
  return htmlText(plan, options);
}

/** A report as the command line shows it; with the plan, what failed is told with its manifest line. */
export function renderReport(
  report: Report,
  { width = widthDefault, verbose = false, plan }: RenderOptions & { readonly plan?: Plan } = {},
): string {
  requireMembers(report, "The report", "Give what apply resolves to.");
  const sources = plan === undefined ? {} : { sources: sourcesOf(plan) };
  return reportText(report, { width, verbose, paint: plainPaint, ...sources });
}

/** Diagnostics as text, each with the line it is about where the texts are given, by file. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  {
    width = widthDefault,
    texts = {},
  }: Pick<RenderOptions, "width"> & { readonly texts?: { readonly [file: string]: string } } = {},
): string {
  const sources = new Map(Object.entries(texts));
  return `${diagnosticsText(diagnostics, { width, sources, paint: plainPaint })}\n`;
}
