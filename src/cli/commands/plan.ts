import { isApplicable, type Plan } from "../../model/plan.ts";
import { plan as makePlan } from "../../pipeline.ts";
import { renderPlan } from "../../render/plan.ts";
import { type Context, say, writeJson } from "../command.ts";
import { withSession } from "../connection.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { writePrivately } from "../files.ts";
import { declaredTarget, loadProject } from "../project.ts";
import { namedFiles, readSources } from "../sources.ts";
import { stopwatch } from "../stopwatch.ts";

/** Shows what apply would do. */
export async function run(context: Context): Promise<ExitCode> {
  const names = namedFiles(context);
  const { manifest, desired, provider } = await loadProject(
    context,
    await readSources(context, names),
  );
  const elapsedMs = stopwatch();
  const request = { provider, declared: declaredTarget(manifest), managed: desired.managed };
  const plan = await withSession(context, request, (session) =>
    makePlan({
      manifest,
      desired,
      session,
      mode: "apply",
      writeSecrets: new Set(context.flags.writeSecret),
      toolVersion: context.version,
      signal: context.terminal.signal,
    }),
  );
  const durationMs = elapsedMs();
  const isSaved = await save(context, plan);
  show(context, plan, durationMs, nextCommand(context, names, isSaved));
  if (!isApplicable(plan)) {
    return exitCodes.refused;
  }
  const isPending = context.flags.detailedExitcode === true && plan.changes.length > 0;
  return isPending ? exitCodes.pending : exitCodes.done;
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
  await writePrivately(context.terminal.cwd, out, `${JSON.stringify(plan, null, 2)}\n`);
  say(context, `Saved to ${out}.`);
  return true;
}

function show(context: Context, plan: Plan, durationMs: number, next: string): void {
  const { flags, terminal, paint } = context;
  if (flags.json === true) {
    writeJson(context, plan);
    return;
  }
  const view = { paint, width: terminal.width, verbose: flags.verbose === true, durationMs };
  const isQuiet = flags.quiet === true;
  terminal.write(renderPlan(plan, { ...view, quiet: isQuiet, ...(isQuiet ? {} : { next }) }));
}

function nextCommand({ flags }: Context, names: readonly string[], isSaved: boolean): string {
  const operands = isSaved && flags.out !== undefined ? [flags.out] : names;
  // A saved plan holds what was asked for; a fresh one has to be asked again.
  const again = isSaved
    ? []
    : (flags.writeSecret ?? []).flatMap((name) => ["--write-secret", name]);
  const emulator = flags.emulator === true ? ["--emulator"] : [];
  return ["cometform apply", ...emulator, ...again, ...operands].join(" ");
}
