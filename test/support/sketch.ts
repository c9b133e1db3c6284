import type { Json } from "../../src/model/json.ts";
import type { Plan } from "../../src/model/plan.ts";
import { NO_REQUEST, type PlanRequest } from "../../src/model/request.ts";
import { type LiveGraph, type LiveResource, toAddress } from "../../src/model/resource.ts";
import { createPlan } from "../../src/planner/plan.ts";
import type { Allowances } from "../../src/planner/route.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import type { DialectName } from "./in-process.ts";
import { load } from "./manifest.ts";

/** Attributes of a live resource by address, with what is special about it under `$`. */
export type LiveSketch = {
  readonly [address: string]: { readonly [name: string]: Json } & {
    readonly $?: Partial<LiveResource>;
  };
};

/** Options of a plan that is made without an app. */
export interface SketchOptions {
  readonly dialect?: DialectName;
  readonly mode?: "apply" | "destroy";
  /** Listings that were not read to their end. */
  readonly incomplete?: readonly string[];
  /** Listings that were not read at all. */
  readonly unread?: readonly string[];
  /** Write-only values to be sent again. */
  readonly writeSecrets?: readonly string[];
  /** Calls a minute by quota. */
  readonly allowances?: Allowances;
  /** What else is asked of this plan only. */
  readonly request?: Partial<PlanRequest>;
}

/** A plan from a manifest and a live side written down by hand. */
export function sketchPlan(
  manifest: { readonly [name: string]: unknown },
  live: LiveSketch = {},
  options: SketchOptions = {},
): Plan {
  const { dialect = "vendor", mode = "apply" } = options;
  const loaded = load({ version: 1, ...manifest }, { PASSWORD: "s3cret" });
  return createPlan({
    desired: loaded.desired,
    live: toLiveGraph(live, options),
    kinds: cometchat.kinds(dialect),
    policy: loaded.manifest.policy,
    stack: loaded.manifest.stack,
    mode,
    allowances: options.allowances ?? {},
    target: { name: "cometchat", appId: "app", region: "us", dialect },
    toolVersion: "0.0.0",
    manifestDigest: "",
    diagnostics: [],
    request: { ...NO_REQUEST, writeSecrets: new Set(options.writeSecrets), ...options.request },
  });
}

function toLiveGraph(live: LiveSketch, { incomplete = [], unread = [] }: SketchOptions): LiveGraph {
  const resources = Object.entries(live).map(([address, { $ = {}, ...attributes }]) => {
    const [kind = "", key = ""] = address.split("/");
    const resource = { address: toAddress(kind, key), kind, key, id: key, attributes, ...$ };
    return [address, resource as LiveResource] as const;
  });
  const groups = Object.keys(live).filter((address) => address.startsWith("group/"));
  const collections = ["role", "user", "group", "webhook", ...groups].filter(
    (collection) => !unread.includes(collection),
  );
  const evidence = collections.map((collection) => {
    const complete = !incomplete.includes(collection);
    return [collection, { collection, calls: 1, objects: 0, complete }] as const;
  });
  return {
    resources: new Map(resources),
    evidence: new Map(evidence),
    calls: collections.length,
    diagnostics: [],
  };
}

/** A plan's changes, one line each. */
export function changesOf(plan: Plan): string[] {
  return plan.changes.map(({ action, address, attributes, soft, impliedBy }) => {
    const details = attributes.map(
      ({ path, before, after }) => `${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    );
    const how = [soft ? "soft" : "", impliedBy ? `with ${impliedBy}` : ""].filter(Boolean);
    return [`${action} ${address}`, ...how, ...details].join(" | ");
  });
}

/** A plan's calls, one line each, with what they wait for. */
export function callsOf(plan: Plan): string[] {
  return plan.steps.map(({ id, call, dependsOn, after }) => {
    const body = call.body === null ? "" : ` ${JSON.stringify(call.body)}`;
    const waits = dependsOn.length > 0 ? ` needs ${dependsOn.join(" ")}` : "";
    const ends = after.length > 0 ? ` after ${after.join(" ")}` : "";
    return `${id} ${call.method} ${call.path}${body}${waits}${ends}`;
  });
}

/** Why a plan is refused, one line each. */
export function refusalsOf(plan: Plan): string[] {
  return plan.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, summary }) => `${code}: ${summary}`);
}
