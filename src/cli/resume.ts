import { isStepDone, type PastRun, toPastRun } from "../executor/journal.ts";
import type { Plan } from "../model/plan.ts";
import type { Report } from "../model/report.ts";
import { kindIn } from "../model/resource.ts";
import type { Session } from "../providers/provider.ts";
import { countOf, formatCount } from "../render/layout.ts";
import { type Context, say, writeJson } from "./command.ts";
import { requireFresh } from "./conflicts.ts";
import { withSession } from "./connection.ts";
import { executeRest, requireDigest } from "./execution.ts";
import { type ExitCode, exitCodes, type Failure, fail } from "./exit.ts";
import { announce, type FoundJournal, findJournals } from "./journal-file.ts";
import { theProvider } from "./project.ts";
import {
  checkPlan,
  requireDialect,
  requireNoRequest,
  resolveSecrets,
  stale,
} from "./saved-plan.ts";
import { namedFiles, readSources } from "./sources.ts";
import { variable } from "./terminal.ts";

/** A journal with what it tells. */
interface Found {
  readonly journal: FoundJournal;
  readonly past: PastRun;
}

/**
 * Finishes the last run here that was cut short: what is done is not done again, what may have been
 * done is looked up first, and the rest is sent as it was approved.
 */
export async function resume(context: Context, mode: Plan["mode"]): Promise<ExitCode> {
  requireNoRequest(context);
  const { appId: named } = context.flags;
  const { environment } = context.terminal;
  const found = await findUsable(context, mode, named ?? variable(environment, "COMETCHAT_APP_ID"));
  const { plan } = found.past;
  requireDigest(context, plan, true);
  if (hasConverged(found.past)) {
    return sayDone(context, found.past);
  }
  const { appId, region, dialect } = plan.provider;
  requireDialect(context, dialect);
  const names = namedFiles(context);
  const sources = names.length === 0 ? [] : await readSources(context, names);
  const secrets = await resolveSecrets(context, plan, sources);
  const request = {
    provider: theProvider(),
    declared: { by: "The run", appId, region, dialect },
    managed: new Set(Object.keys(plan.preImages).map(kindIn)),
    isChanging: true,
  };
  return await withSession(context, request, async (session) => {
    // Whoever held the lock before may have written more of it, or begun another run.
    const { journal, past } = await findUsable(context, mode, appId);
    if (hasConverged(past)) {
      return sayDone(context, past);
    }
    if (journal.file !== found.journal.file) {
      throw superseded(journal, mode);
    }
    await requireFresh(context, { plan, past }, session);
    say(context, resumeText(past));
    announce(context, journal.file);
    return await executeRest(context, { plan, secrets, session, past, journal });
  });
}

/** One that was interrupted while it looked again has not seen that all is as planned. */
function hasConverged(past: PastRun): past is PastRun & { readonly report: Report } {
  return past.isDone && past.report?.converged === true;
}

function sayDone(
  context: Context,
  { run, report }: PastRun & { readonly report: Report },
): ExitCode {
  say(context, `Nothing to resume: the last run here (${run}) came to its end.`);
  if (context.flags.json === true) {
    writeJson(context, report);
  }
  return exitCodes.done;
}

/**
 * Says that a run of the app can be resumed, where a new plan is about to be made instead. Whoever asks
 * holds the lock of that app: a run that is under way is not finished either.
 */
export async function noteUnfinished(context: Context, { target }: Session): Promise<void> {
  const found = await findLast(context, target.appId, () => undefined);
  if (found === undefined || !isCutShort(found.past) || found.journal.problem !== undefined) {
    return;
  }
  const { mode } = found.past.plan;
  say(
    context,
    `The last run here did not finish: cometform ${mode} --resume would go on with it. This is a new plan.`,
  );
}

function isCutShort({ isDone, report }: PastRun): boolean {
  return report === undefined ? !isDone : report.interrupted;
}

/** The newest run here, of the app that is named, if one is; tells of journals that are nobody's. */
async function findLast(
  context: Context,
  appId: string | undefined,
  onUnreadable: (journal: FoundJournal) => void,
): Promise<Found | undefined> {
  for await (const journal of findJournals(context)) {
    const past = toPastRun(journal.records);
    if (past === undefined) {
      if (journal.problem !== undefined) onUnreadable(journal);
      continue;
    }
    if (appId === undefined || past.plan.provider.appId === appId) {
      return { journal, past };
    }
  }
  return undefined;
}

/** The newest run, where it can be gone on with. */
async function findUsable(
  context: Context,
  mode: Plan["mode"],
  appId: string | undefined,
): Promise<Found> {
  const found = await findLast(context, appId, ({ file, problem }) => {
    throw fail(exitCodes.stale, {
      code: "cli/unreadable-run",
      summary: `The last run here cannot be resumed: ${file} is no journal that can be read, ${problem}`,
      hint: `Make it readable, or move it away; cometform ${mode} makes a new plan.`,
    });
  });
  if (found === undefined) {
    throw fail(exitCodes.usage, {
      code: "cli/no-run",
      summary: "There is no run here that could be resumed",
      hint: `Work in the directory in which it was begun, or run cometform ${mode}.`,
    });
  }
  requireUsable(context, found, mode);
  return found;
}

function superseded({ file }: FoundJournal, mode: Plan["mode"]): Failure {
  return fail(exitCodes.stale, {
    code: "cli/other-run",
    summary: `Another run was begun here meanwhile (${file}): nothing was sent`,
    hint: `cometform ${mode} --resume goes on with that one.`,
  });
}

function requireUsable({ version }: Context, { journal, past }: Found, mode: Plan["mode"]): void {
  const { file, problem } = journal;
  if (problem !== undefined) {
    throw stale(`${file} was edited or damaged: it cannot be told what was done; ${problem}`);
  }
  checkPlan(past.plan, file, version);
  if (past.plan.mode !== mode) {
    const summary = `The last run here was ${past.plan.mode}, not ${mode}`;
    const hint = `cometform ${past.plan.mode} --resume goes on with it.`;
    throw fail(exitCodes.usage, { code: "cli/other-run", summary, hint });
  }
}

function resumeText({ run, plan, steps }: PastRun): string {
  const done = plan.steps.filter((step) => isStepDone(steps, step)).length;
  const open = [...steps.values()].filter((step) => step.open.size > 0).length;
  const doubt = open === 0 ? "" : `, ${formatCount(open)} of unknown outcome`;
  return `Resuming run ${run}: ${formatCount(done)} of ${countOf(plan.steps.length, "call")} done${doubt}.`;
}
