import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Budget, Budgets, ManifestPolicy } from "../model/manifest.ts";
import { parseSelector } from "../model/selector.ts";
import { listItems } from "./keywords.ts";
import type { Locations } from "./locations.ts";
import { explainSelector } from "./selectors.ts";

/** What a policy is read with. */
export interface PolicyContext {
  readonly kinds: readonly KindSpec[];
  readonly locations: Locations;
}

/** The policy as the schema lets it be written. */
interface WrittenPolicy extends Partial<Pick<ManifestPolicy, "prune" | "members">> {
  readonly delete?: Partial<ManifestPolicy["delete"]>;
  readonly protect?: readonly string[];
  readonly budgets?: {
    readonly delete?: WrittenLimits;
    readonly update?: WrittenLimits;
    readonly remove?: WrittenLimit;
  };
}

type WrittenLimit = number | string;

interface WrittenLimits {
  readonly [section: string]: WrittenLimit;
}

/** What is wrong with the patterns of `policy.protect`; the value may be any. */
export function checkPolicy(
  { policy }: JsonObject,
  { kinds, locations }: PolicyContext,
): readonly Diagnostic[] {
  const items = isJsonObject(policy) ? listItems(policy, ["protect"]) : [];
  return items.flatMap(({ path, text }): readonly Diagnostic[] => {
    const place = ["policy", ...path];
    const problem =
      text === "" || locations.isUnresolved(place) ? undefined : explainSelector(text, kinds);
    return problem === undefined
      ? []
      : [{ severity: "error", ...problem, range: locations.locate(place) }];
  });
}

/** The policy of a valid manifest, defaults filled in. */
export function toPolicy({ policy }: JsonObject, context: PolicyContext): ManifestPolicy {
  const written = policy as WrittenPolicy | undefined;
  const { kinds, locations } = context;
  return {
    prune: written?.prune ?? {},
    members: written?.members ?? "additive",
    delete: { users: written?.delete?.users ?? "deactivate" },
    protect: (written?.protect ?? []).flatMap((text, index) => {
      const selector = parseSelector(text, kinds);
      const source = locations.locate(["policy", "protect", String(index)]);
      return selector === undefined ? [] : [{ selector, source }];
    }),
    budgets: toBudgets(written?.budgets, locations),
  };
}

function toBudgets(written: WrittenPolicy["budgets"], { locate }: Locations): Budgets {
  const toAll = (action: "delete" | "update"): { readonly [section: string]: Budget } => {
    const limits = Object.entries(written?.[action] ?? {});
    const pairs = limits.map(([section, limit]) => {
      const source = locate(["policy", "budgets", action, section]);
      return [section, toBudget(limit, source)] as const;
    });
    return Object.fromEntries(pairs);
  };
  const remove = written?.remove;
  return {
    delete: toAll("delete"),
    update: toAll("update"),
    ...(remove === undefined
      ? {}
      : { remove: toBudget(remove, locate(["policy", "budgets", "remove"])) }),
  };
}

/** A variable makes a text of a number, too. */
function toBudget(written: WrittenLimit, source: SourceRange): Budget {
  const text = String(written);
  const limit = text.endsWith("%")
    ? { percent: Number(text.slice(0, -1)) }
    : { count: Number(text) };
  return { limit, source };
}
