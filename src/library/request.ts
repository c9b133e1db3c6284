import { explainSelector } from "../manifest/selectors.ts";
import type { PruneMode } from "../model/manifest.ts";
import type { Allowance, BulkMode, PlanRequest } from "../model/request.ts";
import type { Address, DesiredGraph, ReadMode } from "../model/resource.ts";
import { parseSelector, type Selector } from "../model/selector.ts";
import { InputError } from "./input-error.ts";
import { kinds } from "./the-provider.ts";

/** What is asked of one plan only, beyond what the manifest says. */
export interface PlanOptions {
  /** Limits the plan to these and what they need: `users`, `user/ann`, `group/team-*`. */
  readonly only?: readonly string[];
  /** What the plan leaves out. */
  readonly except?: readonly string[];
  /** Which undeclared resources may be deleted, by section, instead of what the manifest says. */
  readonly prune?: { readonly [section: string]: PruneMode };
  /** Budgets that are lifted, each up to a number. */
  readonly allow?: readonly Allowance[];
  /** Declared resources of another stack that are to become ours. */
  readonly takeOver?: readonly Address[];
  /** Write-only values that are sent again, as `ADDRESS#attribute`. */
  readonly writeSecrets?: readonly string[];
  /** `off` creates one by one where bulk calls would be quicker. */
  readonly bulk?: BulkMode;
  /** How kinds are read; as cheaply as can be if left out. */
  readonly read?: ReadMode;
}

/**
 * What the options ask of a plan.
 *
 * @throws InputError for the first of them that names nothing.
 */
export function toRequest(options: PlanOptions, desired: DesiredGraph): PlanRequest {
  const { prune = {}, allow = [], takeOver = [], writeSecrets = [], read } = options;
  for (const section of Object.keys(prune)) requireSection(section);
  for (const one of allow) requireBudget(one);
  const declared = (address: Address) => desired.resources.has(address);
  for (const one of takeOver) requireKnown("takeOver", one, declared(one));
  for (const one of writeSecrets) requireKnown("writeSecrets", one, desired.secrets.has(one));
  return {
    ...{ prune, allow, takeOver: new Set(takeOver), writeSecrets: new Set(writeSecrets) },
    only: (options.only ?? []).map((text) => toSelector("only", text)),
    except: (options.except ?? []).map((text) => toSelector("except", text)),
    bulk: options.bulk ?? "auto",
    ...(read === undefined ? {} : { read }),
  };
}

function toSelector(option: string, text: string): Selector {
  const selector = parseSelector(text, kinds);
  const problem = selector === undefined ? undefined : explainSelector(text, kinds);
  if (selector !== undefined && problem === undefined) return selector;
  throw unknown(
    option,
    problem === undefined ? `${text} names no kind` : `${text}: ${problem.summary}`,
    "Write KIND, KIND/KEY or KIND/PATTERN.",
  );
}

function requireSection(section: string): void {
  const sections = kinds.flatMap((kind) => kind.section ?? []);
  if (sections.includes(section)) return;
  throw unknown("prune", `there is no section ${section}`, `There are ${sections.join(", ")}.`);
}

/** A budget that there is not would be lifted in vain, and the plan be refused all the same. */
function requireBudget({ action, subject, count }: Allowance): void {
  const names = kinds.map(({ name }) => name);
  const parents = kinds.flatMap(({ parent }) => parent ?? []);
  const isNamed =
    action === "remove"
      ? parents.some((name) => subject.startsWith(`${name}/`))
      : names.includes(subject);
  if (isNamed && Number.isSafeInteger(count) && count >= 0) return;
  throw unknown(
    "allow",
    `there is no budget ${action}:${subject} of ${count}`,
    'For example { action: "delete", subject: "user", count: 120 }.',
  );
}

function requireKnown(option: string, name: string, isKnown: boolean): void {
  if (isKnown) return;
  throw unknown(option, `${name} is not in the manifest`, "Name what it declares.");
}

function unknown(option: string, what: string, hint: string): InputError {
  return new InputError({ code: "library/option", summary: `${option}: ${what}`, hint });
}
