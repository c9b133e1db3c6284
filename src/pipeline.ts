import { execute } from "./executor/execute.ts";
import type { Secrets } from "./executor/secrets.ts";
import { digestManifest } from "./manifest/digest.ts";
import type { Manifest } from "./model/manifest.ts";
import type { Estimate } from "./model/pace.ts";
import { isApplicable, type Plan } from "./model/plan.ts";
import type { ExecutionEvent, Report } from "./model/report.ts";
import { NO_REQUEST, type PlanRequest } from "./model/request.ts";
import {
  type Address,
  type DesiredGraph,
  keyIn,
  type LiveGraph,
  type ReadScope,
} from "./model/resource.ts";
import { secretsIn } from "./model/secret.ts";
import { preImageOf } from "./planner/digest.ts";
import { estimate } from "./planner/duration.ts";
import { findUnkept } from "./planner/families.ts";
import { narrow } from "./planner/narrow.ts";
import { createPlan } from "./planner/plan.ts";
import { toScope } from "./planner/scope.ts";
import { toResidue } from "./planner/verify.ts";
import { ProviderError, type Session } from "./providers/provider.ts";

/** What a plan is made from. */
export interface PlanInput {
  readonly manifest: Manifest;
  readonly desired: DesiredGraph;
  readonly session: Session;
  /** Reach the manifest, or take down what it made. */
  readonly mode: "apply" | "destroy";
  readonly toolVersion: string;
  /** What is asked of this plan only. */
  readonly request?: PlanRequest;
  readonly signal?: AbortSignal;
}

/**
 * Reads the app and plans what to do about it; sends no write.
 *
 * @throws ProviderError when the app cannot be read.
 */
export async function plan(input: PlanInput): Promise<Plan> {
  const { manifest, session, mode, toolVersion } = input;
  const { kinds, target } = session;
  const { stack } = manifest;
  const { request = NO_REQUEST } = input;
  const policy = { ...manifest.policy, prune: { ...manifest.policy.prune, ...request.prune } };
  const whole = { desired: input.desired, kinds, policy, stack, mode };
  const desired = narrow(whole, request);
  const wide = toScope({ ...whole, desired });
  const read = await session.reader.read(without(wide, session), desired, input.signal);
  const live = await withUnkept(input, desired, read, wide);
  const manifestDigest = digestManifest(manifest, input.desired);
  const closed = [...session.closed].filter(([kind]) => wide.kinds.has(kind));
  const diagnostics = closed.map(([, why]) => why);
  return createPlan({
    ...{ ...whole, desired, live, target, toolVersion, manifestDigest, diagnostics, request },
    declared: input.desired.resources,
  });
}

/** What was read, with what lives in parents that nobody is known to keep, if some may be deleted. */
async function withUnkept(
  { session, mode, signal }: PlanInput,
  desired: DesiredGraph,
  live: LiveGraph,
  { thorough }: ReadScope,
): Promise<LiveGraph> {
  const isShrinking = mode === "destroy" || (thorough?.size ?? 0) > 0;
  const kinds = new Map(session.kinds.map((kind) => [kind.name, kind] as const));
  const parents = isShrinking ? findUnkept(desired, live, kinds) : new Set<Address>();
  if (parents.size === 0) return live;
  const more = await session.reader.find({ addresses: new Set(), parents }, desired, signal);
  return {
    resources: new Map([...live.resources, ...more.resources]),
    evidence: new Map([...live.evidence, ...more.evidence]),
    calls: live.calls + more.calls,
    diagnostics: [...live.diagnostics, ...more.diagnostics],
  };
}

/** From next to a data centre to a continent away (inferred: nothing is published). */
const LATENCY = { lowMs: 50, highMs: 250 };

/** Tells how long applying a plan would take at the session's pace, as far as that is known. */
export function estimateApply(
  plan: Plan,
  session: Pick<Session, "pace">,
  concurrency: number,
): Estimate {
  return estimate(plan, { pace: session.pace(), concurrency, latency: LATENCY });
}

