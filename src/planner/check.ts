import type { Diagnostic } from "../model/diagnostic.ts";
import type { Reference } from "../model/kind.ts";
import type { Change } from "../model/plan.ts";
import {
  type Address,
  type DesiredGraph,
  type DesiredResource,
  type LiveGraph,
  type LiveResource,
  sourceOf,
} from "../model/resource.ts";
import { checkFamilies } from "./families.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import { checkOwnership } from "./ownership.ts";
import { compareText } from "./text.ts";

/** What is judged: the changes a plan would make, and the state they lead to. */
export interface CheckInput {
  readonly changes: readonly Change[];
  /** What the manifest declares. */
  readonly declared: ReadonlyMap<Address, DesiredResource>;
  /** What is declared, and what follows from it. */
  readonly wanted: ReadonlyMap<Address, DesiredResource>;
  /** Those of them that the plan is about. */
  readonly judged: readonly DesiredResource[];
  /** Those that are asked whether they may be left like this; a destroy leaves some, too. */
  readonly families: Iterable<DesiredResource>;
  readonly live: LiveGraph;
  readonly kinds: Kinds;
  readonly stack?: string | undefined;
  /** Resources of other stacks that are to become ours. */
  readonly takeOver: ReadonlySet<Address>;
  readonly mode: "apply" | "destroy";
  /** Finds where something is declared. */
  readonly locate: DesiredGraph["locate"];
}

/**
 * Why a plan must be refused. References are judged on the planned state, live merged with desired:
 * deleting a role can dangle through an attribute that the manifest never mentions.
 */
export function check(input: CheckInput): Diagnostic[] {
  const doomed = new Map(
    input.changes
      .filter(({ action }) => action === "delete")
      .map((change) => [change.address, change] as const),
  );
  return [
    ...input.changes.flatMap((change) => kindOf(input.kinds, change.kind).check(change)),
    ...danglingReferences(input, doomed),
    ...heldTargets(input, doomed),
    ...checkOwnership(input),
    ...checkFamilies(input, doomed),
    ...overCount(input),
  ].map((diagnostic) => placed(diagnostic, input));
}

function placed(diagnostic: Diagnostic, { wanted, locate }: CheckInput): Diagnostic {
  const { address, range } = diagnostic;
  if (address === undefined || range !== undefined) return diagnostic;
  const source = sourceOf({ locate }, wanted.get(address));
  return source === undefined ? diagnostic : { ...diagnostic, range: source };
}

/** References that the manifest declares and that nothing would answer to. */
function danglingReferences(input: CheckInput, doomed: ReadonlyMap<Address, Change>): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const resource of input.judged.filter(({ address }) => input.declared.has(address))) {
    const kind = kindOf(input.kinds, resource.kind);
    for (const reference of kind.references(resource.attributes, resource.key)) {
      if (reference.pins === true || exists(input, doomed, reference.address)) continue;
      found.push(toDangling(input, resource, reference, doomed));
    }
  }
  return found;
}

function exists(
  input: CheckInput,
  doomed: ReadonlyMap<Address, Change>,
  address: Address,
): boolean {
  if (input.wanted.has(address)) return true;
  const live = input.live.resources.get(address);
  return live !== undefined && live.inactive !== true && !doomed.has(address);
}

function toDangling(
  input: CheckInput,
  resource: DesiredResource,
  reference: Reference,
  doomed: ReadonlyMap<Address, Change>,
): Diagnostic {
  const { address } = resource;
  const target = reference.address;
  const why = doomed.has(target)
    ? "which this plan deletes, because the manifest does not declare it"
    : input.live.resources.has(target)
      ? "which is deactivated"
      : "which is neither declared nor in the app";
  return {
    severity: "error",
    code: "reference/missing",
    summary: `${address} needs ${target} (${reference.attribute}), ${why}`,
    hint: `Declare ${target} in the manifest, or take the reference out.`,
    address,
  };
}

/** Targets that this plan deletes while something that stays still refers to them. */
function heldTargets(input: CheckInput, doomed: ReadonlyMap<Address, Change>): Diagnostic[] {
  if (doomed.size === 0) return [];
  const changed = new Map(input.changes.map((change) => [change.address, change]));
  const judged = new Set(input.judged.map(({ address }) => address));
  const holders = new Map<Address, Address[]>([...doomed.keys()].map((address) => [address, []]));
  const staying = [...input.live.resources.values()].filter(
    ({ address, inactive }) => inactive !== true && !doomed.has(address),
  );
  for (const live of staying) {
    const isJudged = judged.has(live.address);
    for (const target of heldBy(input, live, { change: changed.get(live.address), isJudged })) {
      holders.get(target)?.push(live.address);
    }
  }
  return [...holders]
    .filter(([, addresses]) => addresses.length > 0)
    .map(([target, addresses]) => toHeld(input, target, addresses.sort(compareText)));
}

function toHeld(
  { mode }: CheckInput,
  target: Address,
  [first = "", ...more]: readonly Address[],
): Diagnostic {
  const who =
    more.length === 0 ? `${first} still refers` : `${first} and ${more.length} more refer`;
  return {
    severity: "error",
    code: "reference/in-use",
    summary: `${target} cannot be deleted: ${who} to it`,
    detail: `${first} stays as it is in this plan and would be left without ${target}.`,
    hint:
      mode === "apply"
        ? `Change ${first} first, or declare ${target} so that it is kept.`
        : `Change ${first} first, or keep ${target}: --except ${target}.`,
    address: target,
  };
}

interface Holder {
  readonly change: Change | undefined;
  /** Whether its own references are judged, which then tell more. */
  readonly isJudged: boolean;
}

function heldBy(input: CheckInput, live: LiveResource, { change, isJudged }: Holder): Address[] {
  const attributes = change === undefined ? live.attributes : change.planned;
  return kindOf(input.kinds, live.kind)
    .references(attributes, live.key)
    .filter(({ cascades, pins, address }) => {
      const isDeclared = isJudged && isNamed(input, live.address, address);
      return cascades !== true && pins !== true && !isDeclared;
    })
    .map(({ address }) => address);
}

/** Whether the manifest itself names this target; then it is reported as dangling already. */
function isNamed(input: CheckInput, address: Address, target: Address): boolean {
  const resource = input.wanted.get(address);
  if (resource === undefined) return false;
  return kindOf(input.kinds, resource.kind)
    .references(resource.attributes, resource.key)
    .some((reference) => reference.address === target);
}

/** Kinds of which the app would have more than the service allows. */
function overCount(input: CheckInput): Diagnostic[] {
  return [...input.kinds.values()].flatMap((kind) => {
    if (kind.countMax === undefined || !input.live.evidence.has(kind.name)) return [];
    const ofKind = input.changes.filter((change) => change.kind === kind.name);
    const created = ofKind.filter(({ action }) => action === "create").length;
    const deleted = ofKind.filter(({ action }) => action === "delete").length;
    const count = countOf(input.live, kind.name) + created - deleted;
    if (created === 0 || count <= kind.countMax) return [];
    return [
      {
        severity: "error" as const,
        code: "limit/count",
        summary: `the app would have ${count} ${kind.section}, the service allows ${kind.countMax}`,
        detail: `${created} are created and ${deleted} deleted by this plan.`,
        hint: "Take some out of the manifest, or let undeclared ones be pruned.",
      },
    ];
  });
}

/** How many resources of a kind are in the app. */
export function countOf(live: LiveGraph, kind: string): number {
  return [...live.resources.values()].filter((resource) => resource.kind === kind).length;
}
