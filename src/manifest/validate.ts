import type { ErrorObject } from "ajv";
import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { formatPlace } from "./diagnostics.ts";
import { compareFindings, explain, isFinal } from "./explain.ts";
import type { Explanation, Finding } from "./finding.ts";
import type { Placed, Places } from "./locations.ts";
import type { ManifestSchema } from "./schema.ts";

const manyEntries = 5_000;

/** What a file's value is judged by, apart from the schema. */
export interface ValidationContext {
  /** Whether any of the files names a stack. */
  readonly isInStack: boolean;
  /** Whether another file tells the version. */
  readonly isVersionElsewhere: boolean;
  /** Whether it comes from a table, in which there are no variables. */
  readonly isInTable?: boolean;
  /** Whether it is part of something, so that nothing is missing from it. */
  readonly isPartial?: boolean;
}

/** What is wrong with one file's value by the schema, in words and with places. */
export function validateText(
  { value, places }: Placed,
  schema: ManifestSchema,
  context: ValidationContext,
): readonly Diagnostic[] {
  if (schema.validate(withoutRight(value, schema))) {
    return [];
  }
  const errors = schema.validate.errors ?? [];
  const findings = errors
    .filter((error) => !(context.isVersionElsewhere && isVersionMissing(error)))
    .filter(({ keyword }) => !(context.isPartial === true && keyword === "required"))
    .map((error) => toFinding(error, places, context));
  return groupByPath(findings)
    .filter((group) => group.some((finding) => !isUnresolved(finding, places)))
    .flatMap(explainAll)
    .map(({ path, explanation }) => toDiagnostic(path, explanation, places));
}

/** The value without the entries that are certainly right, where there are many of them. */
function withoutRight(value: JsonObject, schema: ManifestSchema): JsonObject {
  const reduced: { [name: string]: Json } = { ...value };
  for (const section of schema.tables.keys()) {
    const entries = value[section];
    const ids = isJsonObject(entries) ? Object.keys(entries) : [];
    if (isJsonObject(entries) && ids.length > manyEntries) {
      const doubtful = ids.filter((id) => !schema.isEntry(section, id, entries[id] ?? null));
      reduced[section] = Object.fromEntries(doubtful.map((id) => [id, entries[id] ?? null]));
    }
  }
  return reduced;
}

/** A key and its value are judged apart. */
function groupByPath(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const isAboutKey = finding.error.propertyName !== undefined;
    const key = JSON.stringify([finding.path, isAboutKey]);
    const group = groups.get(key) ?? [];
    group.push(finding);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function isVersionMissing(error: ErrorObject): boolean {
  return error.keyword === "required" && error.instancePath === "";
}

function toFinding(error: ErrorObject, places: Places, context: ValidationContext): Finding {
  const parents = error.instancePath
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const path = error.propertyName === undefined ? parents : [...parents, error.propertyName];
  const written = places.written(path);
  const template = places.template(path);
  return {
    error,
    path,
    value: error.data as Json,
    schema: isJsonObject(error.parentSchema) ? error.parentSchema : {},
    isInStack: context.isInStack,
    isInTable: context.isInTable === true,
    ...(written === undefined ? {} : { written }),
    ...(template === undefined ? {} : { template }),
  };
}

function isUnresolved({ path, error }: Finding, places: Places): boolean {
  return error.propertyName === undefined && places.isUnresolved(path);
}

/** One mistake is told once: what only follows from it is left out. */
function explainAll(
  findings: readonly Finding[],
): readonly { path: readonly string[]; explanation: Explanation }[] {
  const told: { path: readonly string[]; explanation: Explanation }[] = [];
  for (const finding of findings.toSorted(compareFindings)) {
    const explanations = isMisspelt(finding, told) ? [] : explain(finding);
    told.push(...explanations.map((explanation) => ({ path: finding.path, explanation })));
    if (explanations.length > 0 && isFinal(finding)) {
      return told;
    }
  }
  return told;
}

/** Whether a name is missing only because it was misspelt, which has been told. */
function isMisspelt(
  { error }: Finding,
  told: readonly { readonly explanation: Explanation }[],
): boolean {
  const hint = `did you mean "${error.params["missingProperty"]}"?`;
  return error.keyword === "required" && told.some(({ explanation }) => explanation.hint === hint);
}

function toDiagnostic(
  findingPath: readonly string[],
  explanation: Explanation,
  places: Places,
): Diagnostic {
  const { path = findingPath, isAboutKey, first, ...words } = explanation;
  const firstPlace = first === undefined ? undefined : places.locate(first);
  return {
    severity: "error",
    ...words,
    ...(firstPlace === undefined ? {} : { hint: `first at ${formatPlace(firstPlace)}` }),
    range: isAboutKey === true ? places.locateKey(path) : places.locate(path),
  };
}
