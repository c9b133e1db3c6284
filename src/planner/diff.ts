import { canonical, isEqual, withoutSecrets } from "../model/equal.ts";
import { isJsonObject, type Json, sortKeys } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { AttributeChange, Change } from "../model/plan.ts";
import type { PlanRequest } from "../model/request.ts";
import type {
  Address,
  Attributes,
  DesiredGraph,
  DesiredResource,
  LiveGraph,
  LiveResource,
} from "../model/resource.ts";
import { isSecret, secretName } from "../model/secret.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import { merge } from "./merge.ts";
import { compareText } from "./text.ts";
import { toWanted } from "./wanted.ts";

/** What the two sides are compared with. */
export interface DiffInput {
  readonly desired: DesiredGraph;
  readonly live: LiveGraph;
  readonly kinds: Kinds;
  readonly stack?: string | undefined;
  readonly request: Pick<PlanRequest, "takeOver" | "writeSecrets">;
}

/** How the two sides compare, before any policy. */
export interface Difference {
  /** Creates, updates, adoptions and reactivations. */
  readonly changes: readonly Change[];
  /** Everything the planned state asks for, implied resources included. */
  readonly wanted: ReadonlyMap<Address, DesiredResource>;
  readonly unchanged: number;
  /** Live and not asked for; which of them are deleted is a matter of policy. */
  readonly undeclared: readonly LiveResource[];
}

/** Compares two graphs, looking only at attributes that the desired side names. */
export function diff(input: DiffInput): Difference {
  const { wanted, spared } = toWanted(input);
  const changes: Change[] = [];
  for (const resource of wanted.values()) {
    const change = toChange(input, resource);
    if (change !== undefined) changes.push(change);
  }
  const undeclared = [...input.live.resources.values()].filter(
    ({ address, builtin }) => builtin !== true && !wanted.has(address) && !spared.has(address),
  );
  return { changes, wanted, unchanged: wanted.size - changes.length, undeclared };
}

/*
 * desired | live          | mark               | attributes | action
 * yes     | no            |                    |            | create
 * yes     | yes, inactive |                    |            | reactivate
 * yes     | yes           | missing, wanted    |            | adopt
 * yes     | yes           | another's, claimed |            | adopt
 * yes     | yes           | there              | differ     | update
 * yes     | yes           | there              | equal      | none
 */
function toChange(input: DiffInput, desired: DesiredResource): Change | undefined {
  const kind = kindOf(input.kinds, desired.kind);
  const live = input.live.resources.get(desired.address);
  if (live !== undefined && isSettled(input, kind, { desired, live })) return undefined;
  const base = { address: desired.address, kind: desired.kind, key: desired.key, desired };
  const marking = toMarking(input, kind, desired, live);
  if (live === undefined) {
    if (kind.isBuiltin?.(desired.key) === true) return undefined;
    const planned = merge(kind, {}, desired.attributes);
    const blind = isRead(input, kind, desired) ? {} : { blind: true as const };
    const attributes = toInitial(kind, planned);
    return { ...base, ...marking, ...blind, action: "create", planned, attributes };
  }
  const planned = merge(kind, live.attributes, desired.attributes);
  const sides = { desired: desired.attributes, live: live.inactive ? lapsed(kind, live) : live };
  const attributes = compare(kind, sides, input.request.writeSecrets);
  const change = { ...base, ...marking, live, planned, attributes };
  if (live.inactive === true) return { ...change, action: "reactivate" };
  if (marking.mark !== undefined) return { ...change, action: "adopt" };
  return attributes.length === 0 ? undefined : { ...change, action: "update" };
}

/** Whether there is nothing to do, told without making anything: most declared resources are so. */
function isSettled(
  input: DiffInput,
  kind: KindSpec,
  { desired, live }: { readonly desired: DesiredResource; readonly live: LiveResource },
): boolean {
  if (live.inactive === true || input.request.writeSecrets.size > 0) return false;
  if (live.stack !== input.stack && toMarking(input, kind, desired, live).mark !== undefined) {
    return false;
  }
  for (const name in desired.attributes) {
    const after = desired.attributes[name] as Json;
    if (live.attributes[name] === after) continue;
    if (compareAttribute(kind, live, name, after).length > 0) return false;
  }
  return true;
}

