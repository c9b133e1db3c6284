export { type App, type ConnectInput, connect } from "./library/app.ts";
export { type ApplyInput, apply, type Progress } from "./library/apply.ts";
export {
  type EmulatedApp,
  type Emulator,
  type EmulatorInput,
  startEmulator,
} from "./library/emulator.ts";
export { type ExportedManifest, exportManifest } from "./library/export-manifest.ts";
export { InputError, StalePlanError } from "./library/input-error.ts";
export { type LoadedManifest, type LoadOptions, loadManifest } from "./library/manifest.ts";
export { type PlanInput, plan } from "./library/plan.ts";
export type { PolicySource } from "./library/policies.ts";
export {
  type RenderOptions,
  type ReviewOptions,
  renderDiagnostics,
  renderHtml,
  renderMarkdown,
  renderPlan,
  renderReport,
} from "./library/render.ts";
export type { PlanOptions } from "./library/request.ts";
export type { ManifestSource } from "./manifest/source.ts";
export type { Diagnostic, Result, SourceRange } from "./model/diagnostic.ts";
export { DIAGNOSTIC_CODES, type DiagnosticCode } from "./model/diagnostic-code.ts";
export type { Json, JsonObject } from "./model/json.ts";
export type { PruneMode } from "./model/manifest.ts";
export type { QuotaSplit } from "./model/pace.ts";
export type {
  Action,
  ApiCall,
  AttributeChange,
  BlockedChange,
  Plan,
  PlanChange,
  PlanOverrides,
  PlanScope,
  PlanSummary,
  PlanTarget,
  Quota,
  Reversal,
  Step,
  StepId,
} from "./model/plan.ts";
export type {
  Outcome,
  OutcomeCounts,
  OutcomeError,
  OutcomeStatus,
  Report,
  Residue,
} from "./model/report.ts";
export type { Allowance, BulkMode } from "./model/request.ts";
export type { Address, ReadEvidence, ReadMode, ReadWay } from "./model/resource.ts";
export { ProviderError, type ProviderErrorKind } from "./providers/provider.ts";
