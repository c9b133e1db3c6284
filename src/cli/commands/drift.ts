import { type Then, tellCauses } from "../../drift.ts";
import { toDeclared } from "../../manifest/declared.ts";
import type { Cause, Drift, DriftChange } from "../../model/drift.ts";
import { isApplicable, type Plan } from "../../model/plan.ts";
import { plan as makePlan } from "../../pipeline.ts";
import { renderDrift } from "../../render/drift.ts";
import { type Context, writeJson } from "../command.ts";
import { withSession } from "../connection.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { type FoundRun, findLastRun } from "../last-run.ts";
import { declaredTarget, loadProject, type Project } from "../project.ts";
import { toRequest } from "../request.ts";
import { namedFiles, readSources } from "../sources.ts";
import { tellWaits } from "../wait-notes.ts";

/** Tells how the app stands to the manifest, and whether that is the app's doing or the manifest's. */
export async function run(context: Context): Promise<ExitCode> {
  const project = await loadProject(context, await readSources(context, namedFiles(context)));
  const { manifest, desired, provider } = project;
  const request = toRequest(context, project);
  const target = { provider, declared: declaredTarget(manifest), managed: desired.managed };
  const { plan, found } = await withSession(context, target, async (session) => {
    const { appId } = session.target;
    // Before the app is read: what is wrong with the receipt is told at once.
    const last = await findLastRun(context, { appId, stack: manifest.stack ?? null });
    const made = await tellWaits(context, session, () =>
      makePlan({
        ...{ manifest, desired, session, request },
        mode: "apply",
        toolVersion: context.version,
        signal: context.terminal.signal,
      }),
    );
    return { plan: made, found: last };
  });
  const drift = toDrift(project, plan, found);
  show(context, drift, plan);
  return exitOf(drift);
}

function toDrift(project: Project, plan: Plan, found: FoundRun | undefined): Drift {
  const { provider, stack, manifestDigest, diagnostics } = plan;
  // Of all, however little of it the plan is limited to.
  const now = toDeclared(project, { ...plan, scope: null });
  const then = found && toThen(found, manifestDigest);
  const halfRead = new Set(
    plan.reads.collections.flatMap(({ collection, complete }) => (complete ? [] : [collection])),
  );
  const { kinds } = project;
  const changes = tellCauses({ changes: plan.changes, now, then, halfRead, kinds });
  return {
    formatVersion: 1,
    type: "drift",
    ...{ provider, stack, manifestDigest },
    since: found?.since ?? null,
    manifestChanged: found === undefined ? null : found.since.manifestDigest !== manifestDigest,
    counts: countCauses(changes),
    unchanged: plan.summary.unchanged,
    complete: plan.reads.complete,
    changes,
    diagnostics,
  };
}

function toThen({ receipt, declared }: FoundRun, manifestDigest: string): Then {
  const { outcomes, residue, command } = receipt;
  const undone = outcomes.filter(({ status }) => status !== "applied");
  return {
    declared,
    isSame:
      command === "apply" &&
      receipt.declared?.whole !== false &&
      receipt.manifestDigest === manifestDigest,
    open: new Set([...undone, ...residue].map(({ address }) => address)),
  };
}

function countCauses(changes: readonly DriftChange[]): Drift["counts"] {
  const count = (cause: Cause): number => changes.filter((one) => one.cause === cause).length;
  return {
    drift: count("drift"),
    pending: count("pending"),
    unfinished: count("unfinished"),
    untold: count("untold"),
  };
}

function show(context: Context, drift: Drift, plan: Plan): void {
  const { flags, terminal, paint } = context;
  if (flags.json === true) {
    writeJson(context, drift);
    return;
  }
  const isSilent = flags.quiet === true && exitOf(drift) === exitCodes.done;
  if (!isSilent) {
    const { width } = terminal;
    const view = { paint, width, verbose: flags.verbose === true, quiet: flags.quiet === true };
    terminal.write(renderDrift(drift, plan, view));
  }
}

/** What cannot be told may be drift, so whoever watches has to look. */
function exitOf({ counts, diagnostics, complete }: Drift): ExitCode {
  if (counts.drift + counts.untold > 0) return exitCodes.pending;
  if (!isApplicable({ diagnostics })) return exitCodes.refused;
  return complete ? exitCodes.done : exitCodes.unreachable;
}
