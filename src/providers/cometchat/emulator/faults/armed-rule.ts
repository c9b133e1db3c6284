import { draw } from "./draw.ts";
import type { FaultRule } from "./fault-rules.ts";
import type { FaultyRequest } from "./faulty-request.ts";
import { createPathPattern } from "./path-pattern.ts";
import { rowCount } from "./rows.ts";

/** A rule together with how often it matched and struck. */
export type FaultCount = FaultRule & { readonly matched: number; readonly hit: number };

/** A rule that wants to strike a request. */
export interface Strike {
  readonly rule: FaultRule;
  /** The rows of a batch that are to fail. */
  readonly places: ReadonlySet<number>;
  /** Counts it as done. */
  land(): void;
}

/** A rule that is set, and counts. */
export interface ArmedRule {
  /** Counts a request that matches, and tells whether the rule wants to strike it. */
  aim(request: FaultyRequest, elapsedMs: number): Strike | undefined;
  count(): FaultCount;
}

/** What a rule is set with: chance is drawn from the seed and the rule's place alone. */
export interface Arming {
  readonly prefix: string;
  readonly seed: number;
  readonly index: number;
}

const nowhere: ReadonlySet<number> = new Set();

/** Sets a rule that has not matched yet. */
export function armRule(rule: FaultRule, { prefix, seed, index }: Arming): ArmedRule {
  const isMatch = createMatch(rule, prefix);
  const nths = rule.nth === undefined ? undefined : new Set(listed(rule.nth));
  let matched = 0;
  let hit = 0;

  function isDue(): boolean {
    const { every, probability, times } = rule;
    if (times !== undefined && hit >= times) return false;
    if (nths !== undefined) return nths.has(matched);
    if (every !== undefined) return matched % every === 0;
    return probability === undefined || draw(seed, [index, matched]) < probability;
  }

  function placesIn({ batch }: FaultyRequest): ReadonlySet<number> {
    if (rule.fault !== "partial") return nowhere;
    const { rows, rowProbability = 0 } = rule;
    const all = Array.from({ length: rowCount(batch) }, (_, place) => place);
    return new Set(
      all.filter((place) =>
        rows === undefined
          ? draw(seed, [index, matched, place]) < rowProbability
          : rows.includes(place),
      ),
    );
  }

  return {
    aim(request, elapsedMs) {
      if (!isMatch(request, elapsedMs)) return undefined;
      matched += 1;
      if (!isDue()) return undefined;
      const places = placesIn(request);
      if (rule.fault === "partial" && places.size === 0) return undefined;
      return {
        rule,
        places,
        land() {
          hit += 1;
        },
      };
    },
    count: () => ({ ...rule, matched, hit }),
  };
}

function createMatch(
  rule: FaultRule,
  prefix: string,
): (request: FaultyRequest, elapsedMs: number) => boolean {
  const { method, path, afterMs = 0, untilMs = Number.POSITIVE_INFINITY } = rule;
  const methods = method === undefined ? undefined : new Set(listed(method));
  const isPath = path === undefined ? () => true : createPathPattern(path, prefix);
  return (request, elapsedMs) =>
    elapsedMs >= afterMs &&
    elapsedMs < untilMs &&
    (methods === undefined || methods.has(request.method)) &&
    isPath(request.path) &&
    isOfItsKind(rule, request);
}

/** Only lists can lag, and only batches can be done in part. */
function isOfItsKind({ fault }: FaultRule, { isList, batch }: FaultyRequest): boolean {
  if (fault === "lag") return isList;
  return fault !== "partial" || rowCount(batch) > 0;
}

function listed<Value>(value: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(value) ? value : [value as Value];
}
