import { stringify } from "yaml";
import { apply } from "../../src/apply.ts";
import { toDesired } from "../../src/manifest/desired.ts";
import { loadManifest } from "../../src/manifest/load.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Report } from "../../src/model/report.ts";
import { NO_REQUEST, type PlanRequest } from "../../src/model/request.ts";
import type { DesiredGraph } from "../../src/model/resource.ts";
import { plan } from "../../src/pipeline.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import type { Session } from "../../src/providers/provider.ts";
import { liftAll } from "./lift.ts";

/** A manifest that was loaded, with the graph it asks for. */
export interface Loaded {
  readonly manifest: Manifest;
  readonly desired: DesiredGraph;
}

/** Loads a manifest given as a value or as YAML text, and fails the test if it is not valid. */
export function load(
  content: unknown,
  environment: { readonly [name: string]: string } = {},
): Loaded {
  const text = typeof content === "string" ? content : stringify(content);
  const kinds = cometchat.kinds("vendor");
  const loaded = loadManifest({
    sources: [{ file: "cometform.yaml", text }],
    variables: new Map(),
    environment,
    schema: cometchat.schema,
    kinds,
  });
  if (!loaded.ok) throw new Error(describe(loaded.diagnostics));
  const desired = toDesired(loaded.value, kinds);
  if (!desired.ok) throw new Error(describe(desired.diagnostics));
  return { manifest: loaded.value, desired: desired.value };
}

function describe(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ code, summary }) => `${code}: ${summary}`).join("\n");
}

/** Plans a loaded manifest. */
export function planIt(
  session: Session,
  loaded: Loaded,
  mode: "apply" | "destroy" = "apply",
  asked: Partial<PlanRequest> = {},
): Promise<Plan> {
  const request = { ...NO_REQUEST, ...asked };
  return plan({ ...loaded, session, mode, toolVersion: "0.0.0", request });
}

/** Plans with every budget lifted that the plan would exceed. */
export async function planLifted(
  session: Session,
  loaded: Loaded,
  asked: Partial<PlanRequest> = {},
  mode: "apply" | "destroy" = "apply",
): Promise<Plan> {
  const first = await planIt(session, loaded, mode, asked);
  const lifted = liftAll(first);
  return lifted.allow.length === 0 ? first : planIt(session, loaded, mode, { ...asked, ...lifted });
}

/** Applies a plan as the pipeline does. */
export function applyIt(session: Session, loaded: Loaded, made: Plan): Promise<Report> {
  return apply({ plan: made, secrets: loaded.desired.secrets, session, concurrency: 16 });
}
