import {
  type BlockedChange,
  isApplicable,
  type Plan,
  type PlanChange,
  type PlanSummary,
  type Quota,
  type Step,
} from "../../src/model/plan.ts";

const target = { name: "cometchat", appId: "2634f0", region: "us", dialect: "vendor" } as const;
const noChanges: PlanSummary = {
  create: 0,
  update: 0,
  delete: 0,
  adopt: 0,
  reactivate: 0,
  forget: 0,
  protected: 0,
  unchanged: 0,
  undeclared: {},
};

/** A plan made by hand: counts follow from the changes, everything else can be given. */
export function toPlan(given: Partial<Plan> = {}): Plan {
  const { changes = [], steps = [], blocked = [], diagnostics = [] } = given;
  const count = (action: PlanChange["action"]): number =>
    changes.filter((change) => change.action === action).length;
  const classCount = (quota: Quota): number =>
    steps.filter(({ call }) => call.quota === quota).length;
  return {
    formatVersion: 1,
    tool: { name: "cometform", version: "0.1.0" },
    provider: target,
    stack: "acme-staging",
    mode: "apply",
    manifestDigest: "0".repeat(64),
    scope: null,
    overrides: { prune: {}, allow: [], takeOver: [], bulk: "auto" },
    applicable: isApplicable({ diagnostics }),
    calls: {
      total: steps.length,
      core: classCount("core"),
      standard: classCount("standard"),
      import: classCount("import"),
      split: null,
      lowerBound: steps.length,
    },
    reads: {
      calls: 9,
      complete: true,
      collections: [{ collection: "user", calls: 9, objects: 1204, complete: true }],
    },
    diagnostics,
    blocked,
    preImages: {},
    authoritative: [],
    protect: [],
    kept: [],
    digest: "9f2c41d7".repeat(8),
    ...given,
    changes,
    steps,
    summary: {
      ...noChanges,
      create: count("create"),
      update: count("update"),
      delete: count("delete"),
      adopt: count("adopt"),
      reactivate: count("reactivate"),
      forget: count("forget"),
      protected: blocked.length,
      ...given.summary,
    },
  };
}

/** Kinds of which a hard delete takes more than a plan can make again. */
const irreversibleKinds: ReadonlySet<string> = new Set(["user", "group"]);

/** A change of a plan, with as little as a test has to say; deletes of users and groups are final. */
export function toChange(
  action: PlanChange["action"],
  address: string,
  rest: Partial<PlanChange> = {},
): PlanChange {
  const kind = address.slice(0, address.indexOf("/"));
  const isFinal = action === "delete" && rest.soft !== true && irreversibleKinds.has(kind);
  const reversal = isFinal ? "irreversible" : "reversible";
  return { address, kind, action, attributes: [], reversal, ...rest };
}

/** A delete that was not planned, with as little as a test has to say. */
export function toBlocked(address: string, rest: Partial<BlockedChange> = {}): BlockedChange {
  const kind = address.slice(0, address.indexOf("/"));
  const reason = "not declared, owned";
  return { address, kind, action: "delete", reason, by: "its own mark", ...rest };
}

/** A step of a plan, with as little as a test has to say. */
export function toStep(
  id: string,
  call: Partial<Step["call"]> & Pick<Step["call"], "method" | "path">,
  changes: readonly string[],
): Step {
  return {
    id,
    call: { host: "chat", body: null, quota: "core", ...call },
    changes,
    dependsOn: [],
    after: [],
    needs: [],
    reversal: "reversible",
  };
}
