import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { plan as makePlan } from "../pipeline.ts";
import { refuseFor } from "../planner/refusal.ts";
import { ProviderError } from "../providers/provider.ts";
import { type App, contentOfApp } from "./app.ts";
import { requireMembers } from "./guard.ts";
import { InputError } from "./input-error.ts";
import { contentOf, type LoadedManifest, type ManifestContent } from "./manifest.ts";
import { judge, type PolicySource, readPolicies } from "./policies.ts";
import { type PlanOptions, toRequest } from "./request.ts";
import { version } from "./the-provider.ts";

/** What a plan is made from. */
export interface PlanInput extends PlanOptions {
  readonly manifest: LoadedManifest;
  readonly app: App;
  /** `destroy` takes down what the manifest made; to reach it is the default. */
  readonly mode?: "apply" | "destroy";
  /** Policies of the house: what one forbids is a reason to refuse the plan. */
  readonly policies?: readonly PolicySource[];
  readonly signal?: AbortSignal;
}

/** When a plan was made, by this process's own clock. */
const births = new WeakMap<Plan, number>();

/**
 * Reads the app and plans what to do about it; sends nothing but reads. A plan that is refused comes
 * back as well, with `applicable: false` and the reasons among its diagnostics.
 *
 * @throws InputError where the options name nothing, a policy cannot be read, or the app is not the manifest's.
 * @throws ProviderError where the app cannot be read.
 */
export async function plan(input: PlanInput): Promise<Plan> {
  requireMembers(input, "The argument of plan", "Give at least { manifest, app }.");
  const { app, mode = "apply", signal } = input;
  const content = contentOf(input.manifest);
  const { session } = contentOfApp(app);
  const policies = await readPolicies(input.policies);
  requireSameApp(input.manifest, app);
  requireOpen(content, session.closed);
  const made = await makePlan({
    ...content,
    ...{ session, mode, toolVersion: version },
    request: toRequest(input, content.desired),
    ...(signal === undefined ? {} : { signal }),
  });
  const judged = refuseFor(made, await judge(policies, made, content));
  births.set(judged, performance.now());
  return judged;
}

/** How many milliseconds ago this process made the plan; `undefined` for one from elsewhere. */
export function ageOf(made: Plan): number | undefined {
  const birth = births.get(made);
  return birth === undefined ? undefined : performance.now() - birth;
}

function requireSameApp({ app: declared }: LoadedManifest, app: App): void {
  const { appId = app.appId, region = app.region, dialect = "auto" } = declared;
  const isDialect = dialect === "auto" || dialect === app.dialect;
  if (appId === app.appId && region === app.region && isDialect) return;
  throw new InputError({
    code: "app/other-app",
    summary: `The manifest is for app ${appId} (${region}), this is ${app.appId} (${app.region}), ${app.dialect} API`,
    hint: "Connect with the manifest: connect({ manifest, apiKey }).",
  });
}

/** What cannot be read with these credentials must not be taken for absent. */
function requireOpen({ desired }: ManifestContent, closed: ReadonlyMap<string, Diagnostic>): void {
  const [kind] = [...desired.managed].filter((name) => closed.has(name));
  if (kind === undefined) return;
  throw new ProviderError({
    kind: "configuration",
    code: "MANAGEMENT_KEYS_MISSING",
    message: `The manifest declares ${kind}s, and there are no credentials to read them with`,
    hint: "Give managementKey and managementSecret to connect, or take them out of the manifest.",
  });
}
