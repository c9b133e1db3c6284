export { type ApplyInput, apply, estimateApply } from "./apply.ts";
export { findConflicts } from "./conflicts.ts";
export { toDesired } from "./manifest/desired.ts";
export {
  type LoadOptions,
  loadManifest,
  type ManifestSource,
  type OpenTable,
  type Table,
} from "./manifest/load.ts";
export { printManifest } from "./manifest/print.ts";
export type { Diagnostic, Result, SourceRange } from "./model/diagnostic.ts";
export { type RunEvent, toEvent } from "./model/event.ts";
export type { Recorder, RunRecord, StampedRecord } from "./model/journal.ts";
export type { Json, JsonObject } from "./model/json.ts";
export type { Manifest, ManifestPolicy, ManifestProvider } from "./model/manifest.ts";
export type { ClassPace, Estimate } from "./model/pace.ts";
export type {
  Action,
  ApiCall,
  AttributeChange,
  Plan,
  PlanChange,
  PlanSummary,
  PlanTarget,
  Step,
} from "./model/plan.ts";
export { isApplicable } from "./model/plan.ts";
export type { Receipt } from "./model/receipt.ts";
export type { Outcome, Report, Residue } from "./model/report.ts";
export type { Address, DesiredGraph, LiveGraph } from "./model/resource.ts";
export { type PlanInput, plan, readAll } from "./pipeline.ts";
export {
  type ConnectOptions,
  ProviderError,
  type ProviderModule,
  type Session,
} from "./providers/provider.ts";
export { providers } from "./providers/registry.ts";
