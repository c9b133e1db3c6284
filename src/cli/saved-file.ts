import type { StampedRecord } from "../model/journal.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { Plan, Reversal } from "../model/plan.ts";
import type { Receipt } from "../model/receipt.ts";
import type { Report } from "../model/report.ts";
import { BULK_MODES } from "../model/request.ts";
import {
  actions,
  endLastLine,
  isReceipt,
  isReport,
  looksLikeRun,
  readRecords,
} from "./saved-run.ts";
import { every, isOneOf, isText, numbers, type Shape, texts } from "./shapes.ts";

/** What a JSON file turns out to be. */
export type SavedFile =
  | { readonly type: "plan"; readonly plan: Plan }
  | { readonly type: "report"; readonly report: Report }
  | { readonly type: "receipt"; readonly receipt: Receipt }
  /** The journal of a run, which may have been cut short. */
  | { readonly type: "journal"; readonly records: readonly StampedRecord[] }
  /** Looks like one of ours, but is not whole, or of another format. */
  | { readonly type: "damaged"; readonly reason: string }
  | { readonly type: "other" };

const reversals: readonly Reversal[] = ["reversible", "lossy", "irreversible"];

/** Recognises a saved plan, report, receipt or journal by its content. */
export function readSavedFile(text: string): SavedFile {
  if (looksLikeRun(text)) {
    const { records, problem } = readRecords(endLastLine(text), isSavedPlan);
    const reason = problem ?? (records.length === 0 ? "its first line is cut off" : undefined);
    return reason === undefined ? { type: "journal", records } : { type: "damaged", reason };
  }
  const value = parseJson(text);
  if (value === undefined) {
    return /^\s*\{\s*"formatVersion"/.test(text)
      ? { type: "damaged", reason: "it is cut off, or was edited" }
      : { type: "other" };
  }
  if (!isJsonObject(value) || value["formatVersion"] === undefined) {
    return { type: "other" };
  }
  if (value["formatVersion"] !== 1) {
    return { type: "damaged", reason: `its format ${String(value["formatVersion"])} is not known` };
  }
  return classify(value);
}

/**
 * Whether a file of ours may be replaced by a plan: an older plan or report may, what tells of a run may
 * not, because nothing could make it again.
 */
export function isReplaceable(text: string): boolean {
  return !looksLikeRun(text) && ["plan", "report", "damaged"].includes(readSavedFile(text).type);
}

function classify(value: JsonObject): SavedFile {
  if (isPlan(value)) {
    return { type: "plan", plan: value };
  }
  if (isReceipt(value)) {
    return { type: "receipt", receipt: value };
  }
  if (isReport(value)) {
    return { type: "report", report: value };
  }
  return { type: "damaged", reason: "parts of it are missing, or it is something else" };
}

function parseJson(text: string): unknown {
  if (!text.trimStart().startsWith("{")) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is a plan as it is written down. */
export const isSavedPlan: Shape = (value) => isJsonObject(value) && isPlan(value);

function isPlan(value: JsonObject): value is JsonObject & Plan {
  const { tool, provider, summary, calls, reads, preImages } = value;
  return (
    texts(value, "mode", "manifestDigest", "digest") &&
    texts(tool, "version") &&
    texts(provider, "name", "appId", "region", "dialect") &&
    numbers(summary, ...actions, "protected", "unchanged") &&
    isJsonObject(summary) &&
    isJsonObject(summary["undeclared"]) &&
    typeof value["applicable"] === "boolean" &&
    (value["scope"] === null || isScope(value["scope"])) &&
    isOverrides(value["overrides"]) &&
    every(value["blocked"], (entry) => texts(entry, "address", "kind", "reason", "by")) &&
    isCalls(calls) &&
    numbers(reads, "calls") &&
    isJsonObject(reads) &&
    every(reads["collections"], isEvidence) &&
    isJsonObject(preImages) &&
    every(value["changes"], isChange) &&
    every(value["steps"], isStep) &&
    every(value["diagnostics"], (entry) => texts(entry, "severity", "code", "summary")) &&
    every(value["protect"], isText) &&
    every(value["kept"], isText) &&
    isGiven(value["keptMore"], "number")
  );
}

function isEvidence(value: unknown): boolean {
  return (
    texts(value, "collection") &&
    numbers(value, "calls", "objects") &&
    isJsonObject(value) &&
    isOneOf(value["how"], [undefined, "list", "marked", "points"]) &&
    isGiven(value["why"], "string") &&
    isGiven(value["speculative"], "number")
  );
}

/** Whether it is left out, or of this type. */
function isGiven(value: unknown, type: "string" | "number"): boolean {
  return value === undefined || typeof value === type;
}

function isCalls(value: unknown): boolean {
  return (
    numbers(value, "total", "core", "standard", "import", "lowerBound") &&
    isJsonObject(value) &&
    (value["split"] === null || numbers(value["split"], "minutes", "fewestMinutes"))
  );
}

function isChange(value: unknown): boolean {
  return (
    texts(value, "address", "kind") &&
    isJsonObject(value) &&
    isOneOf(value["action"], actions) &&
    isOneOf(value["reversal"], reversals) &&
    every(value["attributes"], (attribute) => texts(attribute, "path"))
  );
}

function isStep(value: unknown): boolean {
  return (
    texts(value, "id") &&
    isJsonObject(value) &&
    isOneOf(value["reversal"], reversals) &&
    texts(value["call"], "method", "host", "path", "quota") &&
    ["changes", "dependsOn", "after", "needs"].every((name) => every(value[name], isText))
  );
}

function isScope(value: unknown): boolean {
  return (
    numbers(value, "beyond") &&
    isJsonObject(value) &&
    every(value["only"], isText) &&
    every(value["except"], isText) &&
    every(value["pulledIn"], (entry) => texts(entry, "address", "neededBy")) &&
    every(value["leftOut"], (entry) => texts(entry, "address", "needs"))
  );
}

function isOverrides(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    isJsonObject(value["prune"]) &&
    every(Object.values(value["prune"]), isText) &&
    every(value["allow"], isText) &&
    every(value["takeOver"], isText) &&
    isOneOf(value["bulk"], BULK_MODES)
  );
}
