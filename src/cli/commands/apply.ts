import type { ManifestSource } from "../../manifest/load.ts";
import { isApplicable, type Plan } from "../../model/plan.ts";
import { kindIn } from "../../model/resource.ts";
import type { Context } from "../command.ts";
import { requireFresh } from "../conflicts.ts";
import { withSession } from "../connection.ts";
import { requireConsent } from "../consent.ts";
import { execute, requireDigest, showRefused } from "../execution.ts";
import type { ExitCode } from "../exit.ts";
import { planAndExecute } from "../plan-and-execute.ts";
import { theProvider } from "../project.ts";
import { noteUnfinished, resume } from "../resume.ts";
import { requirePlaces } from "../run.ts";
import { requireDialect, requireNoRequest, resolveSecrets, takeSavedPlan } from "../saved-plan.ts";
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
  const { appId, region, dialect } = plan.provider;
  requireDialect(context, dialect);
  const request = {
    provider: theProvider(),
    declared: { by: "The saved plan", appId, region, dialect },
    managed: new Set(Object.keys(plan.preImages).map(kindIn)),
    isChanging: true,
  };
  const secrets = await resolveSecrets(context, plan, manifests);
  return await withSession(context, request, async (session) => {
    await noteUnfinished(context, session);
    await requireFresh(context, { plan }, session);
    return await execute(context, { plan, secrets, session });
  });
}
