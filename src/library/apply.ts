import { apply as execute } from "../apply.ts";
import { findConflicts } from "../conflicts.ts";
import { digestManifest } from "../manifest/digest.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Recorder, RunRecord } from "../model/journal.ts";
import { isApplicable, type Plan } from "../model/plan.ts";
import type { Report } from "../model/report.ts";
import { digestPlan } from "../planner/digest.ts";
import { type App, contentOfApp } from "./app.ts";
import { requireMembers, requirePlan } from "./guard.ts";
import { InputError, StalePlanError } from "./input-error.ts";
import { contentOf, type LoadedManifest } from "./manifest.ts";
import { ageOf } from "./plan.ts";
import { judge, type PolicySource, readPolicies } from "./policies.ts";
import { version } from "./the-provider.ts";

/** How far a run is, in calls. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** What a plan is applied with. */
export interface ApplyInput {
  /** The manifest the plan was made from: the passwords come from it, since no plan has them. */
  readonly manifest: LoadedManifest;
  readonly app: App;
  /** Policies of the house: the plan is judged by them before anything is sent, whoever made it. */
  readonly policies?: readonly PolicySource[];
  /** Aborting lets the calls that are under way end, and sends no more. */
  readonly signal?: AbortSignal;
  /** Told after each call. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A younger plan of our own need not be compared with the app before the first call. */
const freshMsMax = 10_000;

/**
 * Executes a plan, reads again what it touched, and tells what was done. What fails is in the report and
 * never thrown; `converged` tells whether the app is now as planned. A plan may come from elsewhere, as
 * the JSON it is: then the app is compared with what the plan saw before anything is sent.
 *
 * @throws InputError for a plan that is refused, by a policy as well, was edited, or belongs to something else.
 * @throws StalePlanError where the app is no longer as the plan saw it.
 * @throws ProviderError where the app cannot be read for that comparison.
 */
export async function apply(plan: Plan, input: ApplyInput): Promise<Report> {
  requirePlan(plan);
  requireMembers(input, "The second argument of apply", "Give at least { manifest, app }.");
  const { app, signal, onProgress } = input;
  const content = contentOf(input.manifest);
  const { manifest, desired } = content;
  const { session, concurrency } = contentOfApp(app);
  requireUsable(plan, app, digestManifest(manifest, desired));
  requireAllowed(await judge(await readPolicies(input.policies), plan, content));
  const given = signal === undefined ? {} : { signal };
  const ageMs = ageOf(plan);
  const isFresh = ageMs !== undefined && ageMs <= freshMsMax;
  if (!isFresh) {
    const changed = await findConflicts(plan, session, given);
    if (changed.length > 0) throw new StalePlanError(changed);
  }
  const { secrets } = desired;
  return await execute({
    ...{ plan, session, secrets, concurrency, ...given },
    ageMs: isFresh ? ageMs : 0,
    ...(onProgress === undefined ? {} : { recorder: toRecorder(onProgress) }),
  });
}

function requireAllowed([first, ...others]: readonly Diagnostic[]): void {
  if (first === undefined) return;
  const { code, summary, hint = "Make a new plan." } = first;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new InputError({ code, summary: `The plan cannot be applied. ${summary}${more}`, hint });
}

function toRecorder(onProgress: (progress: Progress) => void): Recorder {
  return {
    note: (record: RunRecord) => {
      if (record.type !== "progress") return;
      const { done, total } = record;
      onProgress({ done, total });
    },
    intend: async () => undefined,
  };
}

function requireUsable(plan: Plan, app: App, manifestDigest: string): void {
  const { digest, ...rest } = plan;
  const { appId, region, dialect } = plan.provider;
  const isOfApp = appId === app.appId && region === app.region && dialect === app.dialect;
  const again = "Make a new plan.";
  const problems: readonly (readonly [isWrong: boolean, code: string, summary: string])[] = [
    [
      plan.tool.version !== version,
      "plan/other-version",
      `It was made by ${plan.tool.version}, this is ${version}`,
    ],
    [
      digestPlan(rest) !== digest,
      "plan/edited",
      "Its digest does not fit its content: it was edited",
    ],
    [
      !(plan.applicable && isApplicable(plan)),
      "plan/refused",
      "It is refused: its diagnostics say why",
    ],
    [!isOfApp, "plan/other-app", `It is for app ${appId} (${region}), ${dialect} API`],
    [
      plan.manifestDigest !== manifestDigest,
      "plan/other-manifest",
      "It was made from another manifest",
    ],
  ];
  const problem = problems.find(([isWrong]) => isWrong);
  if (problem === undefined) return;
  const [, code, why] = problem;
  throw new InputError({ code, summary: `The plan cannot be applied. ${why}`, hint: again });
}
