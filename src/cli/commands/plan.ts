import { estimateApply } from "../../apply.ts";
import type { ManifestSource } from "../../manifest/load.ts";
import type { Estimate } from "../../model/pace.ts";
import { isApplicable, type Plan } from "../../model/plan.ts";
import { plan as makePlan } from "../../pipeline.ts";
import { sealPlan } from "../../planner/digest.ts";
import { refuseFor } from "../../planner/refusal.ts";
import { type PlanView, renderPlan } from "../../render/plan.ts";
import { type Context, say, writeJson } from "../command.ts";
import { withSession } from "../connection.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { requirePlace, writePrivately } from "../files.ts";
import { concurrencyDefault } from "../flags.ts";
import { requireTime } from "../max-duration.ts";
import { nextCommand } from "../next-command.ts";
import { judge, readPolicies } from "../policies.ts";
import { declaredTarget, loadProject } from "../project.ts";
import { toRequest } from "../request.ts";
import { requireReviewPlaces, writeReviews } from "../review-files.ts";
import { isReplaceable } from "../saved-file.ts";
import { namedFiles, readSources } from "../sources.ts";
import { stopwatch } from "../stopwatch.ts";
import { tellMore } from "../trouble.ts";
import { tellWaits } from "../wait-notes.ts";

/** Shows what apply would do. */
export async function run(context: Context): Promise<ExitCode> {
  await requireReviewPlaces(context);
  await requireOutPlace(context);
  const names = namedFiles(context);
  const { plan, estimate, durationMs } = await planSources(
    context,
    await readSources(context, names),
  );
  const isSaved = await save(context, plan);
  const applied = {
    operands: isSaved && context.flags.out !== undefined ? [context.flags.out] : names,
    isSaved,
  };
  const next = nextCommand(context.flags, applied);
  show(context, plan, { durationMs, estimate, next });
  const exactly = nextCommand(context.flags, { ...applied, digest: plan.digest });
  await writeReviews(context, plan, { estimate, next: exactly });
  if (!isApplicable(plan)) {
    tellMore(context, plan.diagnostics);
    return exitCodes.refused;
  }
  const isPending = context.flags.detailedExitcode === true && plan.changes.length > 0;
  return isPending ? exitCodes.pending : exitCodes.done;
}

/** Before the app is asked: a plan that cannot be kept should not take the time of one. */
async function requireOutPlace(context: Context): Promise<void> {
  const { out } = context.flags;
  if (out !== undefined) {
    await requirePlace(context, { file: out, flag: "--out" }, isReplaceable);
  }
}

/** Reads manifests and the app, and plans; what takes longer than is allowed is refused. */
export async function planSources(
  context: Context,
  sources: readonly ManifestSource[],
): Promise<{ readonly plan: Plan; readonly estimate: Estimate; readonly durationMs: number }> {
  const policies = await readPolicies(context);
  const project = await loadProject(context, sources);
  const { manifest, desired, provider } = project;
  const request = toRequest(context, project);
  const elapsedMs = stopwatch();
  const target = { provider, declared: declaredTarget(manifest), managed: desired.managed };
  const { plan, estimate } = await withSession(context, target, async (session) => {
    const made = await tellWaits(context, session, () =>
      makePlan({
        manifest,
        desired,
        session,
        mode: "apply",
        request,
        toolVersion: context.version,
        signal: context.terminal.signal,
      }),
    );
    const concurrency = context.flags.concurrency ?? concurrencyDefault;
    const expected = estimateApply(made, session, concurrency);
    const timely = requireTime(context, made, expected);
    const plan = refuseFor(timely, await judge(policies, made, project));
    return { plan, estimate: expected };
  });
  return { plan, estimate, durationMs: elapsedMs() };
}

/** A refused plan is not worth keeping: nothing will ever apply it. */
async function save(context: Context, plan: Plan): Promise<boolean> {
  const { out } = context.flags;
  if (out === undefined) {
    return false;
  }
  if (!isApplicable(plan)) {
    say(context, `Not saved to ${out}: the plan is refused.`);
    return false;
  }
  // Somebody may have put something there while the app was read.
  await requireOutPlace(context);
  await writePrivately(context.terminal.cwd, out, `${JSON.stringify(sealPlan(plan), null, 2)}\n`);
  say(context, `Saved to ${out}.`);
  return true;
}

type Known = Required<Pick<PlanView, "durationMs" | "estimate" | "next">>;

function show(context: Context, plan: Plan, { next, ...known }: Known): void {
  const { flags, terminal, paint } = context;
  if (flags.markdown === "-") {
    return;
  }
  if (flags.json === true) {
    writeJson(context, sealPlan(plan));
    return;
  }
  const view = { paint, width: terminal.width, verbose: flags.verbose === true, ...known };
  const isQuiet = flags.quiet === true;
  terminal.write(renderPlan(plan, { ...view, quiet: isQuiet, ...(isQuiet ? {} : { next }) }));
}
