import { fingerprint } from "./manifest/declared.ts";
import { CHILDREN, type Declared } from "./model/declared.ts";
import type { Cause, DriftChange } from "./model/drift.ts";
import type { KindSpec } from "./model/kind.ts";
import type { Action, AttributeChange, PlanChange } from "./model/plan.ts";
import type { Address } from "./model/resource.ts";

/** What was asked for when the last run began, and what came of it. */
export interface Then {
  readonly declared: Declared | undefined;
  /** Whether all of this very manifest was applied, so that nothing of it can be pending. */
  readonly isSame: boolean;
  /** What the last run was about and did not bring to its end. */
  readonly open: ReadonlySet<Address>;
}

/** What causes are told by. */
export interface DriftInput {
  readonly changes: readonly PlanChange[];
  readonly now: Declared;
  /** Missing where no run is known. */
  readonly then: Then | undefined;
  /** Listings that were not read to their end, by kind or parent: what is not in them may be there. */
  readonly halfRead: ReadonlySet<string>;
  readonly kinds: readonly KindSpec[];
}

/**
 * Tells for each change of a plan whether the app or the manifest has changed since the last run.
 *
 * ```
 * desired, as then | live, as then |
 * yes              | no            | drift
 * no               | yes           | pending
 * no               | no            | drift: what was applied is gone, whatever is wanted now
 * not named then   |               | pending: it was not ours to compare
 * ```
 */
export function tellCauses(input: DriftInput): readonly DriftChange[] {
  const told = input.changes.flatMap((change) =>
    partsOf(change, input).map(({ cause, attributes, manifestChanged = [] }) => ({
      ...change,
      attributes,
      cause: settle(cause, change.address, input.then),
      ...(manifestChanged.length === 0 ? {} : { manifestChanged }),
    })),
  );
  // What goes along with its parent goes for the parent's reason.
  const causes = new Map(told.map(({ address, cause }) => [address, cause] as const));
  return told.map((change) => {
    const above = change.impliedBy === undefined ? undefined : causes.get(change.impliedBy);
    return above === undefined ? change : { ...change, cause: above };
  });
}

interface Part {
  readonly cause: Cause;
  readonly attributes: readonly AttributeChange[];
  /** Which of them both sides have changed. */
  readonly manifestChanged?: readonly string[];
}

/** What the last run left undone was changed by nobody. */
function settle(cause: Cause, address: Address, then: Then | undefined): Cause {
  return cause === "drift" && then?.open.has(address) === true ? "unfinished" : cause;
}

function partsOf(change: PlanChange, input: DriftInput): readonly Part[] {
  const { then } = input;
  const was = then?.declared?.resources?.[change.address];
  const isAttributes = change.action === "update" && was !== undefined && then?.isSame === false;
  if (isAttributes && !isUnseen(change, input)) return byAttribute(change, was);
  return [{ cause: causeOf(change, input), attributes: change.attributes }];
}

function causeOf(change: PlanChange, input: DriftInput): Cause {
  const { then } = input;
  if (then === undefined || isUnseen(change, input)) return "untold";
  if (then.isSame) return "drift";
  const { declared } = then;
  if (!declared?.resources) return "untold";
  const isKnown = declared.whole || declared.resources[change.address] !== undefined;
  return isKnown ? byPresence(change, input, declared) : "untold";
}

/** Whether it was not read, and not because what it lives in is gone. */
function isUnseen(change: PlanChange, input: DriftInput): boolean {
  const parent = parentOf(change, input);
  if (change.action === "create" && input.halfRead.has(parent ?? change.kind)) return true;
  if (change.blind !== true) return false;
  return !input.changes.some(({ address, action }) => address === parent && action === "create");
}

function byAttribute(
  { attributes }: PlanChange,
  was: { readonly [path: string]: string },
): readonly Part[] {
  const isPending = ({ path, before, after }: AttributeChange): boolean => {
    const then = was[path];
    return then === undefined || (fingerprint(after) !== then && fingerprint(before) === then);
  };
  const drifted = attributes.filter((attribute) => !isPending(attribute));
  const both = drifted.filter(({ path, after }) => fingerprint(after) !== was[path]);
  const parts: readonly Part[] = [
    { cause: "drift", attributes: drifted, manifestChanged: both.map(({ path }) => path) },
    { cause: "pending", attributes: attributes.filter(isPending) },
  ];
  return parts.filter((part) => part.attributes.length > 0);
}

function byPresence(change: PlanChange, sides: Sides, then: Declared): Cause {
  const { address, action } = change;
  const wasAsked = then.resources?.[address] !== undefined;
  const isFramed = then.frame === sides.now.frame;
  if (action === "forget") return isFramed ? "drift" : "pending";
  if (action === "delete") {
    return wasAsked ? "pending" : causeOfGuest(isFramed && isSameFamily(change, sides, then));
  }
  if (wasAsked) return causeOfLoss(action, isFramed);
  return isFramed && isImplied(change, sides, then) ? "drift" : "pending";
}

/** What was never asked for is the app's doing, unless it is new that it has to go. */
function causeOfGuest(isSameRule: boolean): Cause {
  return isSameRule ? "drift" : "untold";
}

/** A mark that is missing may be another stack's name by now. */
function causeOfLoss(action: Action, isFramed: boolean): Cause {
  return action === "adopt" && !isFramed ? "pending" : "drift";
}

type Sides = Pick<DriftInput, "now" | "kinds">;

function parentOf({ kind, address }: PlanChange, { kinds }: Sides): Address | undefined {
  const spec = kinds.find(({ name }) => name === kind);
  return spec?.parentOf?.(address.slice(address.indexOf("/") + 1));
}

/** Whether a parent's undeclared children were treated as they are now. */
function isSameFamily(change: PlanChange, sides: Sides, then: Declared): boolean {
  const parent = parentOf(change, sides) ?? "";
  return then.resources?.[parent]?.[CHILDREN] === sides.now.resources?.[parent]?.[CHILDREN];
}

/** Whether it is declared by nobody, and follows from a parent that the manifest has left as it was. */
function isImplied(change: PlanChange, sides: Sides, then: Declared): boolean {
  const parent = parentOf(change, sides) ?? "";
  const [was, is] = [then.resources?.[parent], sides.now.resources?.[parent]];
  const isDeclared = sides.now.resources?.[change.address] !== undefined;
  return !isDeclared && JSON.stringify(was) === JSON.stringify(is);
}