/** What is applied, and how. */
export interface ApplyInput {
  readonly plan: Plan;
  /** Write-only values for the references in the plan's calls. */
  readonly secrets: Secrets;
  readonly session: Session;
  /** Calls in flight at once. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ExecutionEvent) => void;
}

/**
 * Executes a plan, reads again what it touched, and says whether the app is now as planned. What was
 * done is reported whatever happens: an app that cannot be read again counts as not converged.
 */
export async function apply(input: ApplyInput): Promise<Report> {
  const { plan, session, signal } = input;
  if (!isApplicable(plan)) throw new Error("a refused plan was to be applied");
  requireSecrets(plan, input.secrets);
  const startedMs = performance.now();
  const nowMs = () => performance.now() - startedMs;
  const before = session.counts();
  const { writer } = session;
  const { secrets, concurrency, onEvent } = input;
  const { steps, changes } = plan;
  const outcomes = await execute({
    ...{ steps, changes, secrets, writer, concurrency, nowMs, signal, onEvent },
  });
  const after = session.counts();
  const isInterrupted = signal?.aborted === true;
  const verdict = isInterrupted ? UNVERIFIED : await verify(plan, session);
  const count = (status: string) => outcomes.filter((one) => one.status === status).length;
  return {
    formatVersion: 1,
    summary: {
      applied: count("applied"),
      failed: count("failed"),
      skipped: count("skipped"),
      unknown: count("unknown"),
    },
    outcomes,
    calls: {
      sent: after.sent - before.sent,
      retried: after.retried - before.retried,
      throttled: after.throttled - before.throttled,
    },
    ...verdict,
    interrupted: isInterrupted,
    durationMs: Math.round(nowMs()),
  };
}

type Verdict = Pick<Report, "converged" | "residue" | "unread">;

const UNVERIFIED: Verdict = { converged: false, residue: [] };

async function verify(plan: Plan, session: Session): Promise<Verdict> {
  try {
    const live = await readTouched(plan, session);
    const broken = [...live.evidence.values()].find(({ complete }) => !complete);
    if (broken !== undefined) return { ...UNVERIFIED, unread: toUnread(broken.collection) };
    const kinds = new Map(session.kinds.map((kind) => [kind.name, kind] as const));
    const residue = toResidue(plan, live, kinds);
    return { converged: residue.length === 0, residue };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { ...UNVERIFIED, unread: { code: error.code, message: error.message } };
  }
}

function toUnread(collection: string): NonNullable<Report["unread"]> {
  const message = `the listing of ${collection} was not read to its end`;
  return { code: "READ_INCOMPLETE", message };
}

/** All write-only values are there before the first call, or nothing is sent. */
function requireSecrets(plan: Plan, secrets: Secrets): void {
  for (const { call } of plan.steps) {
    for (const name of call.body === null ? [] : secretsIn(call.body)) {
      if (!secrets.has(name)) throw new Error(`no value was given for ${name}`);
    }
  }
}

/**
 * The objects a saved plan touches that are no longer as it saw them.
 *
 * @throws ProviderError when the app cannot be read.
 */
export async function findConflicts(
  plan: Plan,
  session: Session,
  signal?: AbortSignal,
): Promise<readonly Address[]> {
  const live = await readTouched(plan, session, signal);
  const changes = new Map(plan.changes.map((change) => [change.address, change] as const));
  return Object.entries(plan.preImages)
    .filter(([address, before]) => {
      const change = changes.get(address);
      return change === undefined || preImageOf(change, live.resources.get(address)) !== before;
    })
    .map(([address]) => address);
}

/**
 * Reads everything there is, for an export.
 *
 * @throws ProviderError when the app cannot be read.
 */
export async function readAll(session: Session, signal?: AbortSignal): Promise<LiveGraph> {
  const listed = session.kinds.filter(({ parent }) => parent === undefined);
  const scope: ReadScope = { kinds: new Set(listed.map(({ name }) => name)), parents: "all" };
  return session.reader.read(without(scope, session), NOTHING_DESIRED, signal);
}

/** Kinds that cannot be read with these credentials are not declared, or connecting had failed. */
function without(scope: ReadScope, { closed }: Session): ReadScope {
  return { ...scope, kinds: new Set([...scope.kinds].filter((name) => !closed.has(name))) };
}

/**
 * Reads what a plan touches and nothing else. Who comes back with a reactivation is seen only in the
 * whole list of a parent that declares all of its children.
 */
function readTouched(plan: Plan, session: Session, signal?: AbortSignal): Promise<LiveGraph> {
  const addresses = new Set(plan.changes.map(({ address }) => address));
  const parents = new Set(plan.summary.reactivate > 0 ? plan.authoritative : []);
  return session.reader.find({ addresses, parents }, toDeclared(plan), signal);
}

/** Enough of the desired side for a reader that has to match by more than ids. */
function toDeclared(plan: Plan): DesiredGraph {
  // What apply deletes is not declared; what a destroy deletes is.
  const declared = plan.changes.filter(
    ({ action }) => plan.mode === "destroy" || action !== "delete",
  );
  const resources = declared.map(({ address, kind, id, attributes }) => {
    const values = attributes.map(({ path, after }) => [path, after] as const);
    const known = id === undefined ? {} : { id };
    const resource = { address, kind, key: keyIn(address), ...known };
    return [address, { ...resource, attributes: Object.fromEntries(values) }] as const;
  });
  return { ...NOTHING_DESIRED, resources: new Map(resources) };
}

const NOTHING_DESIRED: DesiredGraph = {
  resources: new Map(),
  managed: new Set(),
  children: new Map(),
  forget: new Map(),
  secrets: new Map(),
};
