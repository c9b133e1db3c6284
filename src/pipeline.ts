import { digestManifest } from "./manifest/digest.ts";
import type { Manifest } from "./model/manifest.ts";
import type { ClassPace } from "./model/pace.ts";
import type { Plan } from "./model/plan.ts";
import { NO_REQUEST, type PlanRequest } from "./model/request.ts";
import {
  type Address,
  type DesiredGraph,
  type HoldersAsked,
  holdersOf,
  type LiveGraph,
  type LiveResource,
  NOTHING_DESIRED,
  type ReadScope,
} from "./model/resource.ts";
import { findUnkept } from "./planner/families.ts";
import { findHoldersAsked, mayGo } from "./planner/holders.ts";
import { findKeepersAsked } from "./planner/keepers.ts";
import type { Kinds } from "./planner/kinds.ts";
import { narrow } from "./planner/narrow.ts";
import { createPlan } from "./planner/plan.ts";
import type { Allowances } from "./planner/route.ts";
import { namedBy, type ScopeInput, toScope } from "./planner/scope.ts";
import { createSieve } from "./planner/sieve.ts";
import type { Session } from "./providers/provider.ts";

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
  const scoped = { ...whole, desired, request };
  const { read: way = "auto" } = request;
  const scope = toScope(scoped);
  const sieve = createSieve({ ...scoped, named: scope.partly?.wanted ?? namedBy(scoped) });
  const wide: ReadScope = { ...scope, mode: way, sieve: sieve.isKept };
  const reading = session.reader.read(without(wide, session), desired, input.signal);
  // Whether it failed counts when it is waited for; until the service answers there is time for this.
  reading.catch(() => {});
  const manifestDigest = digestManifest(manifest, input.desired);
  const read = await reading;
  const told = await withKeepers(input, scoped, read);
  const unkept = await withUnkept(input, desired, told, wide);
  const live = await withHolders(input, scoped, unkept);
  const closed = [...session.closed].filter(([kind]) => wide.kinds.has(kind));
  const diagnostics = closed.map(([, why]) => why);
  return createPlan({
    ...{ ...scoped, live, target, toolVersion, manifestDigest, diagnostics },
    declared: input.desired.resources,
    allowances: toAllowances(session.pace()),
    passed: sieve.passed(),
  });
}

/** How many calls a minute each quota allows. A refusal that has slowed us down for a while is no part of a plan. */
function toAllowances(paces: readonly ClassPace[]): Allowances {
  return Object.fromEntries(
    paces.map(({ quota, allowance, unslowed = allowance }) => [quota, unslowed]),
  );
}

/** What was read, with those on whom it depends whether a declared parent is left to nobody. */
async function withKeepers(
  { session, desired, signal }: PlanInput,
  scoped: ScopeInput & { readonly request: PlanRequest },
  live: LiveGraph,
): Promise<LiveGraph> {
  const addresses = findKeepersAsked({ ...scoped, live, kinds: byName(session) });
  if (addresses.size === 0) return live;
  const wanted = { addresses, parents: new Set<Address>() };
  const { resources, calls } = await session.reader.find(wanted, desired, signal);
  const found = [...resources].filter(([address]) => addresses.has(address));
  const passersBy = new Set(found.map(([address]) => address));
  return {
    ...live,
    resources: new Map([...live.resources, ...found]),
    // Where a listing was read to its end to find them, that is no evidence of what else is in it.
    calls: live.calls + calls,
    passersBy,
    absent: new Set([...addresses].filter((address) => !passersBy.has(address))),
  };
}

/** What was read, with what lives in parents that nobody is known to keep, if some may be deleted. */
async function withUnkept(
  { session, mode, signal }: PlanInput,
  desired: DesiredGraph,
  live: LiveGraph,
  { thorough }: ReadScope,
): Promise<LiveGraph> {
  const isShrinking = mode === "destroy" || (thorough?.size ?? 0) > 0;
  const parents = isShrinking ? findUnkept(desired, live, byName(session)) : new Set<Address>();
  if (parents.size === 0) return live;
  const wanted = { addresses: new Set<Address>(), parents };
  return join(live, await session.reader.find(wanted, desired, signal));
}

/**
 * What was read, with whoever else refers to what may be deleted. Who is found may have to go as well;
 * then the question is who else there is beside them, of what they refer to.
 */
async function withHolders(
  { session, signal }: PlanInput,
  scoped: ScopeInput & { readonly request: PlanRequest },
  live: LiveGraph,
): Promise<LiveGraph> {
  const kinds = byName(session);
  let asked = findHoldersAsked({ ...scoped, live, kinds });
  if (asked.length === 0) return live;
  const resources = new Map(live.resources);
  const evidence = new Map(live.evidence);
  const passersBy = new Set(live.passersBy);
  const told = new Set<string>();
  let known: LiveGraph = { ...live, resources, evidence, passersBy };
  while (asked.length > 0) {
    for (const { kind, target } of asked) told.add(holdersOf(kind, target));
    const more = await session.reader.holders(asked, signal);
    const found = [...more.resources.values()].filter(({ address }) => !resources.has(address));
    for (const one of found) resources.set(one.address, one);
    for (const { address } of found) passersBy.add(address);
    for (const [collection, one] of more.evidence) evidence.set(collection, one);
    const diagnostics = [...known.diagnostics, ...more.diagnostics];
    known = { ...known, calls: known.calls + more.calls, diagnostics };
    const going = { ...scoped, live: known, kinds };
    const leaving = found.filter(({ address }) => mayGo(going, address));
    const held = new Set(leaving.flatMap((one) => targetsOf(kinds, one)));
    const isOpen = ({ kind, target }: HoldersAsked) =>
      held.has(target) || !told.has(holdersOf(kind, target));
    asked = found.length === 0 ? [] : findHoldersAsked(going).filter(isOpen);
  }
  return known;
}

function targetsOf(kinds: Kinds, { kind, key, attributes }: LiveResource): readonly Address[] {
  const references = kinds.get(kind)?.references(attributes, key) ?? [];
  return references.map(({ address }) => address);
}

function byName({ kinds }: Session): Kinds {
  return new Map(kinds.map((kind) => [kind.name, kind] as const));
}

function join(live: LiveGraph, more: LiveGraph): LiveGraph {
  return {
    ...live,
    resources: new Map([...live.resources, ...more.resources]),
    evidence: new Map([...live.evidence, ...more.evidence]),
    calls: live.calls + more.calls,
    diagnostics: [...live.diagnostics, ...more.diagnostics],
  };
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
