import type { RunRecord, StampedRecord } from "../model/journal.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { Action } from "../model/plan.ts";
import type { Receipt } from "../model/receipt.ts";
import type { OutcomeStatus, Report } from "../model/report.ts";
import { every, isOneOf, isText, numbers, type Shape, texts } from "./shapes.ts";

/** What changes can be. */
export const actions: readonly Action[] = [
  "create",
  "update",
  "delete",
  "adopt",
  "reactivate",
  "forget",
];
const statuses: readonly OutcomeStatus[] = ["applied", "failed", "skipped", "unknown"];

/** Whether a value is the report of an apply. */
export function isReport(value: unknown): value is Report {
  return (
    isJsonObject(value) &&
    hasVerdict(value) &&
    numbers(value["calls"], "sent", "retried", "throttled")
  );
}

/** Whether a value is the receipt of a run. */
export function isReceipt(value: JsonObject): value is JsonObject & Receipt {
  return (
    value["type"] === "receipt" &&
    texts(value, "run", "manifestDigest", "digest") &&
    isTime(value["startedAt"]) &&
    isTime(value["endedAt"]) &&
    isOneOf(value["command"], ["apply", "destroy"]) &&
    texts(value["tool"], "name", "version") &&
    texts(value["provider"], "name", "appId", "region", "dialect") &&
    (value["stack"] === null || isText(value["stack"])) &&
    hasVerdict(value) &&
    isDeclared(value["declared"]) &&
    every(value["calls"], isCall) &&
    numbers(value["traffic"], "sent", "retried", "throttled")
  );
}

/** Whether a text looks like the records of a run: its first line is a run's beginning. */
export function looksLikeRun(text: string): boolean {
  return /^\s*\{[^\n]{0,80}"type":"begin"/.test(text);
}

/** What the text of a journal comes to. */
export interface RunText {
  readonly records: readonly StampedRecord[];
  /** Bytes of it that are these records. */
  readonly bytes: number;
  /** What is wrong with the line that follows them, if one does. */
  readonly problem?: string;
}

/**
 * The records of a journal's text up to the first line that is none. A crash may have torn its last line,
 * which is left out; a line before that must be whole.
 */
export function readRecords(text: string, isPlan: Shape): RunText {
  const records: StampedRecord[] = [];
  let end = 0;
  const found = (): Pick<RunText, "records" | "bytes"> => {
    return { records, bytes: Buffer.byteLength(text.slice(0, end)) };
  };
  for (let next = text.indexOf("\n"); next >= 0; next = text.indexOf("\n", end)) {
    const record = parse(text.slice(end, next));
    if (!isRecord(record, isPlan) || (record.type === "begin") !== (records.length === 0)) {
      return { ...found(), problem: problemOf(record, records.length + 1) };
    }
    records.push(record);
    end = next + 1;
  }
  return found();
}

/** Ends a text's last line if it is whole without that: somebody may have copied it. */
export function endLastLine(text: string): string {
  const tail = text.slice(text.lastIndexOf("\n") + 1);
  return parse(tail) === undefined ? text : `${text}\n`;
}

function problemOf(value: unknown, line: number): string {
  const { type, formatVersion = 1 } = isJsonObject(value) ? value : {};
  return type === "begin" && formatVersion !== 1
    ? `its format ${String(formatVersion)} is not known`
    : `its line ${line} is no record of a run`;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown, isPlan: Shape): value is StampedRecord {
  if (!isJsonObject(value) || !isTime(value["at"])) {
    return false;
  }
  const type = value["type"];
  const shape = typeof type === "string" && Object.hasOwn(shapes, type) ? type : undefined;
  return shape !== undefined && shapes[shape as RunRecord["type"]](value, isPlan);
}

const shapes: {
  readonly [type in RunRecord["type"]]: (value: JsonObject, isPlan: Shape) => boolean;
} = {
  begin: (value, isPlan) =>
    value["formatVersion"] === 1 &&
    texts(value, "run") &&
    isPlan(value["plan"]) &&
    isDeclared(value["declared"]),
  resume: () => true,
  intent: (value) =>
    texts(value, "step") && numbers(value, "attempt") && every(value["addresses"], isText),
  outcome: (value) =>
    texts(value, "step") &&
    numbers(value, "attempt", "durationMs") &&
    isOneOf(value["by"], ["reply", "reading"]) &&
    every(value["rows"], isRow),
  skip: (value) => texts(value, "step") && every(value["rows"], isRow),
  progress: (value) =>
    texts(value, "step") && numbers(value, "done", "total") && isStatus(value["status"]),
  verify: (value) =>
    numbers(value, "look") && (value["residue"] === null || numbers(value, "residue")),
  end: (value) => isReport(value["report"]),
};

/** Receipts and journals that have nothing of it are older, or were made without the manifest. */
function isDeclared(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isJsonObject(value) || typeof value["whole"] !== "boolean") return false;
  const { frame, resources } = value;
  const prints = resources === null ? [] : isJsonObject(resources) && Object.values(resources);
  return (
    (frame === null || isText(frame)) &&
    every(prints, (print) => isJsonObject(print) && Object.values(print).every(isText))
  );
}

/** What reports and receipts have in common. */
function hasVerdict(value: JsonObject): boolean {
  return (
    numbers(value["summary"], ...statuses) &&
    typeof value["converged"] === "boolean" &&
    typeof value["interrupted"] === "boolean" &&
    numbers(value, "durationMs") &&
    every(value["outcomes"], isOutcome) &&
    every(value["residue"], isResidue) &&
    (value["unread"] === undefined || isError(value["unread"]))
  );
}

function isOutcome(value: unknown): boolean {
  return isRow(value) && texts(value, "action");
}

function isResidue(value: unknown): boolean {
  return (
    texts(value, "address") &&
    isJsonObject(value) &&
    isOneOf(value["action"], actions) &&
    every(value["attributes"], (attribute) => texts(attribute, "path"))
  );
}

function isCall(value: unknown): boolean {
  return (
    texts(value, "step", "method", "host", "path", "quota", "at") &&
    isJsonObject(value) &&
    numbers(value, "attempt") &&
    isStatus(value["status"]) &&
    every(value["addresses"], isText) &&
    every(value["rows"], isRow) &&
    isOneOf(value["by"], ["reply", "reading", null]) &&
    (value["durationMs"] === null || numbers(value, "durationMs"))
  );
}

function isRow(value: unknown): boolean {
  return (
    texts(value, "address") &&
    isJsonObject(value) &&
    isStatus(value["status"]) &&
    (value["error"] === undefined || isError(value["error"]))
  );
}

function isError(value: unknown): boolean {
  const hint = isJsonObject(value) ? value["hint"] : undefined;
  return texts(value, "code", "message") && (hint === undefined || isText(hint));
}

function isStatus(value: unknown): boolean {
  return isOneOf(value, statuses);
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}
