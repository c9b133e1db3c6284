import { estimateApply } from "../apply.ts";
import type { PastRun } from "../executor/journal.ts";
import type { Declared } from "../model/declared.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Estimate } from "../model/pace.ts";
import { isApplicable, type Plan, sourcesOf } from "../model/plan.ts";
import type { Report } from "../model/report.ts";
import { sealPlan } from "../planner/digest.ts";
import { refuseFor } from "../planner/refusal.ts";
import { renderPlan } from "../render/plan.ts";
import { renderReport } from "../render/report.ts";
import { type Context, say, writeJson } from "./command.ts";
import { requireFresh } from "./conflicts.ts";
import { askConsent, type Consent } from "./consent.ts";
import { type ExitCode, exitCodes, fail } from "./exit.ts";
import { concurrencyDefault } from "./flags.ts";
import { continueJournal, type FoundJournal, startJournal } from "./journal-file.ts";
import { requireTime } from "./max-duration.ts";
import { writeReviews } from "./review-files.ts";
import { type Runnable, type RunResult, runPlan } from "./run.ts";
import { stopwatch } from "./stopwatch.ts";
import { tellMore } from "./trouble.ts";

/** Whoever takes longer to answer may find the app changed meanwhile, so it is looked at again. */
const answerMsMax = 10_000;

/** What is needed to execute a plan. */
export interface Execution extends Runnable {
  /** How long planning took, where it did. */
  readonly durationMs?: number;
  /** What policies of the house have against it. */
  readonly objections?: readonly Diagnostic[];
  /** What the manifest asks for, where it is at hand. */
  readonly declared?: () => Declared;
}

/** A plan that was approved and begun. */
export interface Resumption extends Execution {
  readonly past: PastRun;
  readonly journal: FoundJournal;
}

/** Shows the plan, asks, executes it, shows the report: what apply and destroy have in common. */
export async function execute(context: Context, execution: Execution): Promise<ExitCode> {
  const { plan, session } = execution;
  const estimate = estimateApply(plan, session, context.flags.concurrency ?? concurrencyDefault);
  const judged = refuseFor(requireTime(context, plan, estimate), execution.objections ?? []);
  showPlan(context, { ...execution, plan: judged, estimate });
  await writeReviews(context, judged, { estimate });
  // The digest that was reviewed is that of the plan, whatever time and policies there are now.
  requireDigest(context, plan, false);
  if (!isApplicable(judged)) {
    return refuse(context, judged);
  }
  if (plan.changes.length === 0) {
    return finish(context, plan, { report: emptyReport(true, false), hasReceipt: true });
  }
  const elapsedMs = stopwatch();
  let { ageMs = elapsedMs } = execution;
  const consent = await askConsent(context, plan);
  if (consent !== "given") {
    return decline(context, consent);
  }
  if (elapsedMs() > answerMsMax) {
    ageMs = stopwatch();
    await requireFresh(context, { plan }, execution.session);
  }
  const begin = () => startJournal(context, plan, execution.declared?.());
  return finish(context, plan, await runPlan(context, { ...execution, ageMs }, { begin }));
}

/** Goes on with a plan that was approved, begun, and cut short. */
export async function executeRest(context: Context, resumption: Resumption): Promise<ExitCode> {
  const { plan, past } = resumption;
  const begin = () => continueJournal(context, resumption.journal, past.run);
  return finish(context, plan, await runPlan(context, resumption, { begin, past }));
}

/** Shows a saved plan that must not be applied, whatever has become of the app. */
export async function showRefused(context: Context, plan: Plan): Promise<ExitCode> {
  showPlan(context, { plan });
  await writeReviews(context, plan, {});
  return refuse(context, plan);
}

/**
 * Makes sure that the plan is the one that somebody has seen before, where `--expect-digest` says so.
 *
 * @throws Failure when it is another one.
 */
export function requireDigest({ flags }: Context, plan: Plan, isSaved: boolean): void {
  const { expectDigest = plan.digest } = flags;
  if (expectDigest === plan.digest) {
    return;
  }
  throw fail(exitCodes.stale, {
    code: "plan/other-digest",
    summary: `This is not the plan that was reviewed; nothing was applied`,
    detail: `Its digest is ${plan.digest}, expected was ${expectDigest}.`,
    hint: isSaved
      ? "Name the saved plan that was meant, or its own digest."
      : "The manifest, the flags or the app have changed. Review the new plan; to apply it, name its digest.",
  });
}

function refuse(context: Context, plan: Plan): ExitCode {
  tellMore(context, plan.diagnostics);
  say(context, "Nothing was applied.");
  if (context.flags.json === true) {
    writeJson(context, sealPlan(plan));
  }
  return exitCodes.refused;
}

type Shown = Pick<Execution, "plan" | "durationMs"> & { readonly estimate?: Estimate };

function showPlan(context: Context, { plan, durationMs, estimate }: Shown): void {
  const { flags, terminal } = context;
  const isMessage = flags.json === true;
  const text = renderPlan(plan, {
    paint: isMessage ? context.notePaint : context.paint,
    width: terminal.width,
    verbose: flags.verbose === true,
    quiet: flags.quiet === true,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(estimate === undefined ? {} : { estimate }),
  });
  if (isMessage) {
    terminal.note(text);
    return;
  }
  terminal.write(text);
  // Whoever is asked has to see what about, even if the output goes into a file.
  const isAsked = flags.yes !== true && terminal.ask !== undefined;
  if (isAsked && !terminal.isOutputTty && terminal.isErrorTty) {
    terminal.note(text);
  }
}

function decline(context: Context, consent: Exclude<Consent, "given">): ExitCode {
  const isInterrupted = consent === "interrupted";
  context.terminal.note(
    isInterrupted ? "\nInterrupted. Nothing was changed.\n" : "Nothing was changed.\n",
  );
  if (context.flags.json === true) {
    writeJson(context, emptyReport(false, isInterrupted));
  }
  return isInterrupted ? exitCodes.interrupted : exitCodes.done;
}

function finish(context: Context, plan: Plan, { report, hasReceipt }: RunResult): ExitCode {
  const { flags, terminal, paint } = context;
  const exit = exitOf(report, hasReceipt);
  if (flags.json === true) {
    writeJson(context, report);
  } else if (plan.changes.length > 0) {
    const text = renderReport(report, {
      paint,
      width: terminal.width,
      sources: sourcesOf(plan),
      exit,
      verbose: flags.verbose === true,
    });
    terminal.write(`\n${text}`);
  }
  if (report.interrupted) {
    say(context, "Interrupted.");
  }
  return exit;
}

function exitOf({ summary, converged, interrupted }: Report, hasReceipt: boolean): ExitCode {
  if (interrupted) {
    return exitCodes.interrupted;
  }
  const isDone = summary.failed + summary.skipped + summary.unknown === 0 && converged;
  if (!isDone) {
    return exitCodes.unfinished;
  }
  return hasReceipt ? exitCodes.done : exitCodes.unexpected;
}

function emptyReport(converged: boolean, interrupted: boolean): Report {
  return {
    formatVersion: 1,
    summary: { applied: 0, failed: 0, skipped: 0, unknown: 0 },
    outcomes: [],
    calls: { sent: 0, retried: 0, throttled: 0 },
    converged,
    residue: [],
    reread: { looks: 0, calls: 0 },
    interrupted,
    durationMs: 0,
  };
}
