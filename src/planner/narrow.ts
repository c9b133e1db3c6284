import type { KindSpec } from "../model/kind.ts";
import type { PlanRequest } from "../model/request.ts";
import { type Address, type DesiredGraph, kindIn } from "../model/resource.ts";
import { isSelected, type Selector } from "../model/selector.ts";
import { mayMatch } from "./protect.ts";
import { type ScopeInput, shrinkingKinds } from "./scope.ts";

interface Reach {
  readonly kinds: readonly KindSpec[];
  /** Kinds that are selected by name. */
  readonly named: ReadonlySet<string>;
  /** Kinds of which something undeclared may be deleted. */
  readonly shrinking: ReadonlySet<string>;
}

/**
 * The part of the manifest that a limited plan can be about: the kinds that are selected, those they
 * refer to, those that could refer to what is deleted, and the members of what may lose some. The
 * rest is neither read nor compared.
 */
export function narrow(input: ScopeInput, { only }: Pick<PlanRequest, "only">): DesiredGraph {
  const { desired, kinds } = input;
  if (only.length === 0) return desired;
  const named = new Set(only.flatMap((selector) => [...selector.kinds.keys()]));
  const managed = kinds.filter(({ name }) => desired.managed.has(name));
  const reach = { kinds, named, shrinking: shrinkingKinds(input, managed) };
  const reached = reachedKinds(reach);
  const children = new Map(
    [...desired.children].filter(([parent]) => isOpened(reach, reached, only, parent)),
  );
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const resources = [...desired.resources].filter(([, { kind, key }]) => {
    const parent = byName.get(kind)?.parentOf?.(key);
    return reached.has(kind) && (parent === undefined || children.has(parent));
  });
  const forget = [...desired.forget].filter(([address]) => reached.has(kindIn(address)));
  return {
    ...desired,
    resources: new Map(resources),
    managed: new Set([...desired.managed].filter((name) => reached.has(name))),
    children,
    forget: new Map(forget),
  };
}

/** Whether the children of a parent are part of it: selected themselves, or in danger of being lost. */
function isOpened(
  reach: Reach,
  reached: ReadonlySet<string>,
  only: readonly Selector[],
  parent: Address,
): boolean {
  const inside = reach.kinds.filter(
    (kind) => reached.has(kind.name) && kind.parent === kindIn(parent),
  );
  return inside.some((kind) => {
    const prefix = kind.keyPrefix?.(parent) ?? "";
    const isAsked = (selector: Selector) =>
      isSelected(selector, parent) || mayMatch(selector.kinds.get(kind.name), prefix);
    return mayLose(reach, kind) || only.some(isAsked);
  });
}

/** Whether something selected may be deleted that children of this kind would go with. */
function mayLose({ named, shrinking }: Reach, { refersTo, parent }: KindSpec): boolean {
  const isAtRisk = (name: string) => name !== parent && shrinking.has(name) && named.has(name);
  return parent !== undefined && refersTo.some(isAtRisk);
}

function reachedKinds(reach: Reach): ReadonlySet<string> {
  const { kinds, named, shrinking } = reach;
  const reached = new Set(named);
  const isNext = (kind: KindSpec): boolean => {
    const { name, parent, refersTo } = kind;
    if (parent !== undefined) return named.has(parent) || mayLose(reach, kind);
    const holds = refersTo.some((to) => shrinking.has(to) && reached.has(to));
    return holds || kinds.some((one) => reached.has(one.name) && one.refersTo.includes(name));
  };
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const kind of kinds.filter(isNext)) reached.add(kind.name);
  }
  return reached;
}
