import type { Diagnostic, SourceRange } from "./diagnostic.ts";
import type { Json, JsonObject } from "./json.ts";
import type { PruneMode } from "./manifest.ts";
import type { QuotaSplit } from "./pace.ts";
import type { BulkMode } from "./request.ts";
import type {
  Address,
  Attributes,
  DesiredResource,
  LiveResource,
  ReadEvidence,
} from "./resource.ts";

/** What happens to one resource. */
export type Action = "create" | "update" | "delete" | "adopt" | "reactivate" | "forget";

/**
 * Whether a later plan can take a change back: wholly, but for something that cannot be told or made
 * again, or not at all.
 */
export type Reversal = "reversible" | "lossy" | "irreversible";

/** One attribute that differs. `null` stands for "no value"; write-only values are references. */
export interface AttributeChange {
  /** `name`, or `metadata.seat` for an attribute that is compared key by key. */
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

/** What differs between the two sides at one address, as the planner sees it. */
export interface Change {
  readonly action: Action;
  readonly address: Address;
  readonly kind: string;
  readonly key: string;
  readonly desired?: DesiredResource;
  readonly live?: LiveResource;
  /** Live merged with desired: what will be there. Empty for a delete. */
  readonly planned: Attributes;
  readonly attributes: readonly AttributeChange[];
  /** The stack whose mark is to be written with this change. */
  readonly mark?: string;
  /** The stack whose mark goes with this change: taken over, or forgotten. */
  readonly unmark?: string;
  /** What is there was not read, so it may already be as planned, or otherwise. */
  readonly blind?: true;
  /** Only for a delete: the resource is switched off and can be reactivated. */
  readonly soft?: true;
  /** Only for a delete: another resource's delete takes this one along, so it needs no call. */
  readonly impliedBy?: Address;
}

/** The service's quota that a call is counted against. */
export type Quota = "core" | "standard" | "import";

/** The names of the quotas. */
export const QUOTAS: readonly Quota[] = ["core", "standard", "import"];

/** One API call as data. What the plan shows is what the executor sends. */
export interface ApiCall {
  readonly method: "POST" | "PUT" | "DELETE";
  /** Which of the service's hosts answers it. */
  readonly host: "chat" | "management";
  /** The path below the host's base URL, ids encoded; never a URL. */
  readonly path: string;
  /** The JSON body; write-only values are `{"$secret": "ADDRESS#attribute"}`. */
  readonly body: JsonObject | null;
  readonly quota: Quota;
}

/** Identifies a step within its plan. */
export type StepId = string;

/** A call together with what it does and what it waits for. */
export interface Step {
  readonly id: StepId;
  readonly call: ApiCall;
  /** The resources this call changes; one outcome is reported for each. */
  readonly changes: readonly Address[];
  /** Steps that must have been applied first. */
  readonly dependsOn: readonly StepId[];
  /** Steps that must have ended first, whatever came of them. */
  readonly after: readonly StepId[];
  /**
   * Which resources of the steps in `dependsOn` are waited for: a batch of which another row failed
   * does not hold this step back.
   */
  readonly needs: readonly Address[];
  /** What single rows of a batch need beyond that; a row in vain is left out of the call. */
  readonly rowNeeds?: { readonly [address: Address]: readonly Address[] };
  /** The worst of its changes. */
  readonly reversal: Reversal;
}

/** A change as the plan shows and saves it. */
export interface PlanChange {
  readonly address: Address;
  readonly kind: string;
  readonly action: Action;
  readonly attributes: readonly AttributeChange[];
  /** What the service calls it, where it makes ids of its own. */
  readonly id?: string;
  /** The stack whose mark is written. */
  readonly mark?: string;
  /** The stack whose mark goes: taken over, or forgotten. */
  readonly unmark?: string;
  readonly reversal: Reversal;
  /** What is there was not read, so it may already be as planned, or otherwise. */
  readonly blind?: true;
  /** For a delete: whether it only switches the resource off. */
  readonly soft?: true;
  /** For a delete: the address whose delete takes this one along. */
  readonly impliedBy?: Address;
  /** For a delete: why the resource is in scope, e.g. `not declared, owned`. */
  readonly reason?: string;
  /** For a delete: how many children go with it, where the service tells. */
  readonly children?: number;
  readonly source?: SourceRange;
}

/** The plan's counts. Memberships count like everything else. */
export interface PlanSummary {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly adopt: number;
  readonly reactivate: number;
  readonly forget: number;
  /** Resources that would go and are kept because they are protected. */
  readonly protected: number;
  /** Declared resources that are already as they should be. */
  readonly unchanged: number;
  /** Live, not declared and left alone, by kind; `null` where the reads did not cover the kind. */
  readonly undeclared: { readonly [kind: string]: number | null };
}

/** A delete that was not planned, because its resource is protected. */
export interface BlockedChange {
  readonly address: Address;
  readonly kind: string;
  readonly action: "delete";
  /** Why it would have been in scope: `not declared, owned`. */
  readonly reason: string;
  /** What protects it, in words: `policy.protect user/ceo`, `its own mark`. */
  readonly by: string;
  /** Where `policy.protect` says so. */
  readonly source?: SourceRange;
}

/** What a plan was limited to, and what that brought along. */
export interface PlanScope {
  /** Selectors as they were given, sorted. */
  readonly only: readonly string[];
  readonly except: readonly string[];
  /** Not selected, but needed by something that is. */
  readonly pulledIn: readonly { readonly address: Address; readonly neededBy: Address }[];
  /** Selected, but in need of something that is not. */
  readonly leftOut: readonly { readonly address: Address; readonly needs: Address }[];
  /** Changes beyond the scope, as far as what they are about was read. */
  readonly beyond: number;
}

/** What was asked of this plan only. */
export interface PlanOverrides {
  /** By section. */
  readonly prune: { readonly [section: string]: PruneMode };
  /** Budgets that are lifted, in canonical form: `delete:user=120`, `remove:group/lobby=8`. */
  readonly allow: readonly string[];
  readonly takeOver: readonly Address[];
  readonly bulk: BulkMode;
}

/** Which app a plan is for. */
export interface PlanTarget {
  readonly name: string;
  readonly appId: string;
  readonly region: string;
  readonly dialect: string;
}

/** The plan: plain data that is printed, counted, hashed, saved and executed. */
export interface Plan {
  readonly formatVersion: 1;
  readonly tool: { readonly name: "cometform"; readonly version: string };
  readonly provider: PlanTarget;
  /** The manifest's `stack`, or `null`. */
  readonly stack: string | null;
  /** Whether the manifest is to be reached, or what it made is to be taken down. */
  readonly mode: "apply" | "destroy";
  /** SHA-256 of the resolved manifest without its write-only values, lower-case hex. */
  readonly manifestDigest: string;
  /** What the plan was limited to; `null` when to nothing. */
  readonly scope: PlanScope | null;
  readonly overrides: PlanOverrides;
  /** Whether apply would execute it: none of the diagnostics is an error. */
  readonly applicable: boolean;
  readonly summary: PlanSummary;
  readonly calls: {
    readonly total: number;
    readonly core: number;
    readonly standard: number;
    readonly import: number;
    /** The fewest calls that any plan for these changes can have, computed without the steps. */
    readonly lowerBound: number;
    /** Where more calls than that are planned, because fewer would have to wait longer for their quota. */
    readonly split: QuotaSplit | null;
  };
  readonly reads: {
    readonly calls: number;
    readonly complete: boolean;
    readonly collections: readonly ReadEvidence[];
  };
  readonly changes: readonly PlanChange[];
  /** What would have been deleted and is protected. */
  readonly blocked: readonly BlockedChange[];
  readonly steps: readonly Step[];
  /** Errors mean that the plan is refused and must not be applied. */
  readonly diagnostics: readonly Diagnostic[];
  /** SHA-256 of each touched object as it was read, `null` for one that was absent. */
  readonly preImages: { readonly [address: Address]: string | null };
  /** Parents from which children that the manifest does not declare are removed. */
  readonly authoritative: readonly Address[];
  /** Patterns of what is not deleted, as the manifest's policy has them. */
  readonly protect: readonly string[];
  /** Addresses that are live, not declared and left alone, for `--verbose`: the first of them in order. */
  readonly kept: readonly Address[];
  /** How many more there are. */
  readonly keptMore?: number;
  /** SHA-256 over what apply would do and on which pre-images, lower-case hex. */
  readonly digest: string;
}

/** Whether a plan may be applied: none of its diagnostics is an error. */
export function isApplicable(plan: Pick<Plan, "diagnostics">): boolean {
  return plan.diagnostics.every((diagnostic) => diagnostic.severity !== "error");
}

/** Where the resources that a plan changes are declared, as far as that is known. */
export function sourcesOf({ changes }: Pick<Plan, "changes">): ReadonlyMap<Address, SourceRange> {
  return new Map(
    changes.flatMap(({ address, source }) => (source === undefined ? [] : [[address, source]])),
  );
}
