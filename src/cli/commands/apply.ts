import { toDeclared } from "../../manifest/declared.ts";
import type { ManifestSource } from "../../manifest/load.ts";
import type { Declared } from "../../model/declared.ts";
import { isApplicable, type Plan } from "../../model/plan.ts";
import { kindIn } from "../../model/resource.ts";
import { refuseFor } from "../../planner/refusal.ts";
import type { Context } from "../command.ts";
import { requireFresh } from "../conflicts.ts";
import { withSession } from "../connection.ts";
import { requireConsent } from "../consent.ts";
import { execute, requireDigest, showRefused } from "../execution.ts";
import type { ExitCode } from "../exit.ts";
import { planAndExecute } from "../plan-and-execute.ts";
import { judge, readPolicies } from "../policies.ts";
import { theProvider } from "../project.ts";
import { noteUnfinished, resume } from "../resume.ts";
import { requirePlaces } from "../run.ts";
import {
  findProject,
  requireDialect,
  requireNoRequest,
  resolveProject,
  resolveSecrets,
  takeSavedPlan,
} from "../saved-plan.ts";
import { namedFiles, readSources } from "../sources.ts";

/** Makes the app as the manifest, or the saved plan, says. */
export async function run(context: Context): Promise<ExitCode> {
  await requirePlaces(context);
  if (context.flags.resume === true) {
    return await resume(context, "apply");
  }
  requireConsent(context);
  const sources = await readSources(context, namedFiles(context));
  const [first, ...others] = sources;
  const saved = first === undefined ? undefined : takeSavedPlan(context, first);
  return saved === undefined
    ? planAndExecute(context, sources, "apply")
    : applySaved(context, saved, others);
}

async function applySaved(
  context: Context,
  plan: Plan,
  manifests: readonly ManifestSource[],
): Promise<ExitCode> {
  requireNoRequest(context);
  requireDigest(context, plan, true);
  if (!(plan.applicable && isApplicable(plan))) {
    return await showRefused(context, plan);
  }
  const judged = await judgeSaved(context, plan, manifests);
  if (!isApplicable(judged)) {
    return showRefused(context, judged);
  }
  const { appId, region, dialect } = plan.provider;
  requireDialect(context, dialect);
  const request = {
    provider: theProvider(),
    declared: { by: "The saved plan", appId, region, dialect },
    managed: new Set(Object.keys(plan.preImages).map(kindIn)),
    isChanging: true,
  };
  const secrets = await resolveSecrets(context, plan, manifests);
  const project = await findProject(context, plan, manifests);
  const declared = (): Declared =>
    project === undefined
      ? { whole: plan.scope === null, frame: null, resources: null }
      : toDeclared(project, plan);
  return await withSession(context, request, async (session) => {
    await noteUnfinished(context, session);
    await requireFresh(context, { plan }, session);
    return await execute(context, { plan, secrets, session, declared });
  });
}

/** A saved plan is judged again, by the policies of now; what one says of manifests needs the plan's. */
async function judgeSaved(
  context: Context,
  plan: Plan,
  manifests: readonly ManifestSource[],
): Promise<Plan> {
  const policies = await readPolicies(context);
  const isAboutManifest = policies.some(({ manifest }) => manifest !== undefined);
  const project = isAboutManifest
    ? await resolveProject(context, plan, manifests, "is to be judged by a policy of manifests")
    : undefined;
  return refuseFor(plan, await judge(policies, plan, project));
}
