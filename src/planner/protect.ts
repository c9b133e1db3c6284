import type { KindSpec } from "../model/kind.ts";
import type { ProtectRule } from "../model/manifest.ts";
import type { BlockedChange, Change } from "../model/plan.ts";
import {
  type Address,
  type LiveResource,
  PROTECT,
  sourceOf,
  toAddress,
} from "../model/resource.ts";
import { isSelected, type Selector } from "../model/selector.ts";
import { kindOf } from "./kinds.ts";
import type { PolicyInput } from "./policy.ts";
import { compareText } from "./text.ts";

/** Which deletes are left, and which are not made because of protection. */
export interface Blocking {
  readonly deletes: readonly Change[];
  readonly blocked: readonly BlockedChange[];
}

/** What protects a resource. */
type Guardian = Pick<BlockedChange, "by" | "source">;

/**
 * Takes the deletes out that protection forbids: of what is protected, of what holds such, and of what
 * something that is kept, protected or to be forgotten, refers to.
 */
export function blockProtected(
  input: PolicyInput,
  deletes: readonly Change[],
  reasons: ReadonlyMap<Address, string>,
): Blocking {
  if (deletes.length === 0) return { deletes, blocked: [] };
  const left: Change[] = [];
  const blocked: BlockedChange[] = [];
  const inside = contents(input);
  for (const change of deletes) {
    const { address, kind } = change;
    const guardian =
      (change.live && guardianOf(input, change.live)) ??
      unnamed(input, change) ??
      inside.get(address) ??
      unseenInside(input, change);
    if (guardian === undefined) left.push(change);
    else {
      const reason = reasons.get(address) ?? "";
      blocked.push({ address, kind, action: "delete", reason, ...guardian });
    }
  }
  return blockReferred(input, left, blocked, reasons);
}

/** Keeps what kept resources refer to, and what these refer to in turn. */
function blockReferred(
  { desired, live, kinds }: PolicyInput,
  deletes: readonly Change[],
  blocked: readonly BlockedChange[],
  reasons: ReadonlyMap<Address, string>,
): Blocking {
  const left = new Map(deletes.map((change) => [change.address, change] as const));
  const all = [...blocked];
  const open = [...blocked.map(({ address }) => address), ...desired.forget.keys()];
  // In an order of their own, so that it does not depend on the listings who is named as the reason.
  open.sort(compareText);
  for (const holder of open) {
    const found = live.resources.get(holder);
    const targets = found && kindOf(kinds, found.kind).references(found.attributes, found.key);
    for (const { address, cascades } of targets ?? []) {
      const change = left.get(address);
      if (change === undefined || cascades === true) continue;
      left.delete(address);
      open.push(address);
      const reason = reasons.get(address) ?? "";
      const by = `${holder}, which is kept and refers to it`;
      all.push({ address, kind: change.kind, action: "delete", reason, by });
    }
  }
  return { deletes: [...left.values()], blocked: all };
}

/**
 * A rule that is none of the service's own ids, of a kind whose ids the service makes: what it was
 * written for goes by another key once its entry is gone or changed, so it may be any that nobody
 * declares.
 */
function unnamed({ policy, kinds, live }: PolicyInput, { kind }: Change): Guardian | undefined {
  if (kindOf(kinds, kind).makesIds !== true) return undefined;
  const ids = [...live.resources.values()].map((one) => toAddress(one.kind, one.id));
  const rule = policy.protect.find(
    ({ selector }) =>
      selector.kinds.has(kind) && !ids.some((address) => isSelected(selector, address)),
  );
  if (rule === undefined) return undefined;
  const { by, ...rest } = toGuardian(rule);
  return { by: `${by}, which may mean it under its former id`, ...rest };
}

/** Whether a resource is protected itself, whatever it is that would go with it. */
export function isProtected(
  input: Pick<PolicyInput, "desired" | "policy">,
  live: LiveResource,
): boolean {
  return guardianOf(input, live) !== undefined;
}

function guardianOf(
  { desired, policy }: Pick<PolicyInput, "desired" | "policy">,
  live: LiveResource,
): Guardian | undefined {
  const rule = policy.protect.find(({ selector }) => isSelected(selector, live.address));
  if (rule !== undefined) return toGuardian(rule);
  if (live.attributes[PROTECT] === true) return { by: "its own mark" };
  const declared = desired.resources.get(live.address);
  if (declared?.attributes[PROTECT] !== true) return undefined;
  const source = sourceOf(desired, declared);
  return { by: "its entry", ...(source === undefined ? {} : { source }) };
}

function toGuardian({ selector, source }: ProtectRule): Guardian {
  const by = `policy.protect ${selector.text}`;
  return source === undefined ? { by } : { by, source };
}

/** What would go along with each resource and is protected, as far as it was read. */
function contents(input: PolicyInput): ReadonlyMap<Address, Guardian> {
  const found = new Map<Address, Guardian>();
  const sorted = [...input.live.resources.values()].sort((a, b) =>
    compareText(a.address, b.address),
  );
  for (const live of sorted) {
    const guardian = live.inactive === true ? undefined : guardianOf(input, live);
    if (guardian === undefined) continue;
    const { address, kind, key, attributes } = live;
    for (const reference of kindOf(input.kinds, kind).references(attributes, key)) {
      if (reference.cascades !== true || found.has(reference.address)) continue;
      found.set(reference.address, { ...guardian, by: `${guardian.by}, for ${address}` });
    }
  }
  return found;
}

/** A rule that may protect something that goes along with a resource and was not read. */
function unseenInside(input: PolicyInput, { address, kind }: Change): Guardian | undefined {
  for (const child of input.kinds.values()) {
    if (child.parent === undefined || !child.refersTo.includes(kind)) continue;
    const rules = input.policy.protect.filter(({ selector }) => selector.kinds.has(child.name));
    if (rules.length === 0) continue;
    const parents = child.parent === kind ? [address] : parentsOf(input, child);
    const unread = parents.filter((parent) => input.live.evidence.get(parent)?.complete !== true);
    const rule = rules.find(({ selector }) =>
      unread.some((parent) => mayProtect(selector, child, parent, address)),
    );
    if (rule === undefined) continue;
    const { by, ...rest } = toGuardian(rule);
    return { by: `${by}, for what was not read of it`, ...rest };
  }
  return undefined;
}

/** Whether a selector could mean something in a parent that goes with a resource, be it the parent. */
function mayProtect(
  selector: Selector,
  child: KindSpec,
  parent: Address,
  address: Address,
): boolean {
  const key = parent === address ? undefined : child.keyBetween?.(parent, address);
  return key === undefined
    ? mayMatch(selector.kinds.get(child.name), child.keyPrefix?.(parent) ?? "")
    : isSelected(selector, toAddress(child.name, key));
}

function parentsOf({ live }: PolicyInput, { parent }: KindSpec): Address[] {
  return [...live.resources.values()]
    .filter(({ kind }) => kind === parent)
    .map(({ address }) => address);
}

/** Whether a pattern, if there is one, could match a key that begins like this. */
export function mayMatch(pattern: string | undefined, prefix: string): boolean {
  if (pattern === undefined) return false;
  const star = pattern.indexOf("*");
  if (star < 0) return pattern.startsWith(prefix);
  const head = pattern.slice(0, star);
  return head.startsWith(prefix) || prefix.startsWith(head);
}
