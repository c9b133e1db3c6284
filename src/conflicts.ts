import type { Plan, PlanChange, StepId } from "./model/plan.ts";
import {
  type Address,
  type DesiredGraph,
  keyIn,
  type LiveGraph,
  NOTHING_DESIRED,
} from "./model/resource.ts";
import { isStillAsPlanned, preImageOf } from "./planner/digest.ts";
import type { Session } from "./providers/provider.ts";

/** How conflicts are looked for. */
export interface ConflictOptions {
  readonly signal?: AbortSignal;
  /**
   * What a run of the plan has touched already: of course it is not as the plan saw it, and any number may
   * live in what is to be deleted. Who is deactivated is out of the groups that go later.
   */
  readonly begun?: ReadonlySet<Address>;
  /** Which of the changes are looked at; all of them if left out. */
  readonly isOpen?: (change: PlanChange) => boolean;
}

/**
 * The objects a saved plan touches that are no longer as it saw them.
 *
 * @throws ProviderError when the app cannot be read.
 */
export async function findConflicts(
  plan: Plan,
  session: Session,
  { signal, begun, isOpen = () => true }: ConflictOptions = {},
): Promise<readonly Address[]> {
  const touched = begun === undefined ? new Set() : touchedBy(plan, begun);
  const changes = plan.changes.filter((change) => !touched.has(change.address) && isOpen(change));
  const known = new Set(plan.changes.map(({ address }) => address));
  // A plan is bound to nothing that it does not change; what says so cannot be held to anything.
  const strangers = Object.keys(plan.preImages).filter((address) => !known.has(address));
  if (changes.length === 0) return strangers;
  const isBegun = (begun?.size ?? 0) > 0;
  const live = await readTouched({ ...plan, changes }, session, signal);
  const others = changes.filter((change) => {
    const before = plan.preImages[change.address];
    const now = live.resources.get(change.address);
    if (before === undefined) return false;
    return isBegun ? !isStillAsPlanned(change, now, before) : preImageOf(change, now) !== before;
  });
  return [...strangers, ...others.map(({ address }) => address)];
}

/**
 * What a run may have changed by what it has begun: that, and what waits for it, because of what comes
 * along. Who is reactivated is back in groups that were to be joined later.
 */
function touchedBy({ steps }: Plan, begun: ReadonlySet<Address>): ReadonlySet<Address> {
  const touched = new Set(begun);
  const ids = new Set<StepId>();
  // Steps come after what they wait for.
  for (const { id, changes, dependsOn, after } of steps) {
    const isTouched = changes.some((address) => begun.has(address));
    if (!isTouched && ![...dependsOn, ...after].some((before) => ids.has(before))) continue;
    ids.add(id);
    for (const address of changes) touched.add(address);
  }
  return touched;
}

/**
 * Reads what a plan touches and nothing else. Who comes back with a reactivation is seen only in the
 * whole list of a parent that declares all of its children.
 */
export function readTouched(
  plan: Plan,
  session: Session,
  signal?: AbortSignal,
): Promise<LiveGraph> {
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
