import { toDeclared } from "../manifest/declared.ts";
import type { ManifestSource } from "../manifest/load.ts";
import { plan as makePlan } from "../pipeline.ts";
import type { Context } from "./command.ts";
import { withSession } from "./connection.ts";
import { execute } from "./execution.ts";
import type { ExitCode } from "./exit.ts";
import { judge, readPolicies } from "./policies.ts";
import { declaredTarget, loadProject } from "./project.ts";
import { toRequest } from "./request.ts";
import { noteUnfinished } from "./resume.ts";
import { stopwatch } from "./stopwatch.ts";
import { tellWaits } from "./wait-notes.ts";

/** Plans from manifests and executes the plan: apply, and destroy. */
export async function planAndExecute(
  context: Context,
  sources: readonly ManifestSource[],
  mode: "apply" | "destroy",
): Promise<ExitCode> {
  const policies = await readPolicies(context);
  const project = await loadProject(context, sources);
  const { manifest, desired, provider } = project;
  const request = toRequest(context, project);
  const target = {
    provider,
    declared: declaredTarget(manifest),
    managed: desired.managed,
    isChanging: true,
  };
  const elapsedMs = stopwatch();
  return await withSession(context, target, async (session) => {
    await noteUnfinished(context, session);
    const plan = await tellWaits(context, session, () =>
      makePlan({
        manifest,
        desired,
        session,
        mode,
        request,
        toolVersion: context.version,
        signal: context.terminal.signal,
      }),
    );
    const { secrets } = desired;
    return await execute(context, {
      plan,
      secrets,
      session,
      declared: () => toDeclared(project, plan),
      objections: await judge(policies, plan, project),
      durationMs: elapsedMs(),
      ageMs: elapsedMs,
    });
  });
}