/** Whether the collection was read in which a resource would be, so that it is known to be absent. */
function isRead({ live }: DiffInput, kind: KindSpec, { key }: DesiredResource): boolean {
  return live.evidence.has(kind.parentOf?.(key) ?? kind.name);
}

/** An inactive resource as it comes back: what has to be sent again counts as not there. */
function lapsed(kind: KindSpec, live: LiveResource): LiveResource {
  const kept = Object.entries(live.attributes).filter(([name]) => !kind.resent.includes(name));
  return { ...live, attributes: Object.fromEntries(kept) };
}

/** Which mark is to be written, and whose goes. */
function toMarking(
  { stack, request }: DiffInput,
  kind: KindSpec,
  desired: DesiredResource,
  live: LiveResource | undefined,
): Pick<Change, "mark" | "unmark"> {
  if (stack === undefined || !kind.markable) return {};
  if (live === undefined) return { mark: stack };
  if (live.builtin === true || live.stack === stack || !kind.adoptable(desired, live)) return {};
  if (live.stack === undefined) return { mark: stack };
  return request.takeOver.has(live.address) ? { mark: stack, unmark: live.stack } : {};
}

function toInitial(kind: KindSpec, planned: Attributes): AttributeChange[] {
  const written = Object.entries(planned).filter(([name]) => !kind.dropped?.includes(name));
  const attributes = written.flatMap(([name, value]) =>
    kind.keyed.includes(name) && isJsonObject(value) && !isSecret(value)
      ? Object.entries(value).map(([key, after]) => ({
          path: `${name}.${key}`,
          before: null,
          after,
        }))
      : [{ path: name, before: null, after: value }],
  );
  return sorted(attributes.filter(({ after }) => canonical(after) !== null));
}

interface Sides {
  readonly desired: Attributes;
  readonly live: LiveResource;
}

function compare(
  kind: KindSpec,
  { desired, live }: Sides,
  writeSecrets: ReadonlySet<string>,
): AttributeChange[] {
  return sorted(
    Object.entries(desired).flatMap(([name, after]) => [
      ...secretsAgain(name, after, writeSecrets),
      ...compareAttribute(kind, live, name, after),
    ]),
  );
}

function compareAttribute(
  kind: KindSpec,
  live: LiveResource,
  name: string,
  after: Json,
): AttributeChange[] {
  if (isSecret(after) || !isComparable(kind, live, name)) return [];
  const before = live.attributes[name] ?? null;
  if (kind.keyed.includes(name) && isJsonObject(after)) return compareKeys(name, before, after);
  const isHidden = after === null && live.withheld?.some((path) => path.startsWith(`${name}.`));
  if (!isHidden && isEqual(before, withoutSecrets(after))) return [];
  return [{ path: name, before, after }];
}

/** Write-only values of an attribute that are to be sent again, whatever is there. */
function secretsAgain(
  name: string,
  after: Json,
  writeSecrets: ReadonlySet<string>,
): AttributeChange[] {
  const isNamed = (value: Json | undefined) => writeSecrets.has(secretName(value) ?? "");
  if (isNamed(after)) return [{ path: name, before: null, after }];
  if (!isJsonObject(after)) return [];
  return Object.entries(after)
    .filter(([, value]) => isNamed(value))
    .map(([key, value]) => ({ path: `${name}.${key}`, before: null, after: value }));
}

/** Whether both sides of an attribute can be known. */
export function isComparable(kind: KindSpec, live: LiveResource, name: string): boolean {
  return live.unread?.includes(name) !== true && kind.dropped?.includes(name) !== true;
}

function compareKeys(
  name: string,
  before: Json,
  after: { readonly [key: string]: Json },
): AttributeChange[] {
  const live = isJsonObject(before) ? before : {};
  const changes: AttributeChange[] = [];
  for (const key in after) {
    const value = after[key] as Json;
    if (live[key] === value || isSecret(value) || isEqual(live[key], value)) continue;
    changes.push({ path: `${name}.${key}`, before: live[key] ?? null, after: value });
  }
  return changes;
}

/** In an order that does not depend on how the two sides were written down. */
function sorted(attributes: readonly AttributeChange[]): AttributeChange[] {
  return attributes
    .map(({ path, before, after }) => ({ path, before: sortKeys(before), after: sortKeys(after) }))
    .sort((a, b) => compareText(a.path, b.path));
}
