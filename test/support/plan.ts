import type { Plan, PlanChange, PlanSummary, Step } from "../../src/model/plan.ts";

const target = { name: "cometchat", appId: "2634f0", region: "us", dialect: "vendor" } as const;
const noChanges: PlanSummary = {
  create: 0,
  update: 0,
  delete: 0,
  adopt: 0,
  reactivate: 0,
  unchanged: 0,
  undeclared: {},
};

/** A plan made by hand: counts follow from the changes, everything else can be given. */
export function toPlan(given: Partial<Plan> = {}): Plan {
  const { changes = [], steps = [] } = given;
  const count = (action: PlanChange["action"]): number =>
    changes.filter((change) => change.action === action).length;
  const classCount = (quota: "core" | "standard"): number =>
    steps.filter(({ call }) => call.quota === quota).length;
  return {
    formatVersion: 1,
    tool: { name: "cometform", version: "0.1.0" },
    provider: target,
    stack: "acme-staging",
    mode: "apply",
    manifestDigest: "0".repeat(64),
    calls: {
      total: steps.length,
      core: classCount("core"),
      standard: classCount("standard"),
      lowerBound: steps.length,
    },
    reads: {
      calls: 9,
      complete: true,
      collections: [{ collection: "user", calls: 9, objects: 1204, complete: true }],
    },
    diagnostics: [],
    preImages: {},
    authoritative: [],
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
      ...given.summary,
    },
  };
}

/** A change of a plan, with as little as a test has to say. */
export function toChange(
  action: PlanChange["action"],
  address: string,
  rest: Partial<PlanChange> = {},
): PlanChange {
  const kind = address.slice(0, address.indexOf("/"));
  return { address, kind, action, attributes: [], ...rest };
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
  };
}
