import { type Document, LineCounter, parseDocument } from "yaml";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { findStrangers } from "./names.ts";
import { type Rule, toRule } from "./rule.ts";

/** A policy of the house: what plans and manifests must be like, whoever writes them. */
export interface HousePolicy {
  readonly file: string;
  /** About the plan as `plan --json` prints it. */
  readonly plan?: Rule;
  /** About the resolved manifest. */
  readonly manifest?: Rule;
}

const parts = ["plan", "manifest"] as const;
const outline: ReadonlySet<string> = new Set([
  ...parts,
  "description",
  "title",
  "$schema",
  "$comment",
]);
const hint =
  "Correct it: a policy is a JSON Schema over the plan, or a map with one under plan, manifest or both.";

/** What the documents are like that are judged, as JSON Schemas. */
export type Shapes = { readonly [part in (typeof parts)[number]]: JsonObject };

/** Reads a policy from JSON or YAML, or says why it could not judge anything. */
export function readPolicy(file: string, text: string, shapes: Shapes): Result<HousePolicy> {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ""), {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
  });
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return refuse(file, `is not valid YAML or JSON: ${firstLine(error.message)}`, {
      range: { file, line, column: Math.max(1, col) },
    });
  }
  const value = plainValue(document);
  if (!isJsonObject(value)) return refuse(file, "is no map");
  return toPolicy(file, value, shapes);
}

/** Aliases that multiply, or that lead nowhere, give no value. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function toPolicy(file: string, value: JsonObject, shapes: Shapes): Result<HousePolicy> {
  const isOutline = parts.some((part) => part in value);
  const written: JsonObject = isOutline ? value : { plan: value };
  const stranger = isOutline ? Object.keys(value).find((name) => !outline.has(name)) : undefined;
  if (stranger !== undefined) {
    return refuse(file, `has "${stranger}" beside plan or manifest, which means nothing there`);
  }
  const fallback = ownWords(value) ?? `${file} forbids this`;
  const rules: { plan?: Rule; manifest?: Rule } = {};
  for (const part of parts) {
    const schema = written[part];
    const rule =
      schema === undefined ? undefined : toPart(part, schema, { shape: shapes[part], fallback });
    if (typeof rule === "string") return refuse(file, rule);
    if (rule !== undefined) rules[part] = rule;
  }
  return { ok: true, value: { file, ...rules }, diagnostics: [] };
}

/** One part of a policy as a rule, or what is wrong with it. */
function toPart(
  part: keyof Shapes,
  schema: Json,
  { shape, fallback }: { readonly shape: JsonObject; readonly fallback: string },
): Rule | string {
  if (!isJsonObject(schema) || !demandsSomething(schema)) {
    return `demands nothing of the ${part}: every ${part} would pass`;
  }
  const [stray] = findStrangers(schema, shape);
  if (stray !== undefined) {
    const { name, known } = stray;
    const there = known.length === 0 ? "nothing" : known.join(", ");
    return `asks about "${name}", which no ${part} has in that place: there is ${there}`;
  }
  const rule = compile(schema, fallback);
  return typeof rule === "string" ? `has no usable schema for the ${part}: ${rule}` : rule;
}

/** Words about a schema are no demand. */
function demandsSomething(schema: JsonObject): boolean {
  const silent = new Set([
    "$schema",
    "$id",
    "$comment",
    "title",
    "description",
    "message",
    "$defs",
  ]);
  return Object.keys(schema).some((name) => !silent.has(name));
}

function ownWords({ description, title }: JsonObject): string | undefined {
  const text = typeof description === "string" ? description : title;
  return typeof text === "string" ? text.trim().replaceAll(/\s+/g, " ") : undefined;
}

function compile(schema: JsonObject, fallback: string): Rule | string {
  try {
    return toRule(schema, fallback);
  } catch (error) {
    return firstLine(error instanceof Error ? error.message : String(error));
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function refuse(
  file: string,
  problem: string,
  more: Pick<Diagnostic, "range"> = {},
): Result<HousePolicy> {
  const summary = `The policy ${file} ${problem}`;
  return {
    ok: false,
    diagnostics: [{ severity: "error", code: "policy/file", summary, hint, ...more }],
  };
}
