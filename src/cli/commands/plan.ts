import { estimateApply } from "../../apply.ts";
import { isApplicable, type Plan } from "../../model/plan.ts";
import { plan as makePlan } from "../../pipeline.ts";
import { sealPlan } from "../../planner/digest.ts";
import { type PlanView, renderPlan } from "../../render/plan.ts";
import { type Context, say, writeJson } from "../command.ts";
import { withSession } from "../connection.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { requirePlace, writePrivately } from "../files.ts";
import { concurrencyDefault } from "../flags.ts";
import { requireTime } from "../max-duration.ts";
import { paceWords } from "../pace-flags.ts";
import { judge, policyWords, readPolicies } from "../policies.ts";
import { declaredTarget, loadProject } from "../project.ts";
import { refuseFor } from "../refusal.ts";
import { toRequest } from "../request.ts";
import { requestWords } from "../request-flags.ts";
import { isReplaceable } from "../saved-file.ts";
import { namedFiles, readSources } from "../sources.ts";
import { stopwatch } from "../stopwatch.ts";
import { tellWaits } from "../wait-notes.ts";

/** Shows what apply would do. */
export async function run(context: Context): Promise<ExitCode> {
  const names = namedFiles(context);
  const policies = await readPolicies(context);
  const project = await loadProject(context, await readSources(context, names));
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
  const durationMs = elapsedMs();
  const isSaved = await save(context, plan);
  show(context, plan, { durationMs, estimate, next: nextCommand(context, names, isSaved) });
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
  await requirePlace(context, { file: out, flag: "--out" }, isReplaceable);
  await writePrivately(context.terminal.cwd, out, `${JSON.stringify(sealPlan(plan), null, 2)}\n`);
  say(context, `Saved to ${out}.`);
  return true;
}

type Known = Required<Pick<PlanView, "durationMs" | "estimate" | "next">>;

function show(context: Context, plan: Plan, { next, ...known }: Known): void {
  const { flags, terminal, paint } = context;
  if (flags.json === true) {
    writeJson(context, sealPlan(plan));
    return;
  }
  const view = { paint, width: terminal.width, verbose: flags.verbose === true, ...known };
  const isQuiet = flags.quiet === true;
  terminal.write(renderPlan(plan, { ...view, quiet: isQuiet, ...(isQuiet ? {} : { next }) }));
}

/** The command that applies what was planned: to the same app, from the same values. */
function nextCommand({ flags }: Context, names: readonly string[], isSaved: boolean): string {
  const operands = isSaved && flags.out !== undefined ? [flags.out] : names;
  const flag = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--${name}`, value];
  const target = [
    ...(flags.emulator === true ? ["--emulator"] : []),
    ...flag("emulator-data", flags.emulatorData),
    ...flag("faults", flags.faults),
    ...flag("app-id", flags.appId),
    ...flag("region", flags.region),
    ...flag("base-url", flags.baseUrl),
    ...flag("dialect", isSaved ? undefined : flags.dialect),
    ...paceWords(flags),
    ...policyWords(flags),
  ];
  // A saved plan holds what was asked for; a fresh one has to be asked again. A variable's value may
  // be a secret, so only its name is told.
  const again = isSaved
    ? []
    : [
        ...flag("env", flags.env),
        ...(flags.varFile ?? []).flatMap((file) => flag("var-file", file)),
        ...(flags.var ?? []).flatMap((text) => flag("var", `${text.split("=", 1)[0]}=…`)),
        ...requestWords(flags).flat(),
      ];
  return ["cometform", "apply", ...target, ...again, ...operands].map(quote).join(" ");
}

/** A word as a shell takes it: a pattern must not become a list of files. */
function quote(word: string): string {
  return /^(?!#)[\w@%+=:,./#…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
