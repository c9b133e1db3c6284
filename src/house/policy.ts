import { type Document, isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { findIdle } from "./names.ts";
import { drafts, isKnownDraft, type Rule, toRule } from "./rule.ts";

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
  const policy = toPolicy(value, file, shapes);
  if (!("problem" in policy)) return { ok: true, value: { file, ...policy }, diagnostics: [] };
  const { problem, path, hint: own } = policy;
  const offset = offsetOf(document, path);
  const place = offset === undefined ? undefined : lines.linePos(offset);
  return refuse(file, problem, {
    ...(own === undefined ? {} : { hint: own }),
    ...(place === undefined ? {} : { range: { file, line: place.line, column: place.col } }),
  });
}

/** Where the key that a path leads to stands, or the nearest one above it that is known. */
function offsetOf(document: Document, path: readonly string[]): number | undefined {
  if (path.length === 0) return undefined;
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const name = path.at(-1) ?? "";
  if (isMap(parent)) {
    const key = parent.items.map((pair) => pair.key).find((one) => String(one) === name);
    if (isNode(key) && key.range) return key.range[0];
  }
  const item = isSeq(parent) ? parent.get(Number(name), true) : undefined;
  return isNode(item) && item.range ? item.range[0] : offsetOf(document, path.slice(0, -1));
}

/** Aliases that multiply, or that lead nowhere, give no value. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

/** What is wrong with a policy: `is no map`. */
interface Trouble {
  readonly problem: string;
  readonly hint?: string;
  /** Where it is in the file. */
  readonly path: readonly string[];
}

function toPolicy(
  value: JsonObject,
  file: string,
  shapes: Shapes,
): Omit<HousePolicy, "file"> | Trouble {
  const isOutline = parts.some((part) => part in value);
  const written: JsonObject = isOutline ? value : { plan: value };
  const trouble = isOutline ? outlineTrouble(value) : undefined;
  if (trouble !== undefined) return trouble;
  const fallback = ownWords(value) ?? `${file} forbids this`;
  const rules: { plan?: Rule; manifest?: Rule } = {};
  for (const part of parts) {
    const schema = withDraft(written[part], value);
    if (schema === undefined) continue;
    const rule = toPart(part, schema, { shape: shapes[part], fallback });
    if (typeof rule !== "function") {
      return { ...rule, path: isOutline ? [part, ...rule.path] : rule.path };
    }
    rules[part] = rule;
  }
  return rules;
}

/** A part of the file; a draft that is named for the file is that of its parts. */
function withDraft(schema: Json | undefined, { $schema }: JsonObject): Json | undefined {
  return isJsonObject(schema) && $schema !== undefined ? { $schema, ...schema } : schema;
}

/** What is wrong beside the parts. */
function outlineTrouble(value: JsonObject): Trouble | undefined {
  const stranger = Object.keys(value).find((name) => !outline.has(name));
  if (stranger !== undefined) {
    const problem = `has "${stranger}" beside plan or manifest, which means nothing there`;
    return { problem, path: [stranger] };
  }
  const { $schema } = value;
  if ($schema === undefined || isKnownDraft($schema)) return undefined;
  return {
    problem: `is written in a language that is not known here: ${JSON.stringify($schema)}`,
    hint: `Take $schema out, or write one of these: ${drafts.join(", ")}.`,
    path: ["$schema"],
  };
}

/** One part of a policy as a rule, or what is wrong with it. */
function toPart(
  part: keyof Shapes,
  schema: Json,
  { shape, fallback }: { readonly shape: JsonObject; readonly fallback: string },
): Rule | Trouble {
  if (schema === false) {
    return {
      problem: `forbids every ${part}: "false" allows nothing`,
      hint: `Say what a ${part} must be like, or leave the policy out.`,
      path: [],
    };
  }
  if (!isJsonObject(schema) || !demandsSomething(schema)) {
    return { problem: `demands nothing of the ${part}: every ${part} would pass`, path: [] };
  }
  const rule = compile(schema, fallback);
  if (typeof rule === "string") {
    return { problem: `has no usable schema for the ${part}: ${rule}`, path: [] };
  }
  const [idle] = findIdle(schema, shape, part);
  return idle ?? rule;
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
  more: Pick<Diagnostic, "range" | "hint"> = {},
): Result<HousePolicy> {
  const summary = `The policy ${file} ${problem}`;
  return {
    ok: false,
    diagnostics: [{ severity: "error", code: "policy/file", summary, hint, ...more }],
  };
}
