import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { Action, Plan, Reversal } from "../model/plan.ts";
import type { Report } from "../model/report.ts";

/** What a JSON file turns out to be. */
export type SavedFile =
  | { readonly type: "plan"; readonly plan: Plan }
  | { readonly type: "report"; readonly report: Report }
  /** Looks like one of ours, but is not whole, or of another format. */
  | { readonly type: "damaged"; readonly reason: string }
  | { readonly type: "other" };

const actions: readonly Action[] = ["create", "update", "delete", "adopt", "reactivate", "forget"];
const reversals: readonly Reversal[] = ["reversible", "lossy", "irreversible"];

const isText = (value: unknown): boolean => typeof value === "string";
const isOneOf = (value: unknown, known: readonly unknown[]): boolean => known.includes(value);
const texts = (value: unknown, ...names: readonly string[]): boolean =>
  isJsonObject(value) && names.every((name) => typeof value[name] === "string");

/** Recognises a saved plan or report by its content. */
export function readSavedFile(text: string): SavedFile {
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

function classify(value: JsonObject): SavedFile {
  if (isPlan(value)) {
    return { type: "plan", plan: value };
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
    numbers(calls, "total", "core", "standard", "lowerBound") &&
    numbers(reads, "calls") &&
    isJsonObject(reads) &&
    Array.isArray(reads["collections"]) &&
    isJsonObject(preImages) &&
    every(value["changes"], isChange) &&
    every(value["steps"], isStep) &&
    every(value["diagnostics"], (entry) => texts(entry, "severity", "code", "summary")) &&
    every(value["kept"], isText)
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
    every(value["takeOver"], isText)
  );
}

function isReport(value: JsonObject): value is JsonObject & Report {
  return (
    numbers(value["summary"], "applied", "failed", "skipped", "unknown") &&
    numbers(value["calls"], "sent", "retried", "throttled") &&
    typeof value["converged"] === "boolean" &&
    typeof value["interrupted"] === "boolean" &&
    every(value["outcomes"], (entry) => texts(entry, "address", "action", "status")) &&
    every(
      value["residue"],
      (entry) =>
        texts(entry, "address", "action") && Array.isArray((entry as JsonObject)["attributes"]),
    )
  );
}

function numbers(value: unknown, ...names: readonly string[]): boolean {
  return isJsonObject(value) && names.every((name) => typeof value[name] === "number");
}

function every(value: unknown, test: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}
